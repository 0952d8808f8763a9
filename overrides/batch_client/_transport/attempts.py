"""Decides what comes after an attempt: whether the call was processed, and whether and when it is sent again.

A call that was certainly not processed is sent again whatever it is: the connection was refused, or the API said 429,
or 503 in its own words. When the outcome is unknown (any other 5xx, a connection that broke, a response that did not
come), only an operation that the documents call idempotent is.
"""

from __future__ import annotations

import email.utils
from typing import NamedTuple

import httpx

from batch_client._transport.replies import Reply
from batch_client.errors import NOT_PROCESSED, UNKNOWN, Outcome

DEFAULT_MAX_RETRIES = 4
MIN_DELAY = 0.5
MAX_DELAY = 30.0
RATE_LIMIT_DELAY = 5.0
"""Seconds to wait at least after a 429 that does not say how long."""
MAX_RETRY_AFTER = 120.0
"""Seconds that a Retry-After is followed; beyond, the error is raised and says how long."""
DEADLINE = 300.0
"""Seconds that a call may take at most, with its waits and retries."""

_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
_MAY_PASS = (httpx.TimeoutException, httpx.NetworkError, httpx.ProtocolError, httpx.DecodingError)


class Attempt(NamedTuple):
    """What came of one attempt: a reply or an error."""

    number: int
    """1 for the first."""
    elapsed: float
    """Seconds since the call began."""
    reply: Reply | None = None
    error: Exception | None = None


def outcome_of(reply: Reply | None, error: Exception | None = None, *, is_sent: bool = True) -> Outcome | None:
    """Return whether a call was processed; None for a success.

    Args:
        reply: What the API sent; None if nothing came.
        error: Why nothing came.
        is_sent: Whether the API may have the whole request.
    """
    if reply is None:
        return NOT_PROCESSED if isinstance(error, _NOT_SENT) or not is_sent else UNKNOWN
    status = reply.status_code
    if 200 <= status < 300:
        return None
    if status == httpx.codes.SERVICE_UNAVAILABLE and is_sent:
        # What is between here and the API says 503 too, also of what the API has processed.
        return NOT_PROCESSED if reply.error_body() != (None, None) else UNKNOWN
    is_unknown = is_sent and (status >= 500 or status == httpx.codes.SEE_OTHER)
    return UNKNOWN if is_unknown else NOT_PROCESSED


def delay_before_retry(
    attempt: Attempt,
    outcome: Outcome | None,
    *,
    is_repeatable: bool,
    max_retries: int,
    random_fraction: float,
    now: float,
) -> float | None:
    """Return the seconds to wait before the next attempt; None if there must be none.

    Args:
        attempt: The last one.
        outcome: Whether it was processed.
        is_repeatable: Whether the call may be repeated although it may have been processed.
        max_retries: How many attempts may follow the first.
        random_fraction: From 0 to 1: spreads the attempts of many clients between the shortest delay and one that
            doubles with each attempt.
        now: Seconds since the epoch.
    """
    if attempt.number > max_retries or not _may_succeed(attempt, outcome, is_repeatable=is_repeatable):
        return None
    retry_after = None
    shortest = MIN_DELAY
    if attempt.reply is not None:
        retry_after = parse_retry_after(attempt.reply.headers.get("Retry-After"), now)
        if attempt.reply.status_code == httpx.codes.TOO_MANY_REQUESTS:
            shortest = RATE_LIMIT_DELAY
    if retry_after is not None:
        delay = retry_after
        if delay > MAX_RETRY_AFTER:
            return None
    else:
        longest = min(MAX_DELAY, shortest * 2.0**attempt.number)
        delay = shortest + random_fraction * (longest - shortest)
    return delay if attempt.elapsed + delay <= DEADLINE else None


def _may_succeed(attempt: Attempt, outcome: Outcome | None, *, is_repeatable: bool) -> bool:
    """Return whether a call may be sent again, and another attempt may end better."""
    may_repeat = is_repeatable or outcome == NOT_PROCESSED
    if attempt.reply is None:
        return may_repeat and isinstance(attempt.error, _MAY_PASS)
    if attempt.reply.is_damaged:
        return is_repeatable
    return may_repeat and attempt.reply.status_code in (429, 500, 502, 503, 504)


def parse_retry_after(value: str | None, now: float) -> float | None:
    """Return the seconds that a Retry-After header asks to wait; it holds seconds or a date.

    Args:
        value: The header; None if there is none.
        now: Seconds since the epoch.
    """
    if value is None:
        return None
    if value.strip().isdecimal():
        return float(value)
    try:
        return max(0.0, email.utils.parsedate_to_datetime(value).timestamp() - now)
    except (ValueError, OverflowError):
        return None
