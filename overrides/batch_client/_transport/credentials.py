"""Keeps the two credentials, and puts them on requests for the API's own address while they are sent."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
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

    def headers(self, plain: httpx.Headers, url: httpx.URL) -> Headers:
        """Return the headers of a request, with both credentials unless it goes to another scheme, host or port."""
        if not self.belong_to(url):
            return Headers(plain, plain)
        keys = {"Authorization": f"Bearer {self._rest_api_key.reveal()}", "X-Batch-Project": self._project_key.reveal()}
        return Headers(plain, httpx.Headers(plain.raw + list(httpx.Headers(keys).raw)))

    def belong_to(self, url: httpx.URL) -> bool:
        """Return whether a request for a URL gets them."""
        return _origin(url) == self._origin


class Headers:
    """The headers of a call: as they are sent, and as errors and responses show them. Its repr shows neither."""

    __slots__ = ("plain", "sent")

    def __init__(self, plain: httpx.Headers, sent: httpx.Headers) -> None:
        self.plain = plain
        self.sent = sent

    def with_more(self, more: Mapping[str, str]) -> Headers:
        """Return these with more, or with others in their place."""
        plain = httpx.Headers(self.plain)
        plain.update(more)
        sent = httpx.Headers(self.sent) if self.for_api else plain
        sent.update(more)
        return Headers(plain, sent)

    @property
    def for_api(self) -> bool:
        """Whether they are for the API, and so have the credentials."""
        return self.sent is not self.plain


def without_traceback(error: httpx.RequestError) -> httpx.RequestError:
    """Take the tracebacks off an error and its causes: the frames beneath httpx hold the headers in their variables."""
    link: BaseException | None = error
    while link is not None:
        link.__traceback__ = None
        link = link.__cause__ or link.__context__
    return error


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port
