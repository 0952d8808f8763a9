"""Writes schemas in the fewest forms without changing which values they allow, so that later steps know one of each.

Afterwards there are no boolean schemas, no `nullable`, no `allOf` that can be merged, no union of one, no union beside
properties, no enum of several types, and `null` is an alternative of its own. The generator names no class by itself
then, and a place in a schema can be found however a page spells it. One thing is looser than written: a `oneOf` whose
alternatives overlap becomes `anyOf`, because it would refuse values that the API accepts.
"""

from __future__ import annotations

import copy
import json
from typing import Any

from scripts.codegen.runtime.references import component_of
from scripts.codegen.schemas import (
    ANNOTATIONS,
    CONSTRAINTS,
    Schema,
    alternatives,
    digest,
    is_object,
    kind_of_value,
    kinds_of,
    meaning,
    operation_slots,
    operations_of,
    resolve,
    single_value,
    slots,
)
from scripts.codegen.sources import Document
from scripts.errors import ToolError

_HIGHEST = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")
_LOWEST = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")


def simplify(document: Document) -> None:
    """Simplify every schema of a document, in place."""
    simplifier = _Simplifier(document["components"]["schemas"])
    for name in list(document["components"]["schemas"]):
        simplifier.component(name)
    for name in list(document["components"]["schemas"]):
        simplifier.below(document["components"]["schemas"][name])
    for _, operation in operations_of(document):
        for holder, key, _ in operation_slots(operation):
            if key in holder:
                holder[key] = simplifier.schema(holder[key])


