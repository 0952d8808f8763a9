"""The in-memory transports: they read a request whole, as a connection would, and return prepared bytes."""

from __future__ import annotations

import httpx

from benchmarks import payloads


def _respond(request: httpx.Request) -> httpx.Response:
    status, body = (200, payloads.AUDIENCE) if request.method == "GET" else (202, payloads.ACCEPTED)
    headers = [
        (b"Date", b"Mon, 03 Jun 2024 09:16:01 GMT"),
        (b"Content-Type", b"application/json"),
        (b"Content-Length", str(len(body)).encode()),
    ]
    return httpx.Response(status, headers=headers, stream=httpx.ByteStream(body))


class InMemoryTransport(httpx.BaseTransport):
    """Return an audience for a GET, and that the body was accepted for a POST."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        for _ in request.stream:  # type: ignore[union-attr] # a sync client sends sync streams
            pass
        return _respond(request)


class AsyncInMemoryTransport(httpx.AsyncBaseTransport):
    """The twin of `InMemoryTransport` for asyncio."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        async for _ in request.stream:  # type: ignore[union-attr] # an async client sends async streams
            pass
        return _respond(request)
