"""Sends any number of records through the API's limits per call, and accounts for every one of them."""

from batch_client.bulk._bulk import AsyncBulk, Bulk
from batch_client.bulk._problems import RecordProblem
from batch_client.bulk._records import UnreadableRecord
from batch_client.bulk.report import BulkProgress, BulkReport, UnsettledRecords
from batch_client.errors import BulkError, BulkInterrupted, CheckpointError

__all__ = [
    "AsyncBulk",
    "Bulk",
    "BulkError",
    "BulkInterrupted",
    "BulkProgress",
    "BulkReport",
    "CheckpointError",
    "RecordProblem",
    "UnreadableRecord",
    "UnsettledRecords",
]
