"""Decides when to look at indexing tasks: one schedule for any number of them, for sync and async alike."""

from __future__ import annotations

import heapq

from batch_generated.api import INDEXING_STATES

FIRST_DELAY = 1.0
"""Seconds before the first look, and the least between two: by default a project may send one request a second."""
GROWTH = 1.5
MAX_DELAY = 20.0
_LOOKS_OF_GROWTH = 8
"""After so many looks the delay is the longest; a wait of weeks must not compute a power of thousands."""


def is_final(state: str) -> bool:
    """Return whether indexing is over. A state that is not documented is not: waiting goes on until the deadline."""
    return state in ("APPLIED", "REPLACED")


def is_documented(state: str) -> bool:
    """Return whether the documentation knows the state."""
    return state in INDEXING_STATES


class Schedule:
    """Says which task to look at next and when. Times are seconds of one monotonic clock.

    Each task is looked at after intervals that grow from short to long; looks at different tasks keep their distance
    too; none is later than the deadline.
    """

    def __init__(self, count: int, started: float, timeout: float | None) -> None:
        self._started = started
        self._deadline = None if timeout is None else started + timeout
        self._due = [(started + FIRST_DELAY, index) for index in range(count)]
        self._looks = [0] * count
        self._last_look: float | None = None

    def next(self) -> tuple[int, float] | None:
        """Return the task to look at and the time to do so; None when all are finished or the deadline is over."""
        if not self._due:
            return None
        due, index = self._due[0]
        if self._last_look is not None:
            due = max(due, self._last_look + FIRST_DELAY)
        if self._deadline is None or due <= self._deadline:
            return index, due
        if self._last_look is not None and self._last_look >= self._deadline:
            return None
        return index, self._deadline

    def looked(self, index: int, now: float, jitter: float, *, finished: bool) -> int:
        """Record a look and return how many that task had. `jitter` is a factor around 1."""
        heapq.heappop(self._due)
        self._last_look = now
        self._looks[index] += 1
        if not finished:
            delay = min(MAX_DELAY, FIRST_DELAY * GROWTH ** min(self._looks[index], _LOOKS_OF_GROWTH)) * jitter
            heapq.heappush(self._due, (now + max(FIRST_DELAY, delay), index))
        return self._looks[index]

    @property
    def deadline(self) -> float | None:
        """The time after which there is no look; None for never."""
        return self._deadline

    def elapsed(self, now: float) -> float:
        """Return the seconds since the wait began."""
        return now - self._started
