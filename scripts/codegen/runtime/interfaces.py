"""How the resource classes send, and the tasks, jobs and pages that they return: the layer on top implements them."""

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable, Generator, Iterator
from pathlib import Path
from typing import Any, Generic, NamedTuple, Protocol, Self, TypeVar

from .operations import Endpoint

ItemT = TypeVar("ItemT")
ViewT = TypeVar("ViewT")


class Poll(NamedTuple):
    """One look at an indexing task, as `wait` reports it to `on_poll`."""

    token: str
    """The indexing token."""
    number: int
    """How many looks there were, this one included."""
    state: str
    """The state that the API answered."""
    elapsed: float
    """Seconds since the wait began."""
    next_in: float | None
    """Seconds until the next look at any of the tasks; None after the last."""


OnPoll = Callable[[Poll], object]


class IndexingTask(ABC, Generic[ViewT]):
    """An update that Batch indexes in the background, named by its token.

    Keep `name` and `token` to take it up in another process: `batch.audiences.task(name, token)`.
    """

    name: str
    """Name of the audience or catalog."""
    token: str
    """The indexing token that the API issued for the update."""
    state: str | None
    """The state at the last look; None before the first."""
    finished: bool
    """Whether a look saw the end."""
    result: ViewT | None
    """What `wait` returned; None until the task is finished."""

    @abstractmethod
    def status(self) -> str:
        """Look once and return the state: IN_PROGRESS, APPLIED, REPLACED or one that is not documented yet.

        Raises:
            NotFoundError: there is no such audience or catalog.
            BatchError: the call failed.
        """

    @abstractmethod
    def done(self) -> bool:
        """Return whether indexing is finished. Looks once, unless an earlier look saw the end."""

    @abstractmethod
    def wait(self, timeout: float | None = 300.0, on_poll: OnPoll | None = None) -> ViewT:
        """Look again and again, at growing intervals, until indexing is finished.

        Args:
            timeout: Most seconds to wait; None waits for ever.
            on_poll: Called after each look.

        Returns:
            The view of the audience or catalog. Its `indexing_state` is APPLIED, or REPLACED where the content was
            replaced after this update. None for the task of a removal, which leaves nothing to view.

        Raises:
            IndexingTimeout: the time is over. It carries this task, so waiting can go on.
            NotFoundError: there is no such audience or catalog.
            BatchError: a call failed.
        """


class AsyncIndexingTask(ABC, Generic[ViewT]):
    """The twin of `IndexingTask` for asyncio."""

    name: str
    """Name of the audience or catalog."""
    token: str
    """The indexing token that the API issued for the update."""
    state: str | None
    """The state at the last look; None before the first."""
    finished: bool
    """Whether a look saw the end."""
    result: ViewT | None
    """What `wait` returned; None until the task is finished."""

    @abstractmethod
    async def status(self) -> str:
        """See `IndexingTask.status`."""

    @abstractmethod
    async def done(self) -> bool:
        """See `IndexingTask.done`."""

    @abstractmethod
    async def wait(self, timeout: float | None = 300.0, on_poll: OnPoll | None = None) -> ViewT:
        """See `IndexingTask.wait`."""


class ExportJob(ABC, Generic[ViewT]):
    """An export that Batch makes in the background. Keep its `id` to take it up later: `batch.exports.job(id)`."""

    id: str
    """Id of the export."""
    state: str | None
    """The status at the last look; None before the first."""
    finished: bool
    """Whether a look saw the end."""
    result: ViewT | None
    """What `wait` returned; None until the job is finished."""

    @abstractmethod
    def status(self) -> str:
        """Look once and return the status: CREATED, PENDING, RUNNING, SUCCESS, ERROR or one not documented yet.

        Raises:
            NotFoundError: there is no such export.
            BatchError: the call failed.
        """

    @abstractmethod
    def done(self) -> bool:
        """Return whether the job is finished, well or not. Looks once, unless an earlier look saw the end."""

    @abstractmethod
    def wait(self, timeout: float | None = 3600.0, on_poll: OnPoll | None = None) -> ViewT:
        """Look again and again, at growing intervals, until the job is finished.

        Args:
            timeout: Most seconds to wait; None waits for ever.
            on_poll: Called after each look.

        Returns:
            The view of the export, with its files.

        Raises:
            ExportTimeout: the time is over. It carries this job, so waiting can go on.
            ExportFailedError: the API could not make the export.
            BatchError: a call failed.
        """

    @abstractmethod
    def download(self, directory: str | Path, timeout: float | None = 3600.0, *, concurrency: int = 4) -> list[Path]:
        """Wait until the job is finished and download its files, each of at most 100 MB, streamed to disk.

        The credentials do not travel: the files lie on another host. A file appears under its name when it is whole;
        one that is there is not downloaded again. An expired link is replaced. An interrupted download resumes where
        the host allows that, and starts again elsewhere.

        Args:
            directory: Where to put the files; it is made if it is not there. Names come from the id and the number of
                the part, never from the server.
            timeout: Maximum wait in seconds for the job and its files; None waits indefinitely.
            concurrency: How many files are downloaded at once.

        Returns:
            The files, in the order of their parts.

        Raises:
            ExportTimeout, ExportFailedError: as `wait` does.
            DownloadError: a file could not be downloaded. Those that are there are whole.
            BatchError: a call failed.
        """

    @abstractmethod
    def records(self, timeout: float | None = 3600.0) -> Iterator[dict[str, Any]]:
        """Wait until the job is finished and walk its records, in flat memory whatever the size of the files.

        One file at a time is downloaded to a temporary folder and read from there, be it a JSON array or one object
        per line, compressed by gzip or not.

        Args:
            timeout: Maximum wait in seconds for the job, and again for each file; None waits indefinitely.

        Raises:
            As `download` does. A DownloadError also says that a file does not hold JSON objects.
        """

    @abstractmethod
    def to_pandas(self, timeout: float | None = 3600.0) -> Any:
        """Return all records as a `pandas.DataFrame`: a row a record, a column a member. They must fit into memory.

        Args:
            timeout: As of `records`.

        Raises:
            As `records` does.
            ModuleNotFoundError: pandas is not installed.
        """

    @abstractmethod
    def to_polars(self, timeout: float | None = 3600.0) -> Any:
        """Return all records as a `polars.DataFrame`; see `to_pandas`."""


