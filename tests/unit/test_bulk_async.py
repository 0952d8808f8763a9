"""The asyncio twin of bulk leaves the event loop to others while it reads, plans and writes to disk."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx
import pytest

from batch_client.bulk import _checkpoint
from tests.calls import SAVED
from tests.conftest import Twin
from tests.unit.test_bulk import profile, report_of


def handler(_: httpx.Request) -> httpx.Response:
    return httpx.Response(202, json=SAVED)


class Ticker:
    """Counts how often others got their turn."""

    def __init__(self) -> None:
        self.ticks = 0

    async def run(self) -> None:
        while True:
            self.ticks += 1
            await asyncio.sleep(0)


@pytest.mark.fault("AsyncBulk reads a plain iterable", "the event loop stays free, and calls leave as they fill")
async def test_event_loop_stays_free_while_records_are_planned() -> None:
    ticker = Ticker()
    task = asyncio.create_task(ticker.run())
    seen: list[int] = []

    def records() -> Iterator[Any]:
        for number in range(4_000):
            if number % 1_000 == 999:
                seen.append(ticker.ticks)
            yield profile(number)

    report = await Twin("async").make(handler).bulk.update_profiles(records())
    task.cancel()
    assert report.accepted == 4_000
    assert all(later > earlier for earlier, later in pairwise(seen))


async def test_first_call_leaves_before_later_records_are_read() -> None:
    sent = threading.Event()
    read_at_first_call: list[int] = []
    read = 0

    async def note(request: httpx.Request) -> httpx.Response:
        read_at_first_call.append(read)
        sent.set()
        return httpx.Response(202, json=SAVED)

    def records() -> Iterator[Any]:
        nonlocal read
        for read in range(1, 5_001):
            yield profile(read)

    batch = Twin("async").make(note)
    assert (await batch.bulk.update_profiles(records(), mode="stream")).accepted == 5_000
    assert read_at_first_call[0] < 1_000


async def test_first_call_leaves_when_it_is_full() -> None:
    sent = asyncio.Event()

    async def note(request: httpx.Request) -> httpx.Response:
        sent.set()
        return httpx.Response(202, json=SAVED)

    async def records() -> AsyncIterator[Any]:
        for number in range(200):
            yield profile(number)
        await asyncio.wait_for(sent.wait(), 10)

    batch = Twin("async").make(note)
    assert (await batch.bulk.update_profiles(records(), mode="stream")).accepted == 200


async def test_disk_is_written_off_the_loop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    writers: set[int] = set()

    def trace(statement: str) -> None:
        if statement.startswith(("BEGIN", "COMMIT", "INSERT", "UPDATE", "DELETE")):
            writers.add(threading.get_ident())

    connect = sqlite3.connect

    def traced(*arguments: Any, **options: Any) -> sqlite3.Connection:
        connection = connect(*arguments, **options)
        connection.set_trace_callback(trace)
        return connection

    monkeypatch.setattr(_checkpoint.sqlite3, "connect", traced)
    refused = True

    def refuse_once(_: httpx.Request) -> httpx.Response:
        nonlocal refused
        refused, first = False, refused
        return httpx.Response(429, headers={"Retry-After": "0"}) if first else httpx.Response(202, json=SAVED)

    batch = Twin("async").make(refuse_once, max_retries=1)
    records = [profile(number) if number % 10 else {} for number in range(1_000)]
    report = await batch.bulk.update_profiles(records, mode="stream", checkpoint=tmp_path / "c")
    assert (report.accepted, report.invalid_records) == (900, 100)
    assert writers
    assert threading.get_ident() not in writers


async def test_time_limit_of_asyncio_works_while_records_are_read() -> None:
    def endless() -> Iterator[Any]:
        number = 0
        while True:
            number += 1
            yield profile(number)

    async def answer_slowly(_: httpx.Request) -> httpx.Response:
        await asyncio.sleep(0.05)
        return httpx.Response(202, json=SAVED)

    batch = Twin("async").make(answer_slowly)
    with pytest.raises(TimeoutError) as raised:
        async with asyncio.timeout(0.5):
            await batch.bulk.update_profiles(endless(), dry_run=True)
    assert report_of(raised.value.__cause__).records > 0
