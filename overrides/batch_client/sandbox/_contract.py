"""Checks requests against the bundle's schemas, and makes responses what the bundle documents."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from attrs import frozen
from jsonschema_rs import ValidationError

from batch_client.sandbox._answers import Answer, Refusal, malformed
from batch_client.sandbox._json import read_json
from batch_client.sandbox.shapes import Shape, most_telling, shape_at
from batch_generated.bundle import load_bundle
from batch_generated.references import reference_to, resolve, trail


@frozen
class Parameter:
    """What the bundle says of one parameter."""

    name: str
    place: str
    """`query`, `header` or `path`."""
    required: bool
    schema: Mapping[str, Any]
    shape: Shape

    def read(self, values: Sequence[str]) -> Any:
        """Return what was sent, as the type that the schema names."""
        if _type_of(self.schema) == "array":
            kind = _type_of(resolve(load_bundle(), self.schema).get("items", {}))
            return [_from_text(value, kind) for value in values]
        return _from_text(values[-1], _type_of(self.schema))


@frozen
class Contract:
    """What the bundle says of one operation's request."""

    operation_id: str
    method: str
    path: str
    first_seen: str
    parameters: tuple[Parameter, ...]
    body: Shape | None
    statuses: Mapping[str, str | None]
    """The statuses that are documented, each with a reference to its body's schema; None without a body."""
    list_member: str | None
    """The member of a successful response that holds a list; None if there is not exactly one."""

    @property
    def takes_body(self) -> bool:
        return self.body is not None

    def read_parameters(self, sent: Mapping[tuple[str, str], Sequence[str]]) -> dict[str, Any]:
        """Return the documented parameters as the types their schemas name; refuse what does not fit.

        Args:
            sent: What was sent, by where (`query`, `header`, `path`) and name; headers in lower case.
        """
        read: dict[str, Any] = {}
        for parameter in self.parameters:
            name = parameter.name.lower() if parameter.place == "header" else parameter.name
            values = sent.get((parameter.place, name))
            if not values:
                if parameter.required:
                    raise Refusal(400, "MISSING_PARAMETER", f"parameter {parameter.name} is missing")
                continue
            value = parameter.read(values)
            if (error := most_telling(parameter.shape.errors(value))) is not None:
                raise malformed(f"parameter {parameter.name}: {explain(error)}")
            read[parameter.name] = value
        return read

    def fit(self, answer: Answer) -> Answer:
        """Return an answer as it is documented: a success under one of its statuses, and a body with all it requires.

        Raises:
            Refusal: The documents give the body a shape that the sandbox does not know.
        """
        status = str(answer.status)
        if status[0] == "2" and not {status, "2XX"} & self.statuses.keys():
            status = min((known for known in self.statuses if known[0] == "2"), default=status)
        known = next((known for known in (status, f"{status[0]}XX") if known in self.statuses), None)
        if known is None:
            return answer
        schema = None if status == "204" else self.statuses[known]
        if schema is None:
            return Answer(int(status), answer.body if answer.status >= 400 else None, answer.headers)
        try:
            return Answer(int(status), shape_at(schema).complete(answer.body), answer.headers)
        except ValidationError as error:
            if answer.status >= 400:
                return answer
            where = ".".join(map(str, error.instance_path)) or "the answer"
            message = f"{self.path} has an answer that the sandbox does not know: {where}: {explain(error)}"
            raise Refusal(501, "NOT_SIMULATED", message) from None

    def read_body(self, content: bytes) -> Any:
        """Return the body; refuse one that is not valid JSON."""
        try:
            return read_json(content)
        except ValueError as error:
            raise Refusal(400, "MALFORMED_JSON_BODY", f"the body is not valid JSON: {error}") from error

    def body_errors(self, body: Any) -> list[ValidationError]:
        """Return every way in which a body breaks its schema."""
        return [] if self.body is None else self.body.errors(body)


def refuse(errors: Iterable[ValidationError]) -> None:
    """Raise the refusal of the most telling error, if there is one."""
    error = most_telling(errors)
    if error is None:
        return
    where = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in error.instance_path).lstrip(".")
    code = "MISSING_PARAMETER" if error.kind.name == "required" else "MALFORMED_PARAMETER"
    raise Refusal(400, code, f"{where or 'the body'}: {explain(error)}")


