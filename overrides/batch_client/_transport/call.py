"""The context that goes with a call from the resource method to the wire."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, Protocol

import httpx

from batch_client._transport.credentials import Headers
from batch_generated.types import UNSET, Operation, RateLimit


class SendObserver(Protocol):
    """Follows the attempts to send a call, so that a process which dies leaves behind how far it was."""

    is_sent: bool
    """Whether the API may have the whole request of the last attempt."""

    def on_wait(self) -> None:
        """Run now and then while an attempt waits for its turn; raise to cancel it."""

    def on_attempt(self) -> None:
        """Note that an attempt begins; raise to prevent it."""

    def on_send(self) -> None:
        """Note that the last byte leaves now; raise to hold it back."""

    async def async_on_send(self) -> None:
        """The twin of `on_send` for asyncio."""

    def on_not_processed(self) -> None:
        """Note that the last attempt was certainly not processed."""


class Limits(NamedTuple):
    """Times of `clock.monotonic` that bound a call."""

    deadline: float = math.inf
    """When it ends, in whatever phase it is."""
    latest_start: float = math.inf
    """Until when it may wait for its turn."""


NO_LIMITS = Limits()


class Call:
    """One call: what is sent, and what the layers below need to know of it."""

    __slots__ = (
        "body",
        "content",
        "extensions",
        "headers",
        "limits",
        "method",
        "observer",
        "operation",
        "records",
        "url",
    )

    def __init__(
        self,
        operation: Operation | None,
        method: str,
        url: httpx.URL,
        headers: Headers,
        content: bytes = b"",
        *,
        body: Any = UNSET,
        records: int | None = None,
        extensions: Mapping[str, Any],
        limits: Limits = NO_LIMITS,
        observer: SendObserver | None = None,
    ) -> None:
        self.operation = operation
        """None for a request that the documents do not know."""
        self.method = method
        self.url = url
        self.headers = headers
        self.content = content
        self.body = body
        """What `content` was encoded from; UNSET if that is not known."""
        self.records = records
        """How many records the body holds, where the caller counted them."""
        self.extensions = extensions
        """Those of the httpx request, with its time-outs."""
        self.limits = limits
        self.observer = observer

    @property
    def path(self) -> str:
        """The path of the operation, in which no value of a caller stands."""
        return self.operation.path if self.operation is not None else "(a path that is not documented)"

    @property
    def rate_limits(self) -> tuple[str, ...]:
        """Names of the rate limits that count it."""
        return ("default",) if self.operation is None else self.operation.rate_limits

    def units(self, limit: RateLimit) -> int:
        """Return how much the call takes of a rate limit; 0 if the limit does not count it."""
        if limit.records is None and limit.when is None:
            return 1
        if limit.records is not None and self.records is not None:
            return self.records
        return units_of(self._parsed() if self.body is UNSET else self.body, limit)

    @property
    def is_repeatable(self) -> bool:
        """Whether the documents call it idempotent, so that it may be sent again although it may have been processed.

        The bytes decide, since they are what was sent.
        """
        if self.operation is None or not self.operation.idempotent:
            return False
        unless = self.operation.idempotent_unless
        if unless is None:
            return True
        if f'"{unless}"'.encode() not in self.content and b"\\u" not in self.content:
            return True
        body = self._parsed()
        return body is not None and not any(isinstance(item, dict) and unless in item for item in _items(body))

    def _parsed(self) -> Any:
        try:
            return json.loads(self.content)
        except (ValueError, RecursionError):
            return None

    def as_request(self) -> httpx.Request:
        """Return the request as errors and responses hold it: without credentials."""
        return httpx.Request(self.method, self.url, headers=self.headers.plain, content=self.content)


def units_of(body: Any, limit: RateLimit) -> int:
    """Return how much a call with a body takes of a rate limit: 1 or its records; 0 if the limit does not count it."""
    if limit.when is not None and _member(body, limit.when) is None:
        return 0
    records = None if limit.records is None else _member(body, limit.records)
    return len(records) if isinstance(records, list | tuple) and records else 1


def _member(body: Any, pointer: str) -> Any:
    """Return the member at a JSON pointer; None if it is not there."""
    for name in pointer.split("/")[1:]:
        if hasattr(body, "to_dict"):
            body = body.to_dict()
        body = body.get(name) if isinstance(body, Mapping) else None
    return None if body is UNSET else body


def _items(body: Any) -> Iterator[Any]:
    """Walk the items of a body: those of an array, or an object and those of its arrays."""
    if isinstance(body, list):
        yield from body
    elif isinstance(body, dict):
        yield body
        for member in body.values():
            if isinstance(member, list):
                yield from member
