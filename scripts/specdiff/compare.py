"""Compares two documents: operation by operation, then the components they share, then the API as a whole."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from scripts.codegen.sources import METHODS
from scripts.specdiff.components import Components
from scripts.specdiff.findings import Finding, Level
from scripts.specdiff.operations import OperationComparison
from scripts.specdiff.rules import NONE
from scripts.specdiff.shapes import Document
from scripts.specdiff.symbols import Names, advice_of
from scripts.specdiff.whole import compare_whole


def compare_documents(old: dict[str, Any], new: dict[str, Any]) -> list[Finding]:
    """Return what differs between two OpenAPI documents, on the wire."""
    components = Components(Document(old), Document(new))
    return [
        *_compare_operations(components, "paths"),
        *_compare_operations(components, "webhooks"),
        # The operations have recorded which components they refer to.
        *components.findings(),
        *compare_whole(old, new),
    ]


def _compare_operations(components: Components, member: str) -> Iterator[Finding]:
    before, after = _by_operation(components.old, member), _by_operation(components.new, member)
    kind = "webhook" if member == "webhooks" else "endpoint"
    for key in sorted(before.keys() | after.keys()):
        label = _label(member, (after.get(key) or before[key])[0], key[1])
        if key not in before:
            yield _place(label, after[key][1], f"{kind}-added", Level.INFO, f"{kind} added")
        elif key not in after:
            yield _gone(label, before[key][1], kind)
        else:
            paths = (before[key][0], after[key][0])
            sides = (before[key][1], after[key][1])
            yield from OperationComparison(components, label, paths, *sides, webhook=member == "webhooks").findings()


def _place(label: str, operation: dict[str, Any], rule: str, level: Level, text: str) -> Finding:
    symbols = Names(operation).symbols()
    return Finding(rule, level, NONE, label, "", text, symbols=symbols, advice=advice_of(rule, level))


def _gone(label: str, operation: dict[str, Any], kind: str) -> Finding:
    if kind == "webhook":
        return _place(label, operation, "webhook-removed", Level.BREAKING, "webhook removed")
    if operation.get("deprecated") is True:
        # Said before it was done: without a date, or after it, nobody is taken by surprise.
        return _place(label, operation, "api-removed-with-deprecation", Level.INFO, "deprecated endpoint removed")
    return _place(label, operation, "api-removed-without-deprecation", Level.BREAKING, "endpoint removed")


def _by_operation(document: Document, member: str) -> dict[tuple[str, str], tuple[str, dict[str, Any]]]:
    """Return path and operation by path, with its parameters' names left out, and method."""
    found: dict[tuple[str, str], tuple[str, dict[str, Any]]] = {}
    for path, item in (document.content.get(member) or {}).items():
        item = document.resolve(item)
        shared = item.get("parameters") or []
        for method in METHODS:
            if isinstance(item.get(method), dict):
                operation = item[method]
                if shared:
                    operation = operation | {"parameters": [*shared, *(operation.get("parameters") or [])]}
                found[re.sub(r"\{[^}]*\}", "{}", path), method] = (path, operation)
    return found


def _label(member: str, path: str, method: str) -> str:
    return f"webhook {path}" if member == "webhooks" else f"{method.upper()} {path}"
