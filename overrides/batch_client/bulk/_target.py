"""What an operation takes: how many records a call, where they stand in the body, and the schema of one."""

from __future__ import annotations

import json
from functools import cache
from importlib import import_module
from typing import Any

from attrs import frozen

from batch_client._bundle import load_bundle
from batch_generated.api import OPERATIONS, RATE_LIMITS
from batch_generated.types import to_json


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
    schema, member = resolve(content["schema"]), None
    if schema["type"] == "object":
        member, schema = next((name, part) for name, part in schema["properties"].items() if part["type"] == "array")
    limits = [RATE_LIMITS[name] for name in OPERATIONS[operation].rate_limits]
    most = min([schema["maxItems"], *(int(limit.burst / 2) for limit in limits if limit.records is not None)])
    return Target(operation, most, member, schema["items"])


def to_bytes(data: Any) -> bytes:
    """Return data as the JSON that is sent.

    Raises:
        TypeError, ValueError: JSON has no form for it.
    """
    return json.dumps(data, separators=(",", ":"), ensure_ascii=False, allow_nan=False, default=to_json).encode()


def resolve(node: dict[str, Any]) -> dict[str, Any]:
    """Return the schema that another only refers to."""
    while "$ref" in node:
        node = load_bundle()["components"]["schemas"][node["$ref"].rsplit("/", 1)[1]]
    return node
