"""Ends a call at its deadline in every phase, however slowly bytes arrive or leave.

An httpx time-out starts again with each byte, so that a server which sends one now and then holds a call indefinitely.
asyncio can cancel anything from outside; a thread that reads from a socket must be kept from reading again.
"""

from __future__ import annotations

import math
import threading
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import httpx

from batch_client._transport import clock

OVER = "the deadline of the call is over"


@asynccontextmanager
async def async_deadline(at: float) -> AsyncIterator[None]:
    """Let nothing within the `async with` block take longer than until a time of the monotonic clock."""
    import asyncio  # which only the asyncio client needs

    limit = asyncio.timeout(None if at == math.inf else at - clock.monotonic())
    try:
        async with limit:
            yield
    except TimeoutError:
        if not limit.expired():
            raise
        raise httpx.ReadTimeout(OVER) from None


class _Thread(threading.local):
    """What a thread may not read or write beyond: connections are shared by calls that end at different times."""

    deadline = math.inf


_thread = _Thread()


@contextmanager
def sync_deadline(at: float) -> Iterator[None]:
    """Let no read or write of this thread within the `with` block end after a time of the monotonic clock."""
    outer, _thread.deadline = _thread.deadline, at
    try:
        yield
    except httpx.TimeoutException as error:
        if clock.monotonic() < at:
            raise
        raise type(error)(OVER) from None
    finally:
        _thread.deadline = outer


def with_deadline(extensions: Mapping[str, Any], at: float) -> dict[str, Any]:
    """Return the extensions of a synchronous request that ends at a time of the monotonic clock in whatever phase.

    What is read and written on a connection that it makes ends at the `sync_deadline` of whoever reads and writes.
    """
    left = max(0.0, at - clock.monotonic())
    timeouts = extensions.get("timeout", {})
    timeouts = {name: _shorter(timeouts.get(name), left) for name in ("connect", "read", "write", "pool")}
    trace = extensions.get("trace")

    def traced(event: str, info: dict[str, Any]) -> None:
        if event.endswith((".connect_tcp.complete", ".connect_unix_socket.complete", ".start_tls.complete")):
            _limit(info["return_value"])
        if trace is not None:
            trace(event, info)

    return {**extensions, "timeout": timeouts, "trace": traced}


_PIECE = 2**14
"""Bytes of a write that one time-out covers; few enough for the system to take them at once or not at all."""


def _limit(stream: Any) -> None:
    """Let each read and write of a new connection take no longer than the call has left that it is made for."""
    read, write = stream.read, stream.write

    def read_in_time(max_bytes: int, timeout: float | None = None) -> Any:
        return read(max_bytes, _in_time(timeout, httpx.ReadTimeout))

    def write_in_time(buffer: bytes, timeout: float | None = None) -> None:
        # A piece at a time, since the time-out of a write starts again with whatever the other side takes.
        for start in range(0, len(buffer), _PIECE):
            write(buffer[start : start + _PIECE], _in_time(timeout, httpx.WriteTimeout))

    stream.read, stream.write = read_in_time, write_in_time


def _in_time(timeout: float | None, error: type[httpx.TimeoutException]) -> float | None:
    left = _thread.deadline - clock.monotonic()
    if left <= 0:
        raise error(OVER)
    return _shorter(timeout, left)


def _shorter(timeout: float | None, left: float) -> float | None:
    """Return the shorter of two time-outs, of which None and infinity are none."""
    shorter = left if timeout is None else min(timeout, left)
    return None if shorter == math.inf else shorter
