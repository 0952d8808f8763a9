"""Sends calls: each when the rate limits allow, again where that is safe, with the credentials, until its deadline."""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import httpx

from batch_client._transport import clock
from batch_client._transport.attempts import DEADLINE, Attempt, delay_before_retry, outcome_of
from batch_client._transport.call import Call, SendObserver
from batch_client._transport.connections import MAX_CONNECTIONS, AsyncConnections, Connections
from batch_client._transport.credentials import Credentials, without_traceback
from batch_client._transport.deadlines import OVER, async_deadline, sync_deadline, with_deadline
from batch_client._transport.fork import renew_after_fork
from batch_client._transport.rates import RateLimiter, Reservation
from batch_client._transport.replies import Reply, async_read_whole, read_whole
from batch_client._transport.signals import raise_from_signal
from batch_client.errors import NOT_PROCESSED, UNKNOWN, Outcome, RateLimitTimeout

if TYPE_CHECKING:
    import asyncio

MAX_SLEEP = 0.5
"""Seconds of a wait after which an observer is asked whether anybody still wants the call."""

_logger = logging.getLogger("batch_client")


class Wait(NamedTuple):
    """When the next attempt may be made, and what it waits for."""

    delay: float
    reason: str
    reservation: Reservation


class _LastByteApart(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A body whose last byte leaves when that is noted: before, the API cannot have processed the request."""

    def __init__(self, content: bytes, observer: SendObserver) -> None:
        self._content = content
        self._observer = observer

    def __iter__(self) -> Iterator[bytes]:
        yield self._content[:-1]
        self._observer.on_send()
        yield self._content[-1:]

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self._content[:-1]
        await self._observer.async_on_send()
        yield self._content[-1:]


class _Attempts:
    """The attempts of one call, the same for both twins."""

    def __init__(self, call: Call, max_retries: int, limiter: RateLimiter | None) -> None:
        self._call = call
        self._max_retries = max_retries
        self._limiter = limiter
        self._started = self._sent = clock.monotonic()
        self._number = 0
        self.deadline = min(self._started + DEADLINE, call.limits.deadline)
        self.outcome: Outcome | None = None
        """Whether the last attempt was processed."""
        self._wait = self._first_wait()

    @property
    def where(self) -> str:
        """The method and the path, to be shown."""
        return f"{self._call.method} {self._call.path}"

    @property
    def must_wait(self) -> bool:
        """Whether the next attempt is not to be made at once."""
        return self._wait.delay > 0

    @contextmanager
    def waits(self) -> Iterator[Iterator[float]]:
        """Yield the seconds to sleep before the next attempt; give its units back if the wait breaks off."""
        try:
            yield self._parts()
        except BaseException:
            self._wait.reservation.cancel()
            raise

    def _parts(self) -> Iterator[float]:
        """Divide the wait, so that it can be cancelled in between."""
        left, observer = self._wait.delay, self._call.observer
        while left > 0:
            part = left if observer is None else min(left, MAX_SLEEP)
            yield part
            left -= part
            if observer is not None:
                observer.on_wait()

    def request(self, extensions: dict[str, object] | None = None) -> httpx.Request:
        """Note that an attempt is made now, and return the request to send, with the credentials."""
        call = self._call
        self._number += 1
        self._sent = clock.monotonic()
        stream: httpx.SyncByteStream | httpx.AsyncByteStream
        if call.observer is None:
            stream = httpx.ByteStream(call.content)
        else:
            call.observer.on_attempt()
            stream = _LastByteApart(call.content, call.observer)
        return httpx.Request(
            call.method,
            call.url,
            headers=call.headers.sent,
            stream=stream,
            extensions=extensions or dict(call.extensions),
        )

    def goes_on(self, reply: Reply | None, error: Exception | None = None) -> bool:
        """Take in what came of an attempt and return whether another follows."""
        name = type(error).__name__ if reply is None else str(reply.status_code)
        self._log_attempt(name)
        observer = self._call.observer
        self.outcome = outcome_of(reply, error, is_sent=observer is None or observer.is_sent)
        if self.outcome == NOT_PROCESSED and observer is not None:
            observer.on_not_processed()
        is_well = reply is not None and reply.status_code < 400 and not reply.is_damaged
        if not is_well and self._plan_next(name, reply, error):
            return True
        self._log_end(name)
        return False

    def _plan_next(self, name: str, reply: Reply | None, error: Exception | None) -> bool:
        delay = delay_before_retry(
            Attempt(self._number, clock.monotonic() - self._started, reply, error),
            self.outcome,
            is_repeatable=self._call.is_repeatable,
            max_retries=self._max_retries,
            random_fraction=random.random(),  # noqa: S311 - spreads load, guards nothing
            now=time.time(),
        )
        if delay is None or delay > self._time_left():
            return False
        is_refused = reply is not None and reply.status_code == httpx.codes.TOO_MANY_REQUESTS
        reservation = self._reserve(pause=delay if is_refused else 0.0)
        delay = max(delay, reservation.delay)
        if not reservation.granted:
            return False
        self._wait = Wait(delay, name, reservation)
        level = logging.WARNING if reply is not None else logging.DEBUG
        _logger.log(level, "%s: %s, try %d follows in %.1f s", self.where, name, self._number + 1, delay)
        return True

    def _first_wait(self) -> Wait:
        reservation = self._reserve()
        if not reservation.granted:
            raise RateLimitTimeout(
                f"{self.where} was not sent: it would have had to wait {reservation.delay:.0f} s for the rate limit "
                f"{reservation.limit}, past its deadline in {self._time_left():.0f} s",
                limit=reservation.limit,
                retry_after=reservation.delay,
            )
        return Wait(reservation.delay, f"rate limit {reservation.limit}", reservation)

    def _reserve(self, pause: float = 0.0) -> Reservation:
        if self._limiter is None:
            return Reservation()
        return self._limiter.reserve(self._call.rate_limits, self._call.units, self._time_left(), pause)

    def _time_left(self) -> float:
        return max(0.0, min(self.deadline, self._call.limits.latest_start) - clock.monotonic())

    def _log_end(self, name: str) -> None:
        """Log what became of the call, in the one line that it has at INFO."""
        if not _logger.isEnabledFor(logging.INFO):
            return
        duration = clock.monotonic() - self._started
        fields = {"method": self._call.method, "path": self._call.path, "status": name, "duration": duration}
        tries = f", {self._number} tries" if self._number > 1 else ""
        _logger.info("%s: %s in %.3f s%s", self.where, name, duration, tries, extra=fields)

    def _log_attempt(self, name: str) -> None:
        if not _logger.isEnabledFor(logging.DEBUG):
            return
        delay, reason, _ = self._wait
        fields = {
            "method": self._call.method,
            "path": self._call.path,
            "status": name,
            "duration": clock.monotonic() - self._sent,
            "attempt": self._number,
            "waited": delay,
            "wait_reason": reason if delay else None,
        }
        waited = f", after {delay:.1f} s for {reason}" if delay else ""
        _logger.debug(
            "%s: %s in %.3f s on try %d%s", self.where, name, fields["duration"], self._number, waited, extra=fields
        )


class Failed(Exception):
    """A call got no reply.

    Attributes:
        reason: The error of httpx, which holds no credential.
        outcome: Whether the call was processed.
    """

    def __init__(self, reason: httpx.RequestError, outcome: Outcome) -> None:
        super().__init__(str(reason))
        self.reason = reason
        self.outcome: Outcome = outcome


class _Sender:
    """What both twins send with."""

    def __init__(self, credentials: Credentials, max_retries: int, limiter: RateLimiter | None) -> None:
        self._credentials = credentials
        self._max_retries = max_retries
        self._limiter = limiter
        self.renew()
        renew_after_fork(self)

    def renew(self) -> None:
        raise NotImplementedError

    def _attempts(self, call: Call) -> _Attempts:
        return _Attempts(call, self._max_retries, self._limiter)


class Sender(_Sender):
    """Sends the calls of a `BatchClient`."""

    def __init__(
        self, connections: Connections, credentials: Credentials, max_retries: int, limiter: RateLimiter | None
    ) -> None:
        self.connections = connections
        super().__init__(credentials, max_retries, limiter)

    def renew(self) -> None:
        self._slots = threading.Semaphore(MAX_CONNECTIONS)

    def send(self, call: Call) -> Reply:
        """Send a call and return its reply, whatever its status.

        Raises:
            Failed: there is none.
            RateLimitTimeout: it would have had to wait too long.
        """
        attempts = self._attempts(call)
        while True:
            if attempts.must_wait:
                with attempts.waits() as parts:
                    for seconds in parts:
                        clock.sleep(seconds)
            try:
                reply = self._attempt(call, attempts)
            except httpx.RequestError as error:
                raise_from_signal(error)
                failure = error
            else:
                if not attempts.goes_on(reply):
                    return reply
                continue
            if not attempts.goes_on(None, failure):
                failure.request = call.as_request()
                raise Failed(without_traceback(failure), attempts.outcome or UNKNOWN)

    def _attempt(self, call: Call, attempts: _Attempts) -> Reply:
        deadline = attempts.deadline
        with sync_deadline(deadline):
            if not self._slots.acquire(timeout=max(0.0, deadline - clock.monotonic())):
                raise httpx.PoolTimeout(OVER)
            request = None
            try:
                request = attempts.request(with_deadline(call.extensions, deadline))
                read = partial(read_whole, call=call, deadline=deadline, redact=self._credentials.redact)
                return self.connections.exchange(request, read, is_for_api=call.headers.for_api)
            except (httpx.InvalidURL, UnicodeError) as error:
                raise _described(error) from None
            finally:
                self._slots.release()
                if request is not None:
                    request.headers = call.headers.plain  # whoever holds on to it must not hold credentials


class AsyncSender(_Sender):
    """The twin of `Sender` for asyncio."""

    _slots: asyncio.Semaphore

    def __init__(
        self, connections: AsyncConnections, credentials: Credentials, max_retries: int, limiter: RateLimiter | None
    ) -> None:
        self.connections = connections
        super().__init__(credentials, max_retries, limiter)

    def renew(self) -> None:
        import asyncio  # which only the asyncio client needs

        self._slots = asyncio.Semaphore(MAX_CONNECTIONS)

    async def send(self, call: Call) -> Reply:
        """See `Sender.send`."""
        self.connections.check_event_loop()
        attempts = self._attempts(call)
        while True:
            if attempts.must_wait:
                with attempts.waits() as parts:
                    for seconds in parts:
                        await clock.async_sleep(seconds)
            try:
                reply = await self._attempt(call, attempts)
            except httpx.RequestError as error:
                raise_from_signal(error)
                failure = error
            else:
                if not attempts.goes_on(reply):
                    return reply
                continue
            if not attempts.goes_on(None, failure):
                failure.request = call.as_request()
                raise Failed(without_traceback(failure), attempts.outcome or UNKNOWN)

    async def _attempt(self, call: Call, attempts: _Attempts) -> Reply:
        deadline = attempts.deadline
        async with async_deadline(deadline), self._slots:
            request = attempts.request()
            try:
                read = partial(async_read_whole, call=call, deadline=deadline, redact=self._credentials.redact)
                return await self.connections.exchange(request, read, is_for_api=call.headers.for_api)
            except (httpx.InvalidURL, UnicodeError) as error:
                raise _described(error) from None
            finally:
                request.headers = call.headers.plain


def _described(error: Exception) -> httpx.TransportError:
    """Return what httpx should have raised.

    A name that has no form in DNS can also be that of a redirect, or a hook of the caller can raise this after the
    response: so the outcome is unknown, and nothing is sent again.
    """
    if isinstance(error, UnicodeError):
        return httpx.TransportError("the name of the API's host or proxy is not valid")
    return httpx.RemoteProtocolError("the response redirects to an address that is not a valid URL")
