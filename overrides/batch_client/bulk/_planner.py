"""Plans the calls of a run: checks each record and puts it into a chunk that keeps the limits of the operation.

The planner decides and returns what it decided; it neither sends nor counts. Records that share an id stay in order:
no chunk holds two of them, unless the operation allows that, and `Chunk.must_follow` keeps chunks apart. Records of an
earlier run with the same checkpoint are only read again, and nothing may be sent before all of them were.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from attrs import frozen

from batch_client.bulk._checkpoint import Checkpoint
from batch_client.bulk._chunk import Chunk
from batch_client.bulk._operation import BulkOperation
from batch_client.bulk._outcome import Outcome
from batch_client.bulk._problems import RecordProblem
from batch_client.bulk._records import RecordChecker
from batch_client.bulk._replay import Replay

MAX_REQUEST_BYTES = 10 * 2**20
"""Bytes of a call's body. The documentation names no limit; common gateways refuse more."""
MAX_INVALID_PER_CHUNK = 10_000
"""How many invalid records a chunk notes, so that memory stays flat however many there are."""


@frozen
class InvalidRecords:
    """Records that are not sent."""

    count: int
    problems: list[RecordProblem]
    are_known: bool = False
    """Whether an earlier run found them."""


@frozen
class EarlierOutcome:
    """The outcome of a call that an earlier run made."""

    outcome: Outcome
    is_first: bool
    """Whether it was the first call."""


class Planner:
    """Takes in the records of one run, and fills chunks.

    Args:
        checkpoint: What earlier runs sent; None if there is none.
        dry_run: Whether records are only checked, so that there are no chunks.
    """

    def __init__(self, operation: BulkOperation, checkpoint: Checkpoint | None, *, dry_run: bool) -> None:
        self.read = 0
        """How many records were taken in."""
        self.has_first_call = False
        """Whether the first call is planned, or was made by an earlier run."""
        self._operation = operation
        self._target = operation.first
        self._dry_run = dry_run
        self._checker = RecordChecker(self._target)
        self._checkpoint = checkpoint
        self._stored = iter(()) if checkpoint is None else checkpoint.ranges()
        self._replay = self._next_replay()
        self._chunk = Chunk(0)
        self._full: list[Chunk] = []

    @property
    def is_to_replay(self) -> bool:
        """Whether the next record is one that an earlier run sent, or began to send."""
        return self._replay is not None and self.read >= self._replay.stored.start

    @property
    def is_within_replay(self) -> bool:
        """Whether the last record was one that an earlier run sent, in a call of which others are still to be read."""
        return self._replay is not None and self.read > self._replay.stored.start

    def take(self, record: Any) -> Sequence[InvalidRecords | EarlierOutcome]:
        """Take in the next record, and return what is known without sending anything.

        Raises:
            CheckpointError: the records are not those of the checkpoint.
        """
        index = self.read
        self.read += 1
        if self._checkpoint is not None and self._checkpoint.records == index:
            raise self._checkpoint.other_records(f"there are more than its {index}")
        if self._replay is not None and index >= self._replay.stored.start:
            return self._read_again(self._replay, index, record)
        return self._plan(index, record)

    def finish(self) -> Sequence[EarlierOutcome]:
        """End the last chunk when there are no more records, and return what is known without sending anything.

        Raises:
            CheckpointError: the records are not those of the checkpoint.
        """
        found: Sequence[EarlierOutcome] = ()
        if self._replay is not None and self._replay.stored.stop == self.read == 0:
            found = self._end_replay(self._replay)
        if self._checkpoint is not None and (self._replay is not None or self.read < (self._checkpoint.records or 0)):
            raise self._checkpoint.other_records(f"there are only {self.read}")
        self._close(self.read)
        return found

    def plan_empty_call(self) -> None:
        """Plan a call without records."""
        self._add_full(Chunk(0))

    def ready(self) -> list[Chunk]:
        """Return the chunks that can be sent now, in order."""
        return self._full if self._replay is None else []

    def hand_over(self) -> None:
        """Forget the chunks that are ready, now that somebody else has them."""
        self._full = []

    def give_up(self) -> list[Chunk]:
        """Return the chunks that were not handed over, the one that was being filled among them."""
        if not self.is_within_replay:
            self._close(self.read)
        return self._full

    def _plan(self, index: int, record: Any) -> Sequence[InvalidRecords]:
        found = self._checker.check(record)
        chunk = self._chunk
        if found.problems:
            is_full = len(chunk.invalid) >= MAX_INVALID_PER_CHUNK
        else:
            is_full = chunk.size + len(found.body) > MAX_REQUEST_BYTES or (
                not self._operation.repeats_ids and chunk.has_any_of(found.identities)
            )
        if is_full:
            self._close(index)
            chunk = self._chunk
        if self._checkpoint is not None:
            chunk.digest.add(found.body)
        if found.problems:
            chunk.invalid.append(index)
            return [InvalidRecords(1, found.problems_at(index))]
        if not self._dry_run:
            chunk.add(index, found.id, found.identities, found.body)
            if len(chunk.bodies) >= self._target.max_records:
                self._close(index + 1)
        return ()

    def _close(self, stop: int) -> None:
        """End the chunk that is being filled before a record."""
        chunk = self._chunk
        if chunk.bodies:
            chunk.stop = stop
            self._add_full(chunk)
        self._chunk = Chunk(stop)  # last, so that an interrupt loses nothing

    def _add_full(self, chunk: Chunk) -> None:
        chunk.replaces = self._operation.replaces and not self.has_first_call
        self.has_first_call = True
        self._full.append(chunk)

    def _read_again(self, replay: Replay, index: int, record: Any) -> Sequence[InvalidRecords | EarlierOutcome]:
        if index == replay.stored.start:
            self._close(index)
        replay.add(index, record)
        if index + 1 < replay.stored.stop:
            return ()
        invalid = InvalidRecords(len(replay.stored.invalid), replay.invalid, are_known=True)
        return [invalid, *self._end_replay(replay)]

    def _end_replay(self, replay: Replay) -> Sequence[EarlierOutcome]:
        """Go on after a call of an earlier run, all of whose records were read again."""
        chunk, outcome = replay.finish(), replay.stored.outcome
        if outcome is None:
            found = []
            self._add_full(chunk)
        else:
            found = [EarlierOutcome(outcome, is_first=not self.has_first_call)]
            self.has_first_call = True
        self._replay = self._next_replay()
        self._chunk = Chunk(replay.stored.stop)
        return found

    def _next_replay(self) -> Replay | None:
        stored = next(self._stored, None)
        if stored is None or self._checkpoint is None:
            return None
        return Replay(stored, self._checkpoint, self._target, self._checker)
