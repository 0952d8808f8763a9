"""Brings schemas into one form, so that what means the same compares equal.

References are followed, `allOf` is merged, the ways to write a nullable become one, and OpenAPI 3.0's keywords become
those of 3.1. Annotations play no part.
"""

from __future__ import annotations

from typing import Any

from attrs import define, field, frozen

from scripts.codegen.runtime.references import UnresolvableReference, component_in, component_of, look_up, resolve

Node = Any
"""A schema as a document holds it: an object, or in 3.1 also true or false."""

UPPER_BOUNDS = {
    "maximum": "max",
    "exclusiveMaximum": "exclusive-max",
    "maxLength": "max-length",
    "maxItems": "max-items",
    "maxProperties": "max-properties",
    "maxContains": "max-contains",
}
LOWER_BOUNDS = {
    "minimum": "min",
    "exclusiveMinimum": "exclusive-min",
    "minLength": "min-length",
    "minItems": "min-items",
    "minProperties": "min-properties",
    "minContains": "min-contains",
}
ANNOTATIONS = frozenset(
    {"title", "description", "example", "examples", "externalDocs", "xml", "$comment", "$schema", "$id", "$anchor"}
)
_NULLS = ({"type": "null"}, {"const": None}, {"enum": [None]}, {"type": ["null"]})


@frozen
class Shape:
    """What a schema means."""

    keywords: dict[str, Any]
    """The merged keywords, without those below."""
    name: str | None
    """The component that the schema is, if it is one."""
    types: frozenset[str] | None
    """The types it takes, null apart; None for any."""
    nullable: bool | None
    """Whether it takes null; None if it says nothing of types."""
    values: tuple[Any, ...] | None
    """The only values it takes, null apart; None for any."""


@define(eq=False)
class Document:
    """An OpenAPI document whose schemas are looked up by reference."""

    content: dict[str, Any]
    _flat: dict[int, tuple[Any, dict[str, Any], str | None]] = field(factory=dict, init=False)
    _shapes: dict[int, tuple[Any, Shape]] = field(factory=dict, init=False)

    def look_up(self, reference: str) -> Any:
        """Return what a reference within the document names; None if it is not there."""
        try:
            return look_up(self.content, reference)
        except UnresolvableReference:
            return None

    def resolve(self, node: Any) -> Any:
        """Return what a parameter, body, response or header is, its references followed; {} if they lead nowhere."""
        try:
            node = resolve(self.content, node)
        except UnresolvableReference:
            return {}
        return node if isinstance(node, dict) else {}

    def shape(self, node: Node) -> Shape:
        """Return what a schema means."""
        if id(node) not in self._shapes:
            merged, name = self._flatten(node, ())
            # The node is kept beside its shape, so that its id stays its own.
            self._shapes[id(node)] = (node, _shape(*self._without_null_alternative(merged), name))
        return self._shapes[id(node)][1]

    def _flatten(self, node: Node, seen: tuple[str, ...]) -> tuple[dict[str, Any], str | None]:
        if id(node) in self._flat:
            return self._flat[id(node)][1:]
        if not isinstance(node, dict):
            return ({"not": {}} if node is False else {}), None
        merged: dict[str, Any] = {}
        name = None
        reference = node.get("$ref")
        if isinstance(reference, str) and reference not in seen:
            merged, name = self._flatten(self.look_up(reference), (*seen, reference))
            name = name or component_in(reference)
            seen = (*seen, reference)
        members = node.get("allOf", []) if isinstance(node.get("allOf"), list) else []
        for member in members:
            other, other_name = self._flatten(member, seen)
            merged = _merge(merged, other)
            name = name or (other_name if len(members) == 1 else None)
        own = {key: value for key, value in _as_3_1(node).items() if key not in ("$ref", "allOf")}
        merged = _merge(merged, own)
        if not seen:
            self._flat[id(node)] = (node, merged, name)
        return merged, name

    def _without_null_alternative(self, merged: dict[str, Any]) -> tuple[dict[str, Any], bool]:
        """Take a null out of anyOf or oneOf; one alternative that is left is the schema itself."""
        nullable = False
        for keyword in ("anyOf", "oneOf"):
            alternatives = merged.get(keyword)
            if not isinstance(alternatives, list):
                continue
            kept = [node for node in alternatives if _meaningful(node) not in _NULLS]
            nullable = nullable or len(kept) < len(alternatives)
            if len(kept) == 1:
                rest = {key: value for key, value in merged.items() if key != keyword}
                merged = _merge(rest, self._flatten(kept[0], ())[0])
            elif len(kept) < len(alternatives):
                merged = merged | {keyword: kept}
        return merged, nullable

    def reference_of(self, node: Node) -> str | None:
        """Return the component that a schema is, if it is nothing but a reference to it."""
        return component_of(node) if isinstance(node, dict) and _meaningful(node).keys() == {"$ref"} else None

    def name_of(self, node: Node) -> str | None:
        """Return the component that a schema refers to, directly or as the only member of a composition."""
        name = self.shape(node).name
        if name is None and isinstance(node, dict):
            for keyword in ("anyOf", "oneOf"):
                kept = [n for n in node.get(keyword) or [] if _meaningful(n) not in _NULLS]
                if len(kept) == 1:
                    return self.name_of(kept[0])
        return name


