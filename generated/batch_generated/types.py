"""What models and resources share: absent values, open enums, reading and writing JSON, and how resources send.

The resource classes of `api` decide nothing about sending, errors or polling. They say what to send to a `Caller`,
which the layer on top implements, and return its pages and tasks, whose interfaces stand here.
"""

import datetime
import json
import re
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Iterable, Iterator, Mapping, MutableMapping
from enum import Enum, IntEnum, StrEnum
from functools import wraps
from http import HTTPStatus
from pathlib import Path
from typing import Any, Generic, Literal, ParamSpec, Protocol, Self, TypeVar

from attrs import define, frozen

from .errors import UnexpectedShape

T = TypeVar("T")
P = ParamSpec("P")
EnumT = TypeVar("EnumT", bound=Enum)
ItemT = TypeVar("ItemT")
ViewT = TypeVar("ViewT")


class Unset:
    """The type of UNSET, which stands for a value that is absent; None stands for null."""

    def __bool__(self) -> Literal[False]:
        return False

    def __repr__(self) -> str:
        return "UNSET"

    def __reduce__(self) -> str:
        return "UNSET"


UNSET: Unset = Unset()


class OpenIntEnum(IntEnum):
    """An enum that takes a value unknown to the document as a member equal to its number, and never refuses one."""

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, int):
            return None
        member = int.__new__(cls, value)
        member._name_ = str(value)
        member._value_ = value
        return member

    def __str__(self) -> str:
        return str(self.value)


class OpenStrEnum(StrEnum):
    """An enum that takes a value unknown to the document as a member equal to its string, and never refuses one."""

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, str):
            return None
        member = str.__new__(cls, value)
        member._name_ = value
        member._value_ = value
        return member


@define
class Response(Generic[T]):
    """An answer as it came: what the `*_detailed` functions return, whatever the status."""

    status_code: HTTPStatus | int
    """An `HTTPStatus`, or the number of a status that Python does not know."""
    content: bytes
    headers: MutableMapping[str, str]
    parsed: T | None
    """The model of the content; None where that is not as documented."""


def status_of(code: int) -> HTTPStatus | int:
    """Return the status of a code, or the code if Python does not know it, such as the 520 of a gateway."""
    try:
        return HTTPStatus(code)
    except ValueError:
        return code


def limits_depth(parse: Callable[P, T]) -> Callable[P, T]:
    """Let a function that reads an answer raise UnexpectedShape too where the answer is nested too deeply."""

    @wraps(parse)
    def parse_shallow(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return parse(*args, **kwargs)
        except RecursionError:
            raise UnexpectedShape("the answer is nested too deeply") from None

    return parse_shallow


def properties_of(source: Any, model: str) -> dict[str, Any]:
    """Return a copy of a JSON object that is another mapping than a dict; raise UnexpectedShape if it is none."""
    if not isinstance(source, Mapping):
        raise UnexpectedShape(f"{model} should be an object, not {type(source).__name__}")
    return dict(source)


def items_of(source: Any, name: str) -> list[Any]:
    """Return a JSON array; raise UnexpectedShape if it is none. null counts as empty."""
    if source is None:
        return []
    if not isinstance(source, list):
        raise UnexpectedShape(f"{name} should be an array, not {type(source).__name__}")
    return source


def required_value(source: dict[str, Any], name: str, model: str, *, nullable: bool = False) -> Any:
    """Return a required property; raise UnexpectedShape if it is absent, or null unless `nullable`."""
    if name not in source:
        raise UnexpectedShape(f"{model} lacks its required property {name!r}")
    value = source[name]
    if value is None and not nullable:
        raise UnexpectedShape(f"{model} has null for its required property {name!r}")
    return value


def members_by_value(enum: type[EnumT]) -> dict[Any, EnumT]:
    """Return the members of an enum by value: looking there costs a tenth of calling the class."""
    return {member.value: member for member in enum}


_read_time = datetime.datetime.fromisoformat
_INTERNET_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:[0-5]\d)?", re.ASCII)
"""The times of RFC 3339, and those without a zone."""


def parse_datetime(value: Any) -> datetime.datetime:
    """Read an ISO 8601 time. One without a zone is UTC, as the documentation says of the API's times."""
    try:
        parsed = _read_time(value)
    except (ValueError, TypeError):
        return _parse_unusual_time(value)
    # Python reads much that is not ISO 8601, such as "2024-06-15T14:30.Z", so the form is checked: first that of the
    # API's own times, 2024-06-15T14:30:00Z, without the cost of a pattern.
    if len(value) == 20 and value[10] == "T" and value[13] == ":" and value[16] == ":" and value[19] == "Z":
        return parsed
    if _INTERNET_TIME.fullmatch(value):
        return parsed if parsed.tzinfo else parsed.replace(tzinfo=datetime.UTC)
    return _parse_unusual_time(value)


