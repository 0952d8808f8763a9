"""Keeps calls within the API's rate limits: token buckets, one set a project for all threads and tasks of a process.

A call takes its units at once, on credit if need be, and then waits until they have flowed in: nobody holds a lock
while waiting, so threads and tasks mix, and calls leave in the order in which they came.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from batch_client._transport import clock
from batch_client._transport.fork import renew_after_fork
from batch_generated.types import RateLimit

_NEGLIGIBLE = 0.001
"""Seconds not worth a sleep: less than the network's own variation."""

_RATE_USED, _BURST_USED = 0.985, 0.9
"""How much of a limit a client uses. Calls take differently long to arrive: what leaves in time can come too early."""


class Bucket:
    """A token bucket, full at first. Its level is below zero while callers wait for what they took.

    Args:
        exact: Whether the whole limit is used: by who enforces it.
    """

    def __init__(self, limit: RateLimit, *, exact: bool) -> None:
        self._rate = limit.units / limit.seconds * (1.0 if exact else _RATE_USED)
        self._burst = float(limit.burst) if exact else min(limit.burst, max(1.0, limit.burst * _BURST_USED))
        self._level = self._burst
        self._updated = clock.monotonic()
        self._lock = threading.Lock()

    def take(self, units: float, longest: float, pause: float = 0.0) -> float:
        """Take units and return the seconds until they are there; take nothing if that is more than `longest`.

        With a pause the bucket runs dry, so that they, and what is taken after, are not there before its end.
        """
        with self._lock:
            now = clock.monotonic()
            self._level = min(self._burst, self._level + max(0.0, now - self._updated) * self._rate)
            self._updated = now
            # More units than the bucket holds leave when it is full, and the next call waits the longer.
            delay = (min(units, self._burst) - self._level) / self._rate
            if delay < _NEGLIGIBLE:
                delay = 0.0
            delay = max(delay, pause)
            if delay <= longest:
                # What is taken next waits until this has left.
                self._level = min(self._level, self._burst - pause * self._rate) - units
            return delay

    def give_back(self, units: float) -> None:
        """Return units that were taken and not used."""
        with self._lock:
            self._level += units


class Reservation(NamedTuple):
    """Units taken for one request."""

    delay: float = 0.0
    """Seconds until the request may leave."""
    limit: str | None = None
    """Name of the rate limit that makes it wait."""
    taken: tuple[tuple[Bucket, float], ...] = ()
    granted: bool = True
    """False if the delay was too long: no units were taken."""

    def cancel(self) -> None:
        """Give the units back: the request is not sent."""
        for bucket, units in self.taken:
            bucket.give_back(units)


Buckets = dict[tuple[str, str, RateLimit], Bucket]
"""By project, name of the limit, and the limit."""


class _Shared:
    """The buckets of this process, and the lock under which one is added."""

    def __init__(self) -> None:
        self.renew()
        renew_after_fork(self)

    def renew(self) -> None:
        self.buckets: Buckets = {}
        self.lock = threading.Lock()


_shared = _Shared()


class RateLimiter:
    """The rate limits of one project. Limiters of the same project share their buckets.

    Args:
        limits: The limits by name.
        project: What tells the project from others; it outlives the client, so it must not be the key.
        buckets: Where the buckets are kept; default: one place for the whole process.
        exact: Whether whole limits are used: by who enforces them.
    """

    def __init__(
        self, limits: Mapping[str, RateLimit], project: str, buckets: Buckets | None = None, *, exact: bool = False
    ) -> None:
        self._limits = limits
        self._project = project
        self._buckets = buckets
        self._exact = exact

    def reserve(
        self, names: Iterable[str], units_of: Callable[[RateLimit], int], longest: float, pause: float = 0.0
    ) -> Reservation:
        """Take the units of a call. It is not granted if it had to wait longer than `longest`.

        Args:
            names: The limits that count it.
            units_of: Returns how much it takes of a limit.
            longest: Seconds.
            pause: Seconds in which it and what comes after it must not leave, because the API refused it by 429.
        """
        reservation = Reservation()
        for name in names:
            limit = self._limits.get(name)
            units = 0 if limit is None else units_of(limit)
            if limit is None or units == 0:
                continue
            bucket = self._bucket(name, limit)
            delay = bucket.take(units, longest, pause)
            if delay > longest:
                reservation.cancel()
                return Reservation(delay, name, granted=False)
            taken = (*reservation.taken, (bucket, float(units)))
            if delay > reservation.delay:
                reservation = Reservation(delay, name, taken)
            else:
                reservation = Reservation(reservation.delay, reservation.limit, taken)
        return reservation

    def _bucket(self, name: str, limit: RateLimit) -> Bucket:
        with _shared.lock:
            buckets = _shared.buckets if self._buckets is None else self._buckets
            key = (self._project, name, limit)
            if key not in buckets:
                buckets[key] = Bucket(limit, exact=self._exact)
            return buckets[key]