class _Simplifier:
    def __init__(self, schemas: dict[str, Schema]) -> None:
        self._schemas = schemas
        self._done: set[str] = set()
        self._active: list[str] = []

    def component(self, name: str) -> Schema:
        """Return a component, simplified in itself; its properties and items may not be yet."""
        if name in self._active:
            raise ToolError(f"schema {name} is part of itself: {' in '.join([*self._active, name])}")
        if name not in self._done:
            self._active.append(name)
            self._schemas[name] = self._top(self._schemas[name])
            self._active.pop()
            self._done.add(name)
        return self._schemas[name]

    def schema(self, node: Any) -> Schema:
        """Return a schema, simplified."""
        simplified = self._top(node)
        self.below(simplified)
        return simplified

    def below(self, node: Schema) -> None:
        """Simplify the subschemas of a schema."""
        for holder, key in list(slots(node)):
            if not isinstance(holder[key], bool):
                holder[key] = self.schema(holder[key])
            elif key not in ("additionalProperties", "unevaluatedProperties", "unevaluatedItems"):
                holder[key] = {} if holder[key] else {"not": {}}

    def _top(self, node: Any) -> Schema:
        """Return a schema simplified in itself and in its alternatives, not in its properties and items."""
        if isinstance(node, bool):
            return {} if node else {"not": {}}
        if component_of(node) is not None:
            return self._reference(node)
        node = _spell_out_null(dict(node))
        if "allOf" in node:
            node = self._merge_all(node)
        for keyword in ("anyOf", "oneOf"):
            if keyword in node:
                node = self._union(node, keyword)
        return _split_kinds(node)

    def _reference(self, node: Schema) -> Schema:
        beside = {key: value for key, value in node.items() if key != "$ref"}
        target = self._shape_of(node)
        if beside.get("type") is not None and beside["type"] == target.get("type", beside["type"]):
            del beside["type"]
        if not beside.keys() - ANNOTATIONS:
            return {"$ref": node["$ref"]} | beside
        return self._top({"allOf": [{"$ref": node["$ref"]}], **beside})

    def _shape_of(self, node: Schema) -> Schema:
        """Return what a schema refers to, or itself."""
        while (name := component_of(node)) is not None:
            node = self.component(name)
        return node

    def _merge_all(self, node: Schema) -> Schema:
        members = [self._top(member) for member in node["allOf"]]
        rest = {key: value for key, value in node.items() if key != "allOf"}
        if len(members) == 1 and not rest.keys() - ANNOTATIONS and "$ref" in members[0]:
            return members[0] | rest
        merged: Schema | None = rest
        kept = []
        cores = [self._without_null(member) for member in members]
        # Null fits all of them together only if each of them allows it.
        is_nullable = all(null for _, null in cores) and "type" not in rest
        members = [core for core, _ in cores]
        for member in members:
            if merged is not None and {"anyOf", "oneOf"} & member.keys() and _only_constrains(member):
                kept.append(member)
            elif merged is not None:
                merged = _intersect(merged, copy.deepcopy(self._shape_of(member)), self._schemas)
        if merged is None:
            return node | {"allOf": members}
        merged |= _all_of(merged, kept)
        if not is_nullable:
            return merged
        notes = {key: merged.pop(key) for key in list(merged) if key in ANNOTATIONS}
        return {"anyOf": [merged, {"type": "null"}]} | notes

    def _without_null(self, node: Schema) -> tuple[Schema, bool]:
        """Return a schema without its alternative null, and whether it has one."""
        shape = self._shape_of(node)
        others = alternatives(shape)
        members = shape.get("anyOf") or shape.get("oneOf") or []
        if len(others) != 1 or len(members) != 2 or "properties" in shape:
            return node, False
        notes = {key: value for key, value in shape.items() if key in ANNOTATIONS}
        return (others[0] | notes if "$ref" not in others[0] else others[0]), True

    def _union(self, node: Schema, keyword: str) -> Schema:
        members: list[Schema] = []
        for member in (self._top(member) for member in node[keyword]):
            is_nested = member.keys() - ANNOTATIONS == {keyword}
            members += member[keyword] if is_nested else [member]
        if len(members) > 1:
            cores = [self._without_null(member) for member in members]
            members = [copy.deepcopy(core) for core, _ in cores] + [{"type": "null"}] * any(null for _, null in cores)
        members = _once(members)
        rest = {key: value for key, value in node.items() if key not in (keyword, "discriminator")}
        self._tell_apart_by_mapping(members, node.get("discriminator"))
        if len(members) == 1:
            merged = _intersect(rest, copy.deepcopy(self._shape_of(members[0])), self._schemas)
            if not rest.keys() - ANNOTATIONS:
                return members[0] | rest
            if merged is not None:
                return merged
        if rest.keys() - ANNOTATIONS and all(_only_constrains(member) for member in members):
            # Beside properties the generator would see a union and lose the object.
            return rest | _all_of(rest, [{keyword: members}])
        if "properties" in rest:
            shared = {key: value for key, value in rest.items() if key not in ANNOTATIONS}
            spread = [
                _intersect(copy.deepcopy(self._shape_of(member)), copy.deepcopy(shared), self._schemas)
                for member in members
            ]
            if None not in spread:
                members = [member for member in spread if member is not None]
                rest = {key: value for key, value in rest.items() if key in ANNOTATIONS}
        elif "type" in rest and all(kinds_of(self._shape_of(member)) for member in members):
            del rest["type"]
        self._name_their_kind(members)
        if keyword == "oneOf" and self._overlap(members):
            keyword = "anyOf"
        return rest | {keyword: members}

    def _tell_apart_by_mapping(self, members: list[Schema], discriminator: Any) -> None:
        """Give each alternative the value of the property that tells it apart, which a mapping states beside them."""
        if not isinstance(discriminator, dict):
            return
        for value, reference in discriminator.get("mapping", {}).items():
            for member in members:
                shape = self._shape_of(member)
                part = shape.get("properties", {}).get(discriminator.get("propertyName"))
                if member.get("$ref") == reference and isinstance(part, dict) and single_value(part) is None:
                    part.pop("enum", None)
                    part["const"] = value

    def _name_their_kind(self, members: list[Schema]) -> None:
        """Where one property tells all objects of a union apart, let each class fill in its own value."""
        shapes = [shape for member in members if is_object(shape := self._shape_of(member))]
        if len(shapes) < 2:
            return
        for name, part in list(shapes[0].get("properties", {}).items()):
            parts = [self._shape_of(shape.get("properties", {}).get(name, {})) for shape in shapes]
            values = [single_value(part) for part in parts]
            if all(isinstance(value, str) for value in values) and len(set(values)) == len(values):
                for shape, part, value in zip(shapes, parts, values, strict=True):
                    plain = {key: member for key, member in part.items() if key != "enum"}
                    shape["properties"][name] = plain | {"const": value, "default": value}

    def _overlap(self, members: list[Schema]) -> bool:
        """Return whether a value may fit two alternatives of a union."""
        shapes = [self._shape_of(member) for member in members]
        return any(
            self._share_a_value(shape, other) for number, shape in enumerate(shapes) for other in shapes[number + 1 :]
        )

    def _share_a_value(self, one: Schema, other: Schema) -> bool:
        kinds, others = (
            kinds_of(shape) | ({"integer"} if "number" in kinds_of(shape) else set()) for shape in (one, other)
        )
        if kinds and others and not kinds & others:
            return False
        values, other_values = _values(one), _values(other)
        if values is not None and other_values is not None:
            return bool(values & other_values)
        if _only_constrains(one) or _only_constrains(other):
            return False  # exactly one of two members, say, is meant as it is written
        if is_object(one) and is_object(other):
            needs = [set(shape.get("required", ())) for shape in (one, other)]
            if needs[0] - other.get("properties", {}).keys() and needs[1] - one.get("properties", {}).keys():
                return False  # each asks for what the other does not know
            for name in set(one.get("required", ())) & set(other.get("required", ())):
                parts = [self._shape_of(shape.get("properties", {}).get(name, {})) for shape in (one, other)]
                values, other_values = (_values(part) for part in parts)
                if values is not None and other_values is not None and not values & other_values:
                    return False
        return True


