"""Reads a response whole, but no more of it and no longer than any response of the API could take."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx

from batch_client._transport import clock
from batch_client._transport.call import Call
from batch_client._transport.deadlines import OVER
from batch_client._transport.decoding import Decoder

MAX_RESPONSE_BYTES = 16 * 2**20
"""Bytes, decompressed, after which a response is not read further. The API's largest are some 2 MiB."""

Redact = Callable[[bytes], bytes]
"""Returns a body without the keys that it repeats."""


class Reply:
    """A response whose body is in memory. Generated functions read it as they read an httpx response."""

    __slots__ = ("call", "content", "elapsed", "headers", "is_damaged", "response", "status_code", "unread")

    def __init__(self, call: Call, response: httpx.Response) -> None:
        self.call = call
        self.response = response
        """The response of the transport, whose stream is used up."""
        self.status_code = response.status_code
        self.headers = response.headers
        self.content = b""
        self.elapsed = 0.0
        """Seconds from sending to the last byte."""
        self.unread: str | None = None
        """Why the body is kept in part or not at all; None if it is whole."""
        self.is_damaged = False
        """Whether the body could not be decompressed, so that another may be whole."""

    @property
    def is_success(self) -> bool:
        return 200 <= self.status_code < 300

    def json(self) -> Any:
        return json.loads(self.content)

    def error_body(self) -> tuple[str | None, str | None]:
        """Return code and message of the API's own error body; None and None if the response holds none."""
        try:
            body = self.json()
            return str(body["error_code"]), str(body["error_message"])
        except (ValueError, TypeError, KeyError, RecursionError):
            return None, None

    def as_response(self) -> httpx.Response:
        """Return the response as errors and generated functions hold it: read, with a request without credentials."""
        headers = httpx.Headers(self.headers)
        # The content is decompressed and in one piece now.
        for name in ("Content-Encoding", "Content-Length", "Transfer-Encoding"):
            headers.pop(name, None)
        response = httpx.Response(
            self.status_code,
            headers=headers,
            content=self.content,
            request=self.call.as_request(),
            extensions=self.response.extensions,
        )
        response.elapsed = timedelta(seconds=self.elapsed)
        return response


def read_whole(response: httpx.Response, call: Call, deadline: float, redact: Redact) -> Reply:
    """Return the reply to a call; the connection is free again.

    Args:
        response: As a transport gave it.
        call: What it replies to.
        deadline: Time of the monotonic clock at which reading ends.
        redact: What is done to the body of a failure, which errors show.

    Raises:
        httpx.ReadTimeout: the deadline is over.
        httpx.RequestError: the connection broke.
    """
    body = _Body(response, call, deadline)
    try:
        if not body.is_read:
            for chunk in response.iter_raw():
                if not body.add(chunk):
                    break
    finally:
        response.close()
    return body.as_reply(redact)


async def async_read_whole(response: httpx.Response, call: Call, deadline: float, redact: Redact) -> Reply:
    """The twin of `read_whole` for asyncio."""
    body = _Body(response, call, deadline)
    try:
        if not body.is_read:
            async for chunk in response.aiter_raw():
                if not body.add(chunk):
                    break
    finally:
        await response.aclose()
    return body.as_reply(redact)


class _Body:
    """What has been read so far."""

    def __init__(self, response: httpx.Response, call: Call, deadline: float) -> None:
        self._reply = Reply(call, response)
        self._deadline = deadline
        self._started = clock.monotonic()
        self._content = bytearray()
        self.is_read = response.is_stream_consumed
        """Whether a caller's event hook read it before, or it never was a stream."""
        if self.is_read:
            self._keep(response.content)
        else:
            self._decoder = Decoder(response)

    def add(self, chunk: bytes) -> bool:
        """Take in a chunk as it came and return whether to read on."""
        self._check_time()
        try:
            for piece in self._decoder.decode(chunk):
                self._check_time()
                self._keep(piece)
                if self._reply.unread is not None:
                    break
        except httpx.DecodingError as error:
            # The status still says what became of the call.
            self._reply.unread = str(error)
            self._reply.is_damaged = True
        return self._reply.unread is None

    def _keep(self, piece: bytes) -> None:
        self._content += piece
        if len(self._content) > MAX_RESPONSE_BYTES:
            self._reply.unread = f"it is larger than {MAX_RESPONSE_BYTES >> 20} MiB"

    def as_reply(self, redact: Redact) -> Reply:
        reply = self._reply
        content = bytes(self._content)
        reply.content = redact(content) if reply.status_code >= 400 else content
        reply.elapsed = clock.monotonic() - self._started
        return reply

    def _check_time(self) -> None:
        if clock.monotonic() >= self._deadline:
            raise httpx.ReadTimeout(OVER)
