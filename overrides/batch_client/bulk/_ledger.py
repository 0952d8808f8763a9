"""Accounts for every record of a run, in its report and in its checkpoint, from whichever thread an answer comes."""

from __future__ import annotations

import copy
import threading
from typing import TYPE_CHECKING, Any

from batch_client._transport import clock
from batch_client.bulk._checkpoint import Checkpoint
from batch_client.bulk._checkpoint_rows import Outcome
from batch_client.bulk._problems import Problems, RecordProblem
from batch_client.bulk.options import OnProgress
from batch_client.bulk.report import BulkProgress, BulkReport, UnsettledRecords
from batch_client.errors import (
    NOT_PROCESSED,
    BadRequestError,
    BatchError,
    CheckpointError,
)
from batch_generated.types import UNSET

if TYPE_CHECKING:
    from batch_client.bulk._plan import Batch
    from batch_client.bulk._threads import Aside

_NOT_SENT = "not sent: the run ended before"
_NOT_READ_AGAIN = "the run ended before it had read again what an earlier run sent"
NOTHING_REPLACED = "nothing was replaced"


class RunStopped(Exception):
    """A call does not leave, because the run ends."""


class Ledger:
    """The account of one run. Once it is finished nothing changes it: calls that are abandoned may end later."""

    def __init__(self, on_progress: OnProgress | None, *, dry_run: bool) -> None:
        self.report = BulkReport()
        self.tokens: list[str] = []
        self.checkpoint: Checkpoint | None = None
        self.total: int | None = None
        """How many records there are, if that is known."""
        self._dry_run = dry_run
        self._on_progress = on_progress
        self._open: dict[int, Batch] = {}
        self._given_up: dict[int, UnsettledRecords] = {}
        self._is_stopped = False
        self._is_finished = False
        # Only ever taken by a `with` statement of its own: an interrupt of the main thread cannot leave it locked.
        self._lock = threading.Lock()
        self._started = clock.monotonic()

    def hold_back(self, count: int, problems: list[RecordProblem], *, again: bool = False) -> None:
        """Record invalid records; `again` if an earlier run found them."""
        with self._lock:
            self._list(self.report.invalid, problems)
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

    def settle(self, batch: Batch, answer: Any) -> None:
        """Record the answer of a batch."""
        rejected: dict[int, list[RecordProblem]] = {}
        for error in (getattr(answer, "errors", UNSET) or []) if batch.ids else []:
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
        self._settle(batch, rejected, token if isinstance(token, str) else None, was_sent=answer is not None)

    def fail(self, batch: Batch, departure: Departure, error: BatchError) -> None:
        """Record the error of a batch. One that the API refuses is rejected; after any other the run ends.

        A replacement that is refused ends it too: what follows would be added to the old content. If an earlier try may
        have been taken in, so is the outcome of the whole not known.
        """
        if isinstance(error, BadRequestError) and not (batch.replaces and departure.may_have_been_in):
            problems = zip(batch.indexes, batch.ids, strict=True)
            if batch.replaces:
                self.end(_of_replacement(error, is_known=True))
            rejected = {index: [RecordProblem(index, id_, "", str(error))] for index, id_ in problems}
            self._settle(batch, rejected, None, was_sent=True)
            return
        if error.outcome == NOT_PROCESSED:
            departure.on_not_processed()
        self.end(_of_replacement(error, is_known=not batch.may_be_in) if batch.replaces else error)
        with self._lock:
            self.report.calls += not self._is_finished
            self._give_up(batch, str(error))

    def put_back(self, batch: Batch, departure: Departure) -> None:
        """Record that a batch did not leave, because the run ends."""
        departure.withdraw()
        with self._lock:
            self._give_up(batch)

    def stop(self) -> None:
        """Let no further call leave."""
        with self._lock:
            self._is_stopped = True

    def leave(self) -> None:
        """Raise RunStopped if no further call may leave."""
        if self._is_stopped or self.report.error is not None:
            raise RunStopped

    def is_yet_to_leave(self, batch: Batch) -> bool:
        """Return whether a batch has neither left nor met its end."""
        return batch.start in self._open and batch.start not in self._given_up and not batch.may_be_in

    def left(self, batch: Batch) -> None:
        """Record that the last byte of a batch leaves now; raise RunStopped if it must not."""
        with self._lock:
            self.leave()
            batch.may_be_in = True

    def finish(self, *, is_replaying: bool) -> BulkReport:
        """Return the report, in which every record that was read has its place.

        Args:
            is_replaying: Whether the records that were read last are some of those that an earlier run sent.
        """
        with self._lock:
            self._is_stopped = self._is_finished = True
            report = self.report
            parts = {start: _unsettled(batch) for start, batch in self._open.items() if batch.has_records}
            report.unsettled = sorted((parts | self._given_up).values(), key=lambda part: part.first)
            left = report.records - report.settled - sum(part.count for part in report.unsettled)
            if left > 0 and not self._dry_run:
                last = report.records - 1
                reason = _NOT_READ_AGAIN if is_replaying else _NOT_SENT
                report.unsettled.append(UnsettledRecords(last + 1 - left, last, left, reason, is_replaying))
                report.unsettled.sort(key=lambda part: part.first)
            report.seconds = clock.monotonic() - self._started
            return report

    def tell(self, unindexed: int = 0) -> None:
        """Tell the caller how far the run is, and how many updates are waited for."""
        if self._on_progress is None:
            return
        report = self.report
        seconds = clock.monotonic() - self._started
        done = report.records if self._dry_run else report.settled
        rate = (done - report.resumed) / seconds if seconds > 0 else 0.0
        left = None if self.total is None or rate <= 0 else max(0, self.total - done) / rate
        self._on_progress(
            BulkProgress(
                done=done,
                accepted=report.accepted,
                rejected=report.rejected_records,
                invalid=report.invalid_records,
                rate=rate,
                total=self.total,
                unindexed=unindexed,
                seconds_left=left,
            )
        )

    def _settle(
        self, batch: Batch, rejected: dict[int, list[RecordProblem]], token: str | None, *, was_sent: bool
    ) -> None:
        unconfirmed = [problem for index, problem in batch.unconfirmed.items() if index not in rejected]
        accepted = sum(index not in rejected and index not in batch.unconfirmed for index in batch.indexes)
        problems = [("rejected", problem) for found in rejected.values() for problem in found]
        problems += [("unconfirmed", problem) for problem in unconfirmed]
        outcome = Outcome(accepted, len(rejected), len(unconfirmed), problems, token)
        if self.checkpoint is not None:
            try:
                if not batch.may_be_in:  # an answer came before all had left
                    _store(self.checkpoint, batch)
                self.checkpoint.settled(batch.start, outcome)
            except CheckpointError as error:
                self.end(error)
        with self._lock:
            if self._is_finished:
                return
            self._count(outcome)
            self.report.calls += was_sent
            self._open.pop(batch.start, None)

    def _count(self, outcome: Outcome) -> None:
        report = self.report
        for kind, problem in outcome.problems:
            self._list(report.rejected if kind == "rejected" else report.unconfirmed, [problem])
        report.accepted += outcome.accepted
        report.rejected_records += outcome.rejected
        report.unconfirmed_records += outcome.unconfirmed
        if outcome.token is not None:
            self.tokens.append(outcome.token)

    def _list(self, known: Problems, problems: list[RecordProblem]) -> None:
        known.extend(problems)
        if known.failure is not None and self.report.error is None:
            self.report.error = BatchError(
                f"the temporary file for the problems of records cannot be written: {known.failure}; "
                "make room, or let TMPDIR name a directory that has some"
            )
            self.report.error.__cause__ = known.failure

    def end(self, error: BatchError) -> None:
        """Record what ends the run early; the first error counts."""
        with self._lock:
            if not self._is_finished:
                self.report.error = self.report.error or error

    def _give_up(self, batch: Batch, reason: str | None = None) -> None:
        if not self._is_finished and batch.has_records:
            self._given_up[batch.start] = _unsettled(batch, reason)


