"""Waiting for indexing: when tasks are looked at, how they end, and what is kept when they do not."""

from __future__ import annotations

import itertools
import logging
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from batch_client import (
    AsyncIndexingTask,
    IndexingTask,
    IndexingTimeout,
    NotFoundError,
    Poll,
    RateLimitError,
    async_wait_all,
    wait_all,
)
from batch_client._tasks.schedule import Schedule
from tests.calls import ACCEPTED, AUDIENCE, CATALOG, NOT_FOUND, TOKEN, complete
from tests.conftest import FakeClock, Twin


class Server:
    """Answers updates with tokens, and views with one state after the other; the last state stays."""

    def __init__(self, *states: str | int | None) -> None:
        self._states: Iterator[str | int | None] = iter(states)
        self._state: str | int | None = None
        self.views: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            return httpx.Response(202, json=ACCEPTED)
        self.views.append(request)
        self._state = next(self._states, self._state)
        if isinstance(self._state, int):
            return httpx.Response(self._state, json=NOT_FOUND)
        shown = CATALOG if "/catalogs/" in request.url.path else AUDIENCE
        state = {} if self._state is None else {"indexing_state": self._state}
        return httpx.Response(200, json=shown | state)


async def create(twin: Twin, server: Server) -> Any:
    return await twin.finish(twin.make(server).audiences.create(name="vip", type="custom_ids"))


async def test_wait_returns_the_view_once_applied(twin: Twin, clock: FakeClock) -> None:
    server = Server("IN_PROGRESS", "IN_PROGRESS", "APPLIED")
    task = await create(twin, server)
    assert isinstance(task, IndexingTask if twin.name == "sync" else AsyncIndexingTask)
    assert (task.name, task.token, task.state, task.finished, task.result) == ("vip", TOKEN, None, False, None)
    kind = "IndexingTask" if twin.name == "sync" else "AsyncIndexingTask"
    assert repr(task) == f"{kind}(name='vip', token='{TOKEN}', state=None)"
    polls: list[Poll] = []
    view = await twin.finish(task.wait(on_poll=polls.append))
    assert view.nb_ids == 2
    assert task.result is view
    assert task.finished
    assert clock.slept == [1.0, 1.5, 2.25]
    assert [(p.number, p.state, p.elapsed, p.next_in) for p in polls] == [
        (1, "IN_PROGRESS", 1.0, 1.5),
        (2, "IN_PROGRESS", 2.5, 2.25),
        (3, "APPLIED", 4.75, None),
    ]
    assert all(dict(view.url.params) == {"name": "vip", "indexing_token": TOKEN} for view in server.views)


async def test_waiting_again_sends_nothing(twin: Twin, clock: FakeClock) -> None:
    server = Server("APPLIED")
    task = await create(twin, server)
    first = await twin.finish(task.wait())
    assert await twin.finish(task.wait()) is first
    assert await twin.finish(task.done())
    assert len(server.views) == 1


async def test_replaced_ends_and_the_result_says_so(twin: Twin, clock: FakeClock) -> None:
    task = await create(twin, Server("IN_PROGRESS", "REPLACED"))
    assert (await twin.finish(task.wait())).indexing_state == "REPLACED"


async def test_status_and_done_look_once(twin: Twin, clock: FakeClock) -> None:
    server = Server("IN_PROGRESS", "IN_PROGRESS", "APPLIED")
    task = await create(twin, server)
    assert await twin.finish(task.status()) == "IN_PROGRESS"
    assert not await twin.finish(task.done())
    assert await twin.finish(task.done())
    assert len(server.views) == 3
    assert clock.slept == []