def _once(members: list[Schema]) -> list[Schema]:
    """Return schemas without those that mean the same as one before them."""
    once: dict[str, Schema] = {}
    for member in members:
        once.setdefault(digest(member), member)
    return list(once.values())


def _values(schema: Schema) -> set[str] | None:
    """Return the values that a schema lists, as JSON; None if it lists none."""
    if "const" in schema:
        return {json.dumps(schema["const"])}
    return {json.dumps(value) for value in schema["enum"]} if "enum" in schema else None


def _spell_out_null(node: Schema) -> Schema:
    """Turn `nullable`, a word of OpenAPI 3.0, into a type."""
    if node.pop("nullable", False) is not True:
        return node
    if "null" in kinds_of(node):
        return node
    if isinstance(node.get("type"), str):
        node["type"] = [node["type"], "null"]
        return node
    notes = {key: node.pop(key) for key in list(node) if key in ANNOTATIONS}
    return {"anyOf": [node, {"type": "null"}], **notes}


def _split_kinds(node: Schema) -> Schema:
    """Make alternatives of the types of a schema, where one of them makes a class, and of the types of its values."""
    kinds = list(node["type"]) if isinstance(node.get("type"), list) else []
    if len(kinds) == 1:
        node["type"] = kinds[0]
    by_kind: dict[str, list[Any]] = {}
    for value in node.get("enum", ()):
        by_kind.setdefault(kind_of_value(value), []).append(value)
    rest = {key: value for key, value in node.items() if key not in ("type", "enum") and key not in ANNOTATIONS}
    notes = {key: node[key] for key in node if key in ANNOTATIONS}
    if len(by_kind) > 1:
        default = {"default": rest.pop("default")} if "default" in rest else {}
        return notes | default | {"anyOf": [_of_kind(kind, rest, values) for kind, values in by_kind.items()]}
    if by_kind:
        node["type"] = next(iter(by_kind))
    elif len(kinds) > 1 and {"object", "array"} & set(kinds):
        return notes | {"anyOf": [_of_kind(kind, rest, None) for kind in kinds]}
    return node


