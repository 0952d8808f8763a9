"""The httpx clients that calls go into, resource methods' and those made through `batch.generated` alike."""

from __future__ import annotations

from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any

import httpx

from batch_client._transport.logs import without_httpx_lines
from batch_client.errors import BatchError


class HttpClient(httpx.Client):
    """Sends, and says what is wrong where httpx would raise what no caller expects."""

    def send(self, request: httpx.Request, **options: Any) -> httpx.Response:
        _check_open(self)
        with without_httpx_lines():
            try:
                return super().send(request, **options)
            except (httpx.InvalidURL, UnicodeError) as error:
                problem = _described(error, request)
        raise problem  # without the frames of httpx, whose variables are half made


class AsyncHttpClient(httpx.AsyncClient):
    """The twin of `HttpClient` for asyncio."""

    async def send(self, request: httpx.Request, **options: Any) -> httpx.Response:
        _check_open(self)
        with without_httpx_lines():
            try:
                return await super().send(request, **options)
            except (httpx.InvalidURL, UnicodeError) as error:
                problem = _described(error, request)
        raise problem  # without the frames of httpx, whose variables are half made


def no_cookies() -> CookieJar:
    """Return a jar that takes no cookie: the API uses none, and whoever is in between may set many."""
    return CookieJar(DefaultCookiePolicy(allowed_domains=[]))


def _check_open(client: httpx.Client | httpx.AsyncClient) -> None:
    if client.is_closed:
        raise BatchError("this client is closed: make a new one, or make the call before close() or within `with`")


def _described(error: Exception, request: httpx.Request) -> httpx.TransportError:
    if isinstance(error, UnicodeError):
        return httpx.ConnectError("the name of the API's host or proxy is not valid", request=request)
    return httpx.RemoteProtocolError("the response redirects to an address that is not a valid URL", request=request)
