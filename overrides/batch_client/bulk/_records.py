"""Checks one record, whatever it is made of: its JSON, its id, what it identifies and what is wrong with it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from attrs import define, frozen

from batch_client._transport.signals import is_from_signal
from batch_client.bulk._encoding import UNWRITABLE, UnwritableRecordError, encode, reason_of
from batch_client.bulk._preflight import LARGEST_EVENT, Preflight
from batch_client.bulk._problems import RecordProblem
from batch_client.bulk._target import Target
from batch_generated.types import to_json


@frozen
class UnreadableRecord:
    """Stands in for a record that could not be read, so that it is counted and listed at its place as invalid."""

    reason: str
    id: str | None = None
    """Its custom id or item id, as far as that is known."""
    field: str = ""
    """The part that is wrong; empty for the whole record."""


@define
class CheckedRecord:
    """What is known of a record."""

    id: str | None
    body: bytes
    """The record as JSON, or what stands for one that has no form in JSON."""
    problems: Sequence[tuple[str, str]] = ()
    """Each field that is wrong, with the reason; none if the record is valid."""
    identities: Sequence[tuple[str, str]] = ()
    """Each identifier of a valid record: its name and its value."""

    def problems_at(self, index: int) -> list[RecordProblem]:
        """Return what is wrong with it, given its place among the records."""
        return [RecordProblem(index, self.id, name, reason) for name, reason in self.problems]


class RecordChecker:
    """Checks records for one operation."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._preflight = Preflight(target)

    def check(self, record: Any) -> CheckedRecord:
        if isinstance(record, UnreadableRecord):
            return CheckedRecord(record.id, UNWRITABLE, [(record.field, record.reason)])
        try:
            data, body = encode(record)
        except UnwritableRecordError as error:
            return CheckedRecord(id_of(record), UNWRITABLE, [("", str(error))])
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
            identities = () if problems else self._target.identities(data)
        except Exception as error:  # a record's own code can raise anything
            if is_from_signal(error):
                raise
            return CheckedRecord(id_of(data), body, [("", reason_of(error))])
        return CheckedRecord(id_of(data), body, problems, identities)


def id_of(data: Any) -> str | None:
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
