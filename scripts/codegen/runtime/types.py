"""The names that users of openapi-python-client look for here."""

from .interfaces import (
    AsyncCaller,
    AsyncExportJob,
    AsyncIndexingTask,
    AsyncPage,
    AsyncPages,
    Caller,
    ExportJob,
    IndexingTask,
    OnPoll,
    Page,
    Poll,
)
from .operations import Endpoint, Operation, RateLimit, RecordBody
from .reading import parse_datetime
from .values import UNSET, OpenStrEnum, Response, Unset
from .writing import to_json

__all__ = [
    "UNSET",
    "AsyncCaller",
    "AsyncExportJob",
    "AsyncIndexingTask",
    "AsyncPage",
    "AsyncPages",
    "Caller",
    "Endpoint",
    "ExportJob",
    "IndexingTask",
    "OnPoll",
    "OpenStrEnum",
    "Operation",
    "Page",
    "Poll",
    "RateLimit",
    "RecordBody",
    "Response",
    "Unset",
    "parse_datetime",
    "to_json",
]