class Departure:
    """Is told of each try to send a batch, in the moment it leaves."""

    def __init__(self, ledger: Ledger, batch: Batch) -> None:
        self._ledger = ledger
        self._batch = batch
        self._is_stored = batch.may_be_in
        self.may_have_been_in = batch.may_be_in
        """Whether the outcome of an earlier try is not known."""
        self.is_sent = False

    def on_wait(self) -> None:
        """Raise RunStopped if the run ends, so that nobody waits for a try that would not be made."""
        self._ledger.leave()

    def on_attempt(self) -> None:
        """Note that a try begins; raise RunStopped if it must not."""
        self._ledger.leave()
        self.is_sent = False
        self.may_have_been_in = self._batch.may_be_in

    def on_send(self) -> None:
        """Note, and have on disk, that the last byte leaves now; raise RunStopped if it must not."""
        self._ledger.leave()
        self._store()
        self._ledger.left(self._batch)
        self.is_sent = True

    async def async_on_send(self) -> None:
        """Do as `on_send` does."""
        self.on_send()

    def on_not_processed(self) -> None:
        """Note that the last try surely did nothing."""
        self._batch.may_be_in = self.may_have_been_in
        self.withdraw()

    def withdraw(self) -> None:
        """Take back what is on disk of a batch that is not in. If that fails it is on the safe side: it may be in."""
        checkpoint = self._ledger.checkpoint
        if checkpoint is not None and self._is_stored and not self._batch.may_be_in:
            try:
                checkpoint.not_sent(self._batch.start)
            except CheckpointError as error:
                self._ledger.end(error)
            self._is_stored = False

    def _store(self) -> None:
        if self._ledger.checkpoint is not None and not self._is_stored:
            _store(self._ledger.checkpoint, self._batch)
            self._is_stored = True


class AsyncDeparture(Departure):
    """The twin of `Departure` for asyncio, which leaves the event loop alone while the disk is written."""

    def __init__(self, ledger: Ledger, batch: Batch, aside: Aside) -> None:
        super().__init__(ledger, batch)
        self._aside = aside

    async def async_on_send(self) -> None:
        self._ledger.leave()
        if self._ledger.checkpoint is not None:
            await self._aside.run(self._store)
        self._ledger.left(self._batch)
        self.is_sent = True

    def on_not_processed(self) -> None:
        self._batch.may_be_in = self.may_have_been_in
        self._aside.later(self.withdraw)


def _store(checkpoint: Checkpoint, batch: Batch) -> None:
    """Have on disk that a batch may be in."""
    checkpoint.sending(batch.start, batch.stop, batch.digest.value(), batch.invalid)


def _unsettled(batch: Batch, reason: str | None = None) -> UnsettledRecords:
    if reason is None:
        reason = "the run ended before the answer came" if batch.may_be_in else _NOT_SENT
    indexes = batch.unconfirmed.keys() | batch.indexes
    return UnsettledRecords(min(indexes), max(indexes), len(indexes), reason, batch.may_be_in)


def _of_replacement(error: BatchError, *, is_known: bool) -> BatchError:
    """Return the error of a replacement's first call with what it means for the audience."""
    meaning = NOTHING_REPLACED if is_known else "it is not known whether the content was replaced"
    told = copy.copy(error)
    told.args = (f"{error}; {meaning}, and nothing was added",)
    told.__cause__ = error
    return told
