"""Checks requests against the bundle's schemas."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from attrs import frozen
from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError, best_match
from jsonschema.protocols import Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from batch_client._bundle import load_bundle
from batch_client.sandbox._answers import Refusal, malformed

_DOCUMENT = "urn:batch:bundle"


@frozen
class Contract:
    """What the bundle says of one operation's request."""

    operation_id: str
    method: str
    path: str
    first_seen: str
    parameters: dict[str, tuple[bool, Validator]]
    body: Validator | None

    @property
    def takes_body(self) -> bool:
        return self.body is not None

    def read_parameters(self, query: Mapping[str, str]) -> dict[str, Any]:
        """Return the documented parameters as the types their schemas name; refuse what does not fit."""
        read: dict[str, Any] = {}
        for name, (required, validator) in self.parameters.items():
            if name not in query:
                if required:
                    raise Refusal(400, "MISSING_PARAMETER", f"parameter {name} is missing")
                continue
            value = _from_text(query[name], validator.schema)
            if (error := best_match(validator.iter_errors(value))) is not None:
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
        return [] if self.body is None else list(self.body.iter_errors(body))


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


def read_contracts() -> list[Contract]:
    """Return the contract of every operation in the bundle."""
    return [
        _contract(path, method, operation)
        for path, item in load_bundle()["paths"].items()
        for method, operation in item.items()
    ]


def _contract(path: str, method: str, operation: dict[str, Any]) -> Contract:
    pointer = f"/paths/{path.replace('/', '~1')}/{method}"
    has_body = "requestBody" in operation
    return Contract(
        operation_id=operation["operationId"],
        method=method.upper(),
        path=path,
        first_seen=operation["x-first-seen"],
        parameters={
            parameter["name"]: (parameter.get("required", False), _validator(parameter["schema"]))
            for parameter in operation.get("parameters", [])
        },
        body=_validator({"$ref": f"{pointer}/requestBody/content/application~1json/schema"}) if has_body else None,
    )


def _validator(schema: dict[str, Any]) -> Validator:
    registry: Registry[Any] = Registry().with_resource(_DOCUMENT, DRAFT202012.create_resource(load_bundle()))
    reference = schema.get("$ref")
    if reference is not None:
        schema = schema | {"$ref": f"{_DOCUMENT}#{reference.removeprefix('#')}"}
    return Draft202012Validator(schema, registry=registry, format_checker=FormatChecker())


def _from_text(text: str, schema: Any) -> Any:
    kind = schema.get("type")
    if kind == "integer" and text.lstrip("-").isdecimal():
        return int(text)
    if kind == "boolean" and text in ("true", "false"):
        return text == "true"
    return text
