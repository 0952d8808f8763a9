"""Walks JSON Schemas, and tells what a part of a document means as opposed to how it is worded."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeVar

from scripts.codegen.runtime import references as refs
from scripts.codegen.runtime.references import component_in, component_of

Schema = dict[str, Any]
KeyT = TypeVar("KeyT")

ANNOTATIONS = frozenset(
    {"title", "description", "summary", "example", "examples", "externalDocs", "deprecated", "$comment", "tags"}
)
"""Members that change no call."""

CONSTRAINTS = frozenset({"required", "not", "minProperties", "maxProperties", "dependentRequired"})
"""Members that say which objects are valid and add no property."""

_LIMITS = frozenset(
    {"pattern", "propertyNames", "multipleOf", "uniqueItems"}
    | {f"{end}{what}" for end in ("min", "max") for what in ("Length", "Items", "Properties", "imum")}
    | {"exclusiveMinimum", "exclusiveMaximum"}
)

_SINGLE = (
    "items",
    "additionalProperties",
    "not",
    "if",
    "then",
    "else",
    "contains",
    "propertyNames",
    "unevaluatedItems",
    "unevaluatedProperties",
)
_LISTS = ("allOf", "anyOf", "oneOf", "prefixItems")
_MAPS = ("properties", "patternProperties", "$defs", "dependentSchemas")
_MAPS_OF_NAMES = frozenset({*_MAPS, "paths", "responses", "schemas", "headers", "parameters"})

Slot = tuple[Any, Any]
"""Where a schema stands: an object or array, and the key or index in it."""


def slots(schema: Schema) -> Iterator[Slot]:
    """Yield where the direct subschemas of a schema stand."""
    for name in _SINGLE:
        if isinstance(schema.get(name), dict | bool):
            yield schema, name
    for name in _LISTS:
        for index in range(len(schema.get(name, ()))):
            yield schema[name], index
    for name in _MAPS:
        for key in schema.get(name, ()):
            yield schema[name], key


def operation_slots(operation: dict[str, Any]) -> Iterator[tuple[Any, Any, str]]:
    """Yield where the schemas of an operation stand, and in which section: `body`, `query.limit`, `200`."""
    for content in operation.get("requestBody", {}).get("content", {}).values():
        yield content, "schema", "body"
    for parameter in operation.get("parameters", ()):
        yield parameter, "schema", f"{parameter['in']}.{parameter['name']}"
    for status, response in operation["responses"].items():
        for content in response.get("content", {}).values():
            yield content, "schema", status


def operations_of(document: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the route and the object of every operation of a bundle."""
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield f"{method.upper()} {path}", operation


def walk(node: Any) -> Iterator[dict[str, Any]]:
    """Yield every object in a part of a document."""
    pending = [node]
    while pending:
        node = pending.pop()
        if isinstance(node, dict):
            yield node
            pending += node.values()
        elif isinstance(node, list):
            pending += node


def references(node: Any) -> Iterator[tuple[dict[str, Any], str]]:
    """Yield every object that is a reference to a component schema, and the name it refers to."""
    for part in walk(node):
        if (name := component_of(part)) is not None:
            yield part, name


def reached(nodes: Sequence[Any], schemas: Mapping[str, Schema]) -> dict[str, Schema]:
    """Return the component schemas that parts of a document lead to, those that are not there as `{}`."""
    found: dict[str, Schema] = {}
    pending = list(nodes)
    while pending:
        for _, name in references(pending.pop()):
            if name not in found:
                found[name] = schemas.get(name, {})
                pending.append(found[name])
    return found


def resolve(node: Schema, schemas: Mapping[str, Schema]) -> Schema:
    """Return the schema that another only refers to."""
    schema: Schema = refs.resolve({"components": {"schemas": schemas}}, node)
    return schema


def meaning(node: Any, names: bool = False) -> Any:
    """Return what a part of a document means for a call: all of it but the annotations.

    `names` says that the keys are names (of properties, say), among which `description` is one like any other.
    """
    if isinstance(node, list):
        return [meaning(item) for item in node]
    if not isinstance(node, dict):
        return node
    return {
        key: meaning(value, names=not names and key in _MAPS_OF_NAMES)
        for key, value in node.items()
        if names or key not in ANNOTATIONS
    }


def digest(node: Any) -> str:
    """Return a short text that is the same for parts of documents that mean the same."""
    return digest_of(meaning(node))


def digest_of(value: Any) -> str:
    """Return a short text that is the same for equal JSON values."""
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()


def refine(groups: dict[KeyT, str], refers: Mapping[KeyT, Sequence[KeyT]]) -> dict[KeyT, str]:
    """Split groups until all members of one refer, in the same order, to members of the same groups.

    Args:
        groups: A text for each key, the same for those that are equal but for what they refer to.
        refers: The keys that each refers to.
    """
    while True:
        finer = {key: digest_of([groups[key], [groups[target] for target in refers[key]]]) for key in groups}
        if len(set(finer.values())) == len(set(groups.values())):
            return finer
        groups = finer


