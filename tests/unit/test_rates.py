"""The rate limits: what a call takes of them, who shares them, and what a wait costs."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from batch_client import (
    RATE_LIMITS,
    BatchClient,
    ConfigurationError,
    IndexingTimeout,
    RateLimit,
    RateLimitTimeout,
)
from batch_client._transport import call as calls
from batch_client._transport import clock as clock_module
from batch_client._transport import rates
from batch_client._transport.credentials import Headers
from batch_client._transport.rates import Bucket
from batch_generated.api import OPERATIONS
from batch_generated.models import EditProfile, ProfileIdentifiers
from tests.calls import AUDIENCE, CALLS, Call, call_of
from tests.conftest import KEYS, FakeClock, Twin
from tests.contract import BUNDLE, VERSION
from tests.operations import missing

VIEW = call_of("audience_view")


@pytest.fixture(autouse=True)
def fresh_buckets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rates, "_shared", rates._Shared())
    # Whole limits, so that the numbers below are plain.
    monkeypatch.setattr(rates, "_RATE_USED", 1.0)
    monkeypatch.setattr(rates, "_BURST_USED", 1.0)


def answer(_: httpx.Request) -> httpx.Response:
    return httpx.Response(200, json=AUDIENCE)


def call_without_body(path: str, content: bytes) -> calls.Call:
    """Return a call of which only the bytes are known, as of a request that nobody generated."""
    plain = httpx.Headers()
    url = httpx.URL(f"https://api.batch.com/{VERSION}{path}")
    return calls.Call(None, "POST", url, Headers(plain, plain), content, extensions={})


def test_every_operation_is_counted_by_limits_that_exist() -> None:
    used = {name for operation in OPERATIONS.values() for name in operation.rate_limits}
    assert used <= set(RATE_LIMITS)
    assert missing() or used == set(RATE_LIMITS)
    assert all(operation.rate_limits for operation in OPERATIONS.values())
    assert {name: vars_of(limit) for name, limit in RATE_LIMITS.items()} == BUNDLE["x-rate-limits"]


def vars_of(limit: RateLimit) -> dict[str, Any]:
    fields = {name: getattr(limit, name) for name in ("units", "seconds", "burst", "records", "when")}
    return {name: value for name, value in fields.items() if value is not None}


@pytest.mark.parametrize(
    ("limit", "path", "body", "units"),
    [
        ("default", "/audiences/create", {"name": "vip"}, 1),
        ("profiles_update", "/profiles/update", [{}] * 7, 7),
        ("profiles_mass_update", "/profiles/mass-update", [{}] * 10_000, 10_000),
        ("profiles_update", "/profiles/update", [], 1),
        ("catalogs", "/catalogs/items/edit", {"name": "shoes", "items": [{}] * 3}, 1),
        ("catalog_items", "/catalogs/items/edit", {"name": "shoes", "items": [{}] * 3}, 3),
        ("catalog_items", "/catalogs/items/edit", "no object", 1),
        ("segment_exports", "/profiles/export", {"export_type": "ATTRIBUTES"}, 0),
        ("segment_exports", "/profiles/export", {"filter": {"segment": "loyal"}}, 1),
    ],
)
def test_what_a_call_takes(limit: str, path: str, body: Any, units: int) -> None:
    assert calls.units_of(body, RATE_LIMITS[limit]) == units
    assert call_without_body(path, json.dumps(body).encode()).units(RATE_LIMITS[limit]) == units


def test_body_that_is_no_json_takes_one() -> None:
    assert call_without_body("/profiles/update", b"{").units(RATE_LIMITS["profiles_update"]) == 1


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.operation)
async def test_calls_keep_the_limit_of_their_operation(call: Call, twin: Twin, clock: FakeClock) -> None:
    batch = twin.make(lambda _: call.respond(), rate_limits=RATE_LIMITS)
    started = clock.now
    calls = 12
    for _ in range(calls):
        await twin.finish(call.make(batch))
    # Every fixture call carries one record, so that each limit is met call by call.
    longest = max(
        max(0.0, calls - limit.burst) * limit.seconds / limit.units
        for limit in (RATE_LIMITS[name] for name in OPERATIONS[call.operation].rate_limits if name != "segment_exports")
    )
    assert clock.now - started == pytest.approx(longest)


async def test_records_are_counted(twin: Twin, clock: FakeClock) -> None:
    call = call_of("profile_mass_update")
    batch = twin.make(lambda _: call.respond(), rate_limits=RATE_LIMITS)
    profiles = [EditProfile(identifiers=ProfileIdentifiers(custom_id=str(number))) for number in range(5_000)]
    started = clock.now
    for _ in range(6):
        await twin.finish(batch.profiles.mass_update(profiles))
    assert clock.now - started == pytest.approx(2.0)


def test_clients_leave_a_little_of_a_limit_unused(clock: FakeClock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    monkeypatch.setattr("batch_client._transport.clock.monotonic", clock.monotonic)
    limit = RateLimit(units=100, seconds=1, burst=1000)
    ours, theirs = Bucket(limit, exact=False), Bucket(limit, exact=True)
    late = iter([0.05, 0.0] * 100)  # calls take differently long to arrive
    for _ in range(200):
        clock.now += ours.take(50, 1e9)
        leaves = clock.now
        clock.now += next(late)
        assert theirs.take(50, 0.0) == 0.0
        clock.now = leaves
    assert clock.now - 1000.0 == pytest.approx((200 * 50 - 900) / 100 / 0.985)


async def test_a_refusal_holds_back_what_comes_after(twin: Twin, clock: FakeClock) -> None:
    statuses = iter([429])
    sent: list[float] = []

    def handler(_: httpx.Request) -> httpx.Response:
        sent.append(clock.now)
        return httpx.Response(next(statuses, 200), json=AUDIENCE, headers={"Retry-After": "20"})

    batch = twin.make(handler, rate_limits=RATE_LIMITS, max_retries=1)
    for _ in range(3):
        await twin.finish(VIEW.make(batch))
    assert [at - 1000.0 for at in sent] == pytest.approx([0.0, 20.0, 21.0, 22.0])


async def test_none_turns_the_limits_off(twin: Twin, clock: FakeClock) -> None:
    batch = twin.make(answer, rate_limits=None)
    for _ in range(20):
        await twin.finish(VIEW.make(batch))
    assert clock.slept == []


async def test_limits_can_be_changed(twin: Twin, clock: FakeClock) -> None:
    batch = twin.make(answer, rate_limits=RATE_LIMITS | {"default": RateLimit(units=10, seconds=1, burst=2)})
    for _ in range(4):
        await twin.finish(VIEW.make(batch))
    assert clock.slept == pytest.approx([0.1, 0.1])


@pytest.mark.parametrize(
    ("limits", "says"),
    [
        ({"defualt": RateLimit(1, 1, 1)}, "no rate limit is called 'defualt'; there are default, profiles_update"),
        ({"default": RateLimit(0, 1, 1)}, "units, seconds and burst of the rate limit 'default' must be above 0"),
    ],
)
def test_bad_limits_are_refused(limits: Any, says: str) -> None:
    with pytest.raises(ConfigurationError, match=says):
        BatchClient(**KEYS, rate_limits=limits)


async def test_a_retry_waits_for_the_limit_too(twin: Twin, clock: FakeClock) -> None:
    statuses = iter([503, 200])
    slow = {"default": RateLimit(units=1, seconds=60, burst=1)}
    batch = twin.make(lambda _: httpx.Response(next(statuses), json=AUDIENCE), rate_limits=slow, max_retries=1)
    await twin.finish(VIEW.make(batch))
    assert clock.slept == pytest.approx([60.0])


async def test_a_wait_past_the_deadline_is_refused_at_once_and_takes_nothing(twin: Twin, clock: FakeClock) -> None:
    slow = {"default": RateLimit(units=1, seconds=400, burst=1)}
    batch = twin.make(answer, rate_limits=slow)
    await twin.finish(VIEW.make(batch))
    for _ in range(2):
        with pytest.raises(RateLimitTimeout, match="was not sent: it would have had to wait 400 s") as raised:
            await twin.finish(VIEW.make(batch))
        assert (raised.value.limit, raised.value.retry_after) == ("default", pytest.approx(400))
    assert clock.slept == []


async def test_the_last_of_two_limits_refuses_for_both(twin: Twin, clock: FakeClock) -> None:
    call = call_of("catalog_items_edit")
    limits = RATE_LIMITS | {"catalog_items": RateLimit(units=1, seconds=1000, burst=1, records="/items")}
    batch = twin.make(lambda _: call.respond(), rate_limits=limits)
    await twin.finish(call.make(batch))
    for _ in range(10):
        with pytest.raises(RateLimitTimeout):
            await twin.finish(call.make(batch))
    view = call_of("catalog_view")
    other = twin.make(lambda _: view.respond(), rate_limits=limits)
    for _ in range(4):
        await twin.finish(view.make(other))
    assert clock.slept == []  # the refused ones took nothing of the limit of all catalog operations


async def test_waiting_for_indexing_ends_when_the_limit_leaves_no_look(twin: Twin, clock: FakeClock) -> None:
    limits = {"default": RateLimit(units=1, seconds=200, burst=1)}
    batch = twin.make(answer, rate_limits=limits)
    await twin.finish(VIEW.make(batch))
    with pytest.raises(IndexingTimeout) as raised:
        await twin.finish(batch.audiences.task("vip", "token").wait(timeout=50))
    assert raised.value.task.token == "token"
    assert clock.now - 1000.0 == pytest.approx(50.0)


def test_clients_of_one_project_share_and_others_do_not(clock: FakeClock) -> None:
    options: dict[str, Any] = KEYS | {"transport": httpx.MockTransport(answer)}
    one, two = BatchClient(**options), BatchClient(**options)
    other = BatchClient(**(options | {"project_key": "project_other"}))
    for batch in (one, two, other):
        VIEW.make(batch)
    assert clock.slept == pytest.approx([1.0])
    assert not any(key in repr(rates._shared.buckets) for key in KEYS.values())


def test_threads_share_a_bucket() -> None:
    limits = {"default": RateLimit(units=200, seconds=1, burst=1)}
    sent: list[float] = []

    def handler(_: httpx.Request) -> httpx.Response:
        sent.append(time.monotonic())
        return answer(_)

    batch = BatchClient(**KEYS, transport=httpx.MockTransport(handler), rate_limits=limits)
    threads = [threading.Thread(target=lambda: [VIEW.make(batch) for _ in range(10)]) for _ in range(8)]
    started = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(sent) == 80
    # A thread that is late is no earlier than its turn: none leaves before the bucket has let it.
    assert all(at - started >= number / 200 - 0.002 for number, at in enumerate(sorted(sent)))


async def test_cancelled_wait_gives_its_turn_back() -> None:
    twin = Twin("async")
    batch = twin.make(answer, rate_limits={"default": RateLimit(units=1, seconds=1, burst=1)})
    await VIEW.make(batch)
    waiting = [asyncio.create_task(VIEW.make(batch)) for _ in range(400)]
    await asyncio.sleep(0.01)
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    await VIEW.make(batch)  # behind 400 others it would be too late for its deadline of 300 s, and fail


def test_interrupted_wait_gives_its_turn_back(clock: FakeClock, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = Twin("sync").make(answer, rate_limits=RATE_LIMITS)
    VIEW.make(batch)
    real_sleep = clock_module.sleep

    def interrupt(_: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("batch_client._transport.clock.sleep", interrupt)
    with pytest.raises(KeyboardInterrupt):
        VIEW.make(batch)
    monkeypatch.setattr("batch_client._transport.clock.sleep", real_sleep)
    VIEW.make(batch)
    assert clock.slept == pytest.approx([1.0])


@given(
    takes=st.lists(st.tuples(st.floats(0, 5), st.integers(1, 30)), min_size=1, max_size=40),
    units=st.integers(1, 20),
    burst=st.integers(1, 40),
)
def test_no_more_leaves_than_has_flowed_in(takes: list[tuple[float, int]], units: int, burst: int) -> None:
    clock = FakeClock()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("batch_client._transport.clock.monotonic", clock.monotonic)
        bucket = Bucket(RateLimit(units=units, seconds=1, burst=burst), exact=True)
        leaves: list[tuple[float, int]] = []
        for pause, count in takes:
            clock.now += pause
            leaves.append((clock.now + bucket.take(count, 1e9), count))
    assert leaves == sorted(leaves, key=lambda leave: leave[0])
    started, total = 1000.0, 0
    for at, count in leaves:
        # A call larger than the bucket leaves when the bucket is full.
        assert total + min(count, burst) <= burst + (at - started) * units + 0.001 * units * len(leaves) + 1e-6
        total += count