class AsyncExportJob(ABC, Generic[ViewT]):
    """The twin of `ExportJob` for asyncio."""

    id: str
    state: str | None
    finished: bool
    result: ViewT | None

    @abstractmethod
    async def status(self) -> str:
        """See `ExportJob.status`."""

    @abstractmethod
    async def done(self) -> bool:
        """See `ExportJob.done`."""

    @abstractmethod
    async def wait(self, timeout: float | None = 3600.0, on_poll: OnPoll | None = None) -> ViewT:
        """See `ExportJob.wait`."""

    @abstractmethod
    async def download(
        self, directory: str | Path, timeout: float | None = 3600.0, *, concurrency: int = 4
    ) -> list[Path]:
        """See `ExportJob.download`."""

    @abstractmethod
    def records(self, timeout: float | None = 3600.0) -> AsyncIterator[dict[str, Any]]:
        """See `ExportJob.records`."""

    @abstractmethod
    async def to_pandas(self, timeout: float | None = 3600.0) -> Any:
        """See `ExportJob.to_pandas`."""

    @abstractmethod
    async def to_polars(self, timeout: float | None = 3600.0) -> Any:
        """See `ExportJob.to_polars`."""


class Page(ABC, Generic[ItemT]):
    """A page of a list. Iterating it walks its items and those of every page after it."""

    items: list[ItemT]
    """The items of this page."""
    count: int | None
    """How many items the list has in all; only the first page says so, None on the others."""
    has_more: bool
    """Whether there is a page after this one."""
    next_from: str | None
    """The cursor of the page after this one; None on the last."""

    @abstractmethod
    def next_page(self) -> Self | None:
        """Fetch the page after this one; None if this is the last."""

    @abstractmethod
    def pages(self) -> Iterator[Self]:
        """Walk this page and every page after it."""

    @abstractmethod
    def __iter__(self) -> Iterator[ItemT]: ...


class AsyncPage(ABC, Generic[ItemT]):
    """The twin of `Page` for asyncio: `async for` walks its items and those of every page after it."""

    items: list[ItemT]
    """The items of this page."""
    count: int | None
    """How many items the list has in all; only the first page says so, None on the others."""
    has_more: bool
    """Whether there is a page after this one."""
    next_from: str | None
    """The cursor of the page after this one; None on the last."""

    @abstractmethod
    async def next_page(self) -> Self | None:
        """Fetch the page after this one; None if this is the last."""

    @abstractmethod
    def pages(self) -> AsyncIterator[Self]:
        """Walk this page and every page after it."""

    @abstractmethod
    def __aiter__(self) -> AsyncIterator[ItemT]: ...


class AsyncPages(ABC, Generic[ItemT]):
    """A list not fetched yet: await it for its first `AsyncPage`, or walk all items with `async for`."""

    @abstractmethod
    def __await__(self) -> Generator[Any, None, AsyncPage[ItemT]]: ...

    @abstractmethod
    def __aiter__(self) -> AsyncIterator[ItemT]: ...


class Caller(Protocol):
    """How the resource classes send, implemented by the layer on top. Arguments are those of `build_request`."""

    def call(self, endpoint: Endpoint, **arguments: Any) -> Any:
        """Send the operation and return its success model."""
        ...

    def execute(self, endpoint: Endpoint, **arguments: Any) -> None:
        """Send an operation whose success says nothing more."""
        ...

    def location(self, endpoint: Endpoint, **arguments: Any) -> str:
        """Send an operation that answers with a redirect and return where it leads, without following it."""
        ...

    def page(self, items: str, endpoint: Endpoint, **arguments: Any) -> Page[Any]:
        """Send a list operation and return its page; `items` is the member of the answer that holds the items."""
        ...

    def task(self, name: str, token: str, view: Endpoint, *, removes_viewed: bool = False) -> IndexingTask[Any]:
        """Return the task of a token. `view` is polled; with `removes_viewed` nothing is left to view at the end."""
        ...

    def export_job(self, id: str) -> ExportJob[Any]:
        """Return the job of an export."""
        ...


class AsyncCaller(Protocol):
    """The twin of `Caller` for asyncio."""

    async def call(self, endpoint: Endpoint, **arguments: Any) -> Any:
        """See `Caller.call`."""
        ...

    async def execute(self, endpoint: Endpoint, **arguments: Any) -> None:
        """See `Caller.execute`."""
        ...

    async def location(self, endpoint: Endpoint, **arguments: Any) -> str:
        """See `Caller.location`."""
        ...

    def page(self, items: str, endpoint: Endpoint, **arguments: Any) -> AsyncPages[Any]:
        """See `Caller.page`."""
        ...

    def task(self, name: str, token: str, view: Endpoint, *, removes_viewed: bool = False) -> AsyncIndexingTask[Any]:
        """See `Caller.task`."""
        ...

    def export_job(self, id: str) -> AsyncExportJob[Any]:
        """See `Caller.export_job`."""
        ...
