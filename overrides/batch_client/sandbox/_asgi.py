"""The sandbox as an ASGI application."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from batch_client.sandbox._dispatch import Dispatcher, Request
from batch_client.sandbox._wire import encode

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
ASGIApp = Callable[[Message, Receive, Send], Awaitable[None]]


def make_app(dispatcher: Dispatcher) -> ASGIApp:
    """Return an application that answers HTTP requests by a dispatcher."""

    async def app(scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            raise NotImplementedError(f"the sandbox serves HTTP only, not {scope['type']}")
        answer = dispatcher.respond(await _read(scope, receive))
        if answer.delay:
            await asyncio.sleep(answer.delay)
        content, headers = encode(answer)
        # A length that is not kept makes the server break the connection off.
        length = len(content) + 1 if answer.lost else len(content)
        raw = [
            (name.lower().encode(), value.encode())
            for name, value in (headers | {"Content-Length": str(length)}).items()
        ]
        await send({"type": "http.response.start", "status": answer.status, "headers": raw})
        await send({"type": "http.response.body", "body": content, "more_body": answer.lost})

    return app


async def _read(scope: Message, receive: Receive) -> Request:
    chunks, more = [], True
    while more:
        message = await receive()
        chunks.append(message.get("body", b""))
        more = message.get("more_body", False)
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
    return Request(
        method=scope["method"],
        path=scope["path"],
        query=scope["query_string"].decode("latin-1"),
        headers=headers,
        content=b"".join(chunks),
        origin=f"{scope.get('scheme', 'http')}://{headers.get('host', 'localhost')}",
    )
