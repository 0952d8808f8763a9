"""What a test can tell a sandbox to do: faults, rate limits, latency, snapshots, data; and ways in."""

from __future__ import annotations

import asyncio
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext, suppress
from typing import Any

import httpx
import pytest

from batch_client import (
    RATE_LIMITS,
    APIConnectionError,
    APIStatusError,
    IndexingTimeout,
    InternalServerError,
    NotFoundError,
    RateLimit,
    RateLimitError,
)
from batch_client.sandbox import Sandbox
from tests.calls import CAMPAIGN
from tests.conftest import FakeClock, Twin
from tests.contract import VERSION, success_of
from tests.operations import young


def client_of(sandbox: Sandbox, twin: Twin, **options: Any) -> Any:
    return (sandbox.client if twin.name == "sync" else sandbox.async_client)(**options)


def test_client_needs_no_socket() -> None:
    with Sandbox(indexing=0) as sandbox, sandbox.client() as batch:
        assert batch.audiences.create(name="vip", type="custom_ids").wait().name == "vip"
        assert list(sandbox.audiences) == ["vip"]


async def test_client_for_asyncio_needs_no_socket() -> None:
    with Sandbox(indexing=0) as sandbox:
        async with sandbox.async_client() as batch:
            await batch.catalogs.create(name="shoes", fields=[{"name": "title", "type": "string"}])
        assert sandbox.catalogs["shoes"].fields == {"title": "string"}


def test_transport_serves_any_http_client(sandbox: Sandbox) -> None:
    with httpx.Client(transport=sandbox.transport(), base_url="https://anywhere.test") as http:
        assert http.get(f"/{VERSION}/audiences/list").status_code == 401


async def test_transport_serves_any_http_client_for_asyncio(sandbox: Sandbox) -> None:
    async with httpx.AsyncClient(transport=sandbox.async_transport(), base_url="https://anywhere.test") as http:
        assert (await http.get(f"/{VERSION}/audiences/list")).status_code == 401


async def test_next_call_fails_as_told(twin: Twin, sandbox: Sandbox, clock: FakeClock) -> None:
    sandbox.fail_next("audience_list", status=429, retry_after=3)
    assert (await twin.finish(client_of(sandbox, twin).audiences.list())).items == []
    assert clock.slept == [3.0]
    sandbox.fail_next("audience_list", 500, times=2)
    batch = client_of(sandbox, twin, max_retries=0)
    for _ in range(2):
        with pytest.raises(InternalServerError) as raised:
            await twin.finish(batch.audiences.list())
        assert raised.value.error_code == "SERVER_ERROR"
    await twin.finish(batch.audiences.list())
    assert [request.status for request in sandbox.requests] == [429, 200, 500, 500, 200]


@pytest.mark.parametrize("over", ["memory", "socket"])
async def test_lost_answer_was_carried_out(over: str, twin: Twin, sandbox: Sandbox) -> None:
    profile = {"identifiers": {"custom_id": "ann"}, "events": [{"name": "purchase"}]}

    async def check() -> None:
        sandbox.fail_next("profile_update", "lost")
        with pytest.raises(APIConnectionError):
            await twin.finish(client_of(sandbox, twin).profiles.update([profile]))
        assert len(sandbox.profiles["ann"].events) == 1

    if over == "memory":
        await check()
    else:
        with sandbox.serve():
            await check()


@pytest.mark.parametrize(
    ("operation", "status", "says"),
    [("audience_lst", 500, "no operation is called 'audience_lst'"), ("audience_list", 200, "from 400 to 599, or")],
)
def test_impossible_fault_is_refused(operation: str, status: Any, says: str, sandbox: Sandbox) -> None:
    with pytest.raises(ValueError, match=says):
        sandbox.fail_next(operation, status)


@pytest.mark.parametrize("shares", [{429: 0.6, 500: 0.6}, {429: -1}, {"never": 0.1}])
def test_impossible_shares_are_refused(shares: Any) -> None:
    with pytest.raises(ValueError, match=r"share|fault"):
        Sandbox(faults=shares)


