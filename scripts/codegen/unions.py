"""Merges the alternatives of a union, or variants of one schema, into the schema of one class."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterable, Mapping
from typing import Any

from scripts.codegen.schemas import Schema, expanded, is_enum, is_object, resolve, single_value


def merge_alternatives(union: Schema, members: list[Schema], schemas: Mapping[str, Schema]) -> Schema:
    """Return one schema of objects, or of values, that allows whatever an alternative allows."""
    notes = {key: value for key, value in union.items() if key not in ("anyOf", "oneOf", "discriminator")}
    if all(is_enum(member) for member in members):
        return merge_enums(members) | notes
    names = dict.fromkeys(name for member in members for name in member.get("properties", {}))
    properties = {}
    for name in names:
        parts = [member["properties"][name] for member in members if name in member.get("properties", {})]
        properties[name] = _merge_parts(parts, schemas)
    required = [name for name in names if all(name in member.get("required", ()) for member in members)]
    merged: Schema = {"type": "object"} | ({"required": required} if required else {}) | {"properties": properties}
    return notes | merged


def constraint_of(union: Schema, members: list[Schema]) -> Schema:
    """Return what keeps a merged union as strict as its alternatives are about members and constant values."""
    keyword = "oneOf" if "oneOf" in union else "anyOf"
    strict = []
    for member in members:
        constants = {
            name: {"const": value}
            for name, part in member.get("properties", {}).items()
            if (value := single_value(part)) is not None
        }
        strict.append(
            ({"required": member["required"]} if "required" in member else {})
            | ({"properties": constants} if constants else {})
        )
    return {"allOf": [{keyword: strict}]} if all(strict) else {}


def merge_enums(schemas: Iterable[Schema]) -> Schema:
    """Return an enum of all values of several."""
    merged: Schema = {}
    values: list[Any] = []
    for schema in schemas:
        merged = schema | merged
        values += [value for value in schema["enum"] if value not in values]
    return merged | {"enum": values}


def _merge_parts(parts: list[Schema], schemas: Mapping[str, Schema]) -> Schema:
    shapes = [resolve(part, schemas) for part in parts]
    once = {json.dumps(expanded(part, schemas), sort_keys=True): part for part in reversed(parts)}
    if len(once) == 1:
        return copy.deepcopy(parts[0])
    if all(isinstance(value, str) for shape in shapes for value in shape.get("enum", [single_value(shape)])):
        plain = ("const", "default")
        return merge_enums(
            {key: member for key, member in shape.items() if key not in plain}
            | {"type": "string", "enum": shape.get("enum", [single_value(shape)])}
            for shape in shapes
        )
    if all(is_object(shape) for shape in shapes):
        return merge_alternatives({}, shapes, schemas)
    if all(shape.get("type") == "string" and "enum" not in shape for shape in shapes):
        return copy.deepcopy(next((part for part in parts if "format" in resolve(part, schemas)), parts[0]))
    if all(shape.get("type") == "array" and isinstance(shape.get("items"), dict) for shape in shapes):
        return {"type": "array", "items": _merge_parts([shape["items"] for shape in shapes], schemas)}
    return {"anyOf": [copy.deepcopy(part) for part in reversed(once.values())]}
