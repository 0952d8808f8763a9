"""The bulk operations of both clients: several calls at once, each record settled or accounted for."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterable, Collection, Iterable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, Self

from batch_client._calls.callers import AsyncBatchCaller, BatchCaller
from batch_client._tasks.indexing import async_wait_all, wait_all
from batch_client.bulk._job import Job, audience_job, catalog_job, profiles_job, replacement_job
from batch_client.bulk._ledger import AsyncDeparture, Departure, RunStopped
from batch_client.bulk._plan import Batch, InvalidRecordError
from batch_client.bulk._run import Run
from batch_client.bulk._threads import Aside, Workers
from batch_client.bulk.options import Mode, OnInvalid, OnProgress, Options
from batch_client.bulk.report import BulkReport
from batch_client.errors import BatchError

AT_ONCE = 4
"""How many calls are under way at once. The rate limits decide the speed; more only hides the network's delay."""

SIGNAL_CHECK_INTERVAL = 0.1
"""Seconds between looks for a signal while calls are waited for: one that comes as a wait begins does not end it."""

GRACE = 0.5
"""Seconds in which calls under way may still get their responses when something ends the run."""

LET_GO = 0.1
"""Seconds that no more is read until a call has left: whoever reads and checks records would hold it up."""

SLICE = 0.005
"""Seconds that the asyncio twin reads and checks records before it lets the event loop do other things."""


