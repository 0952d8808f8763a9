"""The bulk operations of both clients: several calls at once, each record settled or accounted for."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterable, AsyncIterator, Iterable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor
from concurrent.futures import wait as wait_for_futures
from typing import Any, Literal

from attrs import frozen

from batch_client._callers import AsyncBatchCaller, BatchCaller
from batch_client._indexing import async_wait_all, wait_all
from batch_client.bulk._plan import Batch, InvalidRecordError, OnInvalid, Plan
from batch_client.bulk._report import BulkError, BulkReport, OnProgress
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

    def content(self, batch: Batch, *, is_first: bool) -> tuple[Target, bytes]:
        target = self.first if is_first else self.following
        bodies = batch.bodies
        if not is_first and self.following is not self.first:
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
    return _Job(target, target, {"name": name}, repeats=True)  # the last action on an id wins, by the documentation


def replacement_job(name: str) -> _Job:
    return _Job(target_of("audience_replace"), target_of("audience_update"), {"name": name})


def catalog_job(name: str) -> _Job:
    target = target_of("catalog_items_edit")
    return _Job(target, target, {"name": name})


class Bulk:
    """Sends records of any number: `batch.bulk`.

    Every method takes `records`, an iterable of models or plain dicts that is read as it is sent, so that memory stays
    flat. It splits them by the limits of the operation, keeps the rate limits, sends several calls at once, and keeps
    the order of records that share an id. Further arguments of each:

        on_invalid: What becomes of a record that breaks a documented limit: "report" holds it back and lists it, "skip"
            holds it back and counts it, "raise" ends the run with a BulkError.
        dry_run: Check only; nothing is sent.
        on_progress: Called after each call with a `BulkProgress`.

    Each returns a `BulkReport`. A call that the API refuses as malformed is rejected and the run goes on; any other
    error ends it, and the report says what is not settled.
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
        on_progress: OnProgress | None = None,
    ) -> BulkReport:
        """Write profiles.

        Args:
            records: Profiles, as `EditProfile` or dicts of its shape.
            mode: "mass" for periodic imports (10,000 profiles a call), "stream" for continuous ones (200 a call).
            on_invalid, dry_run, on_progress: See the class.

        Raises:
            BulkError: with on_invalid="raise", a record is invalid.

        Documentation: https://doc.batch.com/developer/api/cep/profiles/mass-update-profile
        """
        return self._run(profiles_job(mode), records, on_invalid, dry_run, on_progress, None)

    def update_audience(
        self,
        name: str,
        actions: Iterable[Any],
        *,
        on_invalid: OnInvalid = "report",
        dry_run: bool = False,
        on_progress: OnProgress | None = None,
        timeout: float | None = 3600.0,
    ) -> BulkReport:
        """Add ids to an audience and remove some, and wait until all is indexed.

        Args:
            name: Name of the audience.
            actions: What to do, as `AudienceIdUpdate` or dicts of its shape, such as `{"action": "add", "id": "ann"}`.
            on_invalid, dry_run, on_progress: See the class.
            timeout: Most seconds to wait for indexing after the last call; None waits for ever.

        Raises:
            BulkError: with on_invalid="raise", an action is invalid.
            IndexingTimeout: the time is over; it carries the tasks.
        """
        return self._run(audience_job(name), actions, on_invalid, dry_run, on_progress, ("audiences", name, timeout))

    def replace_audience(
        self,
        name: str,
        ids: Iterable[Any],
        *,
        on_invalid: OnInvalid = "report",
        dry_run: bool = False,
        on_progress: OnProgress | None = None,
        timeout: float | None = 3600.0,
    ) -> BulkReport:
        """Replace the content of an audience: the first call replaces, the following ones add.

        If it breaks in between, the report says which records are in.

        Args:
            name: Name of the audience.
            ids: The new content, as `AudienceId` or dicts of its shape, such as `{"id": "ann"}`.
            on_invalid, dry_run, on_progress: See the class.
            timeout: As of `update_audience`.

        Raises:
            As `update_audience`.
        """
        return self._run(replacement_job(name), ids, on_invalid, dry_run, on_progress, ("audiences", name, timeout))

    def edit_catalog_items(
        self,
        name: str,
        items: Iterable[Any],
        *,
        on_invalid: OnInvalid = "report",
        dry_run: bool = False,
        on_progress: OnProgress | None = None,
        timeout: float | None = 3600.0,
    ) -> BulkReport:
        """Add items to a catalog and remove some, and wait until all is indexed.

        Args:
            name: Name of the catalog.
            items: As `CatalogItemEdit` or dicts of its shape.
            on_invalid, dry_run, on_progress: See the class.
            timeout: As of `update_audience`.

        Raises:
            As `update_audience`.
        """
        return self._run(catalog_job(name), items, on_invalid, dry_run, on_progress, ("catalogs", name, timeout))

    def _run(
        self,
        job: _Job,
        records: Iterable[Any],
        on_invalid: OnInvalid,
        dry_run: bool,
        on_progress: OnProgress | None,
        indexed: tuple[str, str, float | None] | None,
    ) -> BulkReport:
        plan = Plan(job.first, records, repeats=job.repeats, on_invalid=on_invalid, on_progress=on_progress)
        tokens: list[str] = []
        under_way: dict[Future[Any], Batch] = {}

        def settle(most: int) -> None:
            """Wait until no more than so many calls are under way."""
            while len(under_way) > most:
                for future in wait_for_futures(under_way, return_when=FIRST_COMPLETED).done:
                    batch = under_way.pop(future)
                    try:
                        answer = future.result()
                    except BatchError as error:
                        plan.fail(batch, error)
                    else:
                        tokens.extend(_token_of(answer))
                        plan.settle(batch, answer)

        with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="batch-bulk") as pool:
            try:
                is_first = True
                for batch in plan.batches(records):
                    if dry_run:
                        continue
                    settle(0 if batch.shares_an_id(under_way.values()) else AT_ONCE - 1)
                    if plan.report.error is not None:
                        plan.put_back(batch)
                        break
                    target, content = job.content(batch, is_first=is_first)
                    sent = pool.submit(self._caller.send_records, target.endpoint(), content, len(batch.bodies))
                    under_way[sent] = batch
                    if is_first:
                        settle(0)  # nothing may come before what replaces
                    is_first = False
                settle(0)
            except InvalidRecordError:
                settle(0)
                raise BulkError(plan.finish()) from None
            finally:
                settle(0)
        if indexed is not None and tokens:
            tag, name, timeout = indexed
            views = wait_all([self._task(tag, name, token) for token in tokens], timeout)
            plan.report.indexing.update(_state_of(view) for view in views)
        return plan.finish()


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
        on_progress: OnProgress | None = None,
    ) -> BulkReport:
        """See `Bulk.update_profiles`."""
        return await self._run(profiles_job(mode), records, on_invalid, dry_run, on_progress, None)

    async def update_audience(
        self,
        name: str,
        actions: Iterable[Any] | AsyncIterable[Any],
        *,
        on_invalid: OnInvalid = "report",
        dry_run: bool = False,
        on_progress: OnProgress | None = None,
        timeout: float | None = 3600.0,
    ) -> BulkReport:
        """See `Bulk.update_audience`."""
        return await self._run(
            audience_job(name), actions, on_invalid, dry_run, on_progress, ("audiences", name, timeout)
        )

    async def replace_audience(
        self,
        name: str,
        ids: Iterable[Any] | AsyncIterable[Any],
        *,
        on_invalid: OnInvalid = "report",
        dry_run: bool = False,
        on_progress: OnProgress | None = None,
        timeout: float | None = 3600.0,
    ) -> BulkReport:
        """See `Bulk.replace_audience`."""
        return await self._run(
            replacement_job(name), ids, on_invalid, dry_run, on_progress, ("audiences", name, timeout)
        )

    async def edit_catalog_items(
        self,
        name: str,
        items: Iterable[Any] | AsyncIterable[Any],
        *,
        on_invalid: OnInvalid = "report",
        dry_run: bool = False,
        on_progress: OnProgress | None = None,
        timeout: float | None = 3600.0,
    ) -> BulkReport:
        """See `Bulk.edit_catalog_items`."""
        return await self._run(catalog_job(name), items, on_invalid, dry_run, on_progress, ("catalogs", name, timeout))

    async def _run(
        self,
        job: _Job,
        records: Iterable[Any] | AsyncIterable[Any],
        on_invalid: OnInvalid,
        dry_run: bool,
        on_progress: OnProgress | None,
        indexed: tuple[str, str, float | None] | None,
    ) -> BulkReport:
        plan = Plan(job.first, records, repeats=job.repeats, on_invalid=on_invalid, on_progress=on_progress)
        tokens: list[str] = []
        under_way: dict[asyncio.Task[Any], Batch] = {}

        async def settle(most: int) -> None:
            """Wait until no more than so many calls are under way."""
            while len(under_way) > most:
                done, _ = await asyncio.wait(under_way, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    batch = under_way.pop(task)
                    try:
                        answer = task.result()
                    except BatchError as error:
                        plan.fail(batch, error)
                    else:
                        tokens.extend(_token_of(answer))
                        plan.settle(batch, answer)

        try:
            is_first = True
            async for batch in _async_batches(plan, records):
                if dry_run:
                    continue
                await settle(0 if batch.shares_an_id(under_way.values()) else AT_ONCE - 1)
                if plan.report.error is not None:
                    plan.put_back(batch)
                    break
                target, content = job.content(batch, is_first=is_first)
                sending = self._caller.send_records(target.endpoint(), content, len(batch.bodies))
                under_way[asyncio.create_task(sending)] = batch
                if is_first:
                    await settle(0)  # nothing may come before what replaces
                is_first = False
            await settle(0)
        except InvalidRecordError:
            await settle(0)
            raise BulkError(plan.finish()) from None
        finally:
            for task in under_way:
                task.cancel()
        if indexed is not None and tokens:
            tag, name, timeout = indexed
            views = await async_wait_all([self._task(tag, name, token) for token in tokens], timeout)
            plan.report.indexing.update(_state_of(view) for view in views)
        return plan.finish()


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


def _token_of(answer: Any) -> list[str]:
    """Return the indexing token of an answer, if it has one."""
    token = getattr(answer, "indexing_token", None)
    return [token] if isinstance(token, str) else []


def _state_of(view: Any) -> str:
    return str(view.indexing_state)
