"""Waits that are broken off, clocks that jump, tokens whose audience is gone, a thousand polls at once."""

from __future__ import annotations

import asyncio
import copy
import os
import pickle
import resource
import signal
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from batch_client import BatchError, IndexingTimeout, NotFoundError, RateLimitError, async_wait_all, wait_all
from batch_client.sandbox import Sandbox
from tests.calls import AUDIENCE, TOKEN, call_of
from tests.conftest import FakeClock, Twin
from tests.faults.run import ALWAYS, KEYS
from tests.faults.server import FaultyServer, answer_well, render

pytestmark = pytest.mark.any_documents

VIEW = call_of("audience_view")


def refuse_with_429(connection: socket.socket, _: httpx.Response) -> None:
    connection.sendall(render(httpx.Response(429, json={"error_code": "X", "error_message": "x"})))


@pytest.fixture
def interrupt() -> Iterator[Any]:
    """Gives a function that presses Ctrl-C after some seconds."""
    timers = []

    def after(seconds: float) -> None:
        timers.append(threading.Timer(seconds, os.kill, (os.getpid(), signal.SIGINT)))
        timers[-1].start()

    yield after
    for timer in timers:
        timer.join()


def make(twin: str, url: str, **options: Any) -> Any:
    return Twin(twin).make(None, **(KEYS | {"base_url": url, "transport": None} | options))


def test_interrupt_ends_a_wait_for_indexing_and_the_task_goes_on(interrupt: Any) -> None:
    now = [0.0]
    sandbox = Sandbox(indexing=1.0, clock=lambda: now[0])  # without the interrupt the wait would not end
    with sandbox.serve(), sandbox.client() as batch:
        task = batch.audiences.create(name="vip", type="custom_ids")
        token = task.token
        interrupt(0.2)
        with pytest.raises(KeyboardInterrupt):
            task.wait()
        now[0] = 1.0
        assert task.token == token
        assert task.wait().indexing_state == "APPLIED"


def test_interrupt_ends_the_wait_before_a_retry(interrupt: Any) -> None:
    server = FaultyServer(VIEW.respond(), refuse_with_429, 1)
    with server.serve() as url, make("sync", url, max_retries=3) as batch:
        interrupt(0.2)
        with pytest.raises(KeyboardInterrupt):
            batch.audiences.view(name="vip")
        assert len(server.received) == 1
        assert batch.audiences.view(name="vip").name == "vip"  # the client is still good


def test_interrupt_ends_a_read(interrupt: Any) -> None:
    server = FaultyServer(VIEW.respond(), lambda _, __: time.sleep(1), 1)
    with server.serve() as url, make("sync", url) as batch:
        interrupt(0.2)
        with pytest.raises(KeyboardInterrupt):
            batch.audiences.view(name="vip")
        assert batch.audiences.view(name="vip").name == "vip"


async def test_cancellation_ends_a_wait_and_the_task_goes_on() -> None:
    sandbox = Sandbox(indexing=1.5)
    with sandbox.serve():
        async with sandbox.async_client() as batch:
            task = await batch.audiences.create(name="vip", type="custom_ids")
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(task.wait(), 0.2)
            assert (await task.wait()).indexing_state == "APPLIED"


async def test_cancelled_requests_leave_the_connections_free() -> None:
    cancelled = threading.Event()

    def hold(connection: socket.socket, right: httpx.Response) -> None:
        cancelled.wait(5)
        answer_well(connection, right)

    server = FaultyServer(VIEW.respond(), hold, ALWAYS)
    with server.serve() as url:
        async with make("async", url, timeout=5) as batch:
            calls = [asyncio.create_task(batch.audiences.view(name="vip")) for _ in range(150)]
            await asyncio.sleep(0.2)
            for call in calls:
                call.cancel()
            cancelled.set()
            assert all(
                isinstance(r, asyncio.CancelledError) for r in await asyncio.gather(*calls, return_exceptions=True)
            )
            assert (await batch.audiences.view(name="vip")).name == "vip"


async def test_thousand_polls_in_parallel() -> None:
    sandbox = Sandbox(indexing=0.5)
    with sandbox.serve():
        async with sandbox.async_client() as batch:
            task = await batch.audiences.create(name="vip", type="custom_ids")
            copies = [batch.audiences.task("vip", task.token) for _ in range(1000)]
            results = await asyncio.gather(*(each.wait(timeout=60) for each in copies))
    assert [result.indexing_state for result in results] == ["APPLIED"] * 1000