class Bulk:
    """Sends records of any number: `batch.bulk`.

    Every method takes `records`, an iterable of models or plain dicts that is read as it is sent, so that memory stays
    flat. It splits them by the limits of the operation, keeps the rate limits, sends several calls at once, and keeps
    the order of records that share an id. Further arguments of each:

        on_invalid: What becomes of a record that breaks a documented limit, or has no form in JSON: "report" holds it
            back and lists it, "skip" holds it back and counts it, "raise" ends the run with a BulkError.
        dry_run: Check only; nothing is sent.
        checkpoint: A file that lets a run go on after any end, be it of the process or of the machine, when it is
            called again with the same records in the same order. What was settled is not sent again; events that may
            be in are not either, and `BulkReport.unconfirmed` lists them. It is made if it is not there, holds no key
            and no value of a record, and stays until it is deleted.
        on_progress: Called after each call with a `BulkProgress`, and now and then while records are only read.

    Each returns a `BulkReport`. A call that the API refuses as malformed is rejected and the run goes on; any other
    error ends it when the calls under way have their responses, and the report says what is not settled.

    Whatever else ends a run ends it at once: Ctrl-C, SystemExit, an exception of the records or of `on_progress`, one
    that a signal handler raises, a cancellation. Nothing leaves after, not even the rest of a call that is being
    uploaded. Calls that have left get half a second for their responses; without one, the report says that they may be
    in. The exception has the report as its attribute `report`, the TimeoutError of `asyncio.timeout` as that of its
    `__cause__`. Each can raise:

        BulkError: with on_invalid="raise", a record is invalid.
        CheckpointError: the checkpoint is of another run or of other records, is in use, is damaged, or is none.
            Nothing was sent. One that can no longer be written ends the run, as the report's `error`.
        BulkInterrupted: Ctrl-C; it carries the report. With asyncio, Ctrl-C is a cancellation.
    """

    def __init__(self, caller: BatchCaller, task: Any) -> None:
        self._caller = caller
        self._task = task

    def update_profiles(
        self,
        records: Iterable[Any],
        *,
        mode: Mode = "mass",
        on_invalid: OnInvalid = "report",
        dry_run: bool = False,
        checkpoint: str | Path | None = None,
        on_progress: OnProgress | None = None,
    ) -> BulkReport:
        """Write profiles.

        Args:
            records: Profiles, as `EditProfile` or dicts of its shape.
            mode: "mass" for periodic imports (5,000 profiles a call, 10,000 a second), "stream" for continuous ones
                (200 a call, 300 a second).
            on_invalid, dry_run, checkpoint, on_progress: See the class.

        Raises:
            See the class.

        Documentation: https://doc.batch.com/developer/api/cep/profiles/mass-update-profile
        """
        return self._run(profiles_job(mode), records, Options(on_invalid, dry_run, checkpoint, on_progress))

    def update_audience(
        self,
        name: str,
        actions: Iterable[Any],
        *,
        on_invalid: OnInvalid = "report",
        dry_run: bool = False,
        checkpoint: str | Path | None = None,
        on_progress: OnProgress | None = None,
        timeout: float | None = 3600.0,
    ) -> BulkReport:
        """Add ids to an audience and remove some, and wait until all is indexed.

        Args:
            name: Name of the audience.
            actions: What to do, as `AudienceIdUpdate` or dicts of its shape, such as `{"action": "add", "id": "ann"}`.
            on_invalid, dry_run, checkpoint, on_progress: See the class.
            timeout: Most seconds to wait for indexing after the last call; None waits for ever. When they are over, the
                report's `error` is an IndexingTimeout that carries the tasks.

        Raises:
            See the class.
        """
        return self._run(audience_job(name), actions, Options(on_invalid, dry_run, checkpoint, on_progress, timeout))

    def replace_audience(
        self,
        name: str,
        ids: Iterable[Any],
        *,
        on_invalid: OnInvalid = "report",
        dry_run: bool = False,
        checkpoint: str | Path | None = None,
        on_progress: OnProgress | None = None,
        timeout: float | None = 3600.0,
    ) -> BulkReport:
        """Replace the content of an audience: the first call replaces, the following ones add.

        If the first is refused, or no id is valid, nothing is added and the report's `error` says that nothing was
        replaced. If it breaks later, the report says which records are in.

        Args:
            name: Name of the audience.
            ids: The new content, as `AudienceId` or dicts of its shape, such as `{"id": "ann"}`. None at all empty the
                audience.
            on_invalid, dry_run, checkpoint, on_progress: See the class.
            timeout: As of `update_audience`.

        Raises:
            See the class.
        """
        return self._run(replacement_job(name), ids, Options(on_invalid, dry_run, checkpoint, on_progress, timeout))

    def edit_catalog_items(
        self,
        name: str,
        items: Iterable[Any],
        *,
        on_invalid: OnInvalid = "report",
        dry_run: bool = False,
        checkpoint: str | Path | None = None,
        on_progress: OnProgress | None = None,
        timeout: float | None = 3600.0,
    ) -> BulkReport:
        """Add items to a catalog and remove some, and wait until all is indexed.

        Args:
            name: Name of the catalog.
            items: As `CatalogItemEdit` or dicts of its shape.
            on_invalid, dry_run, checkpoint, on_progress: See the class.
            timeout: As of `update_audience`.

        Raises:
            See the class.
        """
        return self._run(catalog_job(name), items, Options(on_invalid, dry_run, checkpoint, on_progress, timeout))

    def _run(self, job: Job, records: Iterable[Any], options: Options) -> BulkReport:
        run = Run(job, options, self._caller.project)
        try:
            run.start(records)
            self._send(run, records)
            tasks = [self._task(job.tag, job.members["name"], token) for token in run.unindexed()]
            try:
                wait_all(tasks, run.timeout, run.tell_of(tasks))
            except BatchError as error:
                run.ledger.end(error)
            run.indexed(tasks)
            return run.finish()
        except BaseException as error:
            ended = run.ended_by(error)
            if ended is not error:
                raise ended from None
            raise

    def _send(self, run: Run, records: Iterable[Any]) -> None:
        under_way: dict[int, Batch] = {}
        workers = Workers(partial(self._deliver, run), AT_ONCE)

        def settle(most: int) -> None:
            """Wait until no more than so many calls are under way."""
            while len(under_way) > most:
                if (done := workers.next_done(SIGNAL_CHECK_INTERVAL)) is not None:
                    batch, error = done
                    del under_way[batch.start]
                    if error is not None:
                        raise error
                    run.ledger.tell()

        try:
            for batch in run.plan.batches(records):
                settle(0 if batch.must_follow(under_way.values()) else workers.most - 1)
                if run.ledger.report.error is not None:
                    break
                under_way[batch.start] = batch
                try:
                    workers.submit(batch)
                except BatchError as error:
                    run.ledger.end(error)
                    under_way.clear()  # only the first thread is missed
                    break
                until = time.monotonic() + LET_GO
                while run.ledger.is_yet_to_leave(batch) and time.monotonic() < until:
                    time.sleep(0.001)
                if batch.replaces:
                    settle(0)
            settle(0)
        except BaseException as error:
            if not isinstance(error, InvalidRecordError):  # which is no reason to hurry
                run.ledger.stop()
            until = time.monotonic() + GRACE
            while under_way and (left := until - time.monotonic()) > 0:
                if (done := workers.next_done(left)) is not None:
                    under_way.pop(done[0].start, None)
            raise
        finally:
            workers.close()

    def _deliver(self, run: Run, batch: Batch) -> None:
        """Send a batch and account for it, in a thread: what ends the run interrupts the main one only."""
        departure = Departure(run.ledger, batch)
        try:
            request = run.request(batch)
            answer = None if request is None else self._caller.send_records(*request, departure)
        except RunStopped:
            run.ledger.put_back(batch, departure)
        except BatchError as error:
            run.ledger.fail(batch, departure, error)
        else:
            run.ledger.settle(batch, answer)


