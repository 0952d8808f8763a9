"""Checks requests against the bundle's schemas."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any

from attrs import frozen
from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError, best_match
from jsonschema.protocols import Validator
from jsonschema_rs import Draft202012Validator as Draft202012Check
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from batch_client._bundle import load_bundle
from batch_client.sandbox._answers import Refusal, malformed

_DOCUMENT = "urn:batch:bundle"


@frozen
class Parameter:
    """What the bundle says of one parameter."""

    required: bool
    type: str | None
    validator: Validator


@frozen
class Body:
    """What the bundle says of a body."""

    is_valid: Callable[[Any], bool]
    """Tells that nothing is wrong, many times sooner than the validator lists what is."""
    validator: Validator


@frozen
class Contract:
    """What the bundle says of one operation's request."""

    operation_id: str
    method: str
    path: str
    first_seen: str
    parameters: dict[str, Parameter]
    body: Body | None
    statuses: frozenset[str]
    """The statuses that are documented."""

    @property
    def takes_body(self) -> bool:
        return self.body is not None

    def read_parameters(self, query: Mapping[str, str]) -> dict[str, Any]:
        """Return the documented parameters as the types their schemas name; refuse what does not fit."""
        read: dict[str, Any] = {}
        for name, parameter in self.parameters.items():
            if name not in query:
                if parameter.required:
                    raise Refusal(400, "MISSING_PARAMETER", f"parameter {name} is missing")
                continue
            value = _from_text(query[name], parameter.type)
            if (error := best_match(parameter.validator.iter_errors(value))) is not None:
                raise malformed(f"parameter {name}: {error.message}")
            read[name] = value
        return read

    def read_body(self, content: bytes) -> Any:
        """Return the body; refuse one that is no JSON."""
        try:
            return json.loads(content)
        except ValueError as error:
            raise Refusal(400, "MALFORMED_JSON_BODY", f"the body is no JSON: {error}") from error

    def body_errors(self, body: Any) -> list[ValidationError]:
        """Return every way in which a body breaks its schema."""
        if self.body is None or self.body.is_valid(body):
            return []
        return list(self.body.validator.iter_errors(body))


def refuse(errors: Iterable[ValidationError]) -> None:
    """Raise the refusal of the most telling error, if there is one."""
    error = best_match(iter(errors))
    if error is None:
        return
    where = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in error.absolute_path).lstrip(".")
    code = "MISSING_PARAMETER" if error.validator == "required" else "MALFORMED_PARAMETER"
    raise Refusal(400, code, f"{where or 'the body'}: {explain(error)}")


def explain(error: ValidationError) -> str:
    """Return why a value does not fit, in one line: of alternatives that all fail, what the closest one says."""
    closest = best_match([error]) or error
    return closest.message if len(closest.message) < 200 else f"{closest.message[:100]}… ({closest.validator})"


@cache
def read_contracts() -> list[Contract]:
    """Return the contract of every operation in the bundle."""
    return [
        _contract(path, method, item)
        for path, item in load_bundle()["paths"].items()
        for method, operation in item.items()
        if isinstance(operation, dict) and "operationId" in operation
    ]


def _contract(path: str, method: str, item: dict[str, Any]) -> Contract:
    operation, place = item[method], f"/paths/{path.replace('/', '~1')}"
    parameters = [
        _resolve(node, f"{where}/parameters/{number}")
        for where, holder in ((place, item), (f"{place}/{method}", operation))
        for number, node in enumerate(holder.get("parameters", []))
    ]
    body = None
    if "requestBody" in operation:
        _, where = _resolve(operation["requestBody"], f"{place}/{method}/requestBody")
        pointer = f"{where}/content/application~1json/schema"
        check = Draft202012Check(load_bundle() | {"$ref": f"#{pointer}"}, validate_formats=True)
        body = Body(check.is_valid, _validator(pointer))
    return Contract(
        operation_id=operation["operationId"],
        method=method.upper(),
        path=path,
        first_seen=operation["x-first-seen"],
        parameters={node["name"]: _parameter(node, where) for node, where in parameters},
        body=body,
        statuses=frozenset(operation["responses"]),
    )


def _parameter(node: dict[str, Any], pointer: str) -> Parameter:
    return Parameter(node.get("required", False), node["schema"].get("type"), _validator(f"{pointer}/schema"))


def _resolve(node: dict[str, Any], pointer: str) -> tuple[dict[str, Any], str]:
    """Return a parameter or body with its place in the bundle, or the component that it refers to."""
    if "$ref" not in node:
        return node, pointer
    pointer = node["$ref"].removeprefix("#")
    _, _, kind, name = pointer.split("/")
    return load_bundle()["components"][kind][name], pointer


def _validator(pointer: str) -> Validator:
    """Return the validator of the schema at a place in the bundle."""
    registry: Registry[Any] = Registry().with_resource(_DOCUMENT, DRAFT202012.create_resource(load_bundle()))
    schema = {"$ref": f"{_DOCUMENT}#{pointer}"}
    return Draft202012Validator(schema, registry=registry, format_checker=FormatChecker())


def _from_text(text: str, kind: str | None) -> Any:
    if kind == "integer" and text.lstrip("-").isdecimal():
        return int(text)
    if kind == "boolean" and text in ("true", "false"):
        return text == "true"
    return text
