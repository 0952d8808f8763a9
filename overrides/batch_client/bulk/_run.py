"""The bulk operations of both clients: several calls at once, each record settled or accounted for."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterable, AsyncIterator, Iterable, Mapping, Sized
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor
from concurrent.futures import wait as wait_for_futures
from pathlib import Path
from threading import Barrier
from typing import Any, Literal, Self

from attrs import frozen

from batch_client._callers import AsyncBatchCaller, BatchCaller
from batch_client._indexing import async_wait_all, wait_all
from batch_client.bulk._checkpoint import Checkpoint
from batch_client.bulk._ledger import Departure, Ledger, RunStopped
from batch_client.bulk._plan import Batch, InvalidRecordError, OnInvalid, Plan
from batch_client.bulk._report import BulkError, BulkInterrupted, BulkReport, OnProgress
from batch_client.bulk._target import Target, target_of
from batch_client.errors import BatchError

AT_ONCE = 4
"""How many calls are under way at once. The rate limits decide the speed; more only hides the network's delay."""

Mode = Literal["mass", "stream"]
_OPERATIONS: Mapping[str, str] = {"mass": "profile_mass_update", "stream": "profile_update"}


@frozen
class _Job:
    """One kind of run: what the first call is, what the others are, and what else a body says."""

    first: Target
    following: Target
    members: dict[str, Any]
    repeats: bool = False
    tag: str | None = None
    """The resource whose tasks tell when indexing is done; None if nothing is indexed."""

    @property
    def identity(self) -> dict[str, Any]:
        """What tells its runs from others."""
        return {"operation": self.first.operation} | self.members

    @property
    def first_goes_alone(self) -> bool:
        """Whether nothing may be under way beside the first call, because it replaces what is there."""
        return self.following is not self.first

    def content(self, batch: Batch) -> tuple[Target, bytes]:
        target = self.first if batch.is_first else self.following
        bodies = batch.bodies
        if target is not self.first:
            # What the first call replaced, the following ones add to.
            bodies = [body[:-1] + b',"action":"add"}' for body in bodies]
        return target, target.body(bodies, **self.members)


def profiles_job(mode: Mode) -> _Job:
    if mode not in _OPERATIONS:
        raise ValueError(f"mode must be 'mass' or 'stream', not {mode!r}")
    target = target_of(_OPERATIONS[mode])
    return _Job(target, target, {})


def audience_job(name: str) -> _Job:
    target = target_of("audience_update")
    # The last action on an id wins, by the documentation.
    return _Job(target, target, {"name": name}, repeats=True, tag="audiences")


def replacement_job(name: str) -> _Job:
    return _Job(target_of("audience_replace"), target_of("audience_update"), {"name": name}, tag="audiences")


def catalog_job(name: str) -> _Job:
    target = target_of("catalog_items_edit")
    return _Job(target, target, {"name": name}, tag="catalogs")


@frozen
class _Options:
    """What every kind of run can be told."""

    on_invalid: OnInvalid
    dry_run: bool
    checkpoint: str | Path | None
    on_progress: OnProgress | None
    timeout: float | None = None