class AsyncBulk:
    """The twin of `Bulk` for asyncio. `records` may be an async iterable too.

    A plain iterable is read in the event loop, some milliseconds at a time: one that waits, as for a file or a
    database, belongs into an async iterable.
    """

    def __init__(self, caller: AsyncBatchCaller, task: Any) -> None:
        self._caller = caller
        self._task = task

    async def update_profiles(
        self,
        records: Iterable[Any] | AsyncIterable[Any],
        *,
        mode: Mode = "mass",
        on_invalid: OnInvalid = "report",
        dry_run: bool = False,
        checkpoint: str | Path | None = None,
        on_progress: OnProgress | None = None,
    ) -> BulkReport:
        """See `Bulk.update_profiles`."""
        return await self._run(profiles_job(mode), records, Options(on_invalid, dry_run, checkpoint, on_progress))

    async def update_audience(
        self,
        name: str,
        actions: Iterable[Any] | AsyncIterable[Any],
        *,
        on_invalid: OnInvalid = "report",
        dry_run: bool = False,
        checkpoint: str | Path | None = None,
        on_progress: OnProgress | None = None,
        timeout: float | None = 3600.0,
    ) -> BulkReport:
        """See `Bulk.update_audience`."""
        return await self._run(
            audience_job(name), actions, Options(on_invalid, dry_run, checkpoint, on_progress, timeout)
        )

    async def replace_audience(
        self,
        name: str,
        ids: Iterable[Any] | AsyncIterable[Any],
        *,
        on_invalid: OnInvalid = "report",
        dry_run: bool = False,
        checkpoint: str | Path | None = None,
        on_progress: OnProgress | None = None,
        timeout: float | None = 3600.0,
    ) -> BulkReport:
        """See `Bulk.replace_audience`."""
        return await self._run(
            replacement_job(name), ids, Options(on_invalid, dry_run, checkpoint, on_progress, timeout)
        )

    async def edit_catalog_items(
        self,
        name: str,
        items: Iterable[Any] | AsyncIterable[Any],
        *,
        on_invalid: OnInvalid = "report",
        dry_run: bool = False,
        checkpoint: str | Path | None = None,
        on_progress: OnProgress | None = None,
        timeout: float | None = 3600.0,
    ) -> BulkReport:
        """See `Bulk.edit_catalog_items`."""
        return await self._run(catalog_job(name), items, Options(on_invalid, dry_run, checkpoint, on_progress, timeout))

    async def _run(self, job: Job, records: Iterable[Any] | AsyncIterable[Any], options: Options) -> BulkReport:
        run, aside = Run(job, options, self._caller.project), Aside()
        try:
            await aside.run(partial(run.start, records))
            await self._send(run, records, aside)
            tokens = await aside.run(run.unindexed)
            tasks = [self._task(job.tag, job.members["name"], token) for token in tokens]
            try:
                await async_wait_all(tasks, run.timeout, run.tell_of(tasks))
            except BatchError as error:
                run.ledger.end(error)
            await aside.run(partial(run.indexed, tasks))
            return await aside.run(run.finish)
        except GeneratorExit as error:
            run.ended_by(error)  # here: a coroutine that is closed can wait for nothing
            raise
        except BaseException as error:
            ended = await aside.run(partial(run.ended_by, error))
            if ended is not error:
                raise ended from None
            raise
        finally:
            aside.close()

    async def _send(self, run: Run, records: Iterable[Any] | AsyncIterable[Any], aside: Aside) -> None:
        under_way: dict[asyncio.Task[None], Batch] = {}
        ledger, plan = run.ledger, run.plan

        async def settle(most: int) -> None:
            """Wait until no more than so many calls are under way."""
            while len(under_way) > most:
                done, _ = await asyncio.wait(under_way, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    del under_way[task]
                    task.result()
                    ledger.tell()

        async def send(batch: Batch) -> None:
            """Begin to send a batch when it is its turn, unless the run ends."""
            await settle(0 if batch.must_follow(under_way.values()) else AT_ONCE - 1)
            if ledger.report.error is None:
                under_way[asyncio.create_task(self._deliver(run, batch, aside))] = batch
                until = time.monotonic() + LET_GO
                while ledger.is_yet_to_leave(batch) and time.monotonic() < until:  # noqa: ASYNC110 - a thread notes it
                    await asyncio.sleep(0.001)
                if batch.replaces:
                    await settle(0)

        try:
            async for record in _Slices(records):
                for batch in plan.take(record):
                    await send(batch)
                if ledger.report.error is not None:
                    break
            else:
                for batch in plan.rest():
                    await send(batch)
            await settle(0)
        except GeneratorExit:
            ledger.stop()
            for task in under_way:
                with suppress(RuntimeError):  # the loop may be closed
                    task.cancel()
            raise
        except BaseException as error:
            if not isinstance(error, InvalidRecordError):
                ledger.stop()
            await _abandon(under_way)
            raise

    async def _deliver(self, run: Run, batch: Batch, aside: Aside) -> None:
        """Send a batch and account for it."""
        departure = AsyncDeparture(run.ledger, batch, aside)
        try:
            request = await aside.run(partial(run.request, batch))
            answer = None if request is None else await self._caller.send_records(*request, departure)
        except RunStopped:
            await aside.run(partial(run.ledger.put_back, batch, departure))
        except BatchError as error:
            await aside.run(partial(run.ledger.fail, batch, departure, error))
        except asyncio.CancelledError:
            aside.later(departure.withdraw)
            raise
        else:
            await aside.run(partial(run.ledger.settle, batch, answer))


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


async def _abandon(tasks: Collection[asyncio.Task[None]]) -> None:
    """Give calls a moment for their responses, then cancel them."""
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
