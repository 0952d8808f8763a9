"""Time as the client sees it: one place to read it, to sleep, and for tests to replace both."""

from __future__ import annotations

import datetime
import random
import time


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
    import asyncio  # which only the asyncio client needs

    await asyncio.sleep(seconds)


def jitter() -> float:
    """Return a random factor around 1, so that clients started together do not stay in step."""
    return random.uniform(0.75, 1.25)  # noqa: S311 - spreads load, guards nothing
