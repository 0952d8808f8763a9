"""What a test can tell a sandbox to do: faults, rate limits, latency, snapshots, data; and ways in."""

from __future__ import annotations

import asyncio
import time
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


async def test_latency_delays_every_answer(twin: Twin) -> None:
    for ways in ("memory", "socket"):
        sandbox = Sandbox(latency=(0.1, 0.12))
        started = time.monotonic()
        with sandbox.serve() if ways == "socket" else nullcontext():
            batch = client_of(sandbox, twin)
            await twin.finish(batch.audiences.list())
            await twin.finish(batch.close() if twin.name == "sync" else batch.aclose())
        assert time.monotonic() - started > 0.1


async def test_latency_holds_up_no_other_call() -> None:
    async with Sandbox(latency=0.3).async_client() as batch:
        started = time.monotonic()
        await asyncio.gather(*(batch.audiences.list() for _ in range(20)))
        assert time.monotonic() - started < 2.0


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
    started = time.monotonic()
    sandbox.seed(profiles=100_000)
    assert time.monotonic() - started < 10
    assert len(sandbox.profiles) == 100_000
    edits = [
        {"identifiers": {"custom_id": custom_id}, "attributes": profile.attributes}
        for custom_id, profile in list(sandbox.profiles.items())[:200]
    ]
    with Sandbox().client() as batch:
        assert batch.profiles.update(edits).code == "SUCCESS"
