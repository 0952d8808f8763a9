"""Waits for what Batch does in the background: one schedule of polls for any number of tasks or jobs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Protocol

from batch_client._tasks.schedule import Schedule
from batch_client._transport import clock
from batch_client._transport.call import NO_LIMITS, Limits
from batch_client.errors import APITimeoutError, BatchError, RateLimitTimeout
from batch_generated.types import OnPoll, Poll

_LAST_POLL = 5.0
"""Seconds that a poll may take beyond the deadline, when it began before."""


class Waited(Protocol):
    """What can be waited for, of either kind: `poll` reads the state once, or is to be awaited."""

    token: str
    state: str | None
    finished: bool
    result: Any

    def poll(self, limits: Limits) -> Any: ...

    def timed_out(self, timeout: float, unfinished: Sequence[Any]) -> BatchError: ...


def wait_for(waited: Sequence[Any], timeout: float | None, on_poll: OnPoll | None) -> list[Any]:
    """Poll until all are finished and return their results in the order given.

    Raises:
        BatchError: timed out, as the first that is not finished says, or a call failed.
    """
    poller = _Poller(waited, timeout)
    while (pending := poller.next()) is not None:
        one, delay = pending
        if delay > 0:
            clock.sleep(delay)
        try:
            one.poll(poller.limits)
        except (RateLimitTimeout, APITimeoutError) as error:
            poller.missed(error)
        else:
            poller.polled(on_poll)
    return poller.results()


async def async_wait_for(waited: Sequence[Any], timeout: float | None, on_poll: OnPoll | None) -> list[Any]:
    """The twin of `wait_for` for asyncio."""
    poller = _Poller(waited, timeout)
    while (pending := poller.next()) is not None:
        one, delay = pending
        if delay > 0:
            await clock.async_sleep(delay)
        try:
            await one.poll(poller.limits)
        except (RateLimitTimeout, APITimeoutError) as error:
            poller.missed(error)
        else:
            poller.polled(on_poll)
    return poller.results()


class _Poller:
    """What is waited for, and the schedule of polls."""

    def __init__(self, waited: Sequence[Waited], timeout: float | None) -> None:
        if timeout is not None and math.isnan(timeout):
            raise ValueError("timeout must be a number of seconds or None, not nan")
        self._waited = waited
        self._unfinished = [one for one in waited if not one.finished]
        self._timeout = timeout
        self._schedule = Schedule(len(self._unfinished), clock.monotonic(), timeout)
        self._current = 0

    @property
    def limits(self) -> Limits:
        """Those of a poll: none begins after the deadline, nor does the last end long after it."""
        deadline = self._schedule.deadline
        return NO_LIMITS if deadline is None else Limits(deadline + _LAST_POLL, latest_start=deadline)

    def next(self) -> tuple[Waited, float] | None:
        """Return what to poll next and the seconds to sleep before; None when all is done or time is over."""
        following = self._schedule.next()
        if following is None:
            return None
        self._current, due = following
        return self._unfinished[self._current], max(0.0, due - clock.monotonic())

    def polled(self, on_poll: OnPoll | None) -> None:
        """Record that one was polled, or that it was not its turn, and report it."""
        one, now = self._unfinished[self._current], clock.monotonic()
        number = self._schedule.looked(self._current, now, clock.jitter(), finished=one.finished)
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
        """Record that time ran out before a poll ended; raise the error of a poll that failed in time."""
        deadline = self._schedule.deadline
        is_over = deadline is not None and clock.monotonic() >= deadline
        if not (is_over or isinstance(error, RateLimitTimeout)):
            raise error
        self.polled(None)

    def results(self) -> list[Any]:
        """Return the results in the order given, or raise the error of what is not finished."""
        unfinished = [one for one in self._waited if not one.finished]
        if unfinished and self._timeout is not None:
            raise unfinished[0].timed_out(self._timeout, unfinished)
        return [one.result for one in self._waited]
