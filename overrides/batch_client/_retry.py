"""Sends a request again where that is safe: the decision, and a transport for each twin that acts on it.

A request that surely did nothing is sent again whatever it is: the connection was refused, or the API said 429, or 503
in its own words. When the outcome is not known (any other 5xx, a connection that broke, an answer that did not come),
only an operation that the documents call idempotent is.
"""

from __future__ import annotations

import logging
import random
import time

import httpx
from attrs import frozen

from batch_client import _clock
from batch_client._answers import error_body, parse_retry_after
from batch_generated.api import OPERATIONS

DEFAULT_MAX_RETRIES = 4
SHORTEST_DELAY = 0.5
LONGEST_DELAY = 30.0
RATE_LIMIT_DELAY = 5.0
"""Seconds to wait at least after a 429 that does not say how long."""
LONGEST_RETRY_AFTER = 120.0
"""Seconds that a Retry-After is followed; beyond, the error is raised and says how long."""
DEADLINE = 300.0
"""Seconds after which a call is not tried again."""

_logger = logging.getLogger("batch_client")

_OPERATIONS = {(operation.method, operation.path): operation for operation in OPERATIONS.values()}
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
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
        random_fraction: From 0 to 1: spreads the tries of many clients ("full jitter").
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


def is_safe_to_repeat(request: httpx.Request) -> bool:
    """Return whether the documents call the request idempotent."""
    path = "/" + request.url.path.removeprefix("/").partition("/")[2]
    # A base URL may have a path of its own before the version, so the operation is looked for at every slash.
    while (operation := _OPERATIONS.get((request.method, path))) is None and path.count("/") > 1:
        path = "/" + path.removeprefix("/").partition("/")[2]
    if operation is None or not operation.idempotent:
        return False
    unless = operation.idempotent_unless
    return unless is None or f'"{unless}"'.encode() not in request.content


def _did_nothing(attempt: Attempt) -> bool:
    if attempt.response is None:
        return isinstance(attempt.error, _NOT_SENT)
    status = attempt.response.status_code
    if status == httpx.codes.SERVICE_UNAVAILABLE:
        return error_body(attempt.response) != (None, None)
    return status == httpx.codes.TOO_MANY_REQUESTS


def _may_succeed(attempt: Attempt) -> bool:
    if attempt.response is None:
        return isinstance(attempt.error, _UNKNOWN_OUTCOME)
    return attempt.response.status_code in (500, 502, 503, 504)


class _Retries:
    """The tries of one call, the same for both twins."""

    def __init__(self, request: httpx.Request, max_retries: int) -> None:
        self._request = request
        self._max_retries = max_retries
        self._started = _clock.monotonic()
        self._number = 0

    def delay(self, *, response: httpx.Response | None = None, error: Exception | None = None) -> float | None:
        """Take in what came of a try; return the seconds to wait before the next, or None to give up."""
        self._number += 1
        elapsed = _clock.monotonic() - self._started
        delay = delay_before_retry(
            Attempt(self._number, elapsed, response, error),
            safe=is_safe_to_repeat(self._request),
            max_retries=self._max_retries,
            random_fraction=random.random(),  # noqa: S311 - spreads load, guards nothing
        )
        if delay is not None and delay > _clock.time_left():
            delay = None
        outcome = type(error).__name__ if response is None else str(response.status_code)
        where = f"{self._request.method} {self._request.url.path}"
        if delay is None:
            _logger.debug("%s: %s on try %d after %.3f s", where, outcome, self._number, elapsed)
        else:
            level = logging.WARNING if response is not None else logging.DEBUG
            _logger.log(level, "%s: %s on try %d; again in %.1f s", where, outcome, self._number, delay)
        return delay


class RetryTransport(httpx.BaseTransport):
    """Sends through another transport, again where that is safe. Every answer is read whole before it is judged."""

    def __init__(self, transport: httpx.BaseTransport, max_retries: int) -> None:
        self._transport = transport
        self._max_retries = max_retries

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        retries = _Retries(request, self._max_retries)
        while True:
            try:
                response = self._transport.handle_request(request)
                response.request = request
                response.read()
            except httpx.RequestError as error:
                delay = retries.delay(error=error)
                if delay is None:
                    raise
            else:
                delay = retries.delay(response=response)
                if delay is None:
                    return response
            _clock.sleep(delay)

    def close(self) -> None:
        self._transport.close()


class AsyncRetryTransport(httpx.AsyncBaseTransport):
    """The twin of `RetryTransport` for asyncio."""

    def __init__(self, transport: httpx.AsyncBaseTransport, max_retries: int) -> None:
        self._transport = transport
        self._max_retries = max_retries

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        retries = _Retries(request, self._max_retries)
        while True:
            try:
                response = await self._transport.handle_async_request(request)
                response.request = request
                await response.aread()
            except httpx.RequestError as error:
                delay = retries.delay(error=error)
                if delay is None:
                    raise
            else:
                delay = retries.delay(response=response)
                if delay is None:
                    return response
            await _clock.async_sleep(delay)

    async def aclose(self) -> None:
        await self._transport.aclose()
