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


_deadline: ContextVar[float | None] = ContextVar("batch_client_deadline", default=None)


@contextmanager
def deadline(at: float | None) -> Iterator[None]:
    """Let no call that is made within the `with` block wait beyond a time of `monotonic`; None sets no limit."""
    token = _deadline.set(at)
    try:
        yield
    finally:
        _deadline.reset(token)


def time_left() -> float:
    """Return the seconds until the deadline that is set, which may be infinite."""
    at = _deadline.get()
    return math.inf if at is None else at - monotonic()


def jitter() -> float:
    """Return a random factor around 1, so that clients started together do not call together for ever."""
    return random.uniform(0.75, 1.25)  # noqa: S311 - spreads load, guards nothing
