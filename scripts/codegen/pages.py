"""Takes one page's document apart: its operations with everything but schemas resolved, and its schemas."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import jsonschema_rs
from attrs import field, frozen
from openapi_spec_validator.schemas.utils import get_schema_content

from scripts.codegen.runtime.references import (
    UnresolvableReference,
    component_in,
    component_reference,
    look_up,
    pointer_parts,
    trail,
)
from scripts.codegen.schemas import Schema, operation_slots, resolve, slots, walk
from scripts.codegen.sources import METHODS, Document
from scripts.errors import ToolError

CREDENTIALS = frozenset({"x-batch-project", "authorization"})
"""Headers, in lower case, that the client sends with every call. A page may declare them in any way."""

_IGNORED_HEADERS = CREDENTIALS | {"accept", "content-type"}
"""OpenAPI ignores parameters of the last two names; the client sets them."""

_VALUES = frozenset({"example", "examples", "default", "const", "enum"})
"""Members that hold values rather than schemas."""


_MEANINGLESS = frozenset({"xml", "$id", "$anchor", "$schema", "readOnly", "writeOnly"})
_DEFAULTS: dict[str, list[Any]] = {
    "additionalProperties": [True, {}],
    "unevaluatedProperties": [True, {}],
    "nullable": [False],
    "deprecated": [False],
    "uniqueItems": [False],
}
"""Members of schemas, and the values that say no more than if they were left out."""


@frozen
class PageOperation:
    """One operation of a page. Parameters, bodies and responses stand in it; schemas may refer to components."""

    method: str
    path: str
    node: dict[str, Any]

    @property
    def route(self) -> str:
        return f"{self.method.upper()} {self.path}"


@frozen
class PageContent:
    """What a page documents."""

    operations: list[PageOperation]
    schemas: dict[str, Schema]
    notes: list[str] = field(factory=list)
    """What the page lacks or has twice, and how it was read."""


def read_page(document: Document, where: str) -> PageContent:
    """Return the operations and schemas of a page's document, which is left as it is.

    Raises:
        ToolError: The document is not valid OpenAPI 3.1, or refers to what is not there. The message names `where`.
    """
    version = str(document.get("openapi", document.get("swagger", "of no version")))
    if not version.startswith("3.1."):
        raise ToolError(f"{where} is OpenAPI {version}; only 3.1 can be read")
    document = copy.deepcopy(document)
    notes = _repair(document, where)
    notes += _check_shape(document, where)
    _check_credentials(document, where)
    if not document.get("security"):
        notes.append(f"{where} does not say which credentials it takes; it gets both")
    reader = _Reader(document, where)
    operations = list(reader.operations())
    reader.check_chains()
    return PageContent(operations, reader.schemas, notes)


def _repair(document: Document, where: str) -> list[str]:
    """Remove repeated names from lists where each may occur once; say what was removed."""
    notes = []
    pending: list[Any] = [document]
    while pending:
        node = pending.pop()
        if isinstance(node, list):
            pending += node
        elif isinstance(node, dict):
            for member in ("required", "enum"):
                values = node.get(member)
                if isinstance(values, list) and not any(isinstance(value, dict | list) for value in values):
                    # True == 1 in Python, not in JSON.
                    once = list({(type(value), value): value for value in values}.values())
                    if len(once) < len(values):
                        notes.append(f"{where} repeats a value in {member} {json.dumps(values)}; it counts once")
                        node[member] = once
            pending += [value for key, value in node.items() if key not in _VALUES]
    return notes


@cache
def _validator() -> Any:
    openapi = json.loads(json.dumps(get_schema_content("3.1")))
    # The specification's schema leaves the dialect of schema objects open.
    openapi["$defs"]["schema"] = {
        "$dynamicAnchor": "meta",
        "type": ["object", "boolean"],
        "$ref": "https://json-schema.org/draft/2020-12/schema",
    }
    return jsonschema_rs.Draft202012Validator(openapi)


def _check_shape(document: Document, where: str) -> list[str]:
    """Raise ToolError unless a document is valid; give operations without responses one, and return a note on each."""
    notes = []
    paths = document.get("paths")
    for path, item in paths.items() if isinstance(paths, dict) else ():
        for method in METHODS:
            operation = item.get(method) if isinstance(item, dict) else None
            if isinstance(operation, dict) and operation.get("responses") in (None, {}):
                operation["responses"] = {"2XX": {"description": "Not documented."}}
                notes.append(f"{where} documents no responses of {method.upper()} {path}; its method returns None")
    problem = first_problem(document)
    if problem is not None:
        raise ToolError(f"{where} is not valid OpenAPI 3.1 at {problem}")
    return notes


def first_problem(document: Document) -> str | None:
    """Return where a document breaks the schema of OpenAPI 3.1, and how; None if it does not."""
    error = next(iter(_validator().iter_errors(document)), None)
    if error is None:
        return None
    place = "/".join(str(part) for part in error.instance_path)
    return f"{place or 'its top'}: {error.message[:200]}"


def _objects(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield from (value for value in node.values() if isinstance(value, dict))


def _check_credentials(document: Document, where: str) -> None:
    schemes = document.get("components", {}).get("securitySchemes", {})
    needed = [name for alternative in document.get("security", ()) for name in alternative]
    for operation in (item.get(method) for item in _objects(document["paths"]) for method in METHODS):
        needed += [name for alternative in (operation or {}).get("security", ()) for name in alternative]
    for name in needed:
        scheme = schemes.get(name)
        if scheme is None:
            raise ToolError(f"{where} asks for different credentials: {name!r}, which it does not define")
        kind, header = scheme.get("type"), str(scheme.get("name", "")).lower()
        if not (kind == "http" and scheme.get("scheme", "").lower() == "bearer") and header not in CREDENTIALS:
            raise ToolError(
                f"{where} asks for different credentials: {name!r} is neither the REST API key nor the project key"
            )


def _strip(holder: Any, key: Any) -> None:
    """Remove from a schema and those within it what says nothing to a caller, so that two that mean the same are alike.

    Extensions of a page are words of whatever wrote it; those that the client relies on stand in the overlays.
    """
    if not isinstance(holder, dict | list) or (isinstance(holder, dict) and key not in holder):
        return
    schema = holder[key]
    if not isinstance(schema, dict):
        return
    for name in list(schema):
        if name.startswith("x-") or name in _MEANINGLESS or (name in _DEFAULTS and schema[name] in _DEFAULTS[name]):
            del schema[name]
    for inner, name in list(slots(schema)):
        _strip(inner, name)


class _Reader:
    """Resolves the references of one document."""

    def __init__(self, document: Document, where: str) -> None:
        self._document = document
        self._where = where
        self.schemas: dict[str, Schema] = {}
        """The schemas that the operations use, by name."""

    def operations(self) -> Iterator[PageOperation]:
        for path, item in self._document["paths"].items():
            resolved = self._resolve(item)
            for method in METHODS:
                if method in resolved:
                    yield PageOperation(method, path, self._operation(path, resolved, method))
        pending = list(self.schemas.values())
        while pending:
            known = set(self.schemas)
            self._adopt_references(pending)
            pending = [self.schemas[name] for name in self.schemas if name not in known]
        for name in self.schemas:
            _strip(self.schemas, name)

    def check_chains(self) -> None:
        """Raise ToolError for a schema that is a reference to itself, directly or through others."""
        for start, schema in self.schemas.items():
            try:
                resolve(schema, self.schemas)
            except UnresolvableReference:
                raise ToolError(f"{self._where}: schema {start} refers to itself and to nothing else") from None

    def _operation(self, path: str, item: dict[str, Any], method: str) -> dict[str, Any]:
        operation = dict(item[method])
        for member in ("servers", "security", "tags", "operationId", "callbacks"):
            operation.pop(member, None)
        parameters = {}
        for node in (*item.get("parameters", ()), *operation.get("parameters", ())):
            parameter = self._resolve(node)
            if parameter["in"] != "header" or parameter["name"].lower() not in _IGNORED_HEADERS:
                parameters[parameter["in"], parameter["name"]] = parameter
        operation["parameters"] = list(parameters.values())
        declared = {name for place, name in parameters if place == "path"}
        for name in re.findall(r"{([^{}]*)}", path):
            if name not in declared:
                raise ToolError(f"{self._where}: {method.upper()} {path} does not declare its path parameter {name}")
        if "requestBody" in operation:
            operation["requestBody"] = self._resolve(operation["requestBody"])
        responses = {status: self._response(node) for status, node in operation["responses"].items()}
        if "default" in responses and not any(status[0] == "2" for status in responses):
            # It stands for all that is not listed, and so for success.
            responses["2XX"] = responses.pop("default")
        operation["responses"] = responses
        self._adopt_references([operation])
        for part in (operation, *operation["parameters"], operation.get("requestBody", {}), *responses.values()):
            for key in [key for key in part if key.startswith("x-")]:
                del part[key]
        for holder, key, _ in operation_slots(operation):
            _strip(holder, key)
        return operation

    def _response(self, node: dict[str, Any]) -> dict[str, Any]:
        response = dict(self._resolve(node))
        response.pop("links", None)
        if "headers" in response:
            response["headers"] = {name: self._resolve(header) for name, header in response["headers"].items()}
        return response

    def _resolve(self, node: dict[str, Any]) -> dict[str, Any]:
        """Return a copy of what a node refers to, or of itself; members beside the reference take precedence."""
        try:
            way = [node, *(target for _, target in trail(self._document, node))]
        except UnresolvableReference as error:
            raise self._unresolvable(error) from None
        resolved = way.pop()
        for reference in reversed(way):
            # Any reference may have a summary beside it, also one to what has none.
            resolved = resolved | {key: reference[key] for key in reference if key not in ("$ref", "summary")}
        return copy.deepcopy(resolved)

    def _unresolvable(self, error: UnresolvableReference) -> ToolError:
        return ToolError(f"{self._where} refers to {error}: download it again, or skip it")

    def _adopt_references(self, nodes: list[Any]) -> None:
        """Turn each reference in schemas into one to a component, whatever part of the document it points to."""
        for node in walk(nodes):
            reference = node.get("$ref")
            if isinstance(reference, str):
                node["$ref"] = component_reference(self._adopt(reference))
            discriminator = node.get("discriminator")
            if isinstance(discriminator, dict) and isinstance(discriminator.get("propertyName"), str):
                mapping = discriminator.get("mapping", {})
                for value, target in mapping.items():
                    mapping[value] = component_reference(
                        self._adopt(target if "#" in target else component_reference(target))
                    )

    def _adopt(self, reference: str) -> str:
        """Return the name of the component schema that a reference points to; make it one if it points elsewhere."""
        try:
            name = component_in(reference) or "|".join(pointer_parts(reference)).replace("/", "~")
            if name not in self.schemas:
                self.schemas[name] = copy.deepcopy(look_up(self._document, reference))
        except UnresolvableReference as error:
            raise self._unresolvable(error) from None
        return name
