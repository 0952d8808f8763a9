"""The twin of `Engine` for asyncio: neither reading nor the disk keeps the event loop from other things."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterable, Callable, Iterable
from contextlib import suppress
from functools import partial
from typing import Any, Self

from batch_client._calls.callers import AsyncBatchCaller
from batch_client._tasks.indexing import async_wait_all
from batch_client.bulk._account import RunStopped
from batch_client.bulk._chunk import Chunk
from batch_client.bulk._pace import GRACE, MAX_CONCURRENCY, SEND_POLL_INTERVAL, SEND_WAIT, allowed_beside
from batch_client.bulk._run import InvalidRecordError, Run
from batch_client.bulk._threads import DiskThread
from batch_client.bulk.report import BulkReport
from batch_client.errors import BatchError
from batch_generated.types import AsyncIndexingTask

SLICE = 0.005
"""Seconds of reading and checking records after which the event loop may do other things."""


class AsyncEngine:
    """Executes one run.

    Args:
        task_of: Returns an indexing task, given its resource, the name of what is indexed, and its token.
    """

    def __init__(
        self, run: Run, caller: AsyncBatchCaller, task_of: Callable[[str, str, str], AsyncIndexingTask[Any]]
    ) -> None:
        self._run = run
        self._caller = caller
        self._task_of = task_of
        self._disk = DiskThread()
        self._in_flight: dict[asyncio.Task[None], Chunk] = {}

    async def execute(self, records: Iterable[Any] | AsyncIterable[Any]) -> BulkReport:
        """Send the records, wait until they are indexed, and return the report."""
        run, disk = self._run, self._disk
        try:
            await disk.run(partial(run.start, records))
            await self._send_all(records)
            tasks = [self._task_of(*parts) for parts in await disk.run(run.unindexed)]
            try:
                await async_wait_all(tasks, run.timeout, run.on_poll(tasks))
            except BatchError as error:
                run.account.end(error)
            await disk.run(partial(run.indexed, tasks))
            return await disk.run(run.finish)
        except GeneratorExit as error:
            run.ended_by(error)  # here: a coroutine that is closed can wait for nothing
            raise
        except BaseException as error:
            ended = await disk.run(partial(run.ended_by, error))
            if ended is not error:
                raise ended from None
            raise
        finally:
            disk.close()

    async def _send_all(self, records: Iterable[Any] | AsyncIterable[Any]) -> None:
        run, account = self._run, self._run.account
        try:
            async for record in _Slices(records):
                for chunk in run.take(record):
                    await self._send(chunk)
                if account.error is not None:
                    break
            else:
                for chunk in run.take_end():
                    await self._send(chunk)
            await self._wait(0)
        except GeneratorExit:
            account.stop()
            for task in self._in_flight:
                with suppress(RuntimeError):  # the loop may be closed
                    task.cancel()
            raise
        except BaseException as error:
            if not isinstance(error, InvalidRecordError):  # which is no reason to hurry
                account.stop()
            await self._wait_for_last_responses()
            raise

    async def _send(self, chunk: Chunk) -> None:
        """Begin to send a chunk when it is its turn, and read no more until it is sent or some time has passed."""
        account = self._run.account
        await self._wait(allowed_beside(chunk, self._in_flight.values(), MAX_CONCURRENCY))
        if account.error is not None:
            return
        self._in_flight[asyncio.create_task(self._deliver(chunk))] = chunk
        until = time.monotonic() + SEND_WAIT
        while account.is_to_be_sent(chunk) and time.monotonic() < until:  # noqa: ASYNC110 - a thread notes it
            await asyncio.sleep(SEND_POLL_INTERVAL)
        if chunk.replaces:
            await self._wait(0)

    async def _wait(self, most: int) -> None:
        """Wait until no more than so many calls are in flight."""
        while len(self._in_flight) > most:
            done, _ = await asyncio.wait(self._in_flight, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                del self._in_flight[task]
                task.result()
                self._run.account.show_progress()

    async def _wait_for_last_responses(self) -> None:
        """Give calls a moment for their responses, then cancel them."""
        tasks = self._in_flight.keys()
        if not tasks:
            return
        try:
            await asyncio.wait(tasks, timeout=GRACE)
        finally:
            for task in tasks:
                task.cancel()
        await asyncio.wait(tasks, timeout=GRACE)
        for task in tasks:
            if task.done() and not task.cancelled():
                task.exception()  # else asyncio would log that nobody asked for it

    async def _deliver(self, chunk: Chunk) -> None:
        disk = self._disk
        delivery = self._run.delivery(chunk, disk)
        try:
            request = await disk.run(partial(self._run.request, chunk))
            response = None if request is None else await self._caller.send_records(*request, delivery)
        except RunStopped:
            await disk.run(delivery.stopped)
        except BatchError as error:
            await disk.run(partial(delivery.failed, error))
        except asyncio.CancelledError:
            disk.enqueue(delivery.unstore)
            raise
        else:
            await disk.run(partial(delivery.succeeded, response))


class _Slices:
    """Iterates over records and lets the event loop do other things now and then, as a plain iterable never does."""

    def __init__(self, records: Iterable[Any] | AsyncIterable[Any]) -> None:
        self._next = aiter(records).__anext__ if isinstance(records, AsyncIterable) else None
        self._records = iter(()) if isinstance(records, AsyncIterable) else iter(records)
        self._paused = time.monotonic()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Any:
        if time.monotonic() - self._paused > SLICE:
            await asyncio.sleep(0)
            self._paused = time.monotonic()
        if self._next is not None:
            return await self._next()
        for record in self._records:
            return record
        raise StopAsyncIteration
