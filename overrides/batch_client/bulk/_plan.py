"""Turns records into calls, and what the calls came to into a report: the same for both twins."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable, Iterator, Sized
from typing import Any, Literal

from attrs import define, field

from batch_client import _clock
from batch_client._retry import NOT_SENT
from batch_client.bulk._report import BulkProgress, BulkReport, OnProgress, RecordProblem, UnsettledRecords
from batch_client.bulk._target import Preflight, Target
from batch_client.errors import (
    APIStatusError,
    BadRequestError,
    BatchError,
    MaintenanceError,
    RateLimitError,
    RateLimitTimeout,
)
from batch_generated.types import UNSET, to_json

OnInvalid = Literal["report", "raise", "skip"]

LARGEST_BODY = 10 * 2**20
"""Bytes of a call's body. The documentation names no limit; common gateways refuse more."""
MOST_PROBLEMS = 100_000
"""How many problems of a kind are listed. All are counted."""


class InvalidRecordError(Exception):
    """Ends a run at its first invalid record."""


@define
class Batch:
    """The records of one call."""

    indexes: list[int] = field(factory=list)
    ids: list[str | None] = field(factory=list)
    bodies: list[bytes] = field(factory=list)
    size: int = 0

    def shares_an_id(self, others: Iterable[Batch]) -> bool:
        """Return whether it touches what others touch, so that it must come after them."""
        mine = set(self.ids)
        return any(not mine.isdisjoint(other.ids) for other in others)


class Plan:
    """One run: takes records in, gives batches out, and keeps the report.

    Args:
        repeats: Whether a call may hold several records of one id.
    """

    def __init__(
        self,
        target: Target,
        records: object,
        *,
        repeats: bool,
        on_invalid: OnInvalid,
        on_progress: OnProgress | None,
    ) -> None:
        if on_invalid not in ("report", "raise", "skip"):
            raise ValueError(f"on_invalid must be 'report', 'raise' or 'skip', not {on_invalid!r}")
        self.target = target
        self.report = BulkReport()
        self._preflight = Preflight(target, datetime.datetime.now(datetime.UTC))
        self._repeats = repeats
        self._on_invalid = on_invalid
        self._on_progress = on_progress
        self._total = len(records) if isinstance(records, Sized) else None
        self._batch = Batch()
        self._ids: set[str | None] = set()
        self._started = _clock.monotonic()

    def batches(self, records: Iterable[Any]) -> Iterator[Batch]:
        """Yield the batches of records."""
        for record in records:
            yield from self.take(record)
        yield from self.rest()

    def take(self, record: Any) -> Iterator[Batch]:
        """Take in a record; yield the batch that it completes."""
        index = self.report.records
        self.report.records += 1
        data = record if isinstance(record, dict) else to_json(record)
        problems = list(self._preflight.problems(data))
        id_ = _id_of(data)
        if problems:
            self._hold_back([RecordProblem(index, id_, name, reason) for name, reason in problems])
            return
        body = json.dumps(data, separators=(",", ":"), ensure_ascii=False).encode()
        full = Batch()
        if (
            len(self._batch.bodies) >= self.target.most_records
            or self._batch.size + len(body) > LARGEST_BODY
            or (not self._repeats and id_ in self._ids)
        ):
            full, self._batch, self._ids = self._batch, Batch(), set()
        self._batch.indexes.append(index)
        self._batch.ids.append(id_)
        self._batch.bodies.append(body)
        self._batch.size += len(body) + 1
        self._ids.add(id_)
        # Last, because a run that ends here must have taken the record in.
        if full.bodies:
            yield full

    def rest(self) -> Iterator[Batch]:
        """Yield the batch that is not full."""
        if self._batch.bodies:
            batch, self._batch, self._ids = self._batch, Batch(), set()
            yield batch

    def put_back(self, batch: Batch) -> None:
        """Take back a batch that is not sent, because the run ends."""
        self._batch.indexes = batch.indexes + self._batch.indexes

    def settle(self, batch: Batch, answer: Any) -> None:
        """Record the answer of a batch."""
        errors = getattr(answer, "errors", UNSET) or []
        rejected = set()
        for error in errors:
            if not isinstance(error.bulk_index, int) or not 0 <= error.bulk_index < len(batch.indexes):
                continue
            position = error.bulk_index
            rejected.add(position)
            name = str(error.attribute) if error.attribute else str(error.category or "")
            self._list(
                self.report.rejected,
                RecordProblem(batch.indexes[position], batch.ids[position], name, str(error.reason)),
            )
        self.report.rejected_records += len(rejected)
        self.report.accepted += len(batch.indexes) - len(rejected)
        self._settled()

    def fail(self, batch: Batch, error: BatchError) -> None:
        """Record the error of a batch. One that the API refuses is rejected; after any other the run ends."""
        if isinstance(error, BadRequestError):
            for index, id_ in zip(batch.indexes, batch.ids, strict=True):
                self._list(self.report.rejected, RecordProblem(index, id_, "", str(error)))
            self.report.rejected_records += len(batch.indexes)
        else:
            self.report.error = self.report.error or error
            self.report.unsettled.append(
                UnsettledRecords(batch.indexes[0], batch.indexes[-1], len(batch.indexes), str(error), _may_be_in(error))
            )
        self._settled()

    def finish(self) -> BulkReport:
        """Return the report."""
        left = self._batch
        if left.indexes:
            reason = "not sent: the run ended before"
            self.report.unsettled.append(
                UnsettledRecords(left.indexes[0], left.indexes[-1], len(left.indexes), reason, may_be_in=False)
            )
        self.report.seconds = _clock.monotonic() - self._started
        return self.report

    def _hold_back(self, problems: list[RecordProblem]) -> None:
        self.report.invalid_records += 1
        if self._on_invalid != "skip":
            for problem in problems:
                self._list(self.report.invalid, problem)
        if self._on_invalid == "raise":
            raise InvalidRecordError

    def _list(self, problems: list[RecordProblem], problem: RecordProblem) -> None:
        if len(problems) < MOST_PROBLEMS:
            problems.append(problem)

    def _settled(self) -> None:
        self.report.calls += 1
        if self._on_progress is None:
            return
        seconds = _clock.monotonic() - self._started
        rate = self.report.settled / seconds if seconds > 0 else 0.0
        left = None if self._total is None or rate == 0 else max(0, self._total - self.report.settled) / rate
        self._on_progress(
            BulkProgress(
                done=self.report.settled,
                accepted=self.report.accepted,
                rejected=self.report.rejected_records,
                invalid=self.report.invalid_records,
                rate=rate,
                total=self._total,
                seconds_left=left,
            )
        )


def _id_of(data: Any) -> str | None:
    """Return the id of a record: of a profile its custom id, else its own."""
    if not isinstance(data, dict):
        return None
    holder = data.get("identifiers", data)
    id_ = holder.get("custom_id", holder.get("id")) if isinstance(holder, dict) else None
    return id_ if isinstance(id_, str) else None


def _may_be_in(error: BatchError) -> bool:
    """Return whether a call may have been taken in although it failed."""
    if isinstance(error, RateLimitTimeout | RateLimitError | MaintenanceError):
        return False
    if isinstance(error, APIStatusError):
        return error.status_code >= 500
    return not isinstance(error.__cause__, NOT_SENT)