def _parse_unusual_time(value: Any) -> datetime.datetime:
    """Read a time in any form of ISO 8601; Python reads the usual ones, and others differently in each version."""
    if not isinstance(value, str):
        raise UnexpectedShape(f"{value!r} should be a time")
    from dateutil.parser import isoparse  # loads much that the usual forms do not need

    try:
        parsed = isoparse(value)
    except (ValueError, OverflowError):
        raise UnexpectedShape(f"{value!r} is no ISO 8601 time") from None
    return parsed.replace(tzinfo=datetime.timezone(parsed.utcoffset() or datetime.timedelta()))


def parse_date(value: Any) -> datetime.date:
    """Read an ISO 8601 date."""
    if not isinstance(value, str):
        raise UnexpectedShape(f"{value!r} should be a date")
    try:
        return datetime.date.fromisoformat(value)
    except ValueError:
        raise UnexpectedShape(f"{value!r} is not an ISO 8601 date") from None


def to_json(value: Any) -> Any:
    """Turn models, enums, dates and any iterable into what `json.dumps` takes; members that are UNSET are left out.

    Sets are sorted, so that the same value is the same JSON in every process.

    Raises:
        ValueError: a time has no zone, which RFC 3339 does not allow.
        TypeError: a value has no form in JSON.
    """
    if isinstance(value, Enum):
        return value.value
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, Mapping):
        return {key: to_json(member) for key, member in value.items() if member is not UNSET}
    if isinstance(value, datetime.datetime):
        if value.tzinfo is None:
            raise ValueError(
                f"{value.isoformat()} has no time zone; give it one, for example tzinfo=datetime.timezone.utc"
            )
        return value.isoformat()
    if isinstance(value, datetime.date):
        return value.isoformat()
    if hasattr(value, "to_dict"):
        return value.to_dict()
    if isinstance(value, set | frozenset):
        return sorted((to_json(item) for item in value), key=json.dumps)
    if isinstance(value, Iterable) and not isinstance(value, bytes | bytearray):
        return [to_json(item) for item in value]
    raise TypeError(f"{type(value).__name__} has no form in JSON")


def present(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters of a query that have a value, as `to_json` writes them."""
    return {name: value for name, value in to_json(values).items() if value is not None}


def header_values(values: Mapping[str, Any]) -> dict[str, str]:
    """Return the headers that have a value, as text."""
    return {
        name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in present(values).items()
    }


@frozen
class Poll:
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


@frozen
class Operation:
    """One method and path of the API."""

    id: str
    method: str
    """The HTTP method."""
    path: str
    """Path parameters stand in braces."""
    resource: str
    """The attribute of the client that has it."""
    name: str
    """What the resource calls it."""
    first_seen: str
    """The oldest API version whose documentation shows it; older ones may know it too."""
    documentation: str
    """Address of its page."""
    idempotent: bool
    """Whether it may be sent again when it is not known whether it was taken in."""
    idempotent_unless: str | None = None
    """A member of the body's items that makes it unsafe to send again."""
    consequence: str | None = None
    """What it does that cannot be undone; empty if there is nothing, None if nothing is known."""
    rate_limits: tuple[str, ...] = ()
    """Names of the rate limits that count it."""


@frozen
class RateLimit:
    """A token bucket: `units` flow in every `seconds`, up to `burst`; each call takes some."""

    units: float
    seconds: float
    burst: float
    records: str | None = None
    """Where the body holds the records that are counted, as a JSON pointer; None: requests are counted."""
    when: str | None = None
    """A member of the body, as a JSON pointer, without which a call is not counted."""


@frozen
class RecordBody:
    """A body that holds many records."""

    member: str | None
    """The member of the body that holds the records; None if the body is the records."""
    max_records: int
    """How many a call may hold."""
    schema: str
    """Where the bundle describes one record, as a JSON pointer."""


class Endpoint(Protocol):
    """The module of one operation."""

    OPERATION: Operation

    @property
    def build_request(self) -> Callable[..., dict[str, Any]]: ...

    @property
    def parse_response(self) -> Callable[..., Any]: ...


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
        """Return the task of a token. `view` tells its state; with `removes_viewed` nothing is left to view at last."""
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


__all__ = ["UNSET", "Response", "Unset"]
