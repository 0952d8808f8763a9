"""The bulk operations of both clients: several calls at once, each record settled or accounted for."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterable, AsyncIterator, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor
from concurrent.futures import wait as wait_for_futures
from pathlib import Path
from threading import Barrier
from typing import Any

from batch_client._callers import AsyncBatchCaller, BatchCaller
from batch_client._indexing import async_wait_all, wait_all
from batch_client.bulk._job import Job, Mode, audience_job, catalog_job, profiles_job, replacement_job
from batch_client.bulk._ledger import RunStopped
from batch_client.bulk._plan import Batch, OnInvalid, Plan
from batch_client.bulk._report import BulkReport, OnProgress
from batch_client.bulk._run import Options, Run
from batch_client.errors import BatchError

AT_ONCE = 4
"""How many calls are under way at once. The rate limits decide the speed; more only hides the network's delay."""

SIGNAL_CHECK_INTERVAL = 0.5
"""Seconds between looks for a signal while calls are waited for: one that comes as a wait begins does not end it."""


class Bulk:
    """Sends records of any number: `batch.bulk`.

    Every method takes `records`, an iterable of models or plain dicts that is read as it is sent, so that memory stays
    flat. It splits them by the limits of the operation, keeps the rate limits, sends several calls at once, and keeps
    the order of records that share an id. Further arguments of each:

        on_invalid: What becomes of a record that breaks a documented limit: "report" holds it back and lists it, "skip"
            holds it back and counts it, "raise" ends the run with a BulkError.
        dry_run: Check only; nothing is sent.
        checkpoint: A file that lets a run go on after any end, be it of the process or of the machine, when it is
            called again with the same records in the same order. What was settled is not sent again; events that may
            be in are not either, and `BulkReport.unconfirmed` lists them. It is made if it is not there, holds no key
            and of records only what the report lists, and stays until it is deleted.
        on_progress: Called after each call with a `BulkProgress`, and now and then while records are only read.

    Each returns a `BulkReport`. A call that the API refuses as malformed is rejected and the run goes on; any other
    error ends it, and the report says what is not settled. Each can raise:

        BulkError: with on_invalid="raise", a record is invalid.
        CheckpointError: the checkpoint is of another run or of other records, is in use, or is none. Nothing was sent.
            One that can no longer be written ends the run, as the report's `error`.
        BulkInterrupted: Ctrl-C, in the synchronous client only; it carries the report.
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

        If it breaks in between, the report says which records are in.

        Args:
            name: Name of the audience.
            ids: The new content, as `AudienceId` or dicts of its shape, such as `{"id": "ann"}`.
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
        with Run(job, records, options, self._caller.project) as run:
            try:
                self._send(run, records)
                tokens = run.unindexed()
                tasks = [self._task(job.tag, job.members["name"], token) for token in tokens]
                try:
                    wait_all(tasks, run.timeout, run.tell_of(tasks))
                except BatchError as error:
                    run.ledger.end(error)
                run.indexed(tasks)
                return run.finish()
            except BaseException as error:
                run.break_off(error)
                raise

    def _send(self, run: Run, records: Iterable[Any]) -> None:
        under_way: dict[Future[None], Batch] = {}

        def settle(most: int) -> None:
            """Wait until no more than so many calls are under way."""
            while len(under_way) > most:
                for future in wait_for_futures(under_way, SIGNAL_CHECK_INTERVAL, FIRST_COMPLETED).done:
                    del under_way[future]
                    future.result()
                    run.ledger.tell()

        with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="batch-bulk") as pool:
            # All threads start now: one that an interrupt hits while it starts would be waited for by nobody.
            all_there = Barrier(AT_ONCE)
            wait_for_futures([pool.submit(all_there.wait) for _ in range(AT_ONCE)])
            try:
                for batch in run.plan.batches(records):
                    settle(0 if batch.shares_an_id(under_way.values()) else AT_ONCE - 1)
                    if run.ledger.report.error is not None:
                        break
                    under_way[pool.submit(self._deliver, run, batch)] = batch
                    if batch.is_first and run.job.first_goes_alone:
                        settle(0)
                settle(0)
            except KeyboardInterrupt:
                # What is under way is waited for; what still waits for its turn does not leave.
                run.ledger.stop()
                while wait_for_futures(under_way, SIGNAL_CHECK_INTERVAL).not_done:
                    pass
                raise

    def _deliver(self, run: Run, batch: Batch) -> None:
        """Send a batch and account for it, in a thread: Ctrl-C interrupts the main one only."""
        endpoint, content, count, departure = run.request(batch)
        try:
            answer = self._caller.send_records(endpoint, content, count, departure) if count else None
        except RunStopped:
            run.ledger.put_back(batch)
        except BatchError as error:
            run.ledger.fail(batch, departure, error)
        else:
            run.ledger.settle(batch, answer)


class AsyncBulk:
    """The twin of `Bulk` for asyncio. `records` may be an async iterable too."""

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
        with Run(job, records, options, self._caller.project) as run:
            try:
                await self._send(run, records)
                tokens = run.unindexed()
                tasks = [self._task(job.tag, job.members["name"], token) for token in tokens]
                try:
                    await async_wait_all(tasks, run.timeout, run.tell_of(tasks))
                except BatchError as error:
                    run.ledger.end(error)
                run.indexed(tasks)
                return run.finish()
            except BaseException as error:
                run.break_off(error)
                raise

    async def _send(self, run: Run, records: Iterable[Any] | AsyncIterable[Any]) -> None:
        under_way: dict[asyncio.Task[None], Batch] = {}

        async def settle(most: int) -> None:
            """Wait until no more than so many calls are under way."""
            while len(under_way) > most:
                done, _ = await asyncio.wait(under_way, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    del under_way[task]
                    task.result()

        try:
            async for batch in _async_batches(run.plan, records):
                await settle(0 if batch.shares_an_id(under_way.values()) else AT_ONCE - 1)
                if run.ledger.report.error is not None:
                    break
                under_way[asyncio.create_task(self._deliver(run, batch))] = batch
                if batch.is_first and run.job.first_goes_alone:
                    await settle(0)
            await settle(0)
        except asyncio.CancelledError:
            for task in under_way:
                task.cancel()
            raise
        finally:
            await asyncio.gather(*under_way, return_exceptions=True)

    async def _deliver(self, run: Run, batch: Batch) -> None:
        """Send a batch and account for it."""
        endpoint, content, count, departure = run.request(batch)
        try:
            answer = await self._caller.send_records(endpoint, content, count, departure) if count else None
        except RunStopped:
            run.ledger.put_back(batch)
        except BatchError as error:
            run.ledger.fail(batch, departure, error)
        else:
            run.ledger.settle(batch, answer)
        run.ledger.tell()


async def _async_batches(plan: Plan, records: Iterable[Any] | AsyncIterable[Any]) -> AsyncIterator[Batch]:
    if isinstance(records, AsyncIterable):
        async for record in records:
            for batch in plan.take(record):
                yield batch
        for batch in plan.rest():
            yield batch
    else:
        for batch in plan.batches(records):
            yield batch
