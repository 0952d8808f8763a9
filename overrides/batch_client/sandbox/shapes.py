"""Checks values against the bundle's schemas, and makes up values that fit them."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, reduce
from typing import Any

from attrs import Factory, field, frozen
from jsonschema_rs import Draft202012Validator, ValidationError

from batch_client._schema_errors import path_of
from batch_generated.bundle import load_bundle
from batch_generated.references import resolve

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
    """What a schema says of a value.

    Args:
        schema: The schema, with everything that it refers to.
    """

    schema: Mapping[str, Any] = field(repr=False)
    _validator: Draft202012Validator = field(
        init=False,
        repr=False,
        eq=False,
        default=Factory(lambda self: Draft202012Validator(dict(self.schema), validate_formats=True), takes_self=True),
    )

    def errors(self, value: Any) -> list[ValidationError]:
        """Return every way in which a value breaks the schema."""
        # To see that nothing is wrong takes far less time than to list what is.
        return [] if self._validator.is_valid(value) else list(self._validator.iter_errors(value))

    def complete(self, value: Any) -> Any:
        """Return a value with the members that the schema requires and it lacks, each with an example.

        Raises:
            ValidationError: It does not fit for another reason.
        """
        if self._validator.is_valid(value):
            return value
        value = copy.deepcopy(value)
        for _ in range(_DEEPEST):
            lacking = [error for error in _leaves(self.errors(value)) if error.kind.name == "required"]
            if not lacking:
                break
            for error in lacking:
                self._fill(value, error)
        if (wrong := most_telling(self.errors(value))) is not None:
            raise wrong
        return value

    def _fill(self, value: Any, error: ValidationError) -> None:
        """Add the members that an object lacks."""
        lacking = reduce(lambda node, part: node[part], path_of(error, value), value)
        schema: Any = self.schema
        for part in error.schema_path[:-1]:
            schema = schema[part]
        for name in schema["required"]:
            if name not in lacking:
                lacking[name] = example(schema.get("properties", {}).get(name, {}))


@cache
def shape_at(reference: str) -> Shape:
    """Return the shape that the schema at a place in the bundle describes."""
    return Shape(load_bundle() | {"$ref": reference})


def most_telling(errors: Iterable[ValidationError]) -> ValidationError | None:
    """Return the error that says most: the one nearest the root, of alternatives what the closest one lacks."""
    error = min(errors, key=lambda error: len(error.instance_path), default=None)
    while error is not None and (alternatives := _alternatives(error)):
        error = min(_closest(alternatives, error), key=lambda error: len(error.instance_path))
    return error


def example(schema: Any, depth: int = 0) -> Any:
    """Return a value that fits a schema, with only the members that it requires."""
    schema = resolve(load_bundle(), schema if isinstance(schema, dict) else {})
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
        holds = not Shape(schema["if"] | {"components": load_bundle()["components"]}).errors(made)
        needed = schema.get("then" if holds else "else", {}).get("required", ())
        made |= {name: example(properties.get(name, {}), depth + 1) for name in needed if name not in made}
    return made


def _leaves(errors: list[ValidationError]) -> Iterator[ValidationError]:
    """Yield the errors that others consist of, of alternatives those of the closest one."""
    for error in errors:
        if alternatives := _alternatives(error):
            yield from _leaves(_closest(alternatives, error))
        else:
            yield error


def _alternatives(error: ValidationError) -> list[list[ValidationError]]:
    """Return the errors of each alternative, where none of several fits."""
    return [errors for errors in getattr(error.kind, "context", ()) if errors]


def _closest(alternatives: list[list[ValidationError]], error: ValidationError) -> list[ValidationError]:
    """Return the errors of the alternative that the value is most likely meant to be."""

    here = len(error.instance_path)

    def distance(errors: list[ValidationError]) -> list[int]:
        kinds = {(inner.kind.name, len(inner.instance_path) - here) for inner in errors}
        # A member that has to be another constant says that the value is meant to be something else.
        differs = [kind in kinds for kind in (("type", 0), ("const", 1), ("enum", 1))]
        return [*differs, kinds != {("required", 0)}, len(errors)]

    return min(alternatives, key=distance)
