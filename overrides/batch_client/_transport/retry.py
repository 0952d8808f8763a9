"""Sends a request again where that is safe: the decision, and a transport for each twin that acts on it.

A request that surely did nothing is sent again whatever it is: the connection was refused, or the API said 429, or 503
in its own words. When the outcome is not known (any other 5xx, a connection that broke, an answer that did not come),
only an operation that the documents call idempotent is.
"""

from __future__ import annotations

import asyncio
import logging
import random
import threading
import time
from collections.abc import AsyncIterator, Iterator

import httpx
from attrs import frozen

from batch_client._calls.operations import DEPARTURE, Departure, is_safe_to_repeat, operation_of
from batch_client._calls.responses import error_body, parse_retry_after
from batch_client._transport import clock
from batch_client._transport.bodies import DAMAGED, async_read_whole, read_whole
from batch_client._transport.connections import AsyncConnections, Connections
from batch_client._transport.credentials import Credentials, without_traceback
from batch_client._transport.deadlines import OVER, async_deadline, says_deadline, with_deadline
from batch_client._transport.fork import renew_after_fork
from batch_client._transport.rates import RateLimiter, Reservation
from batch_client._transport.signals import raise_from_signal
from batch_client.errors import RateLimitTimeout

DEFAULT_MAX_RETRIES = 4
SHORTEST_DELAY = 0.5
LONGEST_DELAY = 30.0
RATE_LIMIT_DELAY = 5.0
"""Seconds to wait at least after a 429 that does not say how long."""
LONGEST_RETRY_AFTER = 120.0
"""Seconds that a Retry-After is followed; beyond, the error is raised and says how long."""
DEADLINE = 300.0
"""Seconds that a call may take at most, with its waits and retries."""
BETWEEN_LOOKS = 0.5
"""Seconds of a wait between looks whether anybody still wants the call."""

MOST_AT_ONCE = 100
"""Requests under way at once, as many as httpx has connections: more wait here, where no pool time-out ends them."""

_logger = logging.getLogger("batch_client")

NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
_UNKNOWN_OUTCOME = (httpx.TimeoutException, httpx.NetworkError, httpx.ProtocolError, httpx.DecodingError)


@frozen
class Attempt:
    """What came of one try: a response whose body is read, or an error."""

    number: int
    """1 for the first."""
    elapsed: float
    """Seconds since the call began."""
    response: httpx.Response | None = None
    error: Exception | None = None


def delay_before_retry(attempt: Attempt, *, safe: bool, max_retries: int, random_fraction: float) -> float | None:
    """Return the seconds to wait before the next try; None if there must be none.

    Args:
        safe: Whether the request may be repeated although it may have been taken in.
        max_retries: How many tries may follow the first.
        random_fraction: From 0 to 1: spreads the tries of many clients between the shortest delay and one that doubles
            with each try.
    """
    if attempt.number > max_retries or not (_did_nothing(attempt) or (safe and _may_succeed(attempt))):
        return None
    retry_after = None
    shortest = SHORTEST_DELAY
    if attempt.response is not None:
        retry_after = parse_retry_after(attempt.response.headers.get("Retry-After"), time.time())
        if attempt.response.status_code == httpx.codes.TOO_MANY_REQUESTS:
            shortest = RATE_LIMIT_DELAY
    if retry_after is not None:
        delay = retry_after
        if delay > LONGEST_RETRY_AFTER:
            return None
    else:
        longest = min(LONGEST_DELAY, shortest * 2.0**attempt.number)
        delay = shortest + random_fraction * (longest - shortest)
    return delay if attempt.elapsed + delay <= DEADLINE else None


def _did_nothing(attempt: Attempt) -> bool:
    if attempt.response is None:
        return isinstance(attempt.error, NOT_SENT)
    status = attempt.response.status_code
    if status == httpx.codes.SERVICE_UNAVAILABLE:
        return error_body(attempt.response) != (None, None)
    return status == httpx.codes.TOO_MANY_REQUESTS


def _may_succeed(attempt: Attempt) -> bool:
    if attempt.response is None:
        return isinstance(attempt.error, _UNKNOWN_OUTCOME)
    return attempt.response.status_code in (500, 502, 503, 504) or DAMAGED in attempt.response.extensions


