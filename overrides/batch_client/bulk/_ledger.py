"""Accounts for every record of a run, in its report and in its checkpoint, from whichever thread an answer comes."""

from __future__ import annotations

import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from batch_client import _clock
from batch_client._retry import NOT_SENT
from batch_client.bulk._checkpoint import Checkpoint, CheckpointError, Outcome
from batch_client.bulk._problems import RecordProblem
from batch_client.bulk._report import BulkProgress, BulkReport, OnProgress, UnsettledRecords
from batch_client.errors import (
    APIStatusError,
    BadRequestError,
    BatchError,
    MaintenanceError,
)
from batch_generated.types import UNSET

if TYPE_CHECKING:
    from batch_client.bulk._plan import Batch

_NOT_SENT = "not sent: the run ended before"


class RunStopped(Exception):
    """A call does not leave, because the run ends."""


class Ledger:
    """The account of one run.

    Args:
        total: How many records there are; None if that is not known.
    """

    def __init__(
        self, checkpoint: Checkpoint | None, total: int | None, on_progress: OnProgress | None, *, dry_run: bool
    ) -> None:
        self.report = BulkReport()
        self.tokens: list[str] = []
        self._checkpoint = checkpoint
        self._total = total
        self._dry_run = dry_run
        self._on_progress = on_progress
        self._open: dict[int, Batch] = {}
        self._is_stopped = False
        self._lock = threading.Lock()
        self._started = _clock.monotonic()

    def hold_back(self, count: int, problems: list[RecordProblem], *, again: bool = False) -> None:
        """Record invalid records; `again` if an earlier run found them."""
        self.report.invalid.extend(problems)
        self.report.invalid_records += count
        self.report.resumed += count if again else 0

    def settled_before(self, outcome: Outcome) -> None:
        """Record what an earlier run settled."""
        with self._lock:
            self._count(outcome)
            self.report.resumed += outcome.accepted + outcome.rejected + outcome.unconfirmed

    def open(self, batch: Batch) -> None:
        """Record that a batch is to be sent."""
        self._open[batch.start] = batch

    def departure(self, batch: Batch) -> Departure:
        """Return what is told of each try to send a batch."""
        return Departure(self, batch, self._checkpoint)

    def settle(self, batch: Batch, answer: Any) -> None:
        """Record the answer of a batch."""
        rejected: dict[int, list[RecordProblem]] = {}
        for error in getattr(answer, "errors", UNSET) or []:
            position, reason = error.bulk_index, str(error.reason)
            if not isinstance(position, int) or not 0 <= position < len(batch.indexes):
                # Whichever it was, it must not go unseen.
                reason = f"{reason} (the API did not say which of records {batch.start} to {batch.stop - 1})"
                position = 0
            name = str(error.attribute) if error.attribute else str(error.category or "")
            rejected.setdefault(batch.indexes[position], []).append(
                RecordProblem(batch.indexes[position], batch.ids[position], name, reason)
            )
        token = getattr(answer, "indexing_token", None)
        self._settle(batch, rejected, token if isinstance(token, str) else None)

    def fail(self, batch: Batch, departure: Departure, error: BatchError) -> None:
        """Record the error of a batch. One that the API refuses is rejected; after any other the run ends."""
        if isinstance(error, BadRequestError):
            problems = zip(batch.indexes, batch.ids, strict=True)
            self._settle(batch, {index: [RecordProblem(index, id_, "", str(error))] for index, id_ in problems}, None)
            return
        if _surely_did_nothing(error):
            # If that cannot be written, the checkpoint says that the call may be in, which is on the safe side.
            with suppress(CheckpointError):
                departure.did_nothing()
        self.end(error)
        with self._lock:
            self.report.calls += 1
            self._give_up(batch, str(error))

    def end(self, error: BatchError) -> None:
        """Record what ends the run early; the first error counts."""
        with self._lock:
            self.report.error = self.report.error or error

    def put_back(self, batch: Batch) -> None:
        """Record that a batch did not leave, because the run ends."""
        with self._lock:
            self._give_up(batch)

    def stop(self) -> None:
        """Let no further call leave."""
        self._is_stopped = True

    def leave(self) -> None:
        """Raise RunStopped if no further call may leave."""
        if self._is_stopped or self.report.error is not None:
            raise RunStopped

    def finish(self) -> BulkReport:
        """Return the report, in which every record that was read has its place."""
        with self._lock:
            report = self.report
            for batch in list(self._open.values()):
                self._give_up(batch)
            left = report.records - report.settled - sum(part.count for part in report.unsettled)
            if left > 0 and not self._dry_run:
                last = report.records - 1
                report.unsettled.append(UnsettledRecords(last + 1 - left, last, left, _NOT_SENT, may_be_in=False))
            report.unsettled.sort(key=lambda part: part.first)
            report.seconds = _clock.monotonic() - self._started
            return report

    def tell(self, unindexed: int = 0) -> None:
        """Tell the caller how far the run is, and how many updates are waited for."""
        if self._on_progress is None:
            return
        report = self.report
        seconds = _clock.monotonic() - self._started
        done = report.records if self._dry_run else report.settled
        rate = (done - report.resumed) / seconds if seconds > 0 else 0.0
        left = None if self._total is None or rate <= 0 else max(0, self._total - done) / rate
        self._on_progress(
            BulkProgress(
                done=done,
                accepted=report.accepted,
                rejected=report.rejected_records,
                invalid=report.invalid_records,
                rate=rate,
                total=self._total,
                unindexed=unindexed,
                seconds_left=left,
            )
        )

    def _settle(self, batch: Batch, rejected: dict[int, list[RecordProblem]], token: str | None) -> None:
        unconfirmed = [problem for index, problem in batch.unconfirmed.items() if index not in rejected]
        accepted = sum(index not in rejected and index not in batch.unconfirmed for index in batch.indexes)
        problems = [("rejected", problem) for found in rejected.values() for problem in found]
        problems += [("unconfirmed", problem) for problem in unconfirmed]
        outcome = Outcome(accepted, len(rejected), len(unconfirmed), problems, token)
        if self._checkpoint is not None:
            try:
                if not batch.may_be_in:  # an answer came before all had left
                    _store(self._checkpoint, batch)
                self._checkpoint.settled(batch.start, outcome)
            except CheckpointError as error:
                self.end(error)
        with self._lock:
            self._count(outcome)
            self.report.calls += bool(batch.ids)
            self._open.pop(batch.start, None)

    def _count(self, outcome: Outcome) -> None:
        report = self.report
        report.accepted += outcome.accepted
        report.rejected_records += outcome.rejected
        report.unconfirmed_records += outcome.unconfirmed
        for kind, problem in outcome.problems:
            (report.rejected if kind == "rejected" else report.unconfirmed).extend([problem])
        if outcome.token is not None:
            self.tokens.append(outcome.token)

    def _give_up(self, batch: Batch, reason: str | None = None) -> None:
        if reason is None:
            reason = "the run ended before the answer came" if batch.may_be_in else _NOT_SENT
        indexes = batch.unconfirmed.keys() | batch.indexes
        part = UnsettledRecords(min(indexes), max(indexes), len(indexes), reason, batch.may_be_in)
        self.report.unsettled.append(part)
        self._open.pop(batch.start, None)


