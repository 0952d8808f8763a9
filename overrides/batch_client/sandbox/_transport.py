"""The sandbox as httpx transports: no socket, the same answers."""

from __future__ import annotations

import asyncio
import time

import httpx

from batch_client.sandbox._answers import Answer
from batch_client.sandbox._dispatch import Dispatcher, Request
from batch_client.sandbox._wire import encode

BASE_URL = "https://api.sandbox.test"
"""Address of a sandbox that no socket serves."""


class SandboxTransport(httpx.BaseTransport):
    """Answers by a dispatcher, in the caller's thread."""

    def __init__(self, dispatcher: Dispatcher) -> None:
        self._dispatcher = dispatcher

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        answer = self._dispatcher.respond(_take_in(request, request.read()))
        if answer.delay:
            time.sleep(answer.delay)
        return _give_out(answer, request)


class AsyncSandboxTransport(httpx.AsyncBaseTransport):
    """The twin of `SandboxTransport` for asyncio."""

    def __init__(self, dispatcher: Dispatcher) -> None:
        self._dispatcher = dispatcher

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        answer = self._dispatcher.respond(_take_in(request, await request.aread()))
        if answer.delay:
            await asyncio.sleep(answer.delay)
        return _give_out(answer, request)


def _take_in(request: httpx.Request, content: bytes) -> Request:
    return Request(
        method=request.method,
        path=request.url.path,
        query=request.url.query.decode("ascii"),
        headers={name.lower(): value for name, value in request.headers.items()},
        content=content,
        origin=str(request.url.copy_with(path="/", query=None, fragment=None)).rstrip("/"),
    )


def _give_out(answer: Answer, request: httpx.Request) -> httpx.Response:
    if answer.lost:
        raise httpx.RemoteProtocolError("the sandbox was told to lose the answer", request=request)
    content, headers = encode(answer)
    return httpx.Response(answer.status, headers=headers, content=content, request=request)
