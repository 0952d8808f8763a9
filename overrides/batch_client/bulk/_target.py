"""What an operation takes: how many records per call, where they are in the body, and the schema of one."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from attrs import frozen

from batch_client._calls.operations import endpoint_of
from batch_client.errors import BatchError
from batch_generated.api import OPERATIONS, RATE_LIMITS, RECORD_BODIES
from batch_generated.bundle import load_bundle
from batch_generated.references import look_up, resolve
from batch_generated.types import Endpoint, to_json


@frozen
class Target:
    """One operation that takes records."""

    operation: str
    max_records: int
    """How many records a call gets: as many as it takes, but no more than half of what a rate limit lets through at
    once. A call as large as the limit is refused unless the limit is completely free when it arrives."""
    member: str | None
    """The member of the body that holds the records; None if the body is the records."""
    item: dict[str, Any]
    """The schema of one record."""
    array: dict[str, Any]
    """The schema of the array that holds the records."""
    has_identifiers: bool
    """Whether a record has identifiers of several kinds, not an id."""

    @property
    def unrepeatable(self) -> str | None:
        """The member of a record that must not be sent twice; None if all may be."""
        return OPERATIONS[self.operation].idempotent_unless

    @property
    def takes_none(self) -> bool:
        """Whether a call may hold no records."""
        return not self.array.get("minItems")

    def identities(self, record: dict[str, Any]) -> list[tuple[str, str]]:
        """Return each identifier that a valid record has: its name, and its value as text."""
        named = record.get("identifiers") if self.has_identifiers else {"id": record.get("id")}
        if not isinstance(named, dict):
            return []
        return [
            (name, value if isinstance(value, str) else json.dumps(value, sort_keys=True))
            for name, value in named.items()
        ]

    def body(self, records: list[bytes], **members: Any) -> bytes:
        """Return the body of a call, given records as JSON and the other members of the body."""
        array = b"[" + b",".join(records) + b"]"
        if self.member is None:
            return array
        start = json.dumps(members | {self.member: 0}).encode()
        return start[:-2] + array + b"}"

    def endpoint(self) -> Endpoint:
        """Return the module that reads the response."""
        return endpoint_of(self.operation)


@cache
def target_of(operation: str) -> Target:
    """Return what the bundle says of an operation's records.

    Raises:
        BatchError: The API documents have no such operation any more.
    """
    endpoint_of(operation)  # says what is wrong if there is no such operation
    body = RECORD_BODIES.get(operation)
    if body is None:
        raise BatchError(f"the API documents no longer say what {operation} takes; send with its own method")
    limits = [RATE_LIMITS[name] for name in OPERATIONS[operation].rate_limits]
    most = min([body.max_records, *(int(limit.burst / 2) for limit in limits if limit.records is not None)])
    place, _, items = body.schema.rpartition("/")
    array = look_up(load_bundle(), f"#{place}")
    has_identifiers = "identifiers" in resolve(load_bundle(), array[items]).get("properties", {})
    return Target(operation, most, body.member, array[items], array, has_identifiers)


def to_bytes(data: Any) -> bytes:
    """Return data as the JSON that is sent.

    Raises:
        TypeError, ValueError: JSON has no form for it.
    """
    return json.dumps(data, separators=(",", ":"), ensure_ascii=False, allow_nan=False, default=to_json).encode()
