"""Python client for the REST API of Batch, the customer engagement platform.

from batch_client import BatchClient

with BatchClient() as batch:
    audience = batch.audiences.create(name="vip", type="custom_ids").wait()
"""

import logging
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from batch_client._client import AsyncBatchClient, BatchClient
    from batch_client._tasks.indexing import async_wait_all, wait_all
    from batch_client.errors import (
        APIConnectionError,
        APIStatusError,
        APITimeoutError,
        AuthenticationError,
        BadRequestError,
        BatchError,
        BulkError,
        BulkInterrupted,
        CheckpointError,
        ConfigurationError,
        DownloadError,
        ExportFailedError,
        ExportTimeout,
        IndexingTimeout,
        InsecureConnectionWarning,
        InternalServerError,
        InvalidRequestError,
        MaintenanceError,
        NotFoundError,
        PermissionDeniedError,
        RateLimitError,
        RateLimitTimeout,
        ResponseValidationError,
        UnsupportedVersionError,
    )
    from batch_generated.api import API_VERSIONS, DEFAULT_API_VERSION, RATE_LIMITS
    from batch_generated.types import (
        UNSET,
        AsyncExportJob,
        AsyncIndexingTask,
        AsyncPage,
        AsyncPages,
        ExportJob,
        IndexingTask,
        Page,
        Poll,
        RateLimit,
        Unset,
    )

# Whoever wants the log asks for it; without this, Python prints its warnings unasked.
logging.getLogger("batch_client").addHandler(logging.NullHandler())

__all__ = [
    "API_VERSIONS",
    "DEFAULT_API_VERSION",
    "RATE_LIMITS",
    "UNSET",
    "APIConnectionError",
    "APIStatusError",
    "APITimeoutError",
    "AsyncBatchClient",
    "AsyncExportJob",
    "AsyncIndexingTask",
    "AsyncPage",
    "AsyncPages",
    "AuthenticationError",
    "BadRequestError",
    "BatchClient",
    "BatchError",
    "BulkError",
    "BulkInterrupted",
    "CheckpointError",
    "ConfigurationError",
    "DownloadError",
    "ExportFailedError",
    "ExportJob",
    "ExportTimeout",
    "IndexingTask",
    "IndexingTimeout",
    "InsecureConnectionWarning",
    "InternalServerError",
    "InvalidRequestError",
    "MaintenanceError",
    "NotFoundError",
    "Page",
    "PermissionDeniedError",
    "Poll",
    "RateLimit",
    "RateLimitError",
    "RateLimitTimeout",
    "ResponseValidationError",
    "Unset",
    "UnsupportedVersionError",
    "async_wait_all",
    "wait_all",
]

_HOMES = ("errors", "batch_generated.types", "batch_generated.api", "_client", "_tasks.indexing")
"""The modules that have the names above, looked through in this order."""

if not TYPE_CHECKING:  # or a type checker would accept any name

    def __getattr__(name: str) -> Any:
        """Load a public name when it is first used: most programs need few, and none at import."""
        if name == "errors":
            return import_module("batch_client.errors")
        if name in __all__:
            for home in _HOMES:
                module = import_module(home if home.startswith("batch_generated") else f"batch_client.{home}")
                if hasattr(module, name):
                    value = globals()[name] = getattr(module, name)
                    return value
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

    def __dir__() -> list[str]:
        return sorted({*globals(), *__all__, "errors"})
