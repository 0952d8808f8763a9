"""Reads a response whole, but no more of it and no longer than any response of the API could take."""

from __future__ import annotations

from datetime import timedelta

import httpx

from batch_client import _clock
from batch_client._deadlines import OVER
from batch_client._decoding import Decoder

LARGEST_BODY = 16 * 2**20
"""Bytes, decompressed, after which a response is not read further. The API's largest are some 2 MiB."""

TRUNCATED = "batch_client.truncated"
"""Extension of a response whose body was larger and is kept in part."""


async def async_read_whole(response: httpx.Response, request: httpx.Request) -> httpx.Response:
    """The twin of `read_whole` for asyncio."""
    body = _Body(response)
    try:
        if not body.is_read:
            async for chunk in response.aiter_raw():
                if not body.add(chunk):
                    break
    finally:
        await response.aclose()
    return body.as_response(request)


def read_whole(response: httpx.Response, request: httpx.Request) -> httpx.Response:
    """Return a response with its body in memory; the connection is free again.

    Args:
        response: As a transport gave it.
        request: The request that it answers.

    Raises:
        httpx.ReadTimeout: the deadline is over.
        httpx.RequestError: the connection broke, or the body cannot be decompressed.
    """
    body = _Body(response)
    try:
        if not body.is_read:
            for chunk in response.iter_raw():
                if not body.add(chunk):
                    break
    finally:
        response.close()
    return body.as_response(request)


class _Body:
    """What has been read so far."""

    def __init__(self, response: httpx.Response) -> None:
        self._response = response
        self._started = _clock.monotonic()
        self._content = bytearray()
        self._truncated = False
        self.is_read = response.is_stream_consumed
        """Whether a caller's event hook read it before, or it never was a stream."""
        if self.is_read:
            self._keep(response.content)
        else:
            self._decoder = Decoder(response)

    def add(self, chunk: bytes) -> bool:
        """Take in a chunk as it came and return whether to read on."""
        _check_time()
        for piece in self._decoder.decode(chunk):
            _check_time()
            self._keep(piece)
            if self._truncated:
                break
        return not self._truncated

    def _keep(self, piece: bytes) -> None:
        self._content += piece
        self._truncated = len(self._content) > LARGEST_BODY

    def as_response(self, request: httpx.Request) -> httpx.Response:
        headers = httpx.Headers(self._response.headers)
        # The content is decompressed and in one piece now.
        for name in ("Content-Encoding", "Content-Length", "Transfer-Encoding"):
            headers.pop(name, None)
        read = httpx.Response(
            self._response.status_code,
            headers=headers,
            content=bytes(self._content),
            request=request,
            extensions=self._response.extensions | ({TRUNCATED: True} if self._truncated else {}),
        )
        read.elapsed = timedelta(seconds=_clock.monotonic() - self._started)
        return read


def _check_time() -> None:
    if _clock.time_left() <= 0:
        raise httpx.ReadTimeout(OVER)
