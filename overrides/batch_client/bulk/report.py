"""What became of the records: counts, and every record that was not accepted."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from attrs import asdict, define, field, frozen

from batch_client.bulk._problems import Problems, RecordProblem
from batch_client.bulk.rejects import header, write_table
from batch_client.errors import BatchError, BulkError


@frozen
class UnsettledRecords:
    """Records of one call that have no outcome."""

    first: int
    """Index of the first of them."""
    last: int
    """Index of the last of them. Those between that are invalid are not among them."""
    count: int
    reason: str
    may_be_in: bool
    """Whether the outcome is unknown: they were sent, and no response was received. Else they were not processed."""


@frozen
class BulkProgress:
    """How far a run is."""

    done: int
    """Records that are accepted, rejected, invalid or unconfirmed; in a dry run those that are checked."""
    accepted: int
    rejected: int
    invalid: int
    rate: float
    """Records done per second."""
    total: int | None
    """How many there are; None if the records have no length."""
    unindexed: int
    """Updates of an audience or catalog whose indexing is waited for, when all is sent."""
    seconds_left: float | None
    """At this rate; None if the total is not known."""


@define
class BulkReport:
    """What became of every record."""

    records: int = 0
    """How many records were read."""
    accepted: int = 0
    """How many the API accepted whole."""
    rejected: Problems = field(factory=Problems)
    """What the API refused: whole records, or attributes and events that it dropped."""
    invalid: Problems = field(factory=Problems)
    """What was not sent because it breaks a documented limit or has no form in JSON."""
    unconfirmed: Problems = field(factory=Problems)
    """Events whose outcome is unknown: a run was interrupted while they were in flight. A run that resumes from its
    checkpoint sends the attributes of their records again, but not them."""
    unsettled: list[UnsettledRecords] = field(factory=list)
    """Records whose call failed or was not made. Those after them were not read."""
    rejected_records: int = 0
    invalid_records: int = 0
    unconfirmed_records: int = 0
    resumed: int = 0
    """How many of the records have their outcome from an earlier run with the same checkpoint."""
    calls: int = 0
    """How many calls this run made."""
    seconds: float = 0.0
    """How long this run took."""
    indexing: Counter[str] = field(factory=Counter)
    """How many updates of an audience or catalog ended in which state."""
    error: BatchError | None = None
    """What stopped the run before its end."""

    @property
    def settled(self) -> int:
        """How many records were accepted, rejected, invalid or unconfirmed."""
        return self.accepted + self.rejected_records + self.invalid_records + self.unconfirmed_records

    @property
    def complete(self) -> bool:
        """Whether every record was read and accepted."""
        return self.error is None and self.accepted == self.records

    def raise_for_rejects(self) -> None:
        """Raise BulkError unless every record was accepted."""
        if not self.complete:
            raise BulkError(self)

    def problems(self) -> Iterable[tuple[str, RecordProblem]]:
        """Yield each problem with what it is: rejected, invalid or unconfirmed."""
        kinds = {"rejected": self.rejected, "invalid": self.invalid, "unconfirmed": self.unconfirmed}
        for kind, problems in kinds.items():
            for problem in problems:
                yield kind, problem

    def to_csv(self, path: str | Path) -> None:
        """Write each problem as a line: outcome, index, id, field, reason. Unsettled records are one line per call.

        Raises:
            OSError: the file cannot be written.
        """
        write_csv(self, Path(path), "index", lambda index: index)

    def to_json(self) -> str:
        """Return the whole report as JSON."""

        def plain(_: Any, __: Any, value: Any) -> Any:
            return [asdict(problem) for problem in value] if isinstance(value, Problems) else value

        shown = asdict(self, filter=lambda attribute, _: attribute.name != "error", value_serializer=plain)
        return json.dumps(shown | {"error": None if self.error is None else str(self.error)}, indent=2)

    def __str__(self) -> str:
        unsettled = sum(part.count for part in self.unsettled)
        ended = f"; ended early: {self.error}" if self.error is not None else ""
        unconfirmed = f", {self.unconfirmed_records} unconfirmed" if self.unconfirmed_records else ""
        resumed = f" ({self.resumed} by earlier runs)" if self.resumed else ""
        return (
            f"{self.records} records in {self.calls} calls and {self.seconds:.1f} s{resumed}: "
            f"{self.accepted} accepted, {self.rejected_records} rejected, {self.invalid_records} invalid{unconfirmed}, "
            f"{unsettled} without an answer{ended}"
        )


def write_csv(report: BulkReport, path: Path, place_name: str, place_of: Callable[[int], int]) -> None:
    """Write what was not accepted; `place_of` turns an index into what people know the record by.

    See `write_table` for what becomes of cells that spreadsheets would run.
    """

    def rows() -> Iterable[Sequence[Any]]:
        for kind, problem in report.problems():
            yield kind, place_of(problem.index), problem.id, problem.field, problem.reason
        for part in report.unsettled:
            outcome = "unknown" if part.may_be_in else "unsent"
            yield outcome, f"{place_of(part.first)}-{place_of(part.last)}", "", "", part.reason

    write_table(path, header(place_name), rows())