@frozen
class Turn:
    """When the next try may leave, and what it waits for. As a context, gives its units back if a wait breaks off."""

    delay: float
    reason: str
    reservation: Reservation
    departure: Departure | None = None

    def __enter__(self) -> Iterator[float]:
        """Yield how long to sleep, in parts between which the wait can be given up."""
        left = self.delay
        while left > 0:
            part = left if self.departure is None else min(left, BETWEEN_LOOKS)
            yield part
            left -= part
            if self.departure is not None:
                self.departure.waits()

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:
            self.reservation.cancel()


class _LastByteApart(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A body whose last byte leaves when that is noted: before, the API cannot have taken the request in."""

    def __init__(self, content: bytes, departure: Departure) -> None:
        self._content = content
        self._departure = departure

    def __iter__(self) -> Iterator[bytes]:
        yield self._content[:-1]
        self._departure.leaves()
        yield self._content[-1:]

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self._content[:-1]
        await self._departure.async_leaves()
        yield self._content[-1:]


class _Call:
    """The tries of one call, the same for both twins."""

    def __init__(self, request: httpx.Request, max_retries: int, limiter: RateLimiter | None) -> None:
        self._request = request
        operation = operation_of(request)
        # That of the operation, in which no parameter stands.
        self._path = operation.path if operation else "(a path that is not documented)"
        self._max_retries = max_retries
        self._limiter = limiter
        self._started = self._sent = clock.monotonic()
        self._number = 0
        self._turn = Turn(0.0, "", Reservation())
        self._departure: Departure | None = request.extensions.get(DEPARTURE)
        self.deadline = self._started + min(DEADLINE, clock.time_left())

    @property
    def where(self) -> str:
        """The method and the path, to be shown."""
        return f"{self._request.method} {self._path}"

    def first_turn(self) -> Turn:
        """Return when the first try may leave; raise RateLimitTimeout if that is past the deadline."""
        reservation = self._reserve()
        if not reservation.granted:
            raise RateLimitTimeout(
                f"{self.where} was not sent: it would have had to wait {reservation.delay:.0f} s for the rate limit "
                f"{reservation.limit}, past its deadline in {self._time_left():.0f} s",
                limit=reservation.limit,
                retry_after=reservation.delay,
            )
        self._turn = Turn(reservation.delay, f"rate limit {reservation.limit}", reservation, self._departure)
        return self._turn

    def next_turn(self, *, response: httpx.Response | None = None, error: Exception | None = None) -> Turn | None:
        """Take in what came of a try; return when the next may leave, or None to give up."""
        outcome = type(error).__name__ if response is None else str(response.status_code)
        self._log_try(outcome)
        turn = self._turn_after(outcome, response, error)
        if turn is None:
            self._log_end(outcome)
        return turn

    def _turn_after(self, outcome: str, response: httpx.Response | None, error: Exception | None) -> Turn | None:
        attempt = Attempt(self._number, clock.monotonic() - self._started, response, error)
        if self._departure is not None and _did_nothing(attempt):
            self._departure.did_nothing()
        delay = delay_before_retry(
            attempt,
            safe=is_safe_to_repeat(self._request) or (self._departure is not None and not self._departure.has_left),
            max_retries=self._max_retries,
            random_fraction=random.random(),  # noqa: S311 - spreads load, guards nothing
        )
        if delay is None or delay > self._time_left():
            return None
        is_refused = response is not None and response.status_code == httpx.codes.TOO_MANY_REQUESTS
        reservation = self._reserve(pause=delay if is_refused else 0.0)
        delay = max(delay, reservation.delay)
        if not reservation.granted:
            return None
        self._turn = Turn(delay, outcome, reservation, self._departure)
        level = logging.WARNING if response is not None else logging.DEBUG
        _logger.log(level, "%s: %s, try %d follows in %.1f s", self.where, outcome, self._number + 1, delay)
        return self._turn

    def sending(self) -> httpx.Request:
        """Note that a try is made now, and return the request to send."""
        self._number += 1
        self._sent = clock.monotonic()
        stream: httpx.SyncByteStream | httpx.AsyncByteStream = httpx.ByteStream(self._request.content)
        if self._departure is not None:
            self._departure.begins()
            stream = _LastByteApart(self._request.content, self._departure)
        # A request of its own, since the credentials must not stay on the one that errors and responses hold.
        return httpx.Request(
            self._request.method,
            self._request.url,
            headers=self._request.headers,
            stream=stream,
            extensions=self._request.extensions,
        )

    def _reserve(self, pause: float = 0.0) -> Reservation:
        if self._limiter is None:
            return Reservation()
        return self._limiter.reserve(self._request, self._time_left(), pause)

    def _time_left(self) -> float:
        return max(0.0, min(self.deadline - clock.monotonic(), clock.time_to_start()))

    def _log_end(self, outcome: str) -> None:
        """Log what became of the call, in the one line that it has at INFO."""
        duration = clock.monotonic() - self._started
        fields = {"method": self._request.method, "path": self._path, "status": outcome, "duration": duration}
        tries = f", {self._number} tries" if self._number > 1 else ""
        _logger.info("%s: %s in %.3f s%s", self.where, outcome, duration, tries, extra=fields)

    def _log_try(self, outcome: str) -> None:
        if not _logger.isEnabledFor(logging.DEBUG):
            return
        fields = {
            "method": self._request.method,
            "path": self._path,
            "status": outcome,
            "duration": clock.monotonic() - self._sent,
            "attempt": self._number,
            "waited": self._turn.delay,
            "wait_reason": self._turn.reason if self._turn.delay else None,
        }
        waited = f", after {self._turn.delay:.1f} s for {self._turn.reason}" if self._turn.delay else ""
        _logger.debug(
            "%s: %s in %.3f s on try %d%s", self.where, outcome, fields["duration"], self._number, waited, extra=fields
        )


class RetryTransport(httpx.BaseTransport):
    """Sends when the rate limits allow, again where that is safe, with the credentials, and reads responses whole."""

    def __init__(
        self,
        connections: Connections,
        credentials: Credentials,
        max_retries: int,
        limiter: RateLimiter | None,
    ) -> None:
        self._connections = connections
        self._credentials = credentials
        self._max_retries = max_retries
        self._limiter = limiter
        self.renew()
        renew_after_fork(self)

    def renew(self) -> None:
        self._slots = threading.Semaphore(MOST_AT_ONCE)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.read()  # so that it can be sent again
        call = _Call(request, self._max_retries, self._limiter)
        turn = call.first_turn()
        while True:
            with turn as parts:
                for seconds in parts:
                    clock.sleep(seconds)
            sent = call.sending()
            try:
                with clock.deadline(call.deadline), says_deadline(), self._credentials.lent_to(sent):
                    response = self._send(sent, request)
            except httpx.RequestError as error:
                raise_from_signal(error)
                error.request = request
                following = call.next_turn(error=error)
                if following is None:
                    raise without_traceback(error) from error.__cause__
            else:
                following = call.next_turn(response=response)
                if following is None:
                    return response
            turn = following

    def _send(self, sent: httpx.Request, request: httpx.Request) -> httpx.Response:
        if not self._slots.acquire(timeout=clock.time_left()):
            raise httpx.PoolTimeout(OVER)
        try:
            sent.extensions = with_deadline(sent.extensions)
            # The credentials are on the request, so it must neither be redirected nor get others.
            response = self._connections.client().send(sent, stream=True, auth=None, follow_redirects=False)
            return read_whole(response, request, self._credentials.redact)
        finally:
            self._slots.release()

    def close(self) -> None:
        self._connections.close()


class AsyncRetryTransport(httpx.AsyncBaseTransport):
    """The twin of `RetryTransport` for asyncio."""

    def __init__(
        self,
        connections: AsyncConnections,
        credentials: Credentials,
        max_retries: int,
        limiter: RateLimiter | None,
    ) -> None:
        self._connections = connections
        self._credentials = credentials
        self._max_retries = max_retries
        self._limiter = limiter
        self.renew()
        renew_after_fork(self)

    def renew(self) -> None:
        self._slots = asyncio.Semaphore(MOST_AT_ONCE)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self._connections.check_event_loop()
        await request.aread()  # so that it can be sent again
        call = _Call(request, self._max_retries, self._limiter)
        turn = call.first_turn()
        while True:
            with turn as parts:
                for seconds in parts:
                    await clock.async_sleep(seconds)
            sent = call.sending()
            try:
                with clock.deadline(call.deadline), self._credentials.lent_to(sent):
                    response = await self._send(sent, request)
            except httpx.RequestError as error:
                raise_from_signal(error)
                error.request = request
                following = call.next_turn(error=error)
                if following is None:
                    raise without_traceback(error) from error.__cause__
            else:
                following = call.next_turn(response=response)
                if following is None:
                    return response
            turn = following

    async def _send(self, sent: httpx.Request, request: httpx.Request) -> httpx.Response:
        async with async_deadline(), self._slots:
            response = await self._connections.client().send(sent, stream=True, auth=None, follow_redirects=False)
            return await async_read_whole(response, request, self._credentials.redact)

    async def aclose(self) -> None:
        await self._connections.aclose()
