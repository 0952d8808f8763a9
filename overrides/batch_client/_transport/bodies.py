"""Reads a response whole, but no more of it and no longer than any response of the API could take."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx

from batch_client._transport import clock
from batch_client._transport.deadlines import OVER
from batch_client._transport.decoding import Decoder

LARGEST_BODY = 16 * 2**20
"""Bytes, decompressed, after which a response is not read further. The API's largest are some 2 MiB."""

UNREAD = "batch_client.unread"
"""Extension of a response whose body is kept in part or not at all; it says why."""

DAMAGED = "batch_client.damaged"
"""Extension of a response whose body could not be decompressed, so that another may be whole."""

Redact = Callable[[bytes], bytes]
"""Returns a body without the keys that it repeats."""


async def async_read_whole(response: httpx.Response, request: httpx.Request, redact: Redact) -> httpx.Response:
    """The twin of `read_whole` for asyncio."""
    body = _Body(response)
    try:
        if not body.is_read:
            async for chunk in response.aiter_raw():
                if not body.add(chunk):
                    break
    finally:
        await response.aclose()
    return body.as_response(request, redact)


def read_whole(response: httpx.Response, request: httpx.Request, redact: Redact) -> httpx.Response:
    """Return a response with its body in memory; the connection is free again.

    Args:
        response: As a transport gave it.
        request: The request that it answers.
        redact: What is done to the body of a failure, which errors show.

    Raises:
        httpx.ReadTimeout: the deadline is over.
        httpx.RequestError: the connection broke.
    """
    body = _Body(response)
    try:
        if not body.is_read:
            for chunk in response.iter_raw():
                if not body.add(chunk):
                    break
    finally:
        response.close()
    return body.as_response(request, redact)


class _Body:
    """What has been read so far."""

    def __init__(self, response: httpx.Response) -> None:
        self._response = response
        self._started = clock.monotonic()
        self._content = bytearray()
        self._extensions: dict[str, Any] = {}
        self.is_read = response.is_stream_consumed
        """Whether a caller's event hook read it before, or it never was a stream."""
        if self.is_read:
            self._keep(response.content)
        else:
            self._decoder = Decoder(response)

    def add(self, chunk: bytes) -> bool:
        """Take in a chunk as it came and return whether to read on."""
        _check_time()
        try:
            for piece in self._decoder.decode(chunk):
                _check_time()
                self._keep(piece)
                if self._extensions:
                    break
        except httpx.DecodingError as error:
            # The status still says what became of the call.
            self._extensions = {UNREAD: str(error), DAMAGED: True}
        return not self._extensions

    def _keep(self, piece: bytes) -> None:
        self._content += piece
        if len(self._content) > LARGEST_BODY:
            self._extensions = {UNREAD: f"it is larger than {LARGEST_BODY >> 20} MiB"}

    def as_response(self, request: httpx.Request, redact: Redact) -> httpx.Response:
        headers = httpx.Headers(self._response.headers)
        # The content is decompressed and in one piece now.
        for name in ("Content-Encoding", "Content-Length", "Transfer-Encoding"):
            headers.pop(name, None)
        read = httpx.Response(
            self._response.status_code,
            headers=headers,
            content=redact(bytes(self._content)) if self._response.is_error else bytes(self._content),
            request=request,
            extensions=self._response.extensions | self._extensions,
        )
        read.elapsed = timedelta(seconds=clock.monotonic() - self._started)
        return read


def _check_time() -> None:
    if clock.time_left() <= 0:
        raise httpx.ReadTimeout(OVER)
