"""Reads again the records of one call of an earlier run: whether they are the same, and what must be sent again."""

from __future__ import annotations

from typing import Any

from batch_client.bulk._checkpoint import Checkpoint
from batch_client.bulk._checkpoint_rows import UNCONFIRMED_REASON, StoredRange
from batch_client.bulk._chunk import Chunk
from batch_client.bulk._encoding import UnwritableRecordError, encode
from batch_client.bulk._problems import RecordProblem
from batch_client.bulk._records import RecordChecker, id_of
from batch_client.bulk._target import Target, to_bytes
from batch_client.errors import CheckpointError


class Replay:
    """The records of one call of an earlier run, as they are read again.

    Args:
        stored: What the checkpoint says of the call.
    """

    def __init__(self, stored: StoredRange, checkpoint: Checkpoint, target: Target, checker: RecordChecker) -> None:
        self.stored = stored
        self.invalid: list[RecordProblem] = []
        """What is wrong with the records that the earlier run did not send."""
        self._chunk = Chunk(stored.start, stored.stop, outcome_unknown=True)
        self._checkpoint = checkpoint
        self._target = target
        self._checker = checker

    def add(self, index: int, record: Any) -> None:
        """Take in the next record.

        Raises:
            CheckpointError: it is not the one that the earlier run read, as far as one record shows that.
        """
        if index in self.stored.invalid:
            self._add_invalid(index, record)
            return
        try:
            data, body = encode(record)
        except UnwritableRecordError:
            raise self._differing() from None
        self._chunk.digest.add(body)
        if self.stored.outcome is None:
            if not isinstance(data, dict):
                raise self._differing()
            self._send_again(index, data, body)

    def finish(self) -> Chunk:
        """Return the chunk to send again if its outcome is unknown, now that all records were read.

        Raises:
            CheckpointError: they are not those that the earlier run read.
        """
        if self._chunk.digest.value() != self.stored.digest:
            raise self._differing()
        return self._chunk

    def _add_invalid(self, index: int, record: Any) -> None:
        found = self._checker.check(record)
        if not found.problems:
            found.problems = [("", "it was invalid when an earlier run read it")]
        self._chunk.invalid.append(index)
        self._chunk.digest.add(found.body)
        self.invalid += found.problems_at(index)

    def _send_again(self, index: int, data: dict[str, Any], body: bytes) -> None:
        """Add a record whose outcome is unknown, without the part that must not happen twice."""
        id_, member = id_of(data), self._target.unrepeatable
        if member is not None and data.get(member):
            self._chunk.unconfirmed[index] = RecordProblem(index, id_, member, UNCONFIRMED_REASON)
            data = {name: value for name, value in data.items() if name != member}
            if not any(value for name, value in data.items() if name != "identifiers"):
                return
            body = to_bytes(data)
        self._chunk.add(index, id_, self._target.identities(data), body)

    def _differing(self) -> CheckpointError:
        start, stop = self.stored.start, self.stored.stop
        if stop == 0:  # the call that emptied an audience
            return self._checkpoint.other_records("there are more than its 0")
        return self._checkpoint.other_records(f"those from index {start} to {stop - 1} differ")
