"""Export jobs: looking at them, waiting for them, and downloading their files."""

from __future__ import annotations

import asyncio
import logging
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import wait as wait_for_futures
from importlib import import_module
from pathlib import Path
from threading import Event
from typing import Any, NoReturn, TypeVar

from batch_client._tasks.downloads import AsyncDownloader, Downloader, ExportFile, prepare
from batch_client._tasks.records import read_records
from batch_client._tasks.waiting import async_wait_for, wait_for
from batch_client._transport import clock
from batch_client._transport.call import NO_LIMITS, Limits
from batch_client.errors import BatchError, ExportFailedError, ExportTimeout
from batch_generated import types
from batch_generated.api import EXPORT_STATUSES
from batch_generated.types import OnPoll

ViewT = TypeVar("ViewT")


def load_library(name: str) -> Any:
    """Return a library that this client does not install."""
    try:
        return import_module(name)
    except ModuleNotFoundError:
        raise ModuleNotFoundError(f"a {name} data frame needs {name}: pip install {name}", name=name) from None


_SECONDS_TO_CLEAR_UP = 1.0

_logger = logging.getLogger("batch_client")


class _Progress:
    """What is known of a job, the same for both twins."""

    def __init__(self, id: str) -> None:
        self.id = self.token = id
        self.state: str | None = None
        self.result: Any = None
        self.finished = False

    def saw(self, view: Any) -> str:
        """Take in what the view operation answered and return the status."""
        status = str(getattr(view, "status", "absent"))
        if status not in EXPORT_STATUSES and status != self.state:
            _logger.warning("export status %.60r is not documented; waiting goes on", status)
        self.state = status
        self.finished = status in ("SUCCESS", "ERROR")
        if self.finished:
            self.result = view
        return status

    def view_of_success(self) -> Any:
        """Return what a finished job shows; raise ExportFailedError if the API could not make the export."""
        if self.state == "ERROR":
            raise ExportFailedError(f"the API could not make the export {self.id!r}", export=self.result)
        return self.result

    def timed_out(self, timeout: float, _: Sequence[Any]) -> ExportTimeout:
        return ExportTimeout(
            f"the export {self.id!r} was not finished after {timeout:g} s; "
            f"wait again, or resume with batch.exports.job({self.id!r})",
            job=self,  # type: ignore[arg-type] # whoever is waited for is one of the classes below
        )

    def __getstate__(self) -> dict[str, Any]:
        # An error that carries a job must reach another process, and a client must not.
        without_client = _WithoutClient(self.id)
        return self.__dict__ | {"_view": without_client.fail, "_downloader": without_client}

    def __repr__(self) -> str:
        return f"{type(self).__name__}(id={self.id!r}, state={self.state!r})"


class _WithoutClient:
    """Stands in for the client of a job that another process sent."""

    def __init__(self, id: str) -> None:
        self._id = id

    def fail(self, *_: Any) -> NoReturn:
        raise BatchError(f"this job came without its client; resume it with batch.exports.job({self._id!r})")

    download = fail


def _check_concurrency(concurrency: int) -> None:
    if concurrency < 1:
        raise ValueError(f"concurrency must be 1 or more, not {concurrency}")


def _deadline(timeout: float | None) -> float | None:
    """Return the time of the monotonic clock after so many seconds."""
    return None if timeout is None else clock.monotonic() + timeout


