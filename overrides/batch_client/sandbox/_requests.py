"""Requests: as the sandbox takes them in, and as it keeps the latest of them to assert on."""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Mapping
from typing import Any

from attrs import evolve, field, frozen

from batch_client.sandbox._answers import Refusal, malformed

MAX_BODY_BYTES = 16 * 1024 * 1024
"""The longest body that is read; the API documents none."""


@frozen
class Request:
    """A request as a server or transport took it in."""

    method: str
    path: str
    """Decoded, without the query."""
    query: str
    headers: Mapping[str, str]
    """By names in lower case."""
    content: bytes = b""
    origin: str = ""
    """Scheme, host and port under which the sandbox was reached."""

    def with_content(self, content: bytes) -> Request:
        """Return the request with its body."""
        return evolve(self, content=content)

    @property
    def other_origin(self) -> str:
        """The same place under another host name, as the storage of files is not where the API is."""
        match = _ORIGIN.fullmatch(self.origin)
        if match is None:
            raise malformed("the Host header is not a host with an optional port")
        scheme, host, port = match.groups(default="")
        if host.lower() == "localhost":
            other = "127.0.0.1"
        else:
            other = "localhost" if host == "127.0.0.1" or host.startswith("[") else f"files.{host}"
        return f"{scheme}://{other}{port}"


_ORIGIN = re.compile(r"(https?)://([a-zA-Z0-9_.-]+|\[[0-9a-fA-F:.]+\])(:[0-9]{1,5})?")


def check_length(length: int) -> None:
    """Refuse a body that is longer than `MAX_BODY_BYTES`."""
    if length > MAX_BODY_BYTES:
        raise Refusal(413, "PAYLOAD_TOO_LARGE", f"the body is longer than {MAX_BODY_BYTES:,} bytes")


@frozen
class RecordedRequest:
    """A request that the sandbox got, to assert on."""

    operation: str | None
    """Its id; None if there is no such operation."""
    method: str
    path: str
    version: str
    parameters: dict[str, Any] = field(factory=dict)
    status: int = 0
    """The status of the response."""
    size: int = 0
    """Bytes of its body, also of one that is no longer kept."""
    _content: bytes | None = field(default=None, repr=lambda content: repr(content and content[:200]))

    @property
    def body(self) -> Any:
        """The body; None if there was none, it was not read as JSON, or it is no longer kept."""
        return None if self._content is None else json.loads(self._content)


class RequestLog:
    """The latest requests, in bounded memory.

    Args:
        most: How many requests are kept.
        most_bytes: How many bytes of bodies are kept, whole bodies of the latest requests.
    """

    def __init__(self, most: int, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._requests: deque[RecordedRequest] = deque(maxlen=most)
        self._with_body: deque[int] = deque()
        """The numbers of the requests whose bodies are kept, counted from the first ever."""
        self._added = 0
        self._bytes = 0

    def add(self, request: RecordedRequest) -> None:
        """Keep a request; drop the oldest, and the bodies of the oldest, that are too many."""
        if not self._requests.maxlen:
            return
        if len(self._requests) == self._requests.maxlen and self._kept(self._requests[0]):
            self._drop_body()
        self._requests.append(request)
        self._added += 1
        if self._kept(request):
            self._with_body.append(self._added - 1)
            self._bytes += request.size
        while self._bytes > self._most_bytes:
            self._drop_body()

    def latest(self) -> list[RecordedRequest]:
        """Return the requests, oldest first."""
        return list(self._requests)

    def _drop_body(self) -> None:
        index = self._with_body.popleft() - (self._added - len(self._requests))
        self._bytes -= self._requests[index].size
        self._requests[index] = evolve(self._requests[index], content=None)

    @staticmethod
    def _kept(request: RecordedRequest) -> bool:
        return request._content is not None
