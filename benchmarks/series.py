"""Measures one subject in one row."""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, ExitStack
from dataclasses import replace
from functools import partial
from importlib import import_module
from types import ModuleType
from typing import Any

from benchmarks.pairs import Series, cpu_time, interleave
from benchmarks.processes import Measure, sample_of
from benchmarks.rows import Row
from benchmarks.subjects import AsyncCall, Call, Site, baseline
from benchmarks.tools import check_environment

THREADS = 32
AsyncWork = Callable[[AsyncCall, int], Coroutine[Any, Any, None]]


def subject_module(name: str) -> ModuleType:
    """Return the module of a subject."""
    return import_module(f"benchmarks.subjects.{name}")


def measure(row: Row, name: str, site: Site) -> Series:
    """Measure a subject against the baseline in the way of the row. What its calls raise is raised."""
    subject = subject_module(name)
    site = replace(site, resource=getattr(subject, "RESOURCE", site.resource))
    if str(site.generated) not in sys.path:
        sys.path.append(str(site.generated))
    sides = getattr(baseline, row.case), getattr(subject, row.case)
    match row.way:
        case "program" | "memory":
            return _measure_programs(row, [side(site) for side in sides], site)
        case "calls" | "threads":
            return _measure_calls(row, [side(site) for side in sides])
        case "async calls" | "concurrent":
            return _measure_async_calls(row, [side(site) for side in sides])


def _measure_programs(row: Row, programs: list[str], site: Site) -> Series:
    check_environment()
    path = os.pathsep.join(filter(None, (os.environ.get("PYTHONPATH"), str(site.generated))))
    environment = os.environ | {"PYTHONPATH": path}
    measured: Measure = "cpu" if row.way == "program" else "memory"
    return interleave([sample_of(program, environment, measured) for program in programs], row.budget)


def _measure_calls(row: Row, sides: list[Any]) -> Series:
    with ExitStack() as stack:
        works: list[Callable[[], object]] = []
        for side in sides:
            call = stack.enter_context(side)
            if row.way == "calls":
                works.append(partial(_repeat, call, row.calls))
            else:
                pool = stack.enter_context(ThreadPoolExecutor(THREADS))
                works.append(partial(_repeat_in_threads, pool, call, row.calls // THREADS))
        return interleave([*map(cpu_time, works)], row.budget, row.calls)


def _measure_async_calls(row: Row, sides: list[Any]) -> Series:
    work = _repeat_async if row.way == "async calls" else _gather
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        try:
            calls = [runner.run(stack.enter_async_context(side)) for side in sides]
            works = [partial(_run, runner, work, call, row.calls) for call in calls]
            return interleave([*map(cpu_time, works)], row.budget, row.calls)
        finally:
            runner.run(stack.aclose())


def _repeat(call: Call, times: int) -> None:
    for _ in range(times):
        call()


def _repeat_in_threads(pool: ThreadPoolExecutor, call: Call, times: int) -> None:
    all_started = threading.Barrier(THREADS)  # so that no thread does the work of two

    def repeat(_: int) -> None:
        all_started.wait()
        _repeat(call, times)

    for _ in pool.map(repeat, range(THREADS)):
        pass


def _run(runner: asyncio.Runner, work: AsyncWork, call: AsyncCall, times: int) -> None:
    runner.run(work(call, times))


async def _repeat_async(call: AsyncCall, times: int) -> None:
    for _ in range(times):
        await call()


async def _gather(call: AsyncCall, times: int) -> None:
    await asyncio.gather(*(call() for _ in range(times)))
