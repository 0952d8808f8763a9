"""Compares the components that two documents share, each once, and reports the operations that it matters to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from attrs import define, field

from scripts.specdiff.changes import Change
from scripts.specdiff.findings import Finding
from scripts.specdiff.rules import REQUEST, RESPONSE, rule_of, subject_inside, text_of
from scripts.specdiff.schemas import SchemaComparison
from scripts.specdiff.shapes import Document
from scripts.specdiff.symbols import advice_of, component_symbols


@define(eq=False)
class Components:
    """The schemas of two documents, and which operations refer to which of their components."""

    old: Document
    new: Document
    schemas: SchemaComparison = field(init=False)
    _users: dict[str, dict[str, dict[str, dict[str, Any]]]] = field(factory=dict, init=False)
    """By component, and what a rule about it begins with: the operations that refer to it directly, by label."""

    def __attrs_post_init__(self) -> None:
        self.schemas = SchemaComparison(self.old, self.new)

    def use(self, names: Iterable[str], base: str, label: str, operation: dict[str, Any]) -> None:
        """Record that an operation refers to components."""
        for name in names:
            self._users.setdefault(name, {}).setdefault(base, {})[label] = operation

    def findings(self) -> Iterator[Finding]:
        """Return what differs in the components that the recorded operations reach."""
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
        # A change inside a component is reported once, whether it is a body here and a property there.
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
            path=name + change.place,
            text=text_of(change),
            old=change.old,
            new=change.new,
            symbols=component_symbols(name, change, [bodies[label] for label in sorted(bodies)]),
            advice=advice_of(rule, level),
            component=name,
            also_in=tuple(others),
        )
