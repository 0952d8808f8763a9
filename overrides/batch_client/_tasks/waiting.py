"""Waits for what Batch does in the background: one schedule of looks for any number of tasks or jobs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Protocol

from batch_client._tasks.schedule import Schedule
from batch_client._transport import clock
from batch_client._transport.call import NO_LIMITS, Limits
from batch_client.errors import APITimeoutError, BatchError, RateLimitTimeout
from batch_generated.types import OnPoll, Poll

_LAST_LOOK = 5.0
"""Seconds that a look may take which begins in time and is not over at the deadline."""


class Waited(Protocol):
    """What can be waited for, of either kind: `poll` reads the state once, or is to be awaited."""

    token: str
    state: str | None
    finished: bool
    result: Any

    def poll(self, limits: Limits) -> Any: ...

    def timed_out(self, timeout: float, unfinished: Sequence[Any]) -> BatchError: ...


def wait_for(waited: Sequence[Any], timeout: float | None, on_poll: OnPoll | None) -> list[Any]:
    """Look until all are finished and return their results in the order given.

    Raises:
        BatchError: the time is over, which the first that is not finished tells, or a call failed.
    """
    watch = _Watch(waited, timeout)
    while (pending := watch.next()) is not None:
        one, delay = pending
        if delay > 0:
            clock.sleep(delay)
        try:
            one.poll(watch.limits)
        except (RateLimitTimeout, APITimeoutError) as error:
            watch.missed(error)
        else:
            watch.looked(on_poll)
    return watch.results()


async def async_wait_for(waited: Sequence[Any], timeout: float | None, on_poll: OnPoll | None) -> list[Any]:
    """The twin of `wait_for` for asyncio."""
    watch = _Watch(waited, timeout)
    while (pending := watch.next()) is not None:
        one, delay = pending
        if delay > 0:
            await clock.async_sleep(delay)
        try:
            await one.poll(watch.limits)
        except (RateLimitTimeout, APITimeoutError) as error:
            watch.missed(error)
        else:
            watch.looked(on_poll)
    return watch.results()


class _Watch:
    """What is waited for, and the schedule of looks at it."""

    def __init__(self, waited: Sequence[Waited], timeout: float | None) -> None:
        if timeout is not None and math.isnan(timeout):
            raise ValueError("timeout must be a number of seconds or None, not nan")
        self._waited = waited
        self._unfinished = [one for one in waited if not one.finished]
        self._timeout = timeout
        self._schedule = Schedule(len(self._unfinished), clock.monotonic(), timeout)
        self._looking_at = 0

    @property
    def limits(self) -> Limits:
        """Those of a poll: none begins after the deadline, nor does the last end long after it."""
        deadline = self._schedule.deadline
        return NO_LIMITS if deadline is None else Limits(deadline + _LAST_LOOK, latest_start=deadline)

    def next(self) -> tuple[Waited, float] | None:
        """Return what to look at next and the seconds to sleep before; None when all is done or time is over."""
        look = self._schedule.next()
        if look is None:
            return None
        self._looking_at, due = look
        return self._unfinished[self._looking_at], max(0.0, due - clock.monotonic())

    def looked(self, on_poll: OnPoll | None) -> None:
        """Record that one was looked at, or that it was not its turn to, and report it."""
        one, now = self._unfinished[self._looking_at], clock.monotonic()
        number = self._schedule.looked(self._looking_at, now, clock.jitter(), finished=one.finished)
        if on_poll is not None:
            following = self._schedule.next()
            on_poll(
                Poll(
                    token=one.token,
                    number=number,
                    state=str(one.state),
                    elapsed=self._schedule.elapsed(now),
                    next_in=None if following is None else following[1] - now,
                )
            )

    def missed(self, error: BatchError) -> None:
        """Record that the time was over before a look was; raise the error of a look that failed in time."""
        deadline = self._schedule.deadline
        is_over = deadline is not None and clock.monotonic() >= deadline
        if not (is_over or isinstance(error, RateLimitTimeout)):
            raise error
        self.looked(None)

    def results(self) -> list[Any]:
        """Return the results in the order given, or raise the error of what is not finished."""
        unfinished = [one for one in self._waited if not one.finished]
        if unfinished and self._timeout is not None:
            raise unfinished[0].timed_out(self._timeout, unfinished)
        return [one.result for one in self._waited]
