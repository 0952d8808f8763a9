"""Turns a reply into the caller's model, or into the error that says why there is none."""

from __future__ import annotations

import time
from typing import Any

import httpx

from batch_client._transport.attempts import outcome_of, parse_retry_after
from batch_client._transport.call import Call
from batch_client._transport.deadlines import OVER
from batch_client._transport.replies import Reply
from batch_client._transport.sender import Failed
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


class _Reader:
    """Stands in for the client that generated functions take, of which reading a response needs one setting."""

    raise_on_unexpected_status = False


_READER: Any = _Reader()


def read_model(endpoint: Endpoint, reply: Reply, api_version: str) -> Any:
    """Return the success model of a reply.

    Raises:
        APIStatusError: the status is no success.
        ResponseValidationError: the response is not JSON or not of the documented shape.
    """
    operation = endpoint.OPERATION
    check_status(operation, reply, api_version)
    _check_read(operation, reply)
    try:
        model = endpoint.parse_response(client=_READER, response=reply)
    except Exception as error:
        # Whatever a body holds that nobody foresaw, to the caller it is a response that cannot be read.
        raise _invalid(operation, reply, _reason(error)) from error
    if model is None:
        raise _invalid(operation, reply, "the answer is empty")
    return model


def read_nothing(operation: Operation, reply: Reply, api_version: str) -> None:
    """Check a reply that has nothing to tell but its status; raise as `read_model` does.

    An HTML page with a good status is from something between here and the API: the call may not have arrived.
    """
    check_status(operation, reply, api_version)
    _check_read(operation, reply)
    if reply.content:
        try:
            reply.json()
        except (ValueError, RecursionError) as error:
            raise _invalid(operation, reply, _reason(error)) from error


def read_location(operation: Operation, reply: Reply, api_version: str) -> str:
    """Return where a redirect leads; raise as `read_model` does."""
    if reply.status_code not in (301, 302, 303, 307, 308) or "Location" not in reply.headers:
        check_status(operation, reply, api_version)
        raise _invalid(operation, reply, "it redirects nowhere")
    try:
        url = reply.call.url.join(reply.headers["Location"])
    except (httpx.InvalidURL, UnicodeError):
        url = None
    if url is None or url.scheme not in ("http", "https") or not url.host:
        raise _invalid(operation, reply, "it redirects to an address that is not a valid URL")
    return str(url)


def check_status(operation: Operation, reply: Reply, api_version: str) -> None:
    """Raise the APIStatusError of a reply that is no success."""
    if reply.is_success:
        return
    error_code, error_message = reply.error_body()
    response = reply.as_response()
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
        outcome=outcome_of(reply),
        error_code=error_code,
        error_message=error_message,
        retry_after=parse_retry_after(response.headers.get("Retry-After"), time.time()),
    )


def connection_error(call: Call, failed: Failed) -> APIConnectionError:
    """Return the error of a call that got no reply."""
    where, error = f"{call.method} {call.path}", failed.reason
    if isinstance(error, httpx.TimeoutException):
        reason = OVER if str(error) == OVER else type(error).__name__
        return APITimeoutError(f"{where} timed out ({reason})", outcome=failed.outcome)
    reason = str(error) or type(error).__name__
    return APIConnectionError(f"{where} got no answer: {reason}", outcome=failed.outcome)


def invalid_request(operation: Operation, error: Exception) -> InvalidRequestError:
    """Return the error of arguments from which no request can be made."""
    return InvalidRequestError(f"{operation.method} {operation.path} was not sent: {_reason(error)}")


UNUSABLE = (ValueError, TypeError, RecursionError, httpx.InvalidURL)
"""What goes wrong while a request is made from its arguments."""


def _check_read(operation: Operation, reply: Reply) -> None:
    if reply.unread is not None:
        raise _invalid(operation, reply, reply.unread)


def _invalid(operation: Operation, reply: Reply, reason: str) -> ResponseValidationError:
    kind = reply.headers.get("Content-Type", "no content type")
    return ResponseValidationError(
        f"{operation.method} {operation.path} answered {reply.status_code} ({kind}), but not as documented: {reason}",
        response=reply.as_response(),
    )


def _reason(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "it is nested too deeply"
    return str(error) or type(error).__name__


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))
