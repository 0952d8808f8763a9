"""Checks requests and answers against the bundle, independently of the code under test."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import httpx
from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from batch_generated.api import API_VERSIONS

VERSION = API_VERSIONS[-1]
BUNDLE: dict[str, Any] = json.loads(Path("openapi/batch.json").read_text(encoding="utf-8"))
_REGISTRY: Registry[Any] = Registry().with_resource("urn:bundle", DRAFT202012.create_resource(BUNDLE))


@cache
def operations() -> dict[str, tuple[str, str, dict[str, Any]]]:
    """Return method, path and operation by operation id."""
    return {
        operation["operationId"]: (method.upper(), path, operation)
        for path, item in BUNDLE["paths"].items()
        for method, operation in item.items()
    }


def check(value: Any, schema: dict[str, Any]) -> None:
    """Fail if a value does not fit a schema of the bundle."""
    _validator(json.dumps(schema)).validate(value)


@cache
def _validator(schema: str) -> Draft202012Validator:
    absolute = json.loads(schema.replace('"#/', '"urn:bundle#/'))
    return Draft202012Validator(absolute, registry=_REGISTRY, format_checker=FormatChecker())


def resolve(node: dict[str, Any]) -> dict[str, Any]:
    """Return the component that a part of the bundle refers to, or the part itself."""
    while "$ref" in node:
        _, _, kind, name = node["$ref"].split("/")
        node = BUNDLE["components"][kind][name]
    return node


def parameters_of(operation_id: str) -> list[dict[str, Any]]:
    """Return the parameters of an operation."""
    return [resolve(node) for node in operations()[operation_id][2].get("parameters", [])]


def check_request(request: httpx.Request, operation_id: str, version: str = VERSION) -> None:
    """Fail if a request is not what the bundle says of the operation."""
    method, path, operation = operations()[operation_id]
    pattern = re.sub(r"\\{[^{}]+\\}", "[^/]+", re.escape(f"/{version}{path}"))
    assert request.method == method
    assert re.fullmatch(pattern, request.url.path)
    assert request.headers["Authorization"].startswith("Bearer ")
    assert request.headers["X-Batch-Project"]
    queries = {parameter["name"]: parameter for parameter in parameters_of(operation_id) if parameter["in"] == "query"}
    assert set(request.url.params) <= set(queries)
    for name, parameter in queries.items():
        assert name in request.url.params or not parameter.get("required")
    if "requestBody" in operation:
        assert request.headers["Content-Type"] == "application/json"
        check(json.loads(request.content), operation["requestBody"]["content"]["application/json"]["schema"])
    else:
        assert not request.content


def response_of(operation_id: str, status: int) -> dict[str, Any] | None:
    """Return the bundle's response for a status, its reference resolved; None if it documents none."""
    responses = operations()[operation_id][2]["responses"]
    response: dict[str, Any] | None = responses.get(str(status)) or responses.get(f"{status // 100}XX")
    return None if response is None else resolve(response)


def success_of(operation_id: str, preferred: int) -> int:
    """Return a status of success that the bundle documents: the preferred one, if it does."""
    if preferred // 100 != 2 or response_of(operation_id, preferred) is not None:
        return preferred
    return min(int(status) for status in operations()[operation_id][2]["responses"] if status[0] == "2")


def check_answer(operation_id: str, status: int, answer: Any) -> None:
    """Fail if an answer is not what the bundle promises. An error may have a status that the bundle does not list."""
    response = response_of(operation_id, status)
    if status >= 400:
        assert answer.keys() >= {"error_code", "error_message"}
        return
    assert response is not None
    content = response.get("content")
    if content is None or status == 204:
        assert answer is None
    else:
        check(answer, content["application/json"]["schema"])
