"""Sends any number of records through the API's limits per call, and reports what became of every one of them.

Read it in this order:

1. `_chunk`, the records of one call; `_outcome`, what became of them; `_operation` and `_target`, what is called.
2. `_planner` puts records into chunks. `_records` checks each, by `_encoding` and `_preflight`; `_replay` reads again
   those that an earlier run sent, which `_checkpoint` has on disk.
3. `_account` counts every record, and alone writes the `report`.
4. `_delivery` follows one chunk to the API and back.
5. `_run` brings these together for the engines. `_engine` (threads) and `_async_engine` (asyncio) send what it gives
   them, wait and stop; what both decide is in `_pace`.
6. `_bulk` has what users call. Other packages may import `options`, `report` and `rejects` beside it.
"""

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
