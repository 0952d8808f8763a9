"""Reads an answer whole, but no more of it and no longer than any answer of the API could take."""

from __future__ import annotations

from datetime import timedelta

import httpx

from batch_client import _clock

LARGEST_BODY = 16 * 2**20
"""Bytes, decompressed, after which an answer is not read further. The API's largest are some 2 MiB."""

TRUNCATED = "batch_client.truncated"
"""Extension of a response whose body was larger and is kept in part."""


async def async_read_whole(response: httpx.Response, request: httpx.Request, deadline: float) -> httpx.Response:
    """The twin of `read_whole` for asyncio."""
    body = _Body(deadline)
    try:
        async for chunk in response.aiter_bytes():
            if not body.add(chunk):
                break
    finally:
        await response.aclose()
    return body.as_response(response, request)


def read_whole(response: httpx.Response, request: httpx.Request, deadline: float) -> httpx.Response:
    """Return a response with its body in memory; the connection is free again.

    Args:
        response: As a transport gave it, not read yet.
        request: The request that it answers.
        deadline: Time of the monotonic clock after which reading stops.

    Raises:
        httpx.ReadTimeout: the deadline is over.
        httpx.RequestError: the connection broke, or the body cannot be decompressed.
    """
    body = _Body(deadline)
    try:
        for chunk in response.iter_bytes():
            if not body.add(chunk):
                break
    finally:
        response.close()
    return body.as_response(response, request)


class _Body:
    """What has been read so far."""

    def __init__(self, deadline: float) -> None:
        self._deadline = deadline
        self._started = _clock.monotonic()
        self._content = bytearray()
        self._truncated = False

    def add(self, chunk: bytes) -> bool:
        """Take in a chunk and return whether to read on."""
        if _clock.monotonic() > self._deadline:
            raise httpx.ReadTimeout("the answer was not complete before the deadline of the call")
        self._content += chunk
        self._truncated = len(self._content) > LARGEST_BODY
        return not self._truncated

    def as_response(self, response: httpx.Response, request: httpx.Request) -> httpx.Response:
        headers = httpx.Headers(response.headers)
        # The content is decompressed and in one piece now.
        for name in ("Content-Encoding", "Content-Length", "Transfer-Encoding"):
            headers.pop(name, None)
        read = httpx.Response(
            response.status_code,
            headers=headers,
            content=bytes(self._content),
            request=request,
            extensions=response.extensions | ({TRUNCATED: True} if self._truncated else {}),
        )
        read.elapsed = timedelta(seconds=_clock.monotonic() - self._started)
        return read
