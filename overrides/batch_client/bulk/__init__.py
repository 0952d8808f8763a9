"""Sends any number of records through the API's limits per call, and accounts for every one of them."""

from batch_client.bulk._report import BulkError, BulkProgress, BulkReport, RecordProblem, UnsettledRecords
from batch_client.bulk._run import AsyncBulk, Bulk

__all__ = [
    "AsyncBulk",
    "Bulk",
    "BulkError",
    "BulkProgress",
    "BulkReport",
    "RecordProblem",
    "UnsettledRecords",
]
