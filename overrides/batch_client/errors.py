"""The errors that a caller can meet. Every one is a `BatchError`, but for Ctrl-C; none shows a credential."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

import httpx

if TYPE_CHECKING:
    from batch_client.bulk import BulkReport
    from batch_generated.types import AsyncExportJob, AsyncIndexingTask, ExportJob, IndexingTask


Outcome = Literal["not processed", "unknown"]
NOT_PROCESSED: Outcome = "not processed"
UNKNOWN: Outcome = "unknown"


class BatchError(Exception):
    """Anything that goes wrong in this client.

    Attributes:
        outcome: Of a call that failed, "not processed" if it was certainly not processed, so that it can be made again,
            or "unknown" if it may have; None if the error is not about one call.
    """

    outcome: Outcome | None = None

    def __reduce__(self) -> tuple[Any, ...]:
        return _restore, (type(self), self.args, self.__dict__)


def _restore(cls: type[BatchError], args: tuple[Any, ...], state: dict[str, Any]) -> BatchError:
    error = cls.__new__(cls, *args)
    error.args = args
    error.__dict__.update(state)
    return error


class ConfigurationError(BatchError, ValueError):
    """A client cannot be made from what it was given: a key, a base URL or a version is missing or malformed."""


class UnsupportedVersionError(ConfigurationError):
    """The API version is none of those that this client speaks."""


class InvalidRequestError(BatchError, ValueError):
    """An argument has no form in which it could be sent, such as a number that is not finite. Nothing was sent."""

    outcome = NOT_PROCESSED


class InsecureConnectionWarning(UserWarning):
    """A client was told not to verify TLS certificates."""


class APIConnectionError(BatchError):
    """The API could not be reached, or the connection broke before the answer was there."""

    def __init__(self, message: str, *, outcome: Outcome = UNKNOWN) -> None:
        super().__init__(message)
        self.outcome = outcome


class APITimeoutError(APIConnectionError):
    """The API did not answer in time. Unless no connection could be made, it may have taken the call in."""


class APIStatusError(BatchError):
    """The API refused a call.

    Attributes:
        status_code: HTTP status.
        error_code: The API's code, such as TOO_MANY_REQUESTS; None if the answer holds no error body of the API.
        error_message: The API's explanation; None likewise.
        retry_after: Seconds to wait before another try, if the API said so.
        request: The request, without its credentials.
        response: The whole answer.
    """

    def __init__(
        self,
        message: str,
        *,
        response: httpx.Response,
        outcome: Outcome | None = None,
        error_code: str | None = None,
        error_message: str | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message)
        self.response = response
        self.outcome = outcome
        self.status_code = response.status_code
        self.error_code = error_code
        self.error_message = error_message
        self.retry_after = retry_after

    @property
    def request(self) -> httpx.Request:
        return self.response.request


class BadRequestError(APIStatusError):
    """400: the API could not make sense of the request."""


class AuthenticationError(APIStatusError):
    """401: the REST API key is not valid for this project."""


class PermissionDeniedError(APIStatusError):
    """403: the operation does not apply to this object."""


class NotFoundError(APIStatusError):
    """404: nothing is known under that name or id, or the operation is not known in this API version."""


class RateLimitError(APIStatusError):
    """429: too many requests. Wait `retry_after` seconds; 5 or more if the API does not say."""


class InternalServerError(APIStatusError):
    """500 and other 5xx: the API failed. Whether it took the call in is not known."""


class MaintenanceError(APIStatusError):
    """503: the API is closed for maintenance."""


class RateLimitTimeout(BatchError, TimeoutError):
    """A call would have had to wait too long for the client's own rate limits. It was not sent.

    Attributes:
        limit: Name of the rate limit.
        retry_after: Seconds after which the call can be sent.
    """

    def __init__(self, message: str, *, limit: str | None, retry_after: float) -> None:
        super().__init__(message)
        self.outcome = NOT_PROCESSED
        self.limit = limit
        self.retry_after = retry_after


class ResponseValidationError(BatchError):
    """A success whose response is not JSON, or not of the documented shape.

    Attributes:
        response: The whole response.
    """

    outcome = UNKNOWN

    def __init__(self, message: str, *, response: httpx.Response) -> None:
        super().__init__(message)
        self.response = response


class IndexingTimeout(BatchError, TimeoutError):
    """Indexing was not finished in time. Nothing is lost: each task can be waited for again, or resumed by its token.

    Attributes:
        tasks: The tasks that are not finished.
    """

    def __init__(self, message: str, *, tasks: Sequence[IndexingTask[Any] | AsyncIndexingTask[Any]]) -> None:
        super().__init__(message)
        self.tasks = tuple(tasks)

    @property
    def task(self) -> IndexingTask[Any] | AsyncIndexingTask[Any]:
        """The task that is not finished; of several, the first."""
        return self.tasks[0]


class ExportTimeout(BatchError, TimeoutError):
    """An export was not finished in time. Nothing is lost: its job can be waited for again, or resumed by its id.

    Attributes:
        job: The job.
    """

    def __init__(self, message: str, *, job: ExportJob[Any] | AsyncExportJob[Any]) -> None:
        super().__init__(message)
        self.job = job


class ExportFailedError(BatchError):
    """The API could not make an export.

    Attributes:
        export: What the API shows of it.
    """

    def __init__(self, message: str, *, export: Any) -> None:
        super().__init__(message)
        self.export = export


class DownloadError(BatchError):
    """A file of an export could not be downloaded. Nothing of it is left on disk."""


class BulkError(BatchError):
    """Not every record was accepted.

    Attributes:
        report: What became of them.
    """

    def __init__(self, report: BulkReport) -> None:
        super().__init__(str(report))
        self.report = report


class CheckpointError(BatchError):
    """A checkpoint is of another run or of other records, is in use, is unsound, or can no longer be written."""


class BulkInterrupted(KeyboardInterrupt):
    """The run was interrupted by Ctrl-C, which `except Exception` does not catch.

    Attributes:
        report: What became of the records that were read.
    """

    def __init__(self, report: BulkReport) -> None:
        super().__init__(str(report))
        self.report = report
