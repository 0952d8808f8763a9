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


class _Limit:
    """A time that counts while its `with` block runs, and no longer in tasks and threads that began in it."""

    def __init__(self, at: float) -> None:
        self.at = at


_NONE = _Limit(math.inf)
_deadline: ContextVar[_Limit] = ContextVar("batch_client_deadline", default=_NONE)
_latest_start: ContextVar[_Limit] = ContextVar("batch_client_latest_start", default=_NONE)


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
    return _deadline.get().at - monotonic()


def time_to_start() -> float:
    """Return the seconds until a call must have left, which may be infinite."""
    return min(_deadline.get().at, _latest_start.get().at) - monotonic()


@contextmanager
def _earlier(variable: ContextVar[_Limit], at: float | None) -> Iterator[None]:
    outer = variable.get().at
    limit = _Limit(outer if at is None else min(at, outer))
    token = variable.set(limit)
    try:
        yield
    finally:
        variable.reset(token)
        limit.at = math.inf


def jitter() -> float:
    """Return a random factor around 1, so that clients started together do not call together for ever."""
    return random.uniform(0.75, 1.25)  # noqa: S311 - spreads load, guards nothing
