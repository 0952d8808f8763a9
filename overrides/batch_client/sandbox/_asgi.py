"""The sandbox as an ASGI application, which reads no more of a request than it needs to answer it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from batch_client.sandbox._answers import Answer, Refusal
from batch_client.sandbox._dispatch import Dispatcher
from batch_client.sandbox._requests import MAX_BODY_BYTES, Request, check_length

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
ASGIApp = Callable[[Message, Receive, Send], Awaitable[None]]

BODY_SECONDS = 30.0
"""How long a body may take to arrive."""
LINGER_SECONDS = 5.0
LINGER_BYTES = 2 * MAX_BODY_BYTES
"""How much of an unwanted body is discarded: a client that still sends when the connection ends misses the response."""


def make_app(dispatcher: Dispatcher) -> ASGIApp:
    """Return an application that answers HTTP requests by a dispatcher."""

    async def app(scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _live(receive, send)
            return
        if scope["type"] != "http":
            await send({"type": f"{scope['type']}.close"})
            return
        request = _read_head(scope)
        answer = dispatcher.respond_to_head(request)
        unread = answer is not None and _has_body(request)
        if answer is None:
            try:
                content = await _read_body(receive)
            except Refusal as refusal:
                answer, unread = dispatcher.refuse(request, refusal), True
            else:
                if content is None:
                    return
                answer = dispatcher.respond(request.with_content(content))
        if answer.delay:
            await asyncio.sleep(answer.delay)
        await _send(answer, receive if unread else None, send)

    return app


async def _send(answer: Answer, unread: Receive | None, send: Send) -> None:
    """Send an answer, then discard a body that was not read and close the connection."""
    content, headers = answer.encode()
    # A length that is not kept makes the server close the connection early.
    headers |= {"Content-Length": str(len(content) + 1 if answer.lost else len(content))}
    if unread is not None:
        headers |= {"Connection": "close"}
    raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": answer.status, "headers": raw})
    await send({"type": "http.response.body", "body": content, "more_body": answer.lost or unread is not None})
    if unread is not None and not answer.lost:
        if answer.status != 408:  # which is the answer to a body that has stopped arriving
            await _discard(unread)
        await send({"type": "http.response.body"})


async def _discard(receive: Receive) -> None:
    """Receive the rest of a body, if it is short and quick."""
    length, more = 0, True
    try:
        async with asyncio.timeout(LINGER_SECONDS):
            while more and length < LINGER_BYTES:
                message = await receive()
                length += len(message.get("body", b""))
                more = message.get("more_body", False)
    except TimeoutError:
        pass


async def _live(receive: Receive, send: Send) -> None:
    """Take part in the start and the end of a server."""
    while True:
        kind = (await receive())["type"]
        await send({"type": f"{kind}.complete"})
        if kind == "lifespan.shutdown":
            return


def _read_head(scope: Message) -> Request:
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
    return Request(
        method=scope["method"],
        path=scope["path"],
        query=scope["query_string"].decode("latin-1"),
        headers=headers,
        origin=f"{scope.get('scheme', 'http')}://{headers.get('host', 'localhost')}",
    )


def _has_body(request: Request) -> bool:
    return "transfer-encoding" in request.headers or request.headers.get("content-length", "0") != "0"


async def _read_body(receive: Receive) -> bytes | None:
    """Return the body of a request; None if its client went away before all of it had arrived."""
    content = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    return None
                content += message.get("body", b"")
                check_length(len(content))
                if not message.get("more_body", False):
                    return bytes(content)
    except TimeoutError:
        raise Refusal(408, "REQUEST_TIMEOUT", f"the body took longer than {BODY_SECONDS:g} s") from None
