"""Says which operations the documents have, for tests that use operations by name."""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import CodeType
from typing import Any

import pytest
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
    return [name.id for name in missing() if _uses(source, name)]


_IMPLIED: list[tuple[tuple[str, ...], set[str]]] = [
    ((r"[\"' ]audiences sync\b",), {"audience_create", "audience_update", "audience_replace", "audience_view"}),
    ((r"[\"' ]catalogs import\b",), {"catalog_create", "catalog_view", "catalog_items_edit"}),
    ((r"[\"' ]profiles import\b",), {"profile_update", "profile_mass_update"}),
    ((r"[\"' ]doctor\b",), {"audience_list"}),
    ((r"\bupdate_audience\b",), {"audience_update", "audience_view"}),
    ((r"\breplace_audience\b",), {"audience_update", "audience_replace", "audience_view"}),
    ((r"\bedit_catalog_items\b",), {"catalog_items_edit", "catalog_view"}),
    ((r"\bupdate_profiles\b",), {"profile_update", "profile_mass_update"}),
    ((r"\bprofiles\.export\b", r"\.(wait|status|done|download|records)\b"), {"export_view", "export_download"}),
    ((r"[\"' ](profiles export|exports fetch)\b", r"--to\b"), {"export_view", "export_download"}),
    ((r"\bexports\.job\b",), {"export_view", "export_download"}),
    ((r"\baudiences\b", r"\.(wait|status|done|task|token)\b|--wait|wait_all|IndexingTask"), {"audience_view"}),
    ((r"\bcatalogs\b", r"\.(wait|status|done|task|token)\b|--wait|wait_all|IndexingTask"), {"catalog_view"}),
]
"""What uses operations without naming them, by patterns that are all in its source."""


def _uses(source: str, name: Name) -> bool:
    plain = re.sub(r"[\"'], [\"']", " ", source)
    if any(name.id in used and all(re.search(p, plain) for p in patterns) for patterns, used in _IMPLIED):
        return True
    words = name.method.strip("_")
    command = f"{name.resource.replace('_', '-')}[\"'], [\"']{words.replace('_', '-')}"
    return bool(
        re.search(
            rf"\b{name.resource}\.{name.method}\b|[\"']{name.id}[\"']|\bimport {name.id}\b|[\"' ]{command}[\"']", source
        )
        or re.search(rf"[\"'/ ]{name.resource}[/ ]{words.replace('_', '[-_/]')}([\"' ?]|$)", source, re.MULTILINE)
    )


def source_of(item: pytest.Function) -> str:
    """Return the source of a test, of its fixtures and of what they use, and the texts among its parameters."""
    return "\n".join(_sources(item))


def _sources(item: pytest.Function) -> Iterator[str]:
    fixtures = [
        fixture.func for name in item.fixturenames for fixture in item._fixtureinfo.name2fixturedefs.get(name, ())
    ]
    found: list[Any] = []
    left = [item.function, *fixtures, *getattr(getattr(item, "callspec", None), "params", {}).values()]
    while left:
        value = left.pop()
        if isinstance(value, str):
            yield value
        elif isinstance(operation := getattr(value, "operation", None), str):
            yield f"'{operation}'"
        elif _is_ours(value) and value not in found:
            found.append(value)
            yield inspect.getsource(value)
            for function in [value] if inspect.isfunction(value) else filter(inspect.isfunction, vars(value).values()):
                left += [
                    function.__globals__[name] for name in _names(function.__code__) if name in function.__globals__
                ]


def _is_ours(value: Any) -> bool:
    """Return whether something is code of the tests that does not look by itself which operations there are."""
    if not (inspect.isfunction(value) or inspect.isclass(value)) or not value.__module__.startswith("tests."):
        return False
    return not hasattr(sys.modules[value.__module__], "has")


def _names(code: CodeType) -> set[str]:
    """Return the global names that a function and those within it use."""
    inner = [constant for constant in code.co_consts if isinstance(constant, CodeType)]
    return set(code.co_names).union(*map(_names, inner))


def version_number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def young() -> tuple[Operation, str]:
    """Return an operation that an older version of the API does not have yet, with that version."""
    for operation in OPERATIONS.values():
        older = [v for v in API_VERSIONS if version_number(v) < version_number(operation.first_seen)]
        if older and operation.name == "list":
            return operation, older[-1]
    raise LookupError("no list operation is younger than the oldest version that the client speaks")
