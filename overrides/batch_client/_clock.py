"""Time as the client sees it: one place to read it, to sleep, and for tests to replace both."""

from __future__ import annotations

import asyncio
import datetime
import math
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar


def monotonic() -> float:
    """Return seconds that never go back."""
    return time.monotonic()


def now() -> datetime.datetime:
    """Return the time of day, in UTC."""
    return datetime.datetime.now(datetime.UTC)


def sleep(seconds: float) -> None:
    """Sleep; an interrupt ends it."""
    time.sleep(seconds)


async def async_sleep(seconds: float) -> None:
    """Sleep; a cancellation ends it."""
    await asyncio.sleep(seconds)


_deadline: ContextVar[float] = ContextVar("batch_client_deadline", default=math.inf)
_latest_start: ContextVar[float] = ContextVar("batch_client_latest_start", default=math.inf)


@contextmanager
def deadline(at: float | None) -> Iterator[None]:
    """End every call within the `with` block at a time of `monotonic`, or at an earlier one set outside it."""
    with _earlier(_deadline, at):
        yield


@contextmanager
def latest_start(at: float | None) -> Iterator[None]:
    """Let no call within the `with` block wait for its turn beyond a time of `monotonic`; once sent, it may go on."""
    with _earlier(_latest_start, at):
        yield


def time_left() -> float:
    """Return the seconds until the deadline that is set, which may be infinite."""
    return _deadline.get() - monotonic()


def time_to_start() -> float:
    """Return the seconds until a call must have left, which may be infinite."""
    return min(_deadline.get(), _latest_start.get()) - monotonic()


@contextmanager
def _earlier(limit: ContextVar[float], at: float | None) -> Iterator[None]:
    token = limit.set(limit.get() if at is None else min(at, limit.get()))
    try:
        yield
    finally:
        limit.reset(token)


def jitter() -> float:
    """Return a random factor around 1, so that clients started together do not call together for ever."""
    return random.uniform(0.75, 1.25)  # noqa: S311 - spreads load, guards nothing