@pytest.mark.parametrize("state", ["IN_PROCESS", "QUEUED"])
async def test_unknown_state_goes_on_with_one_warning(
    twin: Twin, clock: FakeClock, caplog: pytest.LogCaptureFixture, state: str
) -> None:
    task = await create(twin, Server(state, state, state, "APPLIED"))
    with caplog.at_level(logging.WARNING, logger="batch_client"):
        assert (await twin.finish(task.wait())).indexing_state == "APPLIED"
    assert [record.message for record in caplog.records] == [
        f"indexing state {state!r} is not documented; waiting goes on"
    ]


async def test_wait_stops_at_deadline_and_keeps_token(twin: Twin, clock: FakeClock) -> None:
    server = Server("IN_PROGRESS")
    task = await create(twin, server)
    with pytest.raises(IndexingTimeout, match="not finished after 10 s") as caught:
        await twin.finish(task.wait(timeout=10.0))
    assert sum(clock.slept) == pytest.approx(10.0)
    assert caught.value.task is task
    assert caught.value.tasks == (task,)
    assert isinstance(caught.value, TimeoutError)
    assert TOKEN in str(caught.value)
    assert task.token == TOKEN


async def test_retries_of_a_look_do_not_outlast_the_deadline(twin: Twin, clock: FakeClock) -> None:
    def server(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            return httpx.Response(202, json=ACCEPTED)
        return httpx.Response(429, headers={"Retry-After": "20"})

    batch = twin.make(server, max_retries=4)
    task = await twin.finish(batch.audiences.create(name="vip", type="custom_ids"))
    with pytest.raises(RateLimitError):
        await twin.finish(task.wait(timeout=30.0))
    assert clock.slept == [1.0, 20.0]
    assert task.token == TOKEN


async def test_wait_with_no_time_looks_once(twin: Twin, clock: FakeClock) -> None:
    server = Server("IN_PROGRESS")
    task = await create(twin, server)
    with pytest.raises(IndexingTimeout):
        await twin.finish(task.wait(timeout=0))
    assert (len(server.views), clock.slept) == (1, [])


async def test_intervals_grow_to_a_limit(twin: Twin, clock: FakeClock) -> None:
    task = await create(twin, Server("IN_PROGRESS"))
    with pytest.raises(IndexingTimeout):
        await twin.finish(task.wait(timeout=600.0))
    assert clock.slept == sorted(clock.slept[:-1]) + clock.slept[-1:]
    assert max(clock.slept) == 20.0
    assert sum(clock.slept) == pytest.approx(600.0)


async def test_removed_audience_that_is_gone_is_done(twin: Twin, clock: FakeClock) -> None:
    batch = twin.make(Server("IN_PROGRESS", 404))
    task = await twin.finish(batch.audiences.remove(name="vip"))
    assert await twin.finish(task.wait()) is None
    assert (task.state, task.finished) == ("APPLIED", True)


async def test_removed_audience_that_reads_applied_is_done(twin: Twin, clock: FakeClock) -> None:
    task = await twin.finish(twin.make(Server("APPLIED")).audiences.remove(name="vip"))
    assert await twin.finish(task.wait()) is None


async def test_missing_audience_is_an_error_for_any_other_task(twin: Twin, clock: FakeClock) -> None:
    task = await create(twin, Server("IN_PROGRESS", 404))
    with pytest.raises(NotFoundError):
        await twin.finish(task.wait())
    assert task.token == TOKEN


async def test_task_is_resumed_by_name_and_token(twin: Twin, clock: FakeClock) -> None:
    server = Server("IN_PROGRESS", "APPLIED")
    task = twin.make(server).audiences.task("vip", TOKEN)
    assert len(server.views) == 0
    assert (await twin.finish(task.wait())).name == "vip"


async def test_catalog_items_have_tasks_too(twin: Twin, clock: FakeClock) -> None:
    batch = twin.make(Server("IN_PROGRESS", "APPLIED"))
    task = await twin.finish(batch.catalogs.items_edit(name="shoes", items=[]))
    assert (await twin.finish(task.wait())).items == 3
    resumed = twin.make(Server("APPLIED")).catalogs.task("shoes", TOKEN)
    assert (await twin.finish(resumed.wait())).indexing_state == "APPLIED"


async def test_view_without_a_state_is_not_taken_for_finished(twin: Twin, clock: FakeClock) -> None:
    task = twin.make(Server(None)).catalogs.task("shoes", TOKEN)
    assert await twin.finish(task.status()) == "absent"
    assert not task.finished


async def test_wait_all_keeps_the_order_and_the_distance(twin: Twin, clock: FakeClock) -> None:
    looks: list[tuple[float, str]] = []
    servers = [Server(*["IN_PROGRESS"] * n, "APPLIED") for n in (3, 0, 1)]
    tasks = [twin.make(server).audiences.task(name, TOKEN + name) for name, server in zip("abc", servers, strict=True)]
    function = wait_all if twin.name == "sync" else async_wait_all
    views = await twin.finish(function(tasks, on_poll=lambda poll: looks.append((clock.now, poll.token[-1]))))
    assert [view.indexing_state for view in views] == ["APPLIED"] * 3
    assert [task.result for task in tasks] == views
    assert [name for _, name in looks] == ["a", "b", "c", "a", "c", "a", "a"]
    times = [time for time, _ in looks]
    assert all(later - earlier >= 1.0 for earlier, later in itertools.pairwise(times))


async def test_wait_all_names_the_unfinished_at_the_deadline(twin: Twin, clock: FakeClock) -> None:
    tasks = [
        twin.make(Server(state)).audiences.task(name, TOKEN + name)
        for name, state in [("a", "APPLIED"), ("b", "IN_PROGRESS"), ("c", "IN_PROGRESS")]
    ]
    function = wait_all if twin.name == "sync" else async_wait_all
    with pytest.raises(IndexingTimeout, match="'b' and 1 more") as caught:
        await twin.finish(function(tasks, timeout=30.0))
    assert caught.value.tasks == (tasks[1], tasks[2])
    assert tasks[0].finished
    assert sum(clock.slept) == pytest.approx(30.0)


async def test_wait_all_of_nothing_is_nothing(twin: Twin, clock: FakeClock) -> None:
    function = wait_all if twin.name == "sync" else async_wait_all
    assert await twin.finish(function([])) == []


@pytest.mark.fault("indexing takes weeks, and wait(timeout=None) was asked for", "it is waited for")
async def test_wait_without_a_timeout_goes_on_for_days(twin: Twin, clock: FakeClock) -> None:
    indexed = clock.now + 14 * 3600

    def answer(_: httpx.Request) -> httpx.Response:
        state = "APPLIED" if clock.now >= indexed else "IN_PROGRESS"
        return httpx.Response(200, json=complete("audience_view", AUDIENCE | {"indexing_state": state}))

    task = twin.make(answer).audiences.task("vip", TOKEN)
    assert (await twin.finish(task.wait(timeout=None))).indexing_state == "APPLIED"
    assert clock.now - indexed < 60
    assert max(clock.slept) <= 20


def test_schedule_goes_on_for_years() -> None:
    schedule = Schedule(1, 0.0, None)
    for _ in range(200_000):
        following = schedule.next()
        assert following is not None
        _, due = following
        schedule.looked(0, due, 1.0, finished=False)
    assert due > 40 * 24 * 3600


@pytest.mark.fault("the timeout of a wait is nan", "it is refused; nothing is polled")
async def test_timeout_that_is_no_number_is_refused(twin: Twin, clock: FakeClock) -> None:
    server = Server("APPLIED")
    task = await create(twin, server)
    with pytest.raises(ValueError, match="timeout must be a number of seconds or None, not nan"):
        await twin.finish(task.wait(timeout=float("nan")))
    with pytest.raises(ValueError, match="timeout must be a number of seconds or None, not nan"):
        await twin.finish(twin.make(server).exports.job("export_1").wait(timeout=float("nan")))
    assert server.views == []
