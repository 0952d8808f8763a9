"""Turns an answer into the caller's model, or into the error that says why there is none."""

from __future__ import annotations

import email.utils
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx

from batch_client._transport.bodies import UNREAD
from batch_client._transport.deadlines import OVER
from batch_client.errors import (
    APIConnectionError,
    APIStatusError,
    APITimeoutError,
    AuthenticationError,
    BadRequestError,
    InternalServerError,
    InvalidRequestError,
    MaintenanceError,
    NotFoundError,
    PermissionDeniedError,
    RateLimitError,
    ResponseValidationError,
)
from batch_generated.client import Client
from batch_generated.types import Endpoint, Operation

_ERRORS: dict[int, type[APIStatusError]] = {
    400: BadRequestError,
    401: AuthenticationError,
    403: PermissionDeniedError,
    404: NotFoundError,
    429: RateLimitError,
    503: MaintenanceError,
}

_LONGEST_MESSAGE = 1_000
"""Characters of what the API says that an error's text shows; `error_message` has all."""


def read_model(endpoint: Endpoint, response: httpx.Response, client: Client, api_version: str) -> Any:
    """Return the success model of an answer.

    Raises:
        APIStatusError: the status is no success.
        ResponseValidationError: the answer is no JSON or not of the documented shape.
    """
    check_status(endpoint.OPERATION, response, api_version)
    _check_read(endpoint.OPERATION, response)
    try:
        model = endpoint.parse_response(client=client, response=response)
    except Exception as error:
        # Whatever a body holds that nobody foresaw, to the caller it is a response that cannot be read.
        raise _invalid(endpoint.OPERATION, response, _reason(error)) from error
    if model is None:
        raise _invalid(endpoint.OPERATION, response, "the answer is empty")
    return model


def read_nothing(operation: Operation, response: httpx.Response, api_version: str) -> None:
    """Check an answer that has nothing to tell but its status; raise as `read_model` does.

    An HTML page with a good status is from something between here and the API: the call may not have arrived.
    """
    check_status(operation, response, api_version)
    _check_read(operation, response)
    if response.content:
        try:
            response.json()
        except (ValueError, RecursionError) as error:
            raise _invalid(operation, response, _reason(error)) from error


def read_location(operation: Operation, response: httpx.Response, api_version: str) -> str:
    """Return where a redirect leads; raise as `read_model` does."""
    if not response.has_redirect_location:
        check_status(operation, response, api_version)
        raise _invalid(operation, response, "it redirects nowhere")
    return str(response.url.join(response.headers["Location"]))  # httpx has seen that it is a URL


def check_status(operation: Operation, response: httpx.Response, api_version: str) -> None:
    """Raise the APIStatusError of an answer that is no success."""
    if response.is_success:
        return
    error_code, error_message = error_body(response)
    message = f"{operation.method} {operation.path} was refused: {response.status_code}"
    if error_code is not None:
        message += f" {error_code}: {error_message}"[:_LONGEST_MESSAGE]
    elif response.reason_phrase:
        message += f" {response.reason_phrase}"
    if response.status_code == 404 and _number(operation.first_seen) > _number(api_version):
        message += (
            f" (this operation was first documented in API version {operation.first_seen}, "
            f"and this client speaks {api_version})"
        )
    fallback = InternalServerError if response.status_code >= 500 else APIStatusError
    raise _ERRORS.get(response.status_code, fallback)(
        message.encode(errors="backslashreplace").decode(),  # JSON can hold what no encoding has a form for
        response=response,
        error_code=error_code,
        error_message=error_message,
        retry_after=parse_retry_after(response.headers.get("Retry-After"), time.time()),
    )


def connection_error(operation: Operation, error: httpx.RequestError) -> APIConnectionError:
    """Return the error of a request that got no answer."""
    if isinstance(error, httpx.TimeoutException):
        reason = OVER if str(error) == OVER else type(error).__name__
        return APITimeoutError(f"{operation.method} {operation.path} timed out ({reason})")
    reason = str(error) or type(error).__name__
    return APIConnectionError(f"{operation.method} {operation.path} got no answer: {reason}")


@contextmanager
def checks_arguments(operation: Operation) -> Iterator[None]:
    """Turn what goes wrong while a request is made from its arguments into an InvalidRequestError."""
    try:
        yield
    except (ValueError, TypeError, RecursionError, httpx.InvalidURL) as error:
        raise InvalidRequestError(f"{operation.method} {operation.path} was not sent: {_reason(error)}") from error


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


def _check_read(operation: Operation, response: httpx.Response) -> None:
    if UNREAD in response.extensions:
        raise _invalid(operation, response, response.extensions[UNREAD])


def _invalid(operation: Operation, response: httpx.Response, reason: str) -> ResponseValidationError:
    kind = response.headers.get("Content-Type", "no content type")
    return ResponseValidationError(
        f"{operation.method} {operation.path} answered {response.status_code} ({kind}), "
        f"but not as documented: {reason}",
        response=response,
    )


def _reason(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "it is nested too deeply"
    return str(error) or type(error).__name__


def error_body(response: httpx.Response) -> tuple[str | None, str | None]:
    """Return code and message of the API's own error body; None and None if the answer holds none."""
    try:
        body = response.json()
        return str(body["error_code"]), str(body["error_message"])
    except (ValueError, TypeError, KeyError, RecursionError):
        return None, None


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))
