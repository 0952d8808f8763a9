"""Where calls go, and what each says beside its content: prefix of the URL, headers, time-outs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx

from batch_client._transport.call import NO_LIMITS, Call, Limits, SendObserver
from batch_client._transport.credentials import Credentials
from batch_client._transport.decoding import ACCEPTED_ENCODING
from batch_generated.types import UNSET, Operation

_JSON = {"Content-Type": "application/json"}


class Address:
    """The API in one version, as one project calls it.

    Args:
        prefix: The base URL with the version.
        timeout: Seconds for each step of a request.
    """

    def __init__(self, prefix: str, user_agent: str, timeout: httpx.Timeout, credentials: Credentials) -> None:
        self.prefix = prefix
        self.headers = {
            "Accept": "application/json",
            "Accept-Encoding": ACCEPTED_ENCODING,
            "Connection": "keep-alive",
            "User-Agent": user_agent,
        }
        self.timeout = timeout
        self._url = httpx.URL(prefix)
        host = {"Host": self._url.netloc.decode("ascii")}
        self._without_body = credentials.headers(httpx.Headers(host | self.headers), self._url)
        self._with_body = credentials.headers(httpx.Headers(host | self.headers | _JSON), self._url)
        self._extensions = {"timeout": timeout.as_dict()}

    def call(
        self,
        operation: Operation,
        path: str,
        *,
        params: Mapping[str, Any] | None = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        body: Any = UNSET,
        records: int | None = None,
        limits: Limits = NO_LIMITS,
        observer: SendObserver | None = None,
    ) -> Call:
        """Return the call of an operation.

        Raises:
            httpx.InvalidURL: an argument is too long for a URL.
        """
        url = httpx.URL(self.prefix + path, params=params) if params else httpx.URL(self.prefix + path)
        own = self._without_body if content is None else self._with_body
        more = {} if content is None else {"Content-Length": str(len(content))}
        if headers and headers != _JSON:
            more |= headers
        if more:
            own = own.with_more(more)
        return Call(
            operation,
            operation.method,
            url,
            own,
            content or b"",
            body=body,
            records=records,
            extensions=self._extensions,
            limits=limits,
            observer=observer,
        )
