"""The bulk operations of both clients, as users call them: `batch.bulk`."""

from __future__ import annotations

from collections.abc import AsyncIterable, Callable, Iterable
from pathlib import Path
from typing import Any

from batch_client._calls.callers import AsyncBatchCaller, BatchCaller
from batch_client.bulk._async_engine import AsyncEngine
from batch_client.bulk._engine import Engine
from batch_client.bulk._operation import (
    BulkOperation,
    audience_replacement,
    audience_update,
    catalog_edit,
    profiles_update,
)
from batch_client.bulk._run import Run
from batch_client.bulk.options import Mode, OnInvalid, OnProgress, Options
from batch_client.bulk.report import BulkReport
from batch_generated.types import AsyncIndexingTask, IndexingTask


class Bulk:
    """Sends any number of records: `batch.bulk`.

    Every method takes `records`, an iterable of models or plain dicts that is read as it is sent, so that memory stays
    flat. It splits them by the limits of the operation, keeps the rate limits, sends several calls at once, and keeps
    the order of records that share an id. Further arguments of each:

        on_invalid: What becomes of a record that breaks a documented limit, or has no form in JSON: "report" does not
            send it and lists it, "skip" does not send it and only counts it, "raise" stops the run with a BulkError.
            Default: "report".
        dry_run: Check only; nothing is sent. Default: False.
        checkpoint: Path of a file that lets a run be resumed after any end, even of the process or of the machine, by
            calling it again with the same records in the same order. What has an outcome is not sent again; events
            whose outcome is unknown are not either, and `BulkReport.unconfirmed` lists them. The file is created if it
            does not exist, holds no key and no value of a record, and stays until you delete it. Default: None.
        on_progress: Called with a `BulkProgress` after each call, and now and then while records are only read.
            Default: None.

    Each returns a `BulkReport`. If the API refuses a call as malformed, its records are rejected and the run goes on.
    Any other error stops it when the calls in flight have their responses, and the report says which records have no
    outcome.

    Whatever else stops a run stops it at once: Ctrl-C, SystemExit, an exception of the records or of `on_progress`, one
    that a signal handler raises, a cancellation. Nothing is sent after that, not even the rest of a call that is being
    uploaded. Calls that were sent get half a second for their responses; without one, the report says that their
    outcome is unknown. The exception has the report as its attribute `report`; the TimeoutError of `asyncio.timeout`
    has it as that of its `__cause__`. Each can raise:

        BulkError: With on_invalid="raise", a record is invalid.
        CheckpointError: The checkpoint is of another run or of other records, is in use, is damaged, or is not a
            checkpoint. Nothing was sent. One that can no longer be written stops the run, as the report's `error`.
        BulkInterrupted: Ctrl-C; it carries the report. With asyncio, Ctrl-C is a cancellation.
    """

    def __init__(self, caller: BatchCaller, task_of: Callable[[str, str, str], IndexingTask[Any]]) -> None:
        self._caller = caller
        self._task_of = task_of

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
            mode: "mass" for periodic imports (5,000 profiles per call, 10,000 per second), "stream" for continuous
                ones (200 per call, 300 per second).
            on_invalid, dry_run, checkpoint, on_progress: See the class.

        Raises:
            See the class.

        Documentation: https://doc.batch.com/developer/api/cep/profiles/mass-update-profile
        """
        return self._run(profiles_update(mode), records, Options(on_invalid, dry_run, checkpoint, on_progress))

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
            timeout: Maximum wait in seconds for indexing after the last call; None waits indefinitely. If it times out,
                the report's `error` is an IndexingTimeout that carries the tasks.

        Raises:
            See the class.
        """
        return self._run(audience_update(name), actions, Options(on_invalid, dry_run, checkpoint, on_progress, timeout))

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
        replaced. If a later call fails, the report says which records were accepted.

        Args:
            name: Name of the audience.
            ids: The new content, as `AudienceId` or dicts of its shape, such as `{"id": "ann"}`. If there are none,
                the audience is emptied.
            on_invalid, dry_run, checkpoint, on_progress: See the class.
            timeout: As of `update_audience`.

        Raises:
            See the class.
        """
        return self._run(
            audience_replacement(name), ids, Options(on_invalid, dry_run, checkpoint, on_progress, timeout)
        )

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
        return self._run(catalog_edit(name), items, Options(on_invalid, dry_run, checkpoint, on_progress, timeout))

    def _run(self, operation: BulkOperation, records: Iterable[Any], options: Options) -> BulkReport:
        return Engine(Run(operation, options, self._caller.project), self._caller, self._task_of).execute(records)


class AsyncBulk:
    """The twin of `Bulk` for asyncio. `records` may be an async iterable too.

    A plain iterable is read in the event loop, some milliseconds at a time: one that waits, as for a file or a
    database, should be an async iterable.
    """

    def __init__(self, caller: AsyncBatchCaller, task_of: Callable[[str, str, str], AsyncIndexingTask[Any]]) -> None:
        self._caller = caller
        self._task_of = task_of

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
        return await self._run(profiles_update(mode), records, Options(on_invalid, dry_run, checkpoint, on_progress))

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
            audience_update(name), actions, Options(on_invalid, dry_run, checkpoint, on_progress, timeout)
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
            audience_replacement(name), ids, Options(on_invalid, dry_run, checkpoint, on_progress, timeout)
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
            catalog_edit(name), items, Options(on_invalid, dry_run, checkpoint, on_progress, timeout)
        )

    async def _run(
        self, operation: BulkOperation, records: Iterable[Any] | AsyncIterable[Any], options: Options
    ) -> BulkReport:
        run = Run(operation, options, self._caller.project)
        return await AsyncEngine(run, self._caller, self._task_of).execute(records)