class Departure:
    """Is told of each try to send a batch, in the moment it leaves."""

    def __init__(self, ledger: Ledger, batch: Batch, checkpoint: Checkpoint | None) -> None:
        self._ledger = ledger
        self._batch = batch
        self._checkpoint = checkpoint
        self._may_have_been_in = batch.may_be_in
        self.has_left = False

    def waits(self) -> None:
        """Raise RunStopped if the run ends, so that nobody waits for a try that would not be made."""
        self._ledger.leave()

    def begins(self) -> None:
        """Note that a try begins; raise RunStopped if it must not."""
        self._ledger.leave()
        self.has_left = False
        self._may_have_been_in = self._batch.may_be_in

    def leaves(self) -> None:
        """Note, and have on disk, that the last byte leaves now; raise RunStopped if it must not."""
        self._ledger.leave()
        if self._checkpoint is not None and not self._batch.may_be_in:
            _store(self._checkpoint, self._batch)
        self.has_left = self._batch.may_be_in = True

    def did_nothing(self) -> None:
        """Note that the last try surely did nothing."""
        self._batch.may_be_in = self._may_have_been_in
        if self._checkpoint is not None and not self._batch.may_be_in:
            self._checkpoint.not_sent(self._batch.start)


def _store(checkpoint: Checkpoint, batch: Batch) -> None:
    """Have on disk that a batch may be in."""
    checkpoint.sending(batch.start, batch.stop, batch.digest.value(), batch.invalid, batch.invalid_problems)


def _surely_did_nothing(error: BatchError) -> bool:
    """Return whether a try that failed with this was not taken in."""
    if isinstance(error, APIStatusError):
        if isinstance(error, MaintenanceError):
            return error.error_code is not None or error.error_message is not None
        return error.status_code < 500
    return isinstance(error.__cause__, NOT_SENT)
