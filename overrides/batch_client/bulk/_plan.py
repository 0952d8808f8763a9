"""Turns records into calls: checks each, splits them by the limits of the operation, and skips what was sent before."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from typing import Any

from attrs import define, evolve, field, frozen

from batch_client._transport.signals import is_from_signal
from batch_client.bulk._checkpoint import Checkpoint, Digest
from batch_client.bulk._checkpoint_rows import UNCONFIRMED_REASON, StoredRange
from batch_client.bulk._encoding import UNWRITABLE, UnwritableRecordError, encode, reason_of
from batch_client.bulk._ledger import NOTHING_REPLACED, Ledger
from batch_client.bulk._preflight import LARGEST_EVENT, Preflight
from batch_client.bulk._problems import RecordProblem
from batch_client.bulk._target import Target, to_bytes
from batch_client.bulk.options import OnInvalid
from batch_client.errors import BatchError, CheckpointError
from batch_generated.types import to_json

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
    identities: set[tuple[str, str]] = field(factory=set)
    """What the records name: the names of identifiers, and their values."""
    bodies: list[bytes] = field(factory=list)
    size: int = 0
    digest: Digest = field(factory=Digest)
    invalid: list[int] = field(factory=list)
    """Indexes of those held back."""
    unconfirmed: dict[int, RecordProblem] = field(factory=dict)
    """By index, what may be in since an earlier run and is therefore not sent again."""
    is_first: bool = False
    """Whether it is the first call of the run, or of the one that this run goes on with."""
    replaces: bool = False
    """Whether its call replaces what is there: nothing may be under way beside it, nor follow unless it did."""
    may_be_in: bool = False
    """Whether a call left whose outcome is not known."""

    @property
    def has_records(self) -> bool:
        """Whether it holds any that are not invalid; the call that empties an audience holds none."""
        return bool(self.indexes or self.unconfirmed)

    def add(self, index: int, id: str | None, identities: Iterable[tuple[str, str]], body: bytes) -> None:
        self.indexes.append(index)
        self.ids.append(id)
        self.identities.update(identities)
        self.bodies.append(body)
        self.size += len(body) + 1

    def must_follow(self, others: Iterable[Batch]) -> bool:
        """Return whether it may touch what others touch, so that it must come after them.

        A custom id and an installation may be of one profile, which nobody here can know.
        """
        return any(
            not self.identities.isdisjoint(other.identities) or len(self._kinds | other._kinds) > 1 for other in others
        )

    @property
    def _kinds(self) -> set[str]:
        return {name for name, _ in self.identities}


@define
class _Examined:
    """What is known of a record."""

    id: str | None
    body: bytes
    problems: list[tuple[str, str]] = field(factory=list)
    """Each field that is wrong, with the reason."""
    identities: list[tuple[str, str]] = field(factory=list)


class Plan:
    """Takes the records of one run in and gives batches out.

    Args:
        repeats: Whether a call may hold several records of one id.
        replaces: Whether the first call replaces what is there.
        dry_run: Whether records are only checked.
    """

    def __init__(
        self,
        target: Target,
        ledger: Ledger,
        checkpoint: Checkpoint | None,
        *,
        repeats: bool,
        replaces: bool,
        on_invalid: OnInvalid,
        dry_run: bool,
    ) -> None:
        self._target = target
        self._ledger = ledger
        self._checkpoint = checkpoint
        self._preflight = Preflight(target)
        self._repeats = repeats
        self._replaces = replaces
        self._on_invalid = on_invalid
        self._dry_run = dry_run
        self._batch = Batch(0)
        self._has_made_one = False
        self._held_back_again: list[RecordProblem] = []
        self._ready: list[Batch] = []
        self._stored = iter(()) if checkpoint is None else checkpoint.ranges()
        self._next = next(self._stored, None)

    def batches(self, records: Iterable[Any]) -> Iterator[Batch]:
        """Yield the batches of records, until an error ends the run."""
        for record in records:
            yield from self.take(record)
            if self._ledger.report.error is not None:
                return
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
        if self._next is not None and records == self._next.stop == 0:
            self._take_up(self._next, self._batch)
        finished_with = None if self._checkpoint is None else self._checkpoint.records
        if self._next is not None or (finished_with is not None and records < finished_with):
            raise self._other_records(f"there are only {records}")
        self._close(records)
        if self._replaces and not self._has_made_one and not self._dry_run:
            self._empty(records)
        yield from self._give_out()

    def give_up(self) -> None:
        """Hand to the ledger what was taken in and not given out, because the run ends."""
        if not self.is_replaying:
            self._close(self._ledger.report.records)
        for batch in self._ready:
            self._ledger.open(batch)

    @property
    def is_replaying(self) -> bool:
        """Whether the records that were taken in last are some of those of a stored range."""
        return self._next is not None and self._ledger.report.records > self._next.start

    def _give_out(self) -> Iterator[Batch]:
        ready = self._ready
        for batch in ready:
            self._ledger.open(batch)
        self._ready = []
        yield from ready

    def _empty(self, records: int) -> None:
        """Replace by no records, if that is what the caller asks for and the API allows it."""
        if records:
            self._ledger.end(BatchError(f"{NOTHING_REPLACED}: none of the {records:,} records is valid"))
        elif not self._target.takes_none:
            self._ledger.end(BatchError(f"{NOTHING_REPLACED}: by the API's documents the new content cannot be empty"))
        else:
            self._make_ready(Batch(0))

    def _add(self, index: int, record: Any) -> None:
        found = self._examine(record)
        batch = self._batch
        if found.problems:
            is_full = len(batch.invalid) >= MOST_HELD_BACK
        else:
            is_full = batch.size + len(found.body) > LARGEST_BODY or (
                not self._repeats and not batch.identities.isdisjoint(found.identities)
            )
        if is_full:
            self._close(index)
            batch = self._batch
        if self._checkpoint is not None:
            batch.digest.add(found.body)
        if found.problems:
            batch.invalid.append(index)
            self._ledger.hold_back(1, self._listed(index, found))
            if self._on_invalid == "raise":
                raise InvalidRecordError
        elif not self._dry_run:
            batch.add(index, found.id, found.identities, found.body)
            if len(batch.bodies) >= self._target.most_records:
                self._close(index + 1)

    def _listed(self, index: int, found: _Examined) -> list[RecordProblem]:
        if self._on_invalid == "skip":
            return []
        return [RecordProblem(index, found.id, name, reason) for name, reason in found.problems]

    def _close(self, stop: int) -> None:
        """End the batch that is being filled before a record."""
        batch = self._batch
        if batch.bodies:
            batch.stop = stop
            self._make_ready(batch)
        self._batch = Batch(stop)  # last, so that an interrupt loses nothing

    def _make_ready(self, batch: Batch) -> None:
        batch.is_first = not self._has_made_one
        batch.replaces = batch.is_first and self._replaces
        self._has_made_one = True
        self._ready.append(batch)

    def _replay(self, stored: StoredRange, index: int, record: Any) -> None:
        """Take in a record that an earlier run sent, or began to send."""
        if index == stored.start:
            self._close(index)
            self._held_back_again = []
        batch = self._batch
        if index in stored.invalid:
            found = self._examine(record)
            if not found.problems:
                found = evolve(found, problems=[("", "it was invalid when an earlier run read it")])
            batch.invalid.append(index)
            self._held_back_again += self._listed(index, found)
            batch.digest.add(found.body)
        else:
            try:
                data, body = encode(record)
            except UnwritableRecordError:
                raise self._differing(stored) from None
            batch.digest.add(body)
            if stored.outcome is None:
                if not isinstance(data, dict):
                    raise self._differing(stored)
                self._send_again(batch, index, data, body)
        if index + 1 >= stored.stop:
            self._ledger.hold_back(len(stored.invalid), self._held_back_again, again=True)
            self._take_up(stored, batch)

    def _take_up(self, stored: StoredRange, batch: Batch) -> None:
        """Go on from what became of a range, all of whose records were read again."""
        if batch.digest.value() != stored.digest:
            raise self._differing(stored)
        if stored.outcome is None:
            batch.stop, batch.may_be_in = stored.stop, True
            self._make_ready(batch)
        else:
            outcome = stored.outcome
            if self._replaces and not self._has_made_one and not outcome.accepted and outcome.token is None:
                self._ledger.end(
                    BatchError(
                        f"{NOTHING_REPLACED}: the API refused the first call in an earlier run; "
                        f"delete the checkpoint{self._path} to begin anew"
                    )
                )
            self._has_made_one = True
            self._ledger.settled_before(outcome)
        self._next = next(self._stored, None)
        self._batch = Batch(stored.stop)

    def _send_again(self, batch: Batch, index: int, data: dict[str, Any], body: bytes) -> None:
        """Add a record that may be in; of what must not happen twice only note that it may have happened."""
        id_, member = _id_of(data), self._target.unrepeatable
        if member is not None and data.get(member):
            batch.unconfirmed[index] = RecordProblem(index, id_, member, UNCONFIRMED_REASON)
            data = {name: value for name, value in data.items() if name != member}
            if not any(value for name, value in data.items() if name != "identifiers"):
                return
            body = to_bytes(data)
        batch.add(index, id_, self._target.identities(data), body)

    def _examine(self, record: Any) -> _Examined:
        if isinstance(record, UnreadableRecord):
            return _Examined(record.id, UNWRITABLE, [(record.field, record.reason)])
        try:
            data, body = encode(record)
        except UnwritableRecordError as error:
            return _Examined(_id_of(record), UNWRITABLE, [("", str(error))])
        try:
            try:
                problems = list(self._preflight.problems(data))
            except ValueError as error:  # it takes no tuple, for example
                if is_from_signal(error):
                    raise
                data = to_json(data)
                problems = list(self._preflight.problems(data))
            if len(body) > LARGEST_EVENT and not problems:
                problems = list(self._preflight.large_events(data))
            identities = [] if problems else self._target.identities(data)
        except Exception as error:  # a record's own code can raise anything
            if is_from_signal(error):
                raise
            return _Examined(_id_of(data), body, [("", reason_of(error))])
        return _Examined(_id_of(data), body, problems, identities)

    @property
    def _path(self) -> str:
        return "" if self._checkpoint is None else f" {self._checkpoint.path}"

    def _differing(self, stored: StoredRange) -> CheckpointError:
        if stored.stop == 0:
            return self._other_records("there are more than its 0")
        return self._other_records(f"those from index {stored.start} to {stored.stop - 1} differ")

    def _other_records(self, difference: str) -> CheckpointError:
        return CheckpointError(
            f"these are not the records that the checkpoint{self._path} was made with: {difference}. "
            "Pass the same, in the same order, or give this run a checkpoint of its own"
        )


def _id_of(data: Any) -> str | None:
    """Return the id of a record, which may be anything: of a profile its custom id, else its own."""
    if not isinstance(data, dict):
        return None
    try:
        # What is derived from dict may fail where dict does not.
        holder = dict.get(data, "identifiers", data)
        id_ = dict.get(holder, "custom_id", dict.get(holder, "id")) if isinstance(holder, dict) else None
    except Exception as error:  # of a key that cannot be compared
        if is_from_signal(error):
            raise
        return None
    return id_ if isinstance(id_, str) else None
