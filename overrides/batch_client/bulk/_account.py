"""The account of a run, the only writer of its report: every record that was read is in exactly one count.

Any thread may use it. Once it is finished nothing changes it, although calls that were given up may end later.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence

from attrs import define

from batch_client._transport import clock
from batch_client.bulk._chunk import Chunk
from batch_client.bulk._outcome import Outcome
from batch_client.bulk._problems import Problems, RecordProblem
from batch_client.bulk.options import Options
from batch_client.bulk.report import BulkProgress, BulkReport, UnsettledRecords
from batch_client.errors import BatchError

_NOT_SENT = "not sent: the run ended before"
_NO_RESPONSE = "the run ended before the response arrived"
_NOT_READ_AGAIN = "the run ended before it had read again what an earlier run sent"


class RunStopped(Exception):
    """A call is not sent, because the run ends."""


@define
class _OpenChunk:
    """A chunk whose records have no outcome yet."""

    chunk: Chunk
    outcome_unknown: bool
    """Whether it was sent, by this run or an earlier one, and may have been processed."""
    has_ended: bool = False
    """Whether this run will not send it any more."""
    reason: str | None = None
    """Why it has no outcome; None if the run ended before."""

    def unsettled(self) -> UnsettledRecords:
        indexes = self.chunk.unconfirmed.keys() | self.chunk.indexes
        reason = self.reason
        if reason is None:
            reason = _NO_RESPONSE if self.outcome_unknown else _NOT_SENT
        return UnsettledRecords(min(indexes), max(indexes), len(indexes), reason, self.outcome_unknown)


class Account:
    """Counts what becomes of the records of one run, and knows whether the run may still send."""

    def __init__(self, options: Options) -> None:
        self.total: int | None = None
        """How many records there are, if that is known."""
        self.tokens: list[str] = []
        """The indexing tokens of all calls, of earlier runs too."""
        self._report = BulkReport()
        self._options = options
        self._open: dict[int, _OpenChunk] = {}
        self._is_stopped = False
        self._is_finished = False
        # Only ever taken by a `with` statement of its own: an interrupt of the main thread cannot leave it locked.
        self._lock = threading.Lock()
        self._started = clock.monotonic()

    @property
    def records(self) -> int:
        """How many records were read."""
        return self._report.records

    @property
    def error(self) -> BatchError | None:
        """What stopped the run."""
        return self._report.error

    def add_record(self) -> None:
        """Record that a record was read."""
        self._report.records += 1

    def add_invalid(self, count: int, problems: list[RecordProblem], *, are_known: bool) -> None:
        """Record invalid records; `are_known` if an earlier run found them."""
        with self._lock:
            if self._options.on_invalid != "skip":
                self._list(self._report.invalid, problems)
            self._report.invalid_records += count
            self._report.resumed += count if are_known else 0

    def add_earlier(self, outcome: Outcome) -> None:
        """Record the outcome of a call that an earlier run made."""
        with self._lock:
            self._count(outcome)
            self._report.resumed += outcome.accepted + outcome.rejected + outcome.unconfirmed

    def open(self, chunk: Chunk) -> None:
        """Record that a chunk is to be sent. Until `close`, its records count as unsettled."""
        self._open[chunk.start] = _OpenChunk(chunk, chunk.outcome_unknown)

    def check_running(self) -> None:
        """Raise RunStopped if nothing more may be sent."""
        if self._is_stopped or self._report.error is not None:
            raise RunStopped

    def sent(self, chunk: Chunk) -> None:
        """Record that the last byte of a chunk is sent now; raise RunStopped if it must not be."""
        with self._lock:
            self.check_running()
            self._open[chunk.start].outcome_unknown = True

    def not_processed(self, chunk: Chunk, *, outcome_unknown: bool) -> None:
        """Record that the last try to send a chunk was not processed, and whether one before it may have been."""
        self._open[chunk.start].outcome_unknown = outcome_unknown

    def is_unknown(self, chunk: Chunk) -> bool:
        """Return whether a chunk that is open was sent and may have been processed."""
        return self._open[chunk.start].outcome_unknown

    def is_to_be_sent(self, chunk: Chunk) -> bool:
        """Return whether a chunk has neither been sent nor met its end."""
        entry = self._open.get(chunk.start)
        return entry is not None and not entry.has_ended and not entry.outcome_unknown

    def close(self, chunk: Chunk, outcome: Outcome, *, was_sent: bool) -> None:
        """Record the outcome of a chunk, and whether this run made a call for it."""
        with self._lock:
            if self._is_finished:
                return
            self._count(outcome)
            self._report.calls += was_sent
            self._open.pop(chunk.start, None)

    def fail(self, chunk: Chunk, reason: str) -> None:
        """Record that the call of a chunk failed, so that it has no outcome."""
        with self._lock:
            self._report.calls += not self._is_finished
            self._end(chunk, reason)

    def put_back(self, chunk: Chunk) -> None:
        """Record that a chunk was not sent, because the run ends."""
        with self._lock:
            self._end(chunk, None)

    def add_indexed(self, states: Iterable[str]) -> None:
        """Record the states in which updates ended."""
        self._report.indexing.update(states)

    def stop(self) -> None:
        """Let nothing more be sent."""
        with self._lock:
            self._is_stopped = True

    def end(self, error: BatchError) -> None:
        """Record what stops the run; the first error counts."""
        with self._lock:
            if not self._is_finished:
                self._report.error = self._report.error or error

    def show_progress(self, unindexed: int = 0) -> None:
        """Call `on_progress` with how far the run is, and how many updates are waited for."""
        if self._options.on_progress is None:
            return
        report = self._report
        seconds = clock.monotonic() - self._started
        done = report.records if self._options.dry_run else report.settled
        rate = (done - report.resumed) / seconds if seconds > 0 else 0.0
        left = None if self.total is None or rate <= 0 else max(0, self.total - done) / rate
        self._options.on_progress(
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

    def finish(self, *, is_within_replay: bool) -> BulkReport:
        """Return the report, in which every record that was read has its place.

        Args:
            is_within_replay: Whether the records that were read last are some of those that an earlier run sent.
        """
        with self._lock:
            self._is_stopped = self._is_finished = True
            report = self._report
            report.unsettled = [entry.unsettled() for entry in self._open.values() if entry.chunk.has_records]
            left = report.records - report.settled - sum(part.count for part in report.unsettled)
            if left > 0 and not self._options.dry_run:
                last = report.records - 1
                reason = _NOT_READ_AGAIN if is_within_replay else _NOT_SENT
                report.unsettled.append(UnsettledRecords(last + 1 - left, last, left, reason, is_within_replay))
            report.unsettled.sort(key=lambda part: part.first)
            report.seconds = clock.monotonic() - self._started
            return report

    def _end(self, chunk: Chunk, reason: str | None) -> None:
        if not self._is_finished:
            entry = self._open[chunk.start]
            entry.has_ended, entry.reason = True, reason

    def _count(self, outcome: Outcome) -> None:
        report = self._report
        for kind, problem in outcome.problems:
            self._list(report.rejected if kind == "rejected" else report.unconfirmed, [problem])
        report.accepted += outcome.accepted
        report.rejected_records += outcome.rejected
        report.unconfirmed_records += outcome.unconfirmed
        if outcome.token is not None:
            self.tokens.append(outcome.token)

    def _list(self, known: Problems, problems: Sequence[RecordProblem]) -> None:
        known.extend(problems)
        if known.failure is not None and self._report.error is None:
            self._report.error = BatchError(
                f"the temporary file for the problems of records cannot be written: {known.failure}; "
                "make room, or let TMPDIR name a directory that has some"
            )
            self._report.error.__cause__ = known.failure