def test_share_of_calls_fails_the_same_way_each_time() -> None:
    def statuses() -> list[int]:
        sandbox = Sandbox(faults={500: 0.2, 503: 0.1}, random_seed=1)
        with sandbox.client(max_retries=0) as batch:
            for _ in range(500):
                with suppress(APIStatusError):
                    batch.audiences.list()
        return [request.status for request in sandbox.requests]

    first = statuses()
    assert first == statuses()
    assert 70 < first.count(500) < 130
    assert 30 < first.count(503) < 70


def test_rate_limits_are_enforced(clock: FakeClock) -> None:
    sandbox = Sandbox(rate_limits=RATE_LIMITS, clock=lambda: clock.now)
    with sandbox.client(rate_limits=None, max_retries=0) as batch:
        batch.audiences.list()
        with pytest.raises(RateLimitError, match="TOO_MANY_REQUESTS"):
            batch.audiences.list()
        clock.now += 1
        batch.audiences.list()
        mass = [{"identifiers": {"custom_id": str(number)}} for number in range(10_000)]
        batch.profiles.mass_update(mass)
        with pytest.raises(RateLimitError, match="profiles_mass_update"):
            batch.profiles.mass_update(mass[:1000])


def test_client_keeps_the_limits_that_the_sandbox_enforces(clock: FakeClock) -> None:
    limits = RATE_LIMITS | {"default": RateLimit(units=2, seconds=1, burst=4)}
    with Sandbox(rate_limits=limits).client(rate_limits=limits, max_retries=0) as batch:
        for _ in range(20):
            batch.audiences.list()
    assert sum(clock.slept) == pytest.approx(8.0, rel=0.05)