def group_by_meaning(schemas: Mapping[str, Schema], *, limits: bool = True) -> dict[str, str]:
    """Return a text for each component schema, the same for those that mean the same, whatever their names.

    Args:
        limits: Whether bounds and patterns count, which make no difference to a class.
    """
    groups: dict[str, str] = {}
    refers: dict[str, list[str]] = {}
    for name, schema in schemas.items():
        targets: list[str] = []
        groups[name] = digest_of(_without_names(meaning(schema), targets, limits=limits))
        refers[name] = [_end_of(target, schemas) for target in targets]
    return refine(groups, refers)


def alike(names: Sequence[str], schemas: Mapping[str, Schema]) -> list[str]:
    """Return those of some component schemas that make the same class as the first, whatever their limits."""
    own = {name: schemas[name] for name in names}
    groups = group_by_meaning(reached(list(own.values()), schemas) | own, limits=False)
    return [name for name in names if groups[name] == groups[names[0]]]


def _end_of(name: str, schemas: Mapping[str, Schema]) -> str:
    """Return the component that a reference leads to in the end: some components are only another name of one."""
    way = refs.trail({"components": {"schemas": schemas}}, schemas[name])
    return component_in(way[-1][0]) or name if way else name


def _without_names(node: Any, targets: list[str], *, limits: bool) -> Any:
    """Return a part of a document with its references blanked and its sets in order; add what it refers to."""
    if isinstance(node, list):
        return [_without_names(item, targets, limits=limits) for item in node]
    if not isinstance(node, dict):
        return node
    if (name := component_of(node)) is not None:
        targets.append(name)
        node = node | {"$ref": ""}
    return {
        key: sorted(node[key], key=json.dumps)
        if key in ("required", "enum") and isinstance(node[key], list)
        else _without_names(node[key], targets, limits=limits)
        for key in sorted(node)
        if limits or key not in _LIMITS
    }


def expanded(node: Any, schemas: Mapping[str, Schema], within: tuple[str, ...] = ()) -> Any:
    """Return what a schema means with all that it refers to in its place, cut off where that comes back to itself.

    Args:
        within: The components around it.
    """
    if isinstance(node, list):
        return [expanded(item, schemas, within) for item in node]
    if not isinstance(node, dict):
        return node
    name = component_of(node)
    if name is not None:
        name = _end_of(name, schemas)
        if name in within:
            return {"$ref": within.index(name)}
        return expanded(schemas[name], schemas, (*within, name))
    return {
        key: sorted(value, key=json.dumps)
        if key in ("required", "enum") and isinstance(value, list)
        else expanded(value, schemas, within)
        for key, value in meaning(node).items()
    }


def kinds_of(schema: Schema) -> frozenset[str]:
    """Return the JSON types that a schema allows, as far as it names them; empty if it does not."""
    kind = schema.get("type")
    if isinstance(kind, str):
        return frozenset({kind})
    if isinstance(kind, list):
        return frozenset(kind)
    if "const" in schema:
        return frozenset({kind_of_value(schema["const"])})
    if "enum" in schema:
        return frozenset(kind_of_value(value) for value in schema["enum"])
    if "properties" in schema:
        return frozenset({"object"})
    if "items" in schema:
        return frozenset({"array"})
    return frozenset()


def kind_of_value(value: Any) -> str:
    """Return the JSON type of a value."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    names = {str: "string", int: "integer", float: "number", dict: "object", list: "array"}
    return names[type(value)]


def is_object(schema: Schema) -> bool:
    """Return whether a schema is one of objects, without alternatives."""
    return "object" in kinds_of(schema) and not {"anyOf", "oneOf", "$ref"} & schema.keys()


def is_enum(schema: Schema) -> bool:
    """Return whether a schema lists values that make a class: strings or integers."""
    return bool(schema.get("enum")) and kinds_of(schema) in ({"string"}, {"integer"})


def makes_class(schema: Schema) -> bool:
    """Return whether the generator makes a class of a schema."""
    return is_object(schema) or is_enum(schema)


def single_value(schema: Schema) -> Any:
    """Return the only value that a schema allows; None if it allows others."""
    values = values_of(schema)
    return values[0] if len(values) == 1 else None


def values_of(schema: Schema) -> list[Any]:
    """Return the values that a schema lists; empty if it lists none."""
    return [schema["const"]] if "const" in schema else list(schema.get("enum", ()))


def alternatives(schema: Schema) -> list[Schema]:
    """Return the alternatives of a union, without null; the list of a schema that is none is empty."""
    members = schema.get("anyOf") or schema.get("oneOf") or []
    return [member for member in members if kinds_of(member) != {"null"}]
