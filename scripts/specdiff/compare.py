"""Compares two documents: operation by operation, then the components they share, then the API as a whole."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from attrs import define, field

from scripts.codegen.sources import METHODS
from scripts.specdiff.changes import Change
from scripts.specdiff.findings import Finding, Level
from scripts.specdiff.operations import OperationComparison, path_of
from scripts.specdiff.rules import NONE, REQUEST, RESPONSE, rule_of, subject_inside, text_of
from scripts.specdiff.schemas import SchemaComparison
from scripts.specdiff.shapes import Document
from scripts.specdiff.symbols import Names, advice_of, component_symbols
from scripts.specdiff.whole import compare_whole


def compare_documents(old: dict[str, Any], new: dict[str, Any]) -> list[Finding]:
    """Return what differs between two OpenAPI documents, on the wire."""
    return list(DocumentComparison(Document(old), Document(new)).findings())


@define(eq=False)
class DocumentComparison:
    """Two documents, the comparison of their schemas, and which operations refer to which components."""

    old: Document
    new: Document
    schemas: SchemaComparison = field(init=False)
    _users: dict[str, dict[str, dict[str, dict[str, Any]]]] = field(factory=dict, init=False)
    """By component, and what a rule about it begins with: the operations that refer to it directly, by label."""

    def __attrs_post_init__(self) -> None:
        self.schemas = SchemaComparison(self.old, self.new)

    def findings(self) -> Iterator[Finding]:
        yield from self._operations("paths")
        yield from self._operations("webhooks")
        yield from self._components()
        yield from compare_whole(self.old.content, self.new.content)

    def use(self, names: Iterable[str], base: str, label: str, operation: dict[str, Any]) -> None:
        """Record that an operation refers to components."""
        for name in names:
            self._users.setdefault(name, {}).setdefault(base, {})[label] = operation

    def _components(self) -> Iterator[Finding]:
        referred = self._referrers()
        for name in sorted(referred):
            if self.schemas.compare_component(name).changes:
                yield from self._component(name, self._all_users(name, referred))

    def _referrers(self) -> dict[str, set[str]]:
        """Return, for every component that an operation reaches, the components that refer to it."""
        referred: dict[str, set[str]] = {name: set() for name in self._users}
        todo = list(referred)
        while todo:
            name = todo.pop()
            for other in self.schemas.compare_component(name).components:
                if other not in referred:
                    todo.append(other)
                referred.setdefault(other, set()).add(name)
        return referred

    def _all_users(self, name: str, referred: dict[str, set[str]]) -> dict[str, dict[str, dict[str, Any]]]:
        """Return the operations that reach a component, by what a rule about it begins with."""
        users = {base: dict(found) for base, found in self._users.get(name, {}).items()}
        seen, todo = set(referred[name]), list(referred[name])
        while todo:
            referrer = todo.pop()
            for base, found in self._users.get(referrer, {}).items():
                users.setdefault(subject_inside(base), {}).update(found)
            new = referred[referrer] - seen
            seen |= new
            todo += new
        return users

    def _component(self, name: str, users: dict[str, dict[str, dict[str, Any]]]) -> Iterator[Finding]:
        changes = self.schemas.compare_component(name).changes
        inside: dict[str, dict[str, dict[str, Any]]] = {}
        for base, found in users.items():
            inside.setdefault(subject_inside(base), {}).update(found)
            for change in changes:
                if not change.path:
                    yield self._component_finding(name, base, change, found)
        # What is inside a component is told once, whether it is a body here and a property there.
        for base, found in inside.items():
            for change in changes:
                if change.path:
                    yield self._component_finding(name, base, change, found)

    def _component_finding(self, name: str, base: str, change: Change, users: dict[str, dict[str, Any]]) -> Finding:
        bodies = self._users.get(name, {}).get("request-body", {}) if base.startswith("request") else {}
        rule, level = rule_of(base, RESPONSE if base.startswith("response") else REQUEST, change)
        first, *others = sorted(users)
        return Finding(
            rule=rule,
            level=level,
            direction=RESPONSE if base.startswith("response") else REQUEST,
            operation=first,
            path=name + path_of(change),
            text=text_of(change),
            old=change.old,
            new=change.new,
            symbols=component_symbols(name, change, [bodies[label] for label in sorted(bodies)]),
            advice=advice_of(rule, level),
            component=name,
            also_in=tuple(others),
        )

    def _operations(self, member: str) -> Iterator[Finding]:
        before, after = _by_operation(self.old, member), _by_operation(self.new, member)
        kind = "webhook" if member == "webhooks" else "endpoint"
        for key in sorted(before.keys() | after.keys()):
            label = _label(member, (after.get(key) or before[key])[0], key[1])
            if key not in before:
                yield self._place(label, after[key][1], f"{kind}-added", Level.INFO, f"{kind} added")
            elif key not in after:
                yield self._gone(label, before[key][1], kind)
            else:
                paths = (before[key][0], after[key][0])
                sides = (before[key][1], after[key][1])
                yield from OperationComparison(self, label, paths, *sides, webhook=member == "webhooks").findings()

    def _place(self, label: str, operation: dict[str, Any], rule: str, level: Level, text: str) -> Finding:
        symbols = Names(operation).symbols()
        return Finding(rule, level, NONE, label, "", text, symbols=symbols, advice=advice_of(rule, level))

    def _gone(self, label: str, operation: dict[str, Any], kind: str) -> Finding:
        if kind == "webhook":
            return self._place(label, operation, "webhook-removed", Level.BREAKING, "webhook removed")
        if operation.get("deprecated") is True:
            # Said before it was done: without a date, or after it, nobody is taken by surprise.
            return self._place(
                label, operation, "api-removed-with-deprecation", Level.INFO, "deprecated endpoint removed"
            )
        return self._place(label, operation, "api-removed-without-deprecation", Level.BREAKING, "endpoint removed")


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