async def test_thousand_tasks_on_one_schedule(twin: Twin, clock: FakeClock) -> None:
    batch = twin.make(lambda _: httpx.Response(200, json=AUDIENCE))
    tasks = [batch.audiences.task(f"a{number}", TOKEN) for number in range(1000)]
    wait = wait_all if twin.name == "sync" else async_wait_all
    assert len(await twin.finish(wait(tasks, timeout=2000))) == 1000
    assert max(clock.slept) <= 1.0  # one look a second, none at once


async def test_token_whose_audience_is_gone(twin: Twin, served: Any) -> None:
    created = await twin.finish(served.audiences.create(name="vip", type="custom_ids"))
    await twin.finish((await twin.finish(served.audiences.remove(name="vip"))).wait())
    with pytest.raises(NotFoundError):
        await twin.finish(created.wait())
    assert created.token


@pytest.mark.parametrize("jump", [-86_400.0, 86_400.0])
async def test_jumping_wall_clock_changes_no_wait(
    jump: float, twin: Twin, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = iter([httpx.Response(429, headers={"Retry-After": "7"}), httpx.Response(200, json=AUDIENCE)])
    batch = twin.make(lambda _: next(answers), max_retries=1)
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() + jump)
    await twin.finish(batch.audiences.view(name="vip"))
    assert clock.slept == [7.0]


async def test_retry_after_date_of_another_clock_is_bounded(twin: Twin, clock: FakeClock) -> None:
    def handler(_: httpx.Request) -> httpx.Response:
        return httpx.Response(429, headers={"Retry-After": "Fri, 31 Dec 2099 23:59:59 GMT"})

    with pytest.raises(RateLimitError) as raised:
        await twin.finish(twin.make(handler, max_retries=4).audiences.view(name="vip"))
    assert raised.value.retry_after is not None
    assert raised.value.retry_after > 86_400
    assert clock.slept == []


async def test_monotonic_clock_that_jumps_ahead_ends_the_wait_with_the_token(
    twin: Twin, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def handler(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json=AUDIENCE | {"indexing_state": "IN_PROGRESS"})

    def sleep(seconds: float) -> None:
        clock.now += seconds + 3600

    async def async_sleep(seconds: float) -> None:
        sleep(seconds)

    monkeypatch.setattr("batch_client._transport.clock.sleep", sleep)
    monkeypatch.setattr("batch_client._transport.clock.async_sleep", async_sleep)
    with pytest.raises(IndexingTimeout) as raised:
        await twin.finish(twin.make(handler).audiences.task("vip", TOKEN).wait(timeout=300))
    assert raised.value.task.token == TOKEN


@pytest.mark.parametrize("duplicate", [copy.copy, copy.deepcopy, lambda task: pickle.loads(pickle.dumps(task))])
async def test_token_survives_pickling(duplicate: Any, twin: Twin, clock: FakeClock) -> None:
    def handler(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json=AUDIENCE | {"indexing_state": "IN_PROGRESS"})

    batch = twin.make(handler, **KEYS)
    with pytest.raises(IndexingTimeout) as raised:
        await twin.finish(batch.audiences.task("vip", TOKEN).wait(timeout=5))
    error = duplicate(raised.value)
    assert str(error) == str(raised.value)
    assert (error.task.name, error.task.token, error.task.state) == ("vip", TOKEN, "IN_PROGRESS")


async def test_a_task_from_another_process_says_how_to_resume_it(twin: Twin) -> None:
    task = pickle.loads(pickle.dumps(twin.make(None).audiences.task("vip", TOKEN)))
    with pytest.raises(BatchError, match=r"came without its client; resume it with task\('vip', "):
        await twin.finish(task.status())


def test_answer_larger_than_any_is_not_kept() -> None:
    def flood(connection: socket.socket, _: httpx.Response) -> None:
        connection.sendall(b"HTTP/1.1 500 Oops\r\nContent-Length: 209715200\r\n\r\n")
        for _ in range(200):
            connection.sendall(b" " * 2**20)

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    server = FaultyServer(VIEW.respond(), flood, 1)
    with server.serve() as url, make("sync", url) as batch, pytest.raises(Exception, match="500 Oops"):
        batch.audiences.view(name="vip")
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100 * 1024  # KiB
