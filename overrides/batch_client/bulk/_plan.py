"""Turns records into calls: checks each, splits them by the limits of the operation, and skips what was sent before."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from typing import Any, Literal

from attrs import define, field, frozen

from batch_client.bulk._checkpoint import Checkpoint, CheckpointError, Digest, StoredRange
from batch_client.bulk._ledger import Ledger
from batch_client.bulk._preflight import LARGEST_EVENT, Preflight
from batch_client.bulk._problems import RecordProblem
from batch_client.bulk._target import Target, to_bytes
from batch_generated.types import to_json

OnInvalid = Literal["report", "raise", "skip"]

LARGEST_BODY = 10 * 2**20
"""Bytes of a call's body. The documentation names no limit; common gateways refuse more."""


MOST_HELD_BACK = 10_000
"""How many invalid records are noted with one call, so that memory stays flat however many there are."""

RECORDS_BETWEEN_LOOKS = 10_000
"""How many records are only read before the progress is told."""


class InvalidRecordError(Exception):
    """Ends a run at its first invalid record."""


@frozen
class UnreadableRecord:
    """Stands in for a record that could not be read, so that it is counted and listed at its place as invalid."""

    reason: str
    id: str | None = None
    """Its custom id or item id, as far as that is known."""
    field: str = ""
    """The part that is wrong; empty for the whole record."""


@define
class Batch:
    """The records of one call, and those held back between them."""

    start: int
    """Index of the first record."""
    stop: int = 0
    """Index after the last."""
    indexes: array[int] = field(factory=lambda: array("Q"))
    ids: list[str | None] = field(factory=list)
    bodies: list[bytes] = field(factory=list)
    size: int = 0
    digest: Digest = field(factory=Digest)
    invalid: list[int] = field(factory=list)
    """Indexes of those held back."""
    invalid_problems: list[RecordProblem] = field(factory=list)
    unconfirmed: dict[int, RecordProblem] = field(factory=dict)
    """By index, what may be in since an earlier run and is therefore not sent again."""
    is_first: bool = False
    """Whether it is the first call of the run, or of the one that this run goes on with."""
    may_be_in: bool = False
    """Whether a call left whose outcome is not known."""

    def add(self, index: int, id: str | None, body: bytes) -> None:
        self.indexes.append(index)
        self.ids.append(id)
        self.bodies.append(body)
        self.size += len(body) + 1

    def shares_an_id(self, others: Iterable[Batch]) -> bool:
        """Return whether it touches what others touch, so that it must come after them."""
        mine = set(self.ids)
        return any(not mine.isdisjoint(other.ids) for other in others)


