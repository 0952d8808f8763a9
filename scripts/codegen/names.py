"""Names the classes of the client after the places of their schemas, whatever the pages call them.

A name comes from the table `openapi/names.yaml`, else from the record of names in use, `openapi/names.lock.json`, else
by rule from the first place in the order of routes. Every schema that makes a class becomes a component of its name.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from openapi_python_client.strings import ClassName

from scripts.codegen.identity import pascal
from scripts.codegen.merge import remove_unused, used_schemas
from scripts.codegen.places import Place, PlaceError, all_slots, find, parse_place, visit
from scripts.codegen.records import Record
from scripts.codegen.runtime.references import component_of, component_reference
from scripts.codegen.schemas import (
    ANNOTATIONS,
    Schema,
    Slot,
    alike,
    alternatives,
    is_enum,
    is_object,
    makes_class,
    meaning,
    operations_of,
    reached,
    resolve,
    slots,
    walk,
)
from scripts.codegen.sources import Document
from scripts.codegen.unions import constraint_of, merge_alternatives, merge_enums
from scripts.documents import ParseError, parse
from scripts.errors import ToolError

SCHEMA_NAME = "x-schema-name"
"""Set by an overlay on a schema that it adds: the name of its class."""

_EMPTY = "EmptyResponse"
"""The name of a success that says nothing."""


def read_table(path: Path) -> dict[str, str]:
    """Read the table of names: class names by place.

    Raises:
        ToolError: It is not a mapping of places to class names, or two names differ in case only.
    """
    try:
        table = parse(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, ParseError) as error:
        raise ToolError(f"{path.name} cannot be read: {error}") from error
    if not isinstance(table, dict):
        raise ToolError(f"{path.name} must map places to class names")
    problems = []
    for text, name in table.items():
        try:
            parse_place(text)
        except PlaceError as error:
            problems.append(f"{path.name}: {error}")
        if (reason := _wrong_name(name)) is not None:
            problems.append(f"{path.name}: {text}: {reason}")
    if not problems:
        problems += [f"{path.name}: {reason}" for reason in _wrong_twins(table.values())]
    if problems:
        raise ToolError(*problems)
    return table


def name_schemas(document: Document, table: Mapping[str, str], record: Record, fixed: Iterable[str] = ()) -> list[str]:
    """Make every schema that makes a class a component of its name, in place; return notes on what could not be.

    Args:
        fixed: Component schemas that have their names already.

    Raises:
        ToolError: A name is given twice.
    """
    namer = _Namer(document, set(fixed))
    namer.hoist()
    namer.share_successes()
    namer.take_given()
    namer.take(table, "names.yaml")
    namer.take({place: name for name, places in record.classes.items() for place in places}, None)
    namer.take_rule()
    namer.rename()
    return namer.notes


class _Namer:
    def __init__(self, document: Document, fixed: set[str]) -> None:
        self._document = document
        self._schemas: dict[str, Schema] = document["components"]["schemas"]
        self._names: dict[str, str] = {name: name for name in fixed if name in self._schemas}
        """The final names of components."""
        self.notes: list[str] = []

    def hoist(self) -> None:
        """Make components of all inline schemas that make a class."""
        for slot in list(all_slots(self._document)):
            self._component_at(slot, only_classes=True)

    def share_successes(self) -> None:
        """Let the successes of an operation share a schema where they are alike: a page may write one per status."""
        for _, operation in operations_of(self._document):
            contents = [
                content
                for status, response in operation["responses"].items()
                for content in response.get("content", {}).values()
                if status[0] == "2" and isinstance(content.get("schema"), dict) and component_of(content["schema"])
            ]
            for content in contents[1:]:
                first, key = (str(component_of(one["schema"])) for one in (contents[0], content))
                if key != first and key in alike([first, key], self._schemas):
                    content["schema"] = {"$ref": component_reference(first)}

    def take_given(self) -> None:
        """Take the names that overlays give."""
        for key, schema in list(self._schemas.items()):
            name = schema.pop(SCHEMA_NAME, None)
            if name is None:
                continue
            if (reason := _wrong_name(name)) is not None:
                raise ToolError(f"{SCHEMA_NAME} of {key}: {reason}")
            other = next((other for other, known in self._names.items() if known == name and other != key), None)
            if other is not None and meaning(self._schemas[other]) != meaning(schema):
                raise ToolError(f"two different schemas would both be named {name}; give one another {SCHEMA_NAME}")
            self._names[key] = name
            if other is not None:
                self._schemas[key] = {"$ref": component_reference(other)}

    def take(self, table: Mapping[str, str], source: str | None) -> None:
        """Take names by place. Those of a record, which have no source, give way to all that are taken.

        Places are looked up from the top of each body or response down, because finding one may change what is below.
        """
        taken = set(self._names.values())
        claims: dict[str, dict[str, int]] = {}
        depths: dict[str, int] = {}
        given: dict[str, str] = {}
        places = {text: (number, parse_place(text)) for number, text in enumerate(table)}
        for text in sorted(places, key=lambda text: len(places[text][1].steps)):
            name, (number, place) = table[text], places[text]
            if name in taken:
                continue
            for slot in find(self._document, place):
                key = self._component_at(self._class_at(slot, place), only_classes=source is None)
                if key is None or key in self._names:
                    continue
                if given.setdefault(key, name) == name:
                    claims.setdefault(name, {}).setdefault(key, number)
                    depths[name] = len(place.steps)
                elif source is not None:
                    raise ToolError(f"{source}: {text} is a schema that another place names {given[key]}, not {name}")
        sent = self._sent()
        texts = list(table)
        # From the bottom up, so that schemas are compared when what they hold has its names.
        for name in sorted(claims, key=lambda name: -depths[name]):
            keys = sorted(claims[name], key=lambda key: (key not in sent, claims[name][key]))
            classes = [key for key in keys if makes_class(self._schemas[key])]
            first, *rest = self._unify(name, classes or keys, sent)
            if source is not None:
                self.notes += [
                    f"{texts[claims[name][key]]} is not named {name}, for its schema is another one than that of "
                    f"{texts[claims[name][first]]}: it is named after its place"
                    for key in rest
                ]

    def _unify(self, name: str, keys: list[str], sent: set[str]) -> list[str]:
        """Give a name to schemas, as far as they can be one: those that are alike, enums, what is only received.

        Returns the first and those that are different from it, which do not get the name.
        """
        first, *others = keys
        self._names[first] = name
        if not others:
            return [first]
        if all(is_enum(self._schemas[key]) for key in keys):
            self._schemas[first] = merge_enums([self._schemas[key] for key in keys])
            self._replace(others, first)
            return [first]
        same = alike(keys, self._schemas)[1:]
        if not sent & set(keys) and all(is_object(self._schemas[key]) for key in keys):
            if len(same) < len(others):
                schemas = [self._schemas[key] for key in keys]
                notes = {key: value for key, value in schemas[0].items() if key in ANNOTATIONS}
                self._schemas[first] = merge_alternatives(notes, schemas, self._schemas)
                self._hoist_below(self._schemas[first])
            same = others
        self._replace(same, first)
        return [first, *(key for key in others if key not in same)]

    def _sent(self) -> set[str]:
        """Return the components that a request leads to."""
        operations = [operation for _, operation in operations_of(self._document)]
        parts = [operation.get(member) for operation in operations for member in ("requestBody", "parameters")]
        return set(reached(parts, self._schemas))

    def take_rule(self) -> None:
        """Name what has no name yet after its first place."""
        by_name = {name: key for key, name in self._names.items()}
        taken = {name.lower() for name in by_name}
        for at in visit(self._document, self._names, once=True):
            holder, key = at.slot
            if holder is not self._schemas or key in self._names:
                continue
            suffix = "".join(pascal(word) for word in at.words)
            name = str(ClassName(at.owner + suffix, "Api"))
            if _is_empty(self._schemas[key]) and at.place.section[0] == "2" and not at.place.steps:
                name = _EMPTY
            same = by_name.get(name)
            if same is not None and meaning(self._schemas[same]) == meaning(self._schemas[key]):
                self._replace([key], same)
                continue
            if name.lower() in taken:
                name = str(ClassName(pascal(at.operation_id) + suffix, "Api"))
            self._names[key] = _unused(name, taken)
            by_name[self._names[key]] = key
        for key in sorted(used_schemas(self._document) - self._names.keys()):
            # Only reached through a keyword that makes no class, such as `not`.
            self._names[key] = _unused(str(ClassName(pascal(key), "Api")), taken)

    def rename(self) -> None:
        """Give the components their names, and everything that refers to them these names."""
        aliases = {key: component_of(schema) for key, schema in self._schemas.items()}
        for node in walk([self._document["paths"], self._schemas]):
            name = component_of(node)
            while name is not None and aliases.get(name) is not None:
                name = aliases[name]
            if name is not None:
                node["$ref"] = component_reference(self._names.get(name, name))
        named = {self._names.get(key, key): schema for key, schema in self._schemas.items() if aliases[key] is None}
        self._document["components"]["schemas"] = named
        remove_unused(self._document)
        if problems := _wrong_twins(name for name, schema in named.items() if makes_class(schema)):
            raise ToolError(*problems)

    def _replace(self, keys: Iterable[str], first: str) -> None:
        """Let components be another name of one that means the same."""
        for key in keys:
            self._names[key] = self._names[first]
            self._schemas[key] = {"$ref": component_reference(first)}

    def _class_at(self, slot: Slot, place: Place) -> Slot:
        """Return the schema that makes the class of a place: that itself, or of a union all that can be one class."""
        holder, key = slot
        union = holder[key]
        others = [resolve(member, self._schemas) for member in alternatives(union)]
        members = [other for other in others if makes_class(other)]
        if len(members) == 1:
            candidates = union.get("anyOf") or union["oneOf"]
            index = next(i for i, member in enumerate(candidates) if resolve(member, self._schemas) is members[0])
            name = component_of(candidates[index])
            return (candidates, index) if name is None else (self._schemas, name)
        if len(members) > 1 and (all(map(is_object, others)) or all(map(is_enum, others))):
            holder[key] = merge_alternatives(union, members, self._schemas)
            if place.section[0] not in "12345d":
                holder[key] |= constraint_of(union, members)
            self._hoist_below(holder[key])
        return slot

    def _hoist_below(self, node: Schema) -> None:
        for holder, key in list(slots(node)):
            if isinstance(holder[key], dict):
                self._hoist_below(holder[key])
                self._component_at((holder, key), only_classes=True)

    def _component_at(self, slot: Slot, *, only_classes: bool) -> str | None:
        """Return the name of the component that stands somewhere; make one of what is inline."""
        holder, key = slot
        if holder is self._schemas:
            return str(key) if not only_classes or makes_class(holder[key]) else None
        node = holder[key]
        if not isinstance(node, dict) or (only_classes and not makes_class(node) and SCHEMA_NAME not in node):
            return None
        name = f"~{len(self._schemas)}"  # as no component is named
        self._schemas[name] = node
        holder[key] = {"$ref": component_reference(name)}
        return name


def _wrong_name(name: Any) -> str | None:
    """Return why a value cannot be the name of a class; None if it can."""
    if not isinstance(name, str):
        return f"{json.dumps(name)} is not a class name; write a string such as AudienceView"
    if not name.isidentifier() or str(ClassName(name, "Api")) != name:
        return f"{name!r} is not a class name; write it as PascalCase, such as {ClassName(name or 'Name', 'Api')}"
    return None


def _unused(name: str, taken: set[str]) -> str:
    """Return a name, numbered if one that differs in case at most is taken, and take it."""
    number, unused = 1, name
    while unused.lower() in taken:
        number += 1
        unused = f"{name}{number}"
    taken.add(unused.lower())
    return unused


def _wrong_twins(names: Iterable[str]) -> list[str]:
    """Return a problem for each two names that differ only in case, whose modules would be one file."""
    seen: dict[str, str] = {}
    problems = []
    for name in dict.fromkeys(names):
        other = seen.setdefault(name.lower(), name)
        if other != name:
            problems.append(f"the class names {other} and {name} differ only in case: rename one")
    return problems


def _is_empty(schema: Schema) -> bool:
    return (
        is_object(schema)
        and not {"properties", "patternProperties"} & schema.keys()
        and not isinstance(schema.get("additionalProperties"), dict)
    )
