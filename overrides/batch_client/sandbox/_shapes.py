"""Checks values against the bundle's schemas, and makes up values that fit them."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any
from urllib.parse import quote

from attrs import frozen
from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError, best_match
from jsonschema.protocols import Validator
from jsonschema_rs import Draft202012Validator as Draft202012Check
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from batch_client._bundle import load_bundle

_DOCUMENT = "urn:batch:bundle"
_DEEPEST = 10
"""From this depth on, alternatives are not followed, which may lead back to where they began."""
_TEXTS = {
    "date-time": "2030-01-01T00:00:00Z",
    "date": "2030-01-01",
    "time": "00:00:00Z",
    "uri": "https://example.com",
    "email": "ann@example.com",
    "uuid": "00000000-0000-4000-8000-000000000000",
}


@frozen
class Shape:
    """What the bundle says of a value."""

    is_valid: Callable[[Any], bool]
    """Tells that nothing is wrong, many times sooner than the validator lists what is."""
    validator: Validator

    def errors(self, value: Any) -> list[ValidationError]:
        """Return every way in which a value breaks the schema."""
        return [] if self.is_valid(value) else list(self.validator.iter_errors(value))

    def complete(self, value: Any) -> Any:
        """Return a value with the members that the schema requires and it lacks, each with an example.

        Raises:
            ValidationError: It does not fit for another reason.
        """
        if self.is_valid(value):
            return value
        value = copy.deepcopy(value)
        for _ in range(_DEEPEST):
            errors = list(self.validator.iter_errors(value))
            lacking = [error for error in _leaves(errors) if error.validator == "required"]
            if not lacking:
                break
            for error in lacking:
                _fill(value, error)
        if (wrong := best_match(self.validator.iter_errors(value))) is not None:
            raise wrong
        return value


@cache
def shape_at(pointer: str) -> Shape:
    """Return the shape that the schema at a place in the bundle, a JSON pointer, describes."""
    check = Draft202012Check(load_bundle() | {"$ref": _fragment(pointer)}, validate_formats=True)
    return Shape(check.is_valid, validator_at(pointer))


def validator_at(pointer: str) -> Validator:
    """Return the validator of the schema at a place in the bundle."""
    registry: Registry[Any] = Registry().with_resource(_DOCUMENT, DRAFT202012.create_resource(load_bundle()))
    schema = {"$ref": _DOCUMENT + _fragment(pointer)}
    return Draft202012Validator(schema, registry=registry, format_checker=FormatChecker())


def _fragment(pointer: str) -> str:
    return f"#{quote(pointer, safe='/~')}"


def resolve_schema(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the schema that another only refers to."""
    while "$ref" in schema:
        schema = load_bundle()["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    return schema


def example(schema: Any, depth: int = 0) -> Any:
    """Return a value that fits a schema, with only the members that it requires."""
    schema = resolve_schema(schema if isinstance(schema, dict) else {})
    if "const" in schema:
        return schema["const"]
    if schema.get("enum"):
        return schema["enum"][0]
    for keyword in ("anyOf", "oneOf", "allOf"):
        if schema.get(keyword) and "properties" not in schema and depth < _DEEPEST:
            return example(schema[keyword][0], depth + 1)
    kind = schema.get("type")
    kind = kind[0] if isinstance(kind, list) else kind
    if kind == "object" or "properties" in schema:
        return _object(schema, depth)
    if kind == "array":
        return [example(schema.get("items", {}), depth + 1) for _ in range(max(1, schema.get("minItems", 0)))]
    if kind in ("integer", "number"):
        return schema.get("minimum", 1)
    if kind == "boolean":
        return False
    if kind == "null":
        return None
    return _TEXTS.get(schema.get("format", ""), "a" * max(1, schema.get("minLength", 1)))


def _object(schema: Mapping[str, Any], depth: int) -> dict[str, Any]:
    required, properties = list(schema.get("required", ())), schema.get("properties", {})
    if schema.get("minProperties", 0) > len(required):
        required += [name for name in properties if name not in required][: schema["minProperties"]]
    made = {name: example(properties.get(name, {}), depth + 1) for name in required}
    if "if" in schema:
        holds = Draft202012Validator(schema["if"]).is_valid(made)
        needed = schema.get("then" if holds else "else", {}).get("required", ())
        made |= {name: example(properties.get(name, {}), depth + 1) for name in needed if name not in made}
    return made


def _leaves(errors: list[ValidationError]) -> Iterator[ValidationError]:
    """Yield the errors that others consist of, of alternatives those of the closest one."""
    for error in errors:
        if error.context and error.validator in ("anyOf", "oneOf"):
            alternatives: dict[Any, list[ValidationError]] = {}
            for inner in error.context:
                alternatives.setdefault(inner.relative_schema_path[0], []).append(inner)
            # An alternative of which only members are missing is closer than one of another type.
            yield from _leaves(min(alternatives.values(), key=lambda found: [e.validator != "required" for e in found]))
        else:
            yield error


def _fill(value: Any, error: ValidationError) -> None:
    """Add the members that an object lacks."""
    for part in error.absolute_path:
        value = value[part]
    schema: Any = error.schema
    for name in schema["required"]:
        if name not in value:
            value[name] = example(schema.get("properties", {}).get(name, {}))
