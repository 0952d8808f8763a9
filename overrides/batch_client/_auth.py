"""Keeps the two credentials: adds them to requests for the API's own address, and takes them off again after."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Generator
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


class ProjectAuth(httpx.Auth):
    """The REST API key and the project key as headers.

    A request for any other scheme, host or port gets neither. After the answer the headers are removed, so that the
    request which errors, answers and logs hold on to shows no credential.
    """

    def __init__(self, rest_api_key: Secret, project_key: Secret, base_url: str) -> None:
        self._rest_api_key = rest_api_key
        self._project_key = project_key
        self._origin = _origin(httpx.URL(base_url))

    @property
    def project(self) -> str:
        """What tells one project at one address from others, without showing its key."""
        return hashlib.sha256(f"{self._origin} {self._project_key.reveal()}".encode()).hexdigest()

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        if _origin(request.url) != self._origin:
            yield request
            return
        request.headers["Authorization"] = f"Bearer {self._rest_api_key.reveal()}"
        request.headers["X-Batch-Project"] = self._project_key.reveal()
        try:
            response = yield request
            # httpx prepares the request that a redirect asks for, and leaves the project's key on it.
            response.next_request = None
        finally:
            del request.headers["Authorization"], request.headers["X-Batch-Project"]


def without_traceback(error: httpx.RequestError) -> httpx.RequestError:
    """Take the tracebacks off an error and its causes: the frames beneath httpx hold the headers in their variables."""
    link: BaseException | None = error
    while link is not None:
        link.__traceback__ = None
        link = link.__cause__ or link.__context__
    return error


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port
