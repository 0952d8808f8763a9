"""Says which operations the documents have, for tests that use operations by name."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import yaml

from batch_client.sandbox import Sandbox
from batch_generated.api import API_VERSIONS, OPERATIONS
from batch_generated.types import Operation
from scripts.codegen.identity import Name, name_operations


def has(*ids: str) -> bool:
    """Return whether the documents have all of some operations."""
    return all(id_ in OPERATIONS for id_ in ids)


SIMULATED = frozenset(Sandbox()._handlers()) & OPERATIONS.keys()
"""The operations that the sandbox knows; to others it answers 501."""


@cache
def missing() -> tuple[Name, ...]:
    """Return the operations that hand-written code knows and the documents no longer have."""
    contract = yaml.safe_load(Path("openapi/contract.yaml").read_text(encoding="utf-8"))
    routes = [tuple(route.split(" ", 1)) for route in contract["operations"]]
    named = name_operations([(method.lower(), path) for method, path in routes], {})
    return tuple(name for name in named.values() if name.id not in OPERATIONS)


def needs(source: str) -> list[str]:
    """Return which of the missing operations a piece of code calls or names."""
    return [
        name.id
        for name in missing()
        if re.search(rf"\b{name.resource}\.{name.method}\(|[\"']{name.id}[\"']", source)
        or re.search(rf"[\"']/?{name.resource}/{name.method.replace('_', '[-/]')}[\"'?]", source)
    ]


def version_number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def young() -> tuple[Operation, str]:
    """Return an operation that an older version of the API does not have yet, with that version."""
    for operation in OPERATIONS.values():
        older = [v for v in API_VERSIONS if version_number(v) < version_number(operation.first_seen)]
        if older and operation.name == "list":
            return operation, older[-1]
    raise LookupError("no list operation is younger than the oldest version that the client speaks")
