"""Compares two schemas and says, for each difference, whether what they take became less, more or other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from attrs import define, evolve, field, frozen

from scripts.codegen.runtime.references import component_of, component_reference
from scripts.specdiff.changes import Change, Effect, Member
from scripts.specdiff.keywords import (
    compare_bounds,
    compare_discriminator,
    compare_plain,
    compare_types,
    compare_values,
)
from scripts.specdiff.shapes import Document, Node, Shape


@frozen
class Comparison:
    """What two schemas differ in, and the components, called the same on both sides, that they refer to.

    A component is compared by itself, once, however many schemas refer to it.
    """

    changes: tuple[Change, ...]
    components: frozenset[str]


_SCHEMA_KEYWORDS = {
    "contains": "contains",
    "propertyNames": "property-names",
    "unevaluatedItems": "unevaluated-items",
    "unevaluatedProperties": "unevaluated-properties",
    "if": "if",
    "then": "then",
    "else": "else",
    "contentSchema": "content-schema",
    "not": "not",
}
"""Keywords that hold a schema and ask for more by being there, and their aspects."""
_OPPOSITE = {Effect.LESS: Effect.MORE, Effect.MORE: Effect.LESS, Effect.OTHER: Effect.OTHER, Effect.NONE: Effect.NONE}
_DEEPEST = 60


@define(eq=False)
class SchemaComparison:
    """Compares schemas of two documents; remembers what it compared."""

    old: Document
    new: Document
    _done: dict[tuple[int, int], tuple[Node, Node, Comparison]] = field(factory=dict, init=False)
    _running: set[tuple[int, int]] = field(factory=set, init=False)
    _components: set[str] = field(factory=set, init=False)

    def compare(self, old: Node, new: Node) -> Comparison:
        """Compare two schemas where they stand; one that both sides name alike is left to `compare_component`."""
        name = self._common_name(old, new)
        return Comparison((), frozenset({name})) if name is not None else self._compare_nodes(old, new)

    def compare_component(self, name: str) -> Comparison:
        """Compare what the two sides call by one name."""
        reference = component_reference(name)
        return self._compare_nodes(self.old.look_up(reference), self.new.look_up(reference))

    def _common_name(self, old: Node, new: Node) -> str | None:
        name = self.old.reference_of(old)
        return name if name is not None and name == self.new.reference_of(new) else None

    def _compare_nodes(self, old: Node, new: Node) -> Comparison:
        key = (id(old), id(new))
        if key in self._done:
            return self._done[key][2]
        if key in self._running or len(self._running) > _DEEPEST:
            return Comparison((), frozenset())
        self._running.add(key)
        outer, self._components = self._components, set()
        try:
            changes = tuple(self._compare(self.old.shape(old), self.new.shape(new)))
            result = Comparison(changes, frozenset(self._components))
        finally:
            self._running.discard(key)
            self._components = outer
        self._done[key] = (old, new, result)
        return result

    def _compare(self, old: Shape, new: Shape) -> Iterator[Change]:
        yield from compare_types(old, new)
        yield from compare_values(old, new)
        yield from compare_bounds(old.keywords, new.keywords)
        yield from compare_plain(old.keywords, new.keywords)
        yield from self._properties(old, new)
        yield from self._additional(old, new)
        yield from self._items(old, new)
        yield from self._schema_keywords(old, new)
        yield from self._named_schemas(old, new)
        for keyword in ("anyOf", "oneOf", "allOf"):
            yield from self._alternatives(old, new, keyword)
        yield from compare_discriminator(old.keywords.get("discriminator"), new.keywords.get("discriminator"))

    def _inside(self, old: Node, new: Node, owner: str | None, name: str) -> Iterator[Change]:
        comparison = self.compare(old, new)
        self._components |= comparison.components
        for change in comparison.changes:
            yield change.below(Member(owner, name))

    def _properties(self, old: Shape, new: Shape) -> Iterator[Change]:
        before, after = old.keywords.get("properties") or {}, new.keywords.get("properties") or {}
        was_required, is_required = set(old.keywords.get("required") or []), set(new.keywords.get("required") or [])
        owner = new.name or old.name
        for name in sorted(before.keys() | after.keys()):
            document, node = (self.new, after[name]) if name in after else (self.old, before[name])
            keywords = document.shape(node).keywords
            about: dict[str, Any] = {
                "path": (Member(owner, name),),
                "required": name in (is_required if name in after else was_required),
                "default": "default" in keywords,
                "read_only": keywords.get("readOnly") is True,
                "write_only": keywords.get("writeOnly") is True,
            }
            if name not in before:
                effect = Effect.LESS if about["required"] else Effect.MORE
                yield Change("property", "added", effect, new=_brief(after[name]), **about)
            elif name not in after:
                effect = Effect.MORE if about["required"] else Effect.OTHER
                closed = new.keywords.get("additionalProperties") is False
                yield Change("property", "removed", effect, old=_brief(before[name]), closed=closed, **about)
            else:
                if name in is_required - was_required:
                    yield Change("property", "became-required", Effect.LESS, old="optional", new="required", **about)
                elif name in was_required - is_required:
                    yield Change("property", "became-optional", Effect.MORE, old="required", new="optional", **about)
                yield from self._access(self.old.shape(before[name]), self.new.shape(after[name]), about)
                for change in self._inside(before[name], after[name], owner, name):
                    read_only = change.read_only or about["read_only"]
                    yield evolve(change, read_only=read_only, write_only=change.write_only or about["write_only"])
        # A name that is required and described nowhere is a requirement all the same.
        for name in sorted((is_required ^ was_required) - before.keys() - after.keys()):
            action, effect = ("required", Effect.LESS) if name in is_required else ("optional", Effect.MORE)
            yield Change("property", f"became-{action}", effect, (Member(owner, name),))

    @staticmethod
    def _access(old: Shape, new: Shape, about: dict[str, Any]) -> Iterator[Change]:
        for keyword, word in (("readOnly", "read-only"), ("writeOnly", "write-only")):
            was, is_ = old.keywords.get(keyword) is True, new.keywords.get(keyword) is True
            if was != is_:
                yield Change(
                    "property", f"became-{'' if is_ else 'not-'}{word}", Effect.NONE, old=was, new=is_, **about
                )

    def _additional(self, old: Shape, new: Shape) -> Iterator[Change]:
        before, after = (shape.keywords.get("additionalProperties", True) for shape in (old, new))
        before, after = (True if node == {} else node for node in (before, after))
        if before == after and isinstance(before, bool):
            return
        aspect = "additional-properties"
        if after is False:
            yield Change(aspect, "forbidden", Effect.LESS, (), before, after)
        elif before is False:
            yield Change(aspect, "allowed", Effect.MORE, (), before, after)
        elif after is True:
            yield Change(aspect, "generalized", Effect.MORE, (), _brief(before), after)
        elif before is True:
            yield Change(aspect, "specialized", Effect.LESS, (), before, _brief(after))
        else:
            yield from self._inside(before, after, None, "{*}")

    def _items(self, old: Shape, new: Shape) -> Iterator[Change]:
        before, after = old.keywords.get("items", True), new.keywords.get("items", True)
        if before is not True or after is not True:
            yield from self._inside(before, after, None, "[]")
        first, second = old.keywords.get("prefixItems") or [], new.keywords.get("prefixItems") or []
        for number in range(max(len(first), len(second))):
            if number >= len(first):
                yield Change("prefix-items", "added", Effect.MORE, (), None, _brief(second[number]))
            elif number >= len(second):
                yield Change("prefix-items", "removed", Effect.LESS, (), _brief(first[number]), None)
            else:
                yield from self._inside(first[number], second[number], None, f"[{number}]")

    def _schema_keywords(self, old: Shape, new: Shape) -> Iterator[Change]:
        for keyword, aspect in _SCHEMA_KEYWORDS.items():
            before, after = old.keywords.get(keyword), new.keywords.get(keyword)
            if before is None and after is not None:
                yield Change(aspect, "added", Effect.LESS, (), None, _brief(after))
            elif before is not None and after is None:
                yield Change(aspect, "removed", Effect.MORE, (), _brief(before), None)
            elif before is not None:
                # Also where both say the same: what they refer to may have changed.
                inside = list(self._inside(before, after, None, f"({aspect})"))
                if keyword == "if":
                    if inside:
                        yield Change(aspect, "changed", Effect.OTHER, (), _brief(before), _brief(after))
                elif keyword == "not":
                    # What is forbidden grows as what is taken shrinks.
                    yield from (evolve(change, effect=_OPPOSITE[change.effect]) for change in inside)
                else:
                    yield from inside

    def _named_schemas(self, old: Shape, new: Shape) -> Iterator[Change]:
        for keyword, aspect in (("patternProperties", "pattern-property"), ("dependentSchemas", "dependent-schema")):
            before, after = old.keywords.get(keyword) or {}, new.keywords.get(keyword) or {}
            for name in sorted(before.keys() | after.keys()):
                if name not in before:
                    yield Change(aspect, "added", Effect.LESS, (), None, name)
                elif name not in after:
                    yield Change(aspect, "removed", Effect.MORE, (), name, None)
                else:
                    yield from self._inside(before[name], after[name], None, f"{{{name}}}")
        first, second = old.keywords.get("dependentRequired") or {}, new.keywords.get("dependentRequired") or {}
        for name in sorted(first.keys() | second.keys()):
            if name not in first:
                yield Change("dependent-required", "added", Effect.LESS, (), None, {name: second[name]})
            elif name not in second:
                yield Change("dependent-required", "removed", Effect.MORE, (), {name: first[name]}, None)
            elif set(first[name]) != set(second[name]):
                yield Change("dependent-required", "changed", Effect.OTHER, (), first[name], second[name])

    def _alternatives(self, old: Shape, new: Shape, keyword: str) -> Iterator[Change]:
        before, after = list(old.keywords.get(keyword) or []), list(new.keywords.get(keyword) or [])
        if not before and not after:
            return
        aspect = {"anyOf": "any-of", "oneOf": "one-of", "allOf": "all-of"}[keyword]
        pairs: list[tuple[Node, Node]] = []
        for match in (self._same_label, self._same):
            for node in list(before):
                other = next((candidate for candidate in after if match(node, candidate)), None)
                if other is not None:
                    before.remove(node)
                    after.remove(other)
                    pairs.append((node, other))
        if len(before) == len(after) == 1:
            pairs.append((before.pop(), after.pop()))
        more, less = (Effect.LESS, Effect.MORE) if keyword == "allOf" else (Effect.MORE, Effect.LESS)
        if before and not after and not pairs and keyword != "allOf":
            more, less = Effect.MORE, Effect.MORE  # without any alternative left, nothing is asked for
        if after and not before and not pairs and keyword != "allOf":
            more = Effect.LESS
        for node in after:
            yield Change(aspect, "added", more, (), None, self.new.name_of(node) or _brief(node))
        for node in before:
            yield Change(aspect, "removed", less, (), self.old.name_of(node) or _brief(node), None)
        for node, other in pairs:
            label = _title(other) if _title(node) == _title(other) else None
            yield from self._inside(node, other, None, f"({label or aspect})")

    def _same(self, old: Node, new: Node) -> bool:
        return not self.compare(old, new).changes

    def _same_label(self, old: Node, new: Node) -> bool:
        labels = [(self.old.name_of(old), self.new.name_of(new)), (_title(old), _title(new))]
        return any(one is not None and one == other for one, other in labels)


def _brief(node: Node) -> Any:
    """Return a schema in one word, for people."""
    if not isinstance(node, dict):
        return node
    if isinstance(node.get("$ref"), str):
        return component_of(node) or node["$ref"]
    kind = node.get("type")
    if isinstance(kind, list):
        return " or ".join(kind)
    return kind or next((keyword for keyword in ("anyOf", "oneOf", "allOf", "enum", "const") if keyword in node), "any")


def _title(node: Node) -> str | None:
    title = node.get("title") if isinstance(node, dict) else None
    return title if isinstance(title, str) else None
