"""The sandbox as httpx transports: no socket, the same answers."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterable, Iterable

import httpx

from batch_client.sandbox._answers import Answer, Refusal
from batch_client.sandbox._dispatch import Dispatcher
from batch_client.sandbox._requests import Request, check_length

BASE_URL = "https://api.sandbox.test"
"""Address of a sandbox that no socket serves."""


class SandboxTransport(httpx.BaseTransport):
    """Answers by a dispatcher, in the caller's thread."""

    def __init__(self, dispatcher: Dispatcher) -> None:
        self._dispatcher = dispatcher

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        head = _read_head(request)
        answer = self._dispatcher.respond_to_head(head)
        if answer is None:
            try:
                answer = self._dispatcher.respond(head.with_content(_read_body(request)))
            except Refusal as refusal:
                answer = self._dispatcher.refuse(head, refusal)
        if answer.delay:
            time.sleep(answer.delay)
        return _give_out(answer, request)


class AsyncSandboxTransport(httpx.AsyncBaseTransport):
    """The twin of `SandboxTransport` for asyncio."""

    def __init__(self, dispatcher: Dispatcher) -> None:
        self._dispatcher = dispatcher

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        head = _read_head(request)
        answer = self._dispatcher.respond_to_head(head)
        if answer is None:
            try:
                answer = self._dispatcher.respond(head.with_content(await _async_read_body(request)))
            except Refusal as refusal:
                answer = self._dispatcher.refuse(head, refusal)
        if answer.delay:
            await asyncio.sleep(answer.delay)
        return _give_out(answer, request)


def _read_head(request: httpx.Request) -> Request:
    return Request(
        method=request.method,
        path=request.url.path,
        query=request.url.query.decode("ascii"),
        headers={name.lower(): value for name, value in request.headers.items()},
        origin=f"{request.url.scheme}://{request.url.netloc.decode('ascii')}",
    )


def _read_body(request: httpx.Request) -> bytes:
    if not isinstance(request.stream, Iterable):
        raise TypeError("a body for asyncio was sent by a client that is not for asyncio")
    content = bytearray()
    for chunk in request.stream:
        content += chunk
        check_length(len(content))
    return bytes(content)


async def _async_read_body(request: httpx.Request) -> bytes:
    if not isinstance(request.stream, AsyncIterable):
        raise TypeError("a body that is not for asyncio was sent by a client for asyncio")
    content = bytearray()
    async for chunk in request.stream:
        content += chunk
        check_length(len(content))
    return bytes(content)


def _give_out(answer: Answer, request: httpx.Request) -> httpx.Response:
    if answer.lost:
        raise httpx.RemoteProtocolError("the sandbox was told to lose the answer", request=request)
    content, headers = answer.encode()
    return httpx.Response(answer.status, headers=headers, content=content, request=request)
