"""The httpx clients of `batch.generated`: what goes through them is sent as calls of resource methods are."""

from __future__ import annotations

from typing import Any

import httpx

from batch_client._calls.operations import operation_at
from batch_client._transport.address import Address
from batch_client._transport.call import Call
from batch_client._transport.connections import no_cookies
from batch_client._transport.credentials import Credentials
from batch_client._transport.logs import without_httpx_lines
from batch_client._transport.sender import AsyncSender, Failed, Sender
from batch_client.errors import BatchError
from batch_generated.operations import CALL, Operation
from batch_generated.types import UNSET


class HttpClient(httpx.Client):
    """Sends, and says what is wrong where httpx would raise what no caller expects."""

    def __init__(self, sender: Sender, address: Address, credentials: Credentials) -> None:
        super().__init__(transport=_Transport(sender, _Calls(address, credentials)), **_options(address))

    def send(self, request: httpx.Request, **options: Any) -> httpx.Response:
        _check_open(self)
        with without_httpx_lines():
            try:
                return super().send(request, **options)
            except (httpx.InvalidURL, UnicodeError):
                problem = _bad_redirect(request)
        raise problem  # without the frames of httpx, whose variables are half made


class AsyncHttpClient(httpx.AsyncClient):
    """The twin of `HttpClient` for asyncio."""

    def __init__(self, sender: AsyncSender, address: Address, credentials: Credentials) -> None:
        super().__init__(transport=_AsyncTransport(sender, _Calls(address, credentials)), **_options(address))

    async def send(self, request: httpx.Request, **options: Any) -> httpx.Response:
        _check_open(self)
        with without_httpx_lines():
            try:
                return await super().send(request, **options)
            except (httpx.InvalidURL, UnicodeError):
                problem = _bad_redirect(request)
        raise problem  # without the frames of httpx, whose variables are half made


class _Transport(httpx.BaseTransport):
    def __init__(self, sender: Sender, calls: _Calls) -> None:
        self._sender = sender
        self._calls = calls

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.read()  # so that it can be sent again
        try:
            return self._sender.send(self._calls.of(request)).as_response()
        except Failed as failed:
            reason = failed.reason
        reason.request = request
        raise reason


class _AsyncTransport(httpx.AsyncBaseTransport):
    def __init__(self, sender: AsyncSender, calls: _Calls) -> None:
        self._sender = sender
        self._calls = calls

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await request.aread()  # so that it can be sent again
        try:
            return (await self._sender.send(self._calls.of(request))).as_response()
        except Failed as failed:
            reason = failed.reason
        reason.request = request
        raise reason


class _Calls:
    """Makes calls of requests: those that generated functions describe, and any other."""

    def __init__(self, address: Address, credentials: Credentials) -> None:
        self._prefix = httpx.URL(address.prefix).raw_path.decode("ascii")
        self._credentials = credentials

    def of(self, request: httpx.Request) -> Call:
        extensions = dict(request.extensions)
        known = extensions.pop(CALL, None)
        return Call(
            self._operation(request) if known is None else known.operation,
            request.method,
            request.url,
            self._credentials.headers(request.headers, request.url),
            request.content,
            body=UNSET if known is None else known.body,
            extensions=extensions,
        )

    def _operation(self, request: httpx.Request) -> Operation | None:
        path = request.url.raw_path.decode("ascii").partition("?")[0]
        if not self._credentials.belong_to(request.url) or not path.startswith(self._prefix):
            return None
        return operation_at(request.method, path.removeprefix(self._prefix))


def _options(address: Address) -> dict[str, Any]:
    return {
        "base_url": address.prefix,
        "cookies": no_cookies(),
        "follow_redirects": False,
        "headers": address.headers,
        "timeout": address.timeout,
    }


def _check_open(client: httpx.Client | httpx.AsyncClient) -> None:
    if client.is_closed:
        raise BatchError("this client is closed: make a new one, or make the call before close() or within `with`")


def _bad_redirect(request: httpx.Request) -> httpx.TransportError:
    return httpx.RemoteProtocolError("the response redirects to an address that is not a valid URL", request=request)