class ExportJob(_Progress, types.ExportJob[ViewT]):
    """An export job that looks by calling a view operation."""

    def __init__(self, id: str, view: Callable[[Limits], ViewT], downloader: Downloader) -> None:
        super().__init__(id)
        self._view = view
        self._downloader = downloader

    def status(self) -> str:
        return self.poll()

    def done(self) -> bool:
        if not self.finished:
            self.poll()
        return self.finished

    def poll(self, limits: Limits = NO_LIMITS) -> str:
        """Read the status once, within limits of time."""
        return self.saw(self._view(limits))

    def wait(self, timeout: float | None = 3600.0, on_poll: OnPoll | None = None) -> ViewT:
        wait_for([self], timeout, on_poll)
        view: ViewT = self.view_of_success()
        return view

    def download(self, directory: str | Path, timeout: float | None = 3600.0, *, concurrency: int = 4) -> list[Path]:
        _check_concurrency(concurrency)
        deadline = _deadline(timeout)
        self.wait(timeout)
        files = prepare(self.id, self.result, directory)
        is_over = Event()
        pool = ThreadPoolExecutor(concurrency, thread_name_prefix="batch-export")
        under_way = [pool.submit(self._downloader.download, file, deadline, is_over) for file in files]
        try:
            return [future.result() for future in under_way]
        finally:
            # What nobody waits for any more ends by itself, and clears up; a storage that is silent may delay that.
            is_over.set()
            pool.shutdown(wait=False, cancel_futures=True)
            wait_for_futures(under_way, timeout=_SECONDS_TO_CLEAR_UP)

    def records(self, timeout: float | None = 3600.0) -> Iterator[dict[str, Any]]:
        self.wait(timeout)
        with tempfile.TemporaryDirectory(prefix="batch-export-") as scratch:
            for file in prepare(self.id, self.result, scratch):
                path = self._downloader.download(file, _deadline(timeout))
                yield from read_records(path)
                path.unlink()

    def to_pandas(self, timeout: float | None = 3600.0) -> Any:
        pandas = load_library("pandas")
        return pandas.DataFrame.from_records(list(self.records(timeout)))

    def to_polars(self, timeout: float | None = 3600.0) -> Any:
        polars = load_library("polars")
        return polars.DataFrame(list(self.records(timeout)), infer_schema_length=None, strict=False)


class AsyncExportJob(_Progress, types.AsyncExportJob[ViewT]):
    """The twin of `ExportJob` for asyncio."""

    def __init__(self, id: str, view: Callable[[Limits], Awaitable[ViewT]], downloader: AsyncDownloader) -> None:
        super().__init__(id)
        self._view = view
        self._downloader = downloader

    async def status(self) -> str:
        return await self.poll()

    async def done(self) -> bool:
        if not self.finished:
            await self.poll()
        return self.finished

    async def poll(self, limits: Limits = NO_LIMITS) -> str:
        """Read the status once, within limits of time."""
        return self.saw(await self._view(limits))

    async def wait(self, timeout: float | None = 3600.0, on_poll: OnPoll | None = None) -> ViewT:
        await async_wait_for([self], timeout, on_poll)
        view: ViewT = self.view_of_success()
        return view

    async def download(
        self, directory: str | Path, timeout: float | None = 3600.0, *, concurrency: int = 4
    ) -> list[Path]:
        _check_concurrency(concurrency)
        deadline = _deadline(timeout)
        await self.wait(timeout)
        files = prepare(self.id, self.result, directory)
        slots = asyncio.Semaphore(concurrency)

        is_over = Event()

        async def download(file: ExportFile) -> Path:
            async with slots:
                try:
                    return await self._downloader.download(file, deadline, is_over)
                except BaseException:
                    is_over.set()
                    raise

        under_way = [asyncio.create_task(download(file)) for file in files]
        try:
            return list(await asyncio.gather(*under_way))
        finally:
            for task in under_way:
                task.cancel()
            await asyncio.gather(*under_way, return_exceptions=True)

    async def records(self, timeout: float | None = 3600.0) -> AsyncIterator[dict[str, Any]]:
        await self.wait(timeout)
        with tempfile.TemporaryDirectory(prefix="batch-export-") as scratch:
            for file in prepare(self.id, self.result, scratch):
                path = await self._downloader.download(file, _deadline(timeout))
                for record in read_records(path):
                    yield record
                path.unlink()

    async def to_pandas(self, timeout: float | None = 3600.0) -> Any:
        pandas = load_library("pandas")
        return pandas.DataFrame.from_records([record async for record in self.records(timeout)])

    async def to_polars(self, timeout: float | None = 3600.0) -> Any:
        polars = load_library("polars")
        records = [record async for record in self.records(timeout)]
        return polars.DataFrame(records, infer_schema_length=None, strict=False)
