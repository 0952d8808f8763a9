"""Keeps the two credentials: puts them on requests for the API's own address while they are sent."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

import httpx


class Secret:
    """A key that no repr, traceback or pickle shows beyond its first four characters."""

    __slots__ = ("_value",)

    def __init__(self, value: Any) -> None:
        self._value = value

    def reveal(self) -> Any:
        return self._value

    def flaw(self) -> str | None:
        """Return what is wrong with the key, without showing it; None if it can be sent as a header."""
        if not isinstance(self._value, str):
            return f"must be a string, not {type(self._value).__name__}"
        if not self._value.strip():
            return "is empty"
        if re.search(r"\s", self._value):
            return "contains white space or a line break; it may have been copied with one"
        if not (self._value.isascii() and self._value.isprintable()):
            return "contains characters that are not printable ASCII"
        return None

    def __repr__(self) -> str:
        start = self._value[:4] if isinstance(self._value, str) and len(self._value) >= 16 else ""
        return f"<Secret {start}…>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a key is not pickled: make the client anew where it is used")


class Credentials:
    """The REST API key and the project key, for requests to one address.

    They stand on a request only while it is sent: no request that errors, responses and logs hold on to has them.
    """

    def __init__(self, rest_api_key: Secret, project_key: Secret, base_url: str) -> None:
        self._rest_api_key = rest_api_key
        self._project_key = project_key
        self._origin = _origin(httpx.URL(base_url))

    @property
    def project(self) -> str:
        """What tells one project at one address from others, without showing its key."""
        return hashlib.sha256(f"{self._origin} {self._project_key.reveal()}".encode()).hexdigest()

    def redact(self, content: bytes) -> bytes:
        """Return a body in which neither stands, should a server repeat them."""
        for secret in (self._rest_api_key, self._project_key):
            key = secret.reveal().encode()
            content = content.replace(key, key[:4] + b"...")
        return content

    @contextmanager
    def lent_to(self, request: httpx.Request) -> Iterator[None]:
        """Put both on a request for the `with` block, unless it goes to another scheme, host or port."""
        if _origin(request.url) != self._origin:
            yield
            return
        request.headers["Authorization"] = f"Bearer {self._rest_api_key.reveal()}"
        request.headers["X-Batch-Project"] = self._project_key.reveal()
        try:
            yield
        finally:
            for name in ("Authorization", "X-Batch-Project"):
                request.headers.pop(name, None)


def without_traceback(error: httpx.RequestError) -> httpx.RequestError:
    """Take the tracebacks off an error and its causes: the frames beneath httpx hold the headers in their variables."""
    link: BaseException | None = error
    while link is not None:
        link.__traceback__ = None
        link = link.__cause__ or link.__context__
    return error


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port