class Plan:
    """Takes the records of one run in and gives batches out.

    Args:
        repeats: Whether a call may hold several records of one id.
        dry_run: Whether records are only checked.
    """

    def __init__(
        self,
        target: Target,
        ledger: Ledger,
        checkpoint: Checkpoint | None,
        *,
        repeats: bool,
        on_invalid: OnInvalid,
        dry_run: bool,
    ) -> None:
        if on_invalid not in ("report", "raise", "skip"):
            raise ValueError(f"on_invalid must be 'report', 'raise' or 'skip', not {on_invalid!r}")
        self._target = target
        self._ledger = ledger
        self._checkpoint = checkpoint
        self._preflight = Preflight(target)
        self._repeats = repeats
        self._on_invalid = on_invalid
        self._dry_run = dry_run
        self._batch = Batch(0)
        self._ids: set[str | None] = set()
        self._has_made_one = False
        self._ready: list[Batch] = []
        self._stored = iter(()) if checkpoint is None else checkpoint.ranges()
        self._next = next(self._stored, None)

    def batches(self, records: Iterable[Any]) -> Iterator[Batch]:
        """Yield the batches of records."""
        for record in records:
            yield from self.take(record)
        yield from self.rest()

    def take(self, record: Any) -> Iterator[Batch]:
        """Take in a record; yield the batches that may leave now."""
        index = self._ledger.report.records
        self._ledger.report.records += 1
        if self._checkpoint is not None and self._checkpoint.records == index:
            raise self._other_records(f"there are more than its {index}")
        is_sent_before = self._next is not None and index >= self._next.start
        if (is_sent_before or self._dry_run) and index % RECORDS_BETWEEN_LOOKS == 0:
            self._ledger.tell()  # no call does
        if self._next is not None and is_sent_before:
            self._replay(self._next, index, record)
        else:
            self._add(index, record)
        if self._next is None and self._ready:
            yield from self._give_out()

    def rest(self) -> Iterator[Batch]:
        """Yield what is left when all records were taken in."""
        records = self._ledger.report.records
        finished_with = None if self._checkpoint is None else self._checkpoint.records
        if self._next is not None or (finished_with is not None and records < finished_with):
            raise self._other_records(f"there are only {records}")
        self._close(records)
        yield from self._give_out()

    def give_up(self) -> None:
        """Hand to the ledger what was taken in and not given out, because the run ends."""
        self._close(self._ledger.report.records)
        for batch in self._ready:
            self._ledger.open(batch)

    def _give_out(self) -> Iterator[Batch]:
        ready, self._ready = self._ready, []
        for batch in ready:
            self._ledger.open(batch)
        yield from ready

    def _add(self, index: int, record: Any) -> None:
        data, body, problems = self._examine(record)
        id_ = _id_of(data)
        batch = self._batch
        if problems:
            is_full = len(batch.invalid) >= MOST_HELD_BACK
        else:
            is_full = (
                len(batch.bodies) >= self._target.most_records
                or batch.size + len(body) > LARGEST_BODY
                or (not self._repeats and id_ in self._ids)
            )
        if is_full:
            self._close(index)
            batch = self._batch
        if self._checkpoint is not None:
            batch.digest.add(body)
        if problems:
            listed = [RecordProblem(index, id_, name, reason) for name, reason in problems]
            kept = listed if self._on_invalid != "skip" else []
            batch.invalid.append(index)
            batch.invalid_problems += kept
            self._ledger.hold_back(1, kept)
            if self._on_invalid == "raise":
                raise InvalidRecordError
        elif not self._dry_run:
            batch.add(index, id_, body)
            self._ids.add(id_)

    def _close(self, stop: int) -> None:
        """End the batch that is being filled before a record."""
        batch, self._batch, self._ids = self._batch, Batch(stop), set()
        if batch.bodies:
            batch.stop = stop
            self._make_ready(batch)

    def _make_ready(self, batch: Batch) -> None:
        batch.is_first = not self._has_made_one
        self._has_made_one = True
        self._ready.append(batch)

    def _replay(self, stored: StoredRange, index: int, record: Any) -> None:
        """Take in a record that an earlier run sent, or began to send."""
        if index == stored.start:
            self._close(index)
            self._ledger.hold_back(len(stored.invalid), stored.invalid_problems, again=True)
            self._batch.invalid, self._batch.invalid_problems = sorted(stored.invalid), stored.invalid_problems
        batch = self._batch
        data, body = _encode(record)
        batch.digest.add(body)
        if stored.outcome is None and index not in stored.invalid:
            self._send_again(batch, index, data, body)
        if index + 1 < stored.stop:
            return
        if batch.digest.value() != stored.digest:
            raise self._other_records(f"those from index {stored.start} to {stored.stop - 1} differ")
        self._batch, self._ids = Batch(stored.stop), set()
        if stored.outcome is not None:
            self._has_made_one = True
            self._ledger.settled_before(stored.outcome)
        else:
            batch.stop, batch.may_be_in = stored.stop, True
            self._make_ready(batch)
        self._next = next(self._stored, None)

    def _send_again(self, batch: Batch, index: int, data: Any, body: bytes) -> None:
        """Add a record that may be in; of what must not happen twice only note that it may have happened."""
        id_, member = _id_of(data), self._target.unrepeatable
        if member is not None and data.get(member):
            reason = "may be in: the run was interrupted while they were under way, and they are not sent again"
            batch.unconfirmed[index] = RecordProblem(index, id_, member, reason)
            data = {name: value for name, value in data.items() if name != member}
            if not any(value for name, value in data.items() if name != "identifiers"):
                return
            body = to_bytes(data)
        batch.add(index, id_, body)

    def _examine(self, record: Any) -> tuple[Any, bytes, list[tuple[str, str]]]:
        """Return a record as plain data and as JSON, and each field that is wrong with the reason."""
        if isinstance(record, UnreadableRecord):
            return {"id": record.id}, repr(record).encode(errors="replace"), [(record.field, record.reason)]
        try:
            data = record if isinstance(record, dict) else to_json(record)
            try:
                problems = list(self._preflight.problems(data))
            except ValueError:  # a value that JSON has no form for; most such have one for this client
                data = to_json(record)
                problems = list(self._preflight.problems(data))
            body = to_bytes(data)
            if len(body) > LARGEST_EVENT and not problems:
                problems = list(self._preflight.large_events(data))
        except (TypeError, ValueError) as error:
            return record, repr(record).encode(errors="replace"), [("", str(error))]
        return data, body, problems

    def _other_records(self, difference: str) -> CheckpointError:
        path = "" if self._checkpoint is None else self._checkpoint.path
        return CheckpointError(
            f"these are not the records that the checkpoint {path} was made with: {difference}. "
            "Pass the same, in the same order, or give this run a checkpoint of its own"
        )


def _encode(record: Any) -> tuple[Any, bytes]:
    """Return a record as plain data and as the JSON that `_examine` made of it."""
    if isinstance(record, UnreadableRecord):
        return {"id": record.id}, repr(record).encode(errors="replace")
    try:
        data = to_json(record)
        return data, to_bytes(data)
    except (TypeError, ValueError):
        return record, repr(record).encode(errors="replace")


def _id_of(data: Any) -> str | None:
    """Return the id of a record: of a profile its custom id, else its own."""
    if not isinstance(data, dict):
        return None
    holder = data.get("identifiers", data)
    id_ = holder.get("custom_id", holder.get("id")) if isinstance(holder, dict) else None
    return id_ if isinstance(id_, str) else None