def _shape(merged: dict[str, Any], nullable: bool, name: str | None) -> Shape:
    declared = merged.get("type")
    types = frozenset([declared] if isinstance(declared, str) else declared) if declared else None
    values: tuple[Any, ...] | None = None
    if "const" in merged:
        values = (merged["const"],)
    elif isinstance(merged.get("enum"), list):
        values = tuple(merged["enum"])
    null_type = types is not None and "null" in types
    if values is not None:
        # A list of values that lacks null takes none, whatever the type says.
        nullable = nullable or None in values
        values = tuple(value for value in values if value is not None)
        says = True
    else:
        nullable = nullable or null_type
        says = types is not None or any(key in merged for key in ("anyOf", "oneOf"))
    keywords = {key: value for key, value in merged.items() if key not in ("type", "enum", "const")}
    if types is not None:
        types = types - {"null"}
        if "number" in types:
            types = types - {"integer"}
    return Shape(keywords, name, types, nullable if says else None, values)


def _meaningful(node: Node) -> Node:
    if isinstance(node, dict):
        return {key: value for key, value in node.items() if key not in ANNOTATIONS and not key.startswith("x-")}
    return node


def _as_3_1(node: dict[str, Any]) -> dict[str, Any]:
    """Return the keywords with meaning, those of OpenAPI 3.0 in their 3.1 form."""
    result: dict[str, Any] = _meaningful(node)
    if "nullable" in result:
        result = dict(result)
        if result.pop("nullable") is True:
            if isinstance(result.get("enum"), list) and None not in result["enum"]:
                result["enum"] = [*result["enum"], None]
            if isinstance(result.get("type"), str):
                result["type"] = [result["type"], "null"]
            elif not result.get("type"):
                alternatives = [{"type": "null"}, {"allOf": node["allOf"]}] if node.get("allOf") else None
                if alternatives:
                    result = {key: value for key, value in result.items() if key != "allOf"} | {"anyOf": alternatives}
                for keyword in ("anyOf", "oneOf"):
                    if isinstance(result.get(keyword), list) and not alternatives:
                        result[keyword] = [*result[keyword], {"type": "null"}]
    for exclusive, bound in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        if isinstance(result.get(exclusive), bool):
            result = dict(result)
            if result.pop(exclusive) and bound in result:
                result[exclusive] = result.pop(bound)
    return result


def _merge(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """Return the keywords of a schema that asks for both."""
    if not one:
        return other
    result = dict(one)
    for key, value in other.items():
        if key not in result or result[key] == value:
            result[key] = value
        elif key == "required":
            result[key] = list(dict.fromkeys([*result[key], *value]))
        elif key in ("properties", "patternProperties", "dependentSchemas"):
            result[key] = result[key] | {
                name: {"allOf": [result[key][name], node]}
                if name in result[key] and result[key][name] != node
                else node
                for name, node in value.items()
            }
        elif key == "type":
            kept = [kind for kind in _list(result[key]) if kind in _list(value)]
            if "integer" in _list(value) and "number" in _list(result[key]) and "integer" not in kept:
                kept.append("integer")
            if "integer" in _list(result[key]) and "number" in _list(value) and "integer" not in kept:
                kept.append("integer")
            result[key] = kept
        elif key == "enum":
            result[key] = [item for item in result[key] if item in value]
        elif key in UPPER_BOUNDS:
            result[key] = min(result[key], value)
        elif key in LOWER_BOUNDS:
            result[key] = max(result[key], value)
        elif key in ("items", "additionalProperties", "contains", "propertyNames", "not"):
            result[key] = False if False in (result[key], value) else {"allOf": [result[key], value]}
        elif key in ("uniqueItems", "readOnly", "writeOnly", "deprecated"):
            result[key] = bool(result[key] or value)
        else:
            # What cannot be merged is kept beside the rest, to be compared as it is.
            result["allOf"] = [*result.get("allOf", []), {key: value}]
    return result


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