def explain(error: ValidationError) -> str:
    """Return why a value does not fit, in one line: of alternatives that all fail, what the closest one says."""
    closest = most_telling([error]) or error
    return closest.message if len(closest.message) < 200 else f"{closest.message[:100]}… ({closest.kind.name})"


def list_member(operation_id: str, default: str) -> str:
    """Return the member that holds the items of a list operation; the default if the bundle does not say."""
    found = next((contract for contract in read_contracts() if contract.operation_id == operation_id), None)
    return found.list_member or default if found is not None else default


@cache
def read_contracts() -> list[Contract]:
    """Return the contract of every operation in the bundle."""
    return [
        _contract(path, method, item)
        for path, item in load_bundle()["paths"].items()
        for method, operation in item.items()
        if "operationId" in operation
    ]


def _contract(path: str, method: str, item: dict[str, Any]) -> Contract:
    operation, place = item[method], reference_to("paths", path)
    parameters = [
        _follow(f"{where}/parameters/{number}", node)
        for where, holder in ((place, item), (f"{place}/{method}", operation))
        for number, node in enumerate(holder.get("parameters", []))
    ]
    body = None
    if "requestBody" in operation:
        where, _ = _follow(f"{place}/{method}/requestBody", operation["requestBody"])
        body = shape_at(f"{where}/content/application~1json/schema")
    return Contract(
        operation_id=operation["operationId"],
        method=method.upper(),
        path=path,
        first_seen=operation["x-first-seen"],
        parameters=tuple(_parameter(where, node) for where, node in parameters),
        body=body,
        statuses={
            status: _schema_of_body(*_follow(f"{place}/{method}/responses/{status}", node))
            for status, node in operation["responses"].items()
        },
        list_member=_list_member(operation),
    )


def _parameter(where: str, node: dict[str, Any]) -> Parameter:
    shape = shape_at(f"{where}/schema")
    return Parameter(node["name"], node["in"], node.get("required", False), node["schema"], shape)


def _schema_of_body(where: str, response: dict[str, Any]) -> str | None:
    """Return the reference to the schema of a response's body, given that to the response."""
    for media, content in response.get("content", {}).items():
        if "schema" in content:
            return where + reference_to("content", media, "schema").removeprefix("#")
    return None


def _list_member(operation: dict[str, Any]) -> str | None:
    for status, response in operation["responses"].items():
        for media in resolve(load_bundle(), response).get("content", {}).values():
            properties = resolve(load_bundle(), media["schema"]).get("properties", {})
            lists = [name for name, schema in properties.items() if _type_of(schema) == "array"]
            if status[0] == "2" and len(lists) == 1:
                return str(lists[0])
    return None


def _type_of(schema: Mapping[str, Any]) -> str | None:
    """Return the type that a schema names, besides null; None if it names several or none."""
    schema = resolve(load_bundle(), schema)
    kinds = schema.get("type")
    named = {kinds} if isinstance(kinds, str) else set(kinds or ())
    named |= {kind for member in schema.get("anyOf", schema.get("oneOf", ())) if (kind := _type_of(member))}
    named -= {"null"}
    return named.pop() if len(named) == 1 else None


def _follow(where: str, node: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Return what a parameter, body or response stands for, after the reference to that, given the one to itself."""
    return [(where, node), *trail(load_bundle(), node)][-1]


def _from_text(text: str, kind: str | None) -> Any:
    """Return what a text stands for; the text itself, which its schema refuses, if it is not of the type."""
    if kind in ("integer", "number") and _NUMBERS[kind].fullmatch(text):
        return int(text) if kind == "integer" else float(text)
    if kind == "boolean" and text in ("true", "false"):
        return text == "true"
    return text


# Python's own int and float also take digits of other scripts, underscores and spaces.
_NUMBERS = {
    "integer": re.compile(r"-?[0-9]{1,18}"),
    "number": re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,18})?([eE][+-]?[0-9]{1,2})?"),
}