def _of_kind(kind: str, rest: Schema, values: list[Any] | None) -> Schema:
    of_other = {"object": _OF_OBJECTS, "array": _OF_ARRAYS, "string": _OF_STRINGS}
    left_out = frozenset[str]().union(*(names for other, names in of_other.items() if other != kind))
    schema: Schema = {"type": kind} | {key: value for key, value in rest.items() if key not in left_out}
    if values is not None and kind != "null":
        schema["enum"] = values
    return schema if kind != "null" else {"type": "null"}


_OF_OBJECTS = frozenset(
    {
        "properties",
        "required",
        "additionalProperties",
        "patternProperties",
        "propertyNames",
        "minProperties",
        "maxProperties",
    }
)
_OF_ARRAYS = frozenset({"items", "minItems", "maxItems", "uniqueItems", "prefixItems", "contains"})
_OF_STRINGS = frozenset({"format", "pattern", "minLength", "maxLength"})


def _only_constrains(schema: Schema) -> bool:
    """Return whether a schema only says which members an object must or must not have."""
    keys = schema.keys() - ANNOTATIONS
    if {"anyOf", "oneOf"} >= keys and keys:
        return all(_only_constrains(member) for key in keys for member in schema[key])
    if keys and keys <= CONSTRAINTS | {"type"}:
        return schema.get("type", "object") == "object" and bool(keys & CONSTRAINTS)
    return False


def _all_of(node: Schema, members: list[Schema]) -> Schema:
    return {"allOf": [*node.get("allOf", ()), *members]} if members else {}


def _intersect(one: Schema, other: Schema, schemas: dict[str, Schema]) -> Schema | None:
    """Return the schema of what fits both; None if that cannot be said in one. The first one's words stand."""
    if meaning(one) == meaning(other):
        return other | one
    one, other = (copy.deepcopy(resolve(part, schemas)) | _notes(part) for part in (one, other))
    result = dict(one)
    for key, value in other.items():
        if key not in one or key in ANNOTATIONS:
            result.setdefault(key, value)
            continue
        mine = one[key]
        if key == "properties":
            parts = dict(mine)
            for name, part in value.items():
                both = _intersect(parts[name], part, schemas) if name in parts else part
                parts[name] = {"allOf": [parts[name], part]} if both is None else both
            result[key] = parts
        elif key == "required":
            result[key] = list(dict.fromkeys([*mine, *value]))
        elif key == "type":
            kinds = [kind for kind in kinds_of(one) if kind in kinds_of(other)]
            if not kinds and kinds_of(one) | kinds_of(other) == {"integer", "number"}:
                kinds = ["integer"]
            if not kinds:
                return None
            result[key] = kinds[0] if len(kinds) == 1 else sorted(kinds)
        elif key == "enum":
            result[key] = [entry for entry in mine if entry in value]
            if not result[key]:
                return None
        elif key == "additionalProperties" and False in (mine, value):
            result[key] = False
        elif key in ("items", "additionalProperties") and isinstance(mine, dict) and isinstance(value, dict):
            both = _intersect(mine, value, schemas)
            result[key] = {"allOf": [mine, value]} if both is None else both
        elif key in _HIGHEST and isinstance(mine, int | float):
            result[key] = max(mine, value)
        elif key in _LOWEST and isinstance(mine, int | float):
            result[key] = min(mine, value)
        elif key == "allOf":
            result[key] = [*mine, *value]
        elif meaning(mine) != meaning(value):
            return None
    return result


def _notes(node: Schema) -> Schema:
    return {key: value for key, value in node.items() if key in ANNOTATIONS} if "$ref" in node else {}
