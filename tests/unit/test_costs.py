"""What a call costs, in numbers that no machine changes: modules, function calls and memory, beside httpx.

How long things take is measured by `make bench`. Where one of these tests fails, a call has become more expensive.
"""

from __future__ import annotations

import gc
import subprocess
import sys
import tracemalloc
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from benchmarks import payloads
from benchmarks.server import serve
from benchmarks.subjects import Call, Site, baseline, batch

pytestmark = pytest.mark.any_documents

NOWHERE = Site("", Path())
"""For what is sent through an in-memory transport."""

MAX_ADDED_MODULES = 60
MAX_CALLS, MAX_CALLS_OVER_LOOPBACK = 1.1, 1.0
MAX_MEMORY = 1.3
"""Ratios to what `httpx.Client.get().json()` takes."""

MAX_CALLS_PER_RECORD = {"parse_audiences": 25, "parse_orchestrations": 40, "update_dicts": 20, "update_models": 90}


@pytest.fixture(scope="module")
def added() -> frozenset[str]:
    """The modules that `import batch_client` adds to those of `import httpx`."""
    program = (
        "import sys\n"
        "sys.modules['click'] = None\n"  # httpx imports its command line, and rich with it, where click is installed
        "import httpx\n"
        "before = set(sys.modules)\n"
        "import batch_client\n"
        "print(*set(sys.modules) - before)"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return frozenset(run.stdout.split())


def test_import_adds_few_modules(added: frozenset[str]) -> None:
    assert len(added) <= MAX_ADDED_MODULES, sorted(added)


@pytest.mark.parametrize("slow", ["asyncio", "attr", "attrs", "dateutil", "importlib.metadata"])
def test_import_defers_what_is_slow_to_import(added: frozenset[str], slow: str) -> None:
    assert slow not in added


def test_view_makes_as_many_function_calls_as_httpx() -> None:
    expected, counted = (_warm_and_count(module.view_in_memory, NOWHERE) for module in (baseline, batch))
    assert counted <= MAX_CALLS * expected


async def test_async_view_makes_as_many_function_calls_as_httpx() -> None:
    counts = []
    for module in (baseline, batch):
        async with module.view_in_memory_async(NOWHERE) as call:
            for _ in range(5):
                await call()
            counts.append(await _count_async(call))
    expected, counted = counts
    assert counted <= MAX_CALLS * expected


def test_view_over_loopback_makes_no_more_function_calls_than_httpx() -> None:
    with serve() as url:
        site = Site(url, Path())
        expected, counted = (_warm_and_count(module.view_over_loopback, site) for module in (baseline, batch))
    assert counted <= MAX_CALLS_OVER_LOOPBACK * expected


@pytest.mark.parametrize("case", MAX_CALLS_PER_RECORD)
def test_function_calls_per_record_are_few(case: str) -> None:
    counted = _warm_and_count(getattr(batch, case), NOWHERE)
    records = payloads.PAGE_SIZE if case.startswith("parse") else payloads.PROFILE_COUNT
    assert counted / records <= MAX_CALLS_PER_RECORD[case]


def test_view_takes_as_much_memory_as_httpx() -> None:
    expected, taken = (_peak_of(module.view_in_memory) for module in (baseline, batch))
    assert taken <= MAX_MEMORY * expected


def test_view_leaves_no_more_work_to_the_garbage_collector_than_httpx() -> None:
    expected, left = (_garbage_of(module.view_in_memory) for module in (baseline, batch))
    assert left <= expected


def test_views_keep_no_memory() -> None:
    with batch.view_in_memory(NOWHERE) as call:
        _repeat(call, 300)
        gc.collect()
        before = sys.getallocatedblocks()
        _repeat(call, 300)
        gc.collect()
        assert sys.getallocatedblocks() - before < 100  # a block kept by each call would be 300


class _Counter:
    """Counts the calls of functions, those of Python and those of C."""

    def __init__(self) -> None:
        self.calls = 0

    @contextmanager
    def counting(self) -> Iterator[None]:
        sys.setprofile(self._count)
        try:
            yield
        finally:
            sys.setprofile(None)

    def _count(self, frame: FrameType, event: str, argument: object) -> None:
        self.calls += event in ("call", "c_call")


def _warm_and_count(case: Callable[[Site], Any], site: Site) -> int:
    with case(site) as call:
        _repeat(call, 5)
        counter = _Counter()
        with counter.counting():
            call()
    return counter.calls


async def _count_async(call: Callable[[], Awaitable[Any]]) -> int:
    counter = _Counter()
    with counter.counting():
        await call()
    return counter.calls


def _peak_of(case: Callable[[Site], Any]) -> int:
    """Return the most bytes that a call holds at once."""
    with case(NOWHERE) as call:
        tracemalloc.start()
        try:
            _repeat(call, 5)
            before, _ = tracemalloc.get_traced_memory()
            tracemalloc.reset_peak()
            call()
            return tracemalloc.get_traced_memory()[1] - before
        finally:
            tracemalloc.stop()


def _garbage_of(case: Callable[[Site], Any], calls: int = 20) -> float:
    """Return how many objects of a call only the garbage collector can free."""
    with case(NOWHERE) as call:
        _repeat(call, 5)
        gc.collect()
        gc.disable()
        try:
            _repeat(call, calls)
            return gc.collect() / calls
        finally:
            gc.enable()


def _repeat(call: Call, times: int) -> None:
    for _ in range(times):
        call()
