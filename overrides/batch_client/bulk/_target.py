"""What an operation takes: how many records a call, where they stand in the body, and what each must be."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from typing import Any

from attrs import frozen

from batch_client._bundle import load_bundle
from batch_generated.api import OPERATIONS, RATE_LIMITS
from batch_generated.types import to_json

OLDEST_EVENT = datetime.timedelta(hours=24)
"""How old an event may be, which no schema can say. Told for API version 2.13; not documented at 2.11."""
LARGEST_EVENT = 25_000
"""How many bytes an event may have as JSON, likewise."""


@frozen
class Target:
    """One operation that takes records."""

    operation: str
    most_records: int
    """How many records a call is given: as many as it takes, but no more than half of what a rate limit lets through at
    once. A call as large as that would have to arrive at the very moment, or be refused."""
    member: str | None
    """The member of the body that holds the records; None if the body is the records."""
    item: dict[str, Any]
    """The schema of one record."""

    @property
    def unrepeatable(self) -> str | None:
        """The member of a record that must not be sent twice; None if all may be."""
        return OPERATIONS[self.operation].idempotent_unless

    def body(self, records: list[bytes], **members: Any) -> bytes:
        """Return the body of a call, given records as JSON and what else it says."""
        array = b"[" + b",".join(records) + b"]"
        if self.member is None:
            return array
        start = json.dumps(members | {self.member: 0}).encode()
        return start[:-2] + array + b"}"

    def endpoint(self) -> Any:
        """Return the module that reads the answer."""
        tag = OPERATIONS[self.operation].path.split("/")[1]
        return import_module(f"batch_generated.api.{tag}.{self.operation}")


@cache
def target_of(operation: str) -> Target:
    """Return what the bundle says of an operation's records."""
    path = OPERATIONS[operation].path
    content = load_bundle()["paths"][path]["post"]["requestBody"]["content"]["application/json"]
    schema, member = _resolve(content["schema"]), None
    if schema["type"] == "object":
        member, schema = next((name, part) for name, part in schema["properties"].items() if part["type"] == "array")
    limits = [RATE_LIMITS[name] for name in OPERATIONS[operation].rate_limits]
    most = min([schema["maxItems"], *(int(limit.burst / 2) for limit in limits if limit.records is not None)])
    return Target(operation, most, member, schema["items"])


class Preflight:
    """Checks records against the documented limits before they leave."""

    def __init__(self, target: Target, now: datetime.datetime) -> None:
        try:
            import jsonschema_rs
        except ModuleNotFoundError:
            raise ModuleNotFoundError("bulk needs jsonschema-rs: pip install 'batch-client[bulk]'") from None
        schema = target.item | {"components": load_bundle()["components"]}
        self._validator = jsonschema_rs.Draft202012Validator(schema, validate_formats=True)
        self._oldest, self._now = now - OLDEST_EVENT, now
        attributes = _resolve(_resolve(target.item).get("properties", {}).get("attributes", {}))
        native = attributes.get("properties", {})
        # The schema counts native and custom attributes together; the limit is one of custom ones.
        self._most_custom = attributes["maxProperties"] - len(native) if native else None

    def problems(self, record: dict[str, Any]) -> Iterator[tuple[str, str]]:
        """Yield field and reason of everything that is wrong with a record."""
        if not self._validator.is_valid(record):
            for error in self._validator.iter_errors(record):
                field = ".".join(str(part) for part in error.instance_path)
                # A message begins with the value, which may be long, and ends with what is wrong.
                yield field, error.message if len(error.message) <= 200 else f"…{error.message[-150:]}"
            return
        attributes = record.get("attributes") or ()
        if self._most_custom is not None and len(attributes) > self._most_custom:
            custom = sum(not name.startswith("$") for name in attributes)
            if custom > self._most_custom:
                yield "attributes", f"{custom} custom attributes are more than {self._most_custom}"
        if record.get("events"):
            yield from self._wrong_times(record["events"])

    def large_events(self, record: dict[str, Any]) -> Iterator[tuple[str, str]]:
        """Yield field and reason of each event that is too large: for records that are larger than one event may be."""
        for number, event in enumerate(record.get("events") or ()):
            size = len(to_bytes(event))
            if size > LARGEST_EVENT:
                yield f"events.{number}", f"{size:,} bytes are more than {LARGEST_EVENT:,}"

    def _wrong_times(self, events: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
        for number, event in enumerate(events):
            if "time" in event:
                time = datetime.datetime.fromisoformat(event["time"])
                if time < self._oldest:
                    yield f"events.{number}.time", f"{event['time']} is more than 24 hours ago"
                elif time > self._now + datetime.timedelta(minutes=5):  # clocks differ
                    yield f"events.{number}.time", f"{event['time']} is in the future"


def to_bytes(data: Any) -> bytes:
    """Return data as the JSON that is sent.

    Raises:
        TypeError, ValueError: JSON has no form for it.
    """
    return json.dumps(data, separators=(",", ":"), ensure_ascii=False, allow_nan=False, default=to_json).encode()


def _resolve(node: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in node:
        node = load_bundle()["components"]["schemas"][node["$ref"].rsplit("/", 1)[1]]
    return node
