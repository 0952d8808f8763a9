"""What is known of the API's operations, what a request is about, and the modules that hold one operation each."""

from collections.abc import Callable
from typing import Any, NamedTuple, Protocol

from .values import UNSET


class Operation(NamedTuple):
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


class RateLimit(NamedTuple):
    """A token bucket: `units` flow in every `seconds`, up to `burst`; each call takes some."""

    units: float
    seconds: float
    burst: float
    records: str | None = None
    """Where the body holds the records that are counted, as a JSON pointer; None: requests are counted."""
    when: str | None = None
    """A member of the body, as a JSON pointer, without which a call is not counted."""


class RecordBody(NamedTuple):
    """A body that holds many records."""

    member: str | None
    """The member of the body that holds the records; None if the body is the records."""
    max_records: int
    """How many a call may hold."""
    schema: str
    """Where the bundle describes one record, as a JSON pointer."""


CALL = "batch_generated.call"
"""The extension of a request that holds its `Call`."""


class Call(NamedTuple):
    """What a request is about, so that nobody who handles it has to recover that from its URL and its bytes."""

    operation: Operation
    body: Any = UNSET
    """What is encoded, as `writing.materialize` returns it; UNSET if there is no body."""

    def __repr__(self) -> str:
        return f"Call({self.operation.id})"  # a body is the caller's data


class Received(Protocol):
    """What `parse_response` reads of a response, such as an `httpx.Response`."""

    @property
    def status_code(self) -> int: ...

    @property
    def is_success(self) -> bool: ...

    @property
    def content(self) -> bytes: ...

    def json(self) -> Any: ...


class Endpoint(Protocol):
    """The module of one operation."""

    OPERATION: Operation

    @property
    def build_request(self) -> Callable[..., dict[str, Any]]: ...

    @property
    def parse_response(self) -> Callable[..., Any]: ...