class _Run:
    """One run, as far as the twins have it in common."""

    def __init__(self, job: _Job, records: Any, options: _Options, project: str) -> None:
        self.job = job
        self.timeout = options.timeout
        self._checkpoint: Checkpoint | None = None
        if options.checkpoint is not None and not options.dry_run:
            self._checkpoint = Checkpoint(options.checkpoint, job.identity | {"project": project})
        total = len(records) if isinstance(records, Sized) else None
        self.ledger = Ledger(self._checkpoint, total, options.on_progress, dry_run=options.dry_run)
        try:
            self.plan = Plan(
                job.first,
                self.ledger,
                self._checkpoint,
                repeats=job.repeats,
                on_invalid=options.on_invalid,
                dry_run=options.dry_run,
            )
        except BaseException:
            self.close()
            raise

    def request(self, batch: Batch) -> tuple[Any, bytes, int, Departure]:
        """Return the arguments of the call that sends a batch."""
        target, content = self.job.content(batch)
        batch.bodies = []  # the content holds them
        return target.endpoint(), content, len(batch.ids), self.ledger.departure(batch)

    def unindexed(self) -> list[str]:
        """Return the tokens to wait for; count those whose end an earlier run saw."""
        report = self.ledger.report
        if self.job.tag is None or report.error is not None:
            return []
        known = {} if self._checkpoint is None else dict(self._checkpoint.tokens())
        states = {token: known.get(token) for token in self.ledger.tokens}
        report.indexing.update(state for state in states.values() if state is not None)
        return [token for token, state in states.items() if state is None]

    def indexed(self, tasks: Iterable[Any], error: BatchError | None) -> None:
        """Record how waiting for indexing ended."""
        self.ledger.report.error = error
        for task in tasks:
            if task.finished:
                self.ledger.report.indexing[task.state] += 1
                if self._checkpoint is not None:
                    self._checkpoint.indexed(task.token, task.state)

    def finish(self) -> BulkReport:
        """Return the report of a run that came to its end."""
        self.plan.give_up()
        report = self.ledger.finish()
        if self._checkpoint is not None and report.error is None:
            self._checkpoint.finished(report.records)
        return report

    def break_off(self, error: BaseException) -> None:
        """Give the report to an exception that ends the run, or raise another that carries it."""
        self.plan.give_up()
        report = self.ledger.finish()
        if isinstance(error, InvalidRecordError):
            raise BulkError(report) from None
        if isinstance(error, KeyboardInterrupt):
            raise BulkInterrupted(report) from None
        error.add_note(f"bulk: {report}")

    def close(self) -> None:
        if self._checkpoint is not None:
            self._checkpoint.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


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
        return self._run(profiles_job(mode), records, _Options(on_invalid, dry_run, checkpoint, on_progress))

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
        return self._run(audience_job(name), actions, _Options(on_invalid, dry_run, checkpoint, on_progress, timeout))

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
        return self._run(replacement_job(name), ids, _Options(on_invalid, dry_run, checkpoint, on_progress, timeout))

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
        return self._run(catalog_job(name), items, _Options(on_invalid, dry_run, checkpoint, on_progress, timeout))

    def _run(self, job: _Job, records: Iterable[Any], options: _Options) -> BulkReport:
        with _Run(job, records, options, self._caller.project) as run:
            try:
                self._send(run, records)
                tokens = run.unindexed()
                tasks = [self._task(job.tag, job.members["name"], token) for token in tokens]
                try:
                    wait_all(tasks, run.timeout)
                except BatchError as error:
                    run.indexed(tasks, error)
                else:
                    run.indexed(tasks, run.ledger.report.error)
                return run.finish()
            except BaseException as error:
                run.break_off(error)
                raise

    def _send(self, run: _Run, records: Iterable[Any]) -> None:
        under_way: dict[Future[None], Batch] = {}

        def settle(most: int) -> None:
            """Wait until no more than so many calls are under way."""
            while len(under_way) > most:
                for future in wait_for_futures(under_way, return_when=FIRST_COMPLETED).done:
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
                raise

    def _deliver(self, run: _Run, batch: Batch) -> None:
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
        return await self._run(profiles_job(mode), records, _Options(on_invalid, dry_run, checkpoint, on_progress))

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
            audience_job(name), actions, _Options(on_invalid, dry_run, checkpoint, on_progress, timeout)
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
            replacement_job(name), ids, _Options(on_invalid, dry_run, checkpoint, on_progress, timeout)
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
        return await self._run(
            catalog_job(name), items, _Options(on_invalid, dry_run, checkpoint, on_progress, timeout)
        )

    async def _run(self, job: _Job, records: Iterable[Any] | AsyncIterable[Any], options: _Options) -> BulkReport:
        with _Run(job, records, options, self._caller.project) as run:
            try:
                await self._send(run, records)
                tokens = run.unindexed()
                tasks = [self._task(job.tag, job.members["name"], token) for token in tokens]
                try:
                    await async_wait_all(tasks, run.timeout)
                except BatchError as error:
                    run.indexed(tasks, error)
                else:
                    run.indexed(tasks, run.ledger.report.error)
                return run.finish()
            except BaseException as error:
                run.break_off(error)
                raise

    async def _send(self, run: _Run, records: Iterable[Any] | AsyncIterable[Any]) -> None:
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

    async def _deliver(self, run: _Run, batch: Batch) -> None:
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