@pytest.mark.parametrize("way", ["memory", "socket"])
async def test_latency_delays_every_answer(way: str, twin: Twin, monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []

    async def async_sleep(seconds: float, sleep: Any = asyncio.sleep) -> None:
        slept.append(seconds)
        await sleep(min(seconds, 0.1))

    monkeypatch.setattr(time, "sleep", slept.append)
    monkeypatch.setattr(asyncio, "sleep", async_sleep)
    sandbox = Sandbox(latency=(700, 800))
    with sandbox.serve() if way == "socket" else nullcontext():
        batch = client_of(sandbox, twin)
        await twin.finish(batch.audiences.list())
        await twin.finish(batch.close() if twin.name == "sync" else batch.aclose())
    assert len([seconds for seconds in slept if 700 <= seconds <= 800]) == 1


async def test_latency_holds_up_no_other_call(monkeypatch: pytest.MonkeyPatch) -> None:
    everyone = asyncio.Barrier(20)

    async def sleep(_: float) -> None:
        await everyone.wait()  # until all 20 sleep at once

    monkeypatch.setattr(asyncio, "sleep", sleep)
    async with Sandbox(latency=700).async_client() as batch:
        await asyncio.gather(*(batch.audiences.list() for _ in range(20)))


def test_indexing_can_take_a_random_time(clock: FakeClock) -> None:
    sandbox = Sandbox(indexing=(1.0, 9.0), clock=lambda: clock.now, random_seed=7)
    with sandbox.client() as batch:
        tasks = [batch.audiences.create(name=f"a{number}", type="custom_ids") for number in range(20)]
        clock.now += 5
        assert {task.status() for task in tasks} == {"IN_PROGRESS", "APPLIED"}
        clock.now += 4
        assert {task.status() for task in tasks} == {"APPLIED"}


def test_updates_of_one_audience_take_effect_in_their_order(clock: FakeClock) -> None:
    sandbox = Sandbox(indexing=(1.0, 9.0), clock=lambda: clock.now, random_seed=3)
    with sandbox.client() as batch:
        batch.audiences.create(name="vip", type="custom_ids")
        for _ in range(10):
            batch.audiences.update(name="vip", ids=[{"action": "add", "id": "ann"}])
            batch.audiences.update(name="vip", ids=[{"action": "remove", "id": "ann"}])
    clock.now += 9
    assert sandbox.audiences["vip"].ids == {}


def test_indexing_that_never_ends_is_a_timeout(clock: FakeClock) -> None:
    with Sandbox(indexing=1e9, clock=lambda: clock.now).client() as batch, pytest.raises(IndexingTimeout):
        batch.audiences.create(name="vip", type="custom_ids").wait(timeout=10)


def test_requests_are_kept_to_assert_on(sandbox: Sandbox) -> None:
    operation, older = young()
    with sandbox.client(api_version=older) as batch:
        batch.audiences.create(name="vip", type="custom_ids")
        with pytest.raises(NotFoundError):
            batch.audiences.view(name="none such")
        with pytest.raises(NotFoundError, match=f"first documented in API version {operation.first_seen}"):
            getattr(batch, operation.resource).list()
    created, viewed, listed = sandbox.requests
    assert (created.operation, created.version, created.status) == (
        "audience_create",
        older,
        success_of("audience_create", 202),
    )
    assert created.body == {"name": "vip", "type": "custom_ids"}
    assert (viewed.parameters, viewed.status) == ({"name": "none such"}, 404)
    assert (listed.operation, listed.method, listed.path) == (None, "GET", operation.path)


def test_only_the_latest_requests_are_kept() -> None:
    sandbox = Sandbox(keep_requests=2)
    with sandbox.client() as batch:
        for limit in (1, 2, 3):
            batch.audiences.list(limit=limit)
    assert [request.parameters for request in sandbox.requests] == [{"limit": 2}, {"limit": 3}]


def test_snapshot_brings_everything_back(clock: FakeClock, sandbox: Sandbox) -> None:
    sandbox.seed(profiles=3, segments={"loyal": ["user-1"]})
    with sandbox.client() as batch:
        task = batch.audiences.create(name="vip", type="custom_ids")
        before = sandbox.snapshot()
        batch.profiles.update([{"identifiers": {"custom_id": "user-1"}, "attributes": {"plan": "none"}}])
        batch.audiences.remove(name="vip")
        clock.now += 10
        assert not sandbox.audiences
        sandbox.restore(before)
        assert sandbox.profiles["user-1"].attributes["plan"] == "silver"
        assert task.wait().name == "vip"
        assert [segment.code for segment in batch.segments.list()] == ["loyal"]
        sandbox.restore(before)  # a snapshot can be used again


def test_seed_makes_valid_profiles_quickly() -> None:
    sandbox = Sandbox()
    started = time.process_time()
    sandbox.seed(profiles=100_000)
    assert time.process_time() - started < 10
    assert len(sandbox.profiles) == 100_000
    edits = [
        {"identifiers": {"custom_id": custom_id}, "attributes": profile.attributes}
        for custom_id, profile in list(sandbox.profiles.items())[:200]
    ]
    with Sandbox().client() as batch:
        assert batch.profiles.update(edits).code == "SUCCESS"


@pytest.mark.parametrize(
    "arguments",
    [
        {"retry_after": -1},
        {"retry_after": float("nan")},
        {"retry_after": float("inf")},
        {"retry_after": "3"},
        {"times": -1},
        {"times": 1.5},
    ],
)
def test_impossible_argument_of_a_fault_is_refused(arguments: Any, sandbox: Sandbox) -> None:
    with pytest.raises(ValueError, match=next(iter(arguments))):
        sandbox.fail_next("audience_list", 429, **arguments)
    with sandbox.client() as batch:
        batch.audiences.list()


@pytest.mark.parametrize("status", [420, 499, 530, 599])
def test_fault_may_have_a_status_without_a_name(status: int, sandbox: Sandbox) -> None:
    sandbox.fail_next("audience_list", status, retry_after=2_000_000)
    with sandbox.client(max_retries=0) as batch, pytest.raises(APIStatusError) as raised:
        batch.audiences.list()
    assert (raised.value.status_code, raised.value.error_code) == (status, f"ERROR_{status}")
    assert raised.value.retry_after == 2_000_000


@pytest.mark.parametrize(
    "data",
    [
        {"profiles": -1},
        {"profiles": 1.5},
        {"segments": {"loyal": "user-1"}},
        {"segments": {"loyal": [1]}},
        {"segments": {1: ["user-1"]}},
        {"segments": {"new": ["user-1"], "there": ["user-1"]}},
    ],
)
def test_impossible_data_is_refused_whole(data: Any, sandbox: Sandbox) -> None:
    sandbox.seed(segments={"there": []})
    with pytest.raises(ValueError, match=r"profiles|segment"):
        sandbox.seed(**({"profiles": 3} | data))
    assert sandbox.profiles == {}
    with sandbox.client() as batch:
        assert [segment.code for segment in batch.segments.list()] == ["there"]


@pytest.mark.parametrize("time", [-1, float("nan"), (2, 1), (1,), (0, float("nan")), "1", None])
@pytest.mark.parametrize("name", ["indexing", "exporting", "latency"])
def test_impossible_times_are_refused(name: str, time: Any) -> None:
    with pytest.raises(ValueError, match="a time is seconds"):
        Sandbox(**{name: time})


@pytest.mark.fault("state of a sandbox that is read while calls run", "a state as it was between two calls; no error")
def test_what_was_read_does_not_change() -> None:
    sandbox = Sandbox(indexing=0.0, exporting=0.0)
    with sandbox.client() as batch:

        def change(name: str) -> None:
            batch.profiles.update([{"identifiers": {"custom_id": n}, "events": [{"name": "x"}]} for n in ("ann", name)])
            batch.audiences.update(name="vip", ids=[{"action": "add", "id": name}])
            batch.catalogs.items_edit(name="shoes", items=[{"action": "add", "id": name}])

        batch.audiences.create(name="vip", type="custom_ids")
        batch.catalogs.create(name="shoes", fields=[{"name": "title", "type": "string"}])
        for number in range(3):
            change(f"u{number}")
        for read in (
            sandbox.profiles,
            sandbox.profiles["ann"].events,
            sandbox.audiences["vip"].ids,
            sandbox.catalogs["shoes"].items,
        ):
            assert len([change(f"{id(read)}-{number}") for number, _ in enumerate(read)]) == len(read) >= 3


def test_state_can_be_read_while_calls_run() -> None:
    sandbox = Sandbox(indexing=0.0, exporting=0.0, keep_requests=50)
    seen: list[int] = []
    done = threading.Event()

    def write(number: int) -> None:
        names = [f"{number}-{n}" for n in range(100)]
        with sandbox.client() as batch:
            audience, catalog = f"a{number}", f"c{number}"
            batch.audiences.create(name=audience, type="custom_ids")
            batch.catalogs.create(name=catalog, fields=[{"name": "title", "type": "string"}])
            for _ in range(15):
                event = {"name": "visit"}
                batch.profiles.update([{"identifiers": {"custom_id": n}, "events": [event]} for n in names])
                action = "remove" if audience in sandbox.audiences and sandbox.audiences[audience].ids else "add"
                batch.audiences.update(name=audience, ids=[{"action": action, "id": n} for n in names])
                batch.catalogs.items_edit(name=catalog, items=[{"id": n, "action": action} for n in names])
                batch.campaigns.create(**CAMPAIGN)
                batch.profiles.export({"export_type": "ATTRIBUTES", "attributes": ["plan"]})

    def read() -> None:
        while not done.is_set():
            for custom_id, profile in sandbox.profiles.items():
                seen.extend(1 for event in profile.events if event and custom_id)
            for audience in sandbox.audiences.values():
                seen.append(sum(1 for _ in audience.ids))
                assert len(audience.ids) in (0, 100)
            for catalog in sandbox.catalogs.values():
                assert sum(1 for _ in catalog.items) in (0, 100)
            counts = [len(profile.events) for profile in sandbox.profiles.values()]
            # A call carries out a hundred profiles or none.
            assert all(counts[at : at + 100] == [counts[at]] * 100 for at in range(0, len(counts), 100))
            seen.extend(len(request.path) for request in sandbox.requests)
            seen.extend(len(part) for part in (sandbox.campaigns, sandbox.exports))
            sandbox.snapshot()

    with ThreadPoolExecutor(5) as pool:
        readers = [pool.submit(read) for _ in range(2)]
        for writer in [pool.submit(write, number) for number in range(3)]:
            writer.result()
        done.set()
        for reader in readers:
            reader.result()
    assert seen
