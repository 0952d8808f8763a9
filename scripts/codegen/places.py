"""Says where a schema stands in the API, whatever it is called: `POST /audiences/update body.ids[].action`.

A place is a route, a section and steps. Sections are `body`, `query.limit`, `header.X-Name`, `path.id` and statuses
such as `200` or `4XX`; the status of a success matches whatever status the success has. Steps are `.name` for a
property, `[]` for the items of an array, `.*` for the values of other properties, and `|…` for an alternative of a
union by what tells it apart: a value that only its property may have (`|export_type=EVENTS`), its JSON type
(`|object`), a property that only it has (`|$add`), or else its position (`|2`). Several of these, separated by commas,
are tried in turn. A reference and an alternative `null` change nothing about a place.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from scripts.codegen.identity import pascal, singular, snake
from scripts.codegen.runtime.references import component_of
from scripts.codegen.schemas import (
    Schema,
    Slot,
    alternatives,
    kinds_of,
    makes_class,
    resolve,
    values_of,
)
from scripts.codegen.sources import METHODS, Document

_STEP = re.compile(r'\.\*|\[\]|([.|])(?:"((?:[^"\\]|\\.)*)"|([^.\[\]|"]+))', re.DOTALL)
_ROUTE = re.compile(
    rf"(\*|(?:{'|'.join(METHODS).upper()}) /\S*) (body|default|[1-5](?:\d\d|XX)|(?:query|header|path)\.)(.*)",
    re.DOTALL,
)
_PLAIN = re.compile(r'[^.\[\]|"*]+')
_TYPES = frozenset({"object", "array", "string", "number", "integer", "boolean"})

ANY_ROUTE = "*"


class Step(NamedTuple):
    """One step within a schema. `kind` is a property, items, values or an alternative."""

    kind: str
    name: str = ""

    def __str__(self) -> str:
        if self.kind == "items":
            return "[]"
        if self.kind == "values":
            return ".*"
        name = self.name
        if not _PLAIN.fullmatch(name):
            name = '"' + re.sub(r'(["\\])', r"\\\1", name) + '"'
        return f"|{name}" if self.kind == "alternative" else f".{name}"


class Place(NamedTuple):
    """Where a schema stands. It reads as it is written."""

    route: str
    """Method and path, or `*` for every operation."""
    section: str
    steps: tuple[Step, ...] = ()

    def __str__(self) -> str:
        section, _, parameter = self.section.partition(".")
        named = str(Step("property", parameter)) if parameter else ""
        return f"{self.route} {section}{named}{''.join(map(str, self.steps))}"


class PlaceError(ValueError):
    """A text is not a place; the message says why."""


def parse_place(text: str) -> Place:
    """Read a place as it is written; raise PlaceError if it is none."""
    match = _ROUTE.fullmatch(text)
    if match is None:
        raise PlaceError(f"{text!r} is not a place such as `POST /audiences/update body.ids[]`")
    route, section, rest = match.groups()
    steps, position = [], 0
    if section.endswith("."):
        rest = f".{rest}"
    while position < len(rest):
        step = _STEP.match(rest, position)
        if step is None:
            raise PlaceError(f"{text!r} is not a place: {rest[position:]!r} is not a step")
        position = step.end()
        sign, quoted, name = step.groups()
        if sign is None:
            steps.append(Step("items" if step[0] == "[]" else "values"))
            continue
        if name is None:
            name = re.sub(r"\\(.)", r"\1", quoted, flags=re.DOTALL)
        steps.append(Step("property" if sign == "." else "alternative", name))
    if section.endswith("."):
        if not steps or steps[0].kind != "property":
            raise PlaceError(f"{text!r} is not a place: it names no parameter")
        section += steps.pop(0).name
    return Place(route, section, tuple(steps))


class Visit(NamedTuple):
    """A schema met on the way through all operations."""

    place: Place
    slot: Slot
    """Where the schema stands: in the components if it is one, else inline."""
    operation_id: str
    owner: str
    """The name of the class that it belongs to."""
    words: tuple[str, ...] = ()
    """What leads to it from there, in words."""


def find(document: Document, place: Place) -> list[Slot]:
    """Return where the schemas of a place stand; more than one only for a place of every operation."""
    if place.route == ANY_ROUTE:
        routes = [(path, method) for path, item in document["paths"].items() for method in item]
    else:
        method, path = place.route.split(" ", 1)
        routes = [(path, method.lower())] if method.lower() in document["paths"].get(path, {}) else []
    found = []
    for path, method in routes:
        for slot in _roots(document["paths"][path][method], place.section):
            slots = [settle(slot, document)]
            for step in place.steps:
                slots = _take(slots, step, document)
            found += slots[:1]
    return found


def settle(slot: Slot, document: Document) -> Slot:
    """Follow references, and unions of one alternative and null, to where the schema itself stands."""
    schemas = document["components"]["schemas"]
    while True:
        holder, key = slot
        node = holder[key]
        if not isinstance(node, dict):
            return slot
        name = component_of(node)
        others = alternatives(node)
        if name is not None:
            slot = schemas, name
        elif len(others) == 1 and "properties" not in node:
            members = node.get("anyOf") or node["oneOf"]
            slot = members, next(index for index, member in enumerate(members) if member is others[0])
        else:
            return slot


def _roots(operation: dict[str, Any], section: str) -> list[Slot]:
    if section == "body":
        return [
            (content, "schema")
            for content in operation.get("requestBody", {}).get("content", {}).values()
            if "schema" in content
        ]
    where, _, name = section.partition(".")
    if name:
        return [
            (parameter, "schema")
            for parameter in operation.get("parameters", ())
            if parameter["in"] == where and parameter["name"] == name and "schema" in parameter
        ]
    found = []
    for status, response in operation["responses"].items():
        if _fits(status, section):
            exactness = (status != section, status.endswith("XX"), status)
            found += [
                (exactness, (content, "schema"))
                for content in response.get("content", {}).values()
                if "schema" in content
            ]
    found.sort(key=lambda pair: pair[0])
    slots = [slot for _, slot in found]
    return slots if section.endswith("XX") and section[0] in "45" else slots[:1]


def _fits(status: str, section: str) -> bool:
    if status == section or (section[0] == "2" and status[0] == "2"):
        return True
    return section.endswith("XX") and status[0] == section[0]


def _take(slots: list[Slot], step: Step, document: Document) -> list[Slot]:
    """Return where a step leads from the alternatives of a schema: to the schemas there, settled."""
    schemas = document["components"]["schemas"]
    if step.kind == "alternative":
        members = [member for slot in slots for member in _members(slot, document)]
        labels = labels_of([resolve(holder[key], schemas) for holder, key in members], schemas)
        named = [
            settle(member, document)
            for label in step.name.split(",")
            for member, names in zip(members, labels, strict=True)
            if label in names
        ]
        return named[:1]
    found: list[Slot] = []
    for slot in slots:
        for holder, key in _members(slot, document):
            node = resolve(holder[key], schemas)
            if step.kind == "property" and step.name in node.get("properties", {}):
                found.append((node["properties"], step.name))
            elif step.kind == "items" and isinstance(node.get("items"), dict):
                found.append((node, "items"))
            elif step.kind == "values":
                if isinstance(node.get("additionalProperties"), dict):
                    found.append((node, "additionalProperties"))
                found += [(node["patternProperties"], pattern) for pattern in node.get("patternProperties", ())]
    return [settle(slot, document) for slot in found]


def _members(slot: Slot, document: Document) -> list[Slot]:
    """Return where the alternatives of a schema stand, without null; the schema itself if it is no union."""
    holder, key = settle(slot, document)
    node = holder[key]
    others = alternatives(node)
    if not others:
        return [(holder, key)]
    members = node.get("anyOf") or node["oneOf"]
    return [
        settle((members, index), document)
        for index, member in enumerate(members)
        if any(member is other for other in others)
    ]


def labels_of(members: list[Schema], schemas: Mapping[str, Schema]) -> list[list[str]]:
    """Return what tells each alternative of a union apart, the best first."""
    shapes = [resolve(member, schemas) for member in members]
    kinds = [kinds_of(shape) for shape in shapes]
    properties = [shape.get("properties", {}) for shape in shapes]
    labels: list[list[str]] = [[] for _ in shapes]
    for number, names in enumerate(properties):
        others = [other for position, other in enumerate(properties) if position != number]
        found = []
        for name, part in names.items():
            values = values_of(resolve(part, schemas))
            rivals = [values_of(resolve(other[name], schemas)) for other in others if name in other]
            own = [value for value in values if isinstance(value, str) and not any(value in rival for rival in rivals)]
            if all(rivals):
                found += [(len(values), f"{name}={value}") for value in own]
        labels[number] += [label for _, label in sorted(found, key=lambda pair: pair[0])]
        for kind in sorted(kinds[number] & _TYPES):
            if sum(kind in other for other in kinds) == 1:
                labels[number].append(kind)
        required = shapes[number].get("required", ())
        lone = [name for name in names if not any(name in other for other in others) and name not in _TYPES]
        labels[number] += sorted(lone, key=lambda name: name not in required)
        labels[number].append(str(number + 1))
    return labels


def visit(document: Document, owner_of: Mapping[str, str], *, once: bool = False) -> Iterator[Visit]:
    """Yield every schema of every operation, in the order of routes, the nearest first.

    Args:
        owner_of: Names of component schemas, to which whoever iterates may add what it names.
        once: Whether a component is met once in all, rather than once per section.
    """
    schemas = document["components"]["schemas"]
    seen: set[str] = set()
    for path, item in document["paths"].items():
        for method, operation in item.items():
            for section, root in _sections(operation):
                if not once:
                    seen = set()
                owner, words = _root_name(operation, method, section)
                place = Place(f"{method.upper()} {path}", section)
                queue = deque([Visit(place, root, operation["operationId"], owner, words)])
                while queue:
                    at = queue.popleft()
                    holder, key = slot = settle(at.slot, document)
                    if holder is schemas:
                        if key in seen:
                            continue
                        seen.add(key)
                    at = Visit(at.place, slot, at.operation_id, at.owner, at.words)
                    yield at
                    owner, words = at.owner, at.words
                    if not at.place.steps and section[0] in "b2":
                        owner, words = pascal(operation["operationId"]), ()
                    named = owner_of.get(key) if holder is schemas and makes_class(schemas[key]) else None
                    if named is not None and named != f"{owner}Body":
                        owner, words = named, ()
                    queue += _below(Visit(at.place, slot, at.operation_id, owner, words), schemas)


def all_slots(document: Document) -> Iterator[Slot]:
    """Yield where every schema of every operation stands, each once; whoever iterates may move it."""
    schemas = document["components"]["schemas"]
    seen: set[str] = set()
    for item in document["paths"].values():
        for operation in item.values():
            pending = [slot for _, slot in _sections(operation)]
            while pending:
                holder, key = slot = settle(pending.pop(), document)
                if holder is schemas:
                    if key in seen:
                        continue
                    seen.add(key)
                node = holder[key]
                yield slot
                if isinstance(node, dict):
                    pending += _parts(node)


def _parts(node: Schema) -> Iterator[Slot]:
    """Yield where the subschemas stand that make a part of a class; the others only say what is valid."""
    for keyword in ("anyOf", "oneOf", "allOf"):
        for index in range(len(node.get(keyword, ()))):
            yield node[keyword], index
    for keyword in ("properties", "patternProperties"):
        for name in node.get(keyword, ()):
            yield node[keyword], name
    for keyword in ("items", "additionalProperties"):
        if isinstance(node.get(keyword), dict):
            yield node, keyword


def _sections(operation: dict[str, Any]) -> Iterator[tuple[str, Slot]]:
    for slot in _roots(operation, "body")[:1]:
        yield "body", slot
    for parameter in operation.get("parameters", ()):
        if "schema" in parameter:
            yield f"{parameter['in']}.{parameter['name']}", (parameter, "schema")
    for status, response in operation["responses"].items():
        for content in response.get("content", {}).values():
            if "schema" in content:
                yield status, (content, "schema")


def _root_name(operation: dict[str, Any], method: str, section: str) -> tuple[str, tuple[str, ...]]:
    owner = pascal(operation["operationId"])
    if section == "body":
        return owner, ("body",)
    if "." in section:
        return pascal(singular(operation["tags"][0].strip("_"))), (section.split(".", 1)[1],)
    if section[0] in "45" or section == "default":
        return owner, ("error",)
    return (owner, ()) if method == "get" else (owner, ("result",))


def _below(at: Visit, schemas: Mapping[str, Schema]) -> Iterator[Visit]:
    holder, key = at.slot
    node = holder[key]
    members = node.get("anyOf") or node.get("oneOf") or []
    others = alternatives(node)
    labels = iter(labels_of(others, schemas))
    for index, member in enumerate(members):
        if any(member is other for other in others):
            label = next(labels)[0]
            yield _step(at, Step("alternative", label), (members, index), (*at.words, _label_word(label)))
    for index, member in enumerate(node.get("allOf", ())):
        if makes_class(resolve(member, schemas)):
            yield _step(at, Step("alternative", f"all-{index + 1}"), (node["allOf"], index), (*at.words, "base"))
    for name in node.get("properties", ()):
        yield _step(at, Step("property", name), (node["properties"], name), (*at.words, name))
    if isinstance(node.get("items"), dict):
        is_named = at.place.steps[-1].kind == "property" if at.place.steps else "." in at.place.section
        words = (*at.words[:-1], singular(at.words[-1])) if is_named and at.words else (*at.words, "item")
        yield _step(at, Step("items"), (node, "items"), words)
    patterns = node.get("patternProperties", {})
    if isinstance(node.get("additionalProperties"), dict):
        yield _step(at, Step("values"), (node, "additionalProperties"), (*at.words, "value"))
    for pattern in patterns:
        yield _step(at, Step("values"), (patterns, pattern), (*at.words, "value"))


def _step(at: Visit, step: Step, slot: Slot, words: tuple[str, ...]) -> Visit:
    place = Place(at.place.route, at.place.section, (*at.place.steps, step))
    return Visit(place, slot, at.operation_id, at.owner, words)


def _label_word(label: str) -> str:
    if "=" in label:
        value = label.partition("=")[2]
        return value.lower() if value.isupper() else value
    if label in _TYPES:
        return "list" if label == "array" else label
    return f"alternative_{label}" if label.isdecimal() else f"with_{snake(label) or 'more'}"
