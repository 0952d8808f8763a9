"""Leaves out the operations that the client cannot call, and of the others what it cannot read."""

from __future__ import annotations

from typing import Any

from scripts.codegen.schemas import is_object, kinds_of, operations_of, resolve
from scripts.codegen.sources import Document

JSON = "application/json"

_WITHOUT_BODY = frozenset({"204", "205", "304"})
"""Statuses of which HTTP allows no body, whatever a page says."""


def remove_unsupported(document: Document) -> dict[str, str]:
    """Remove unsupported operations from a document, in place; return the reason for each, by route."""
    skipped = {}
    for path, item in list(document["paths"].items()):
        for method, operation in list(item.items()):
            reason = _unsupported(operation, document) or _reduce(operation)
            if reason is not None:
                skipped[f"{method.upper()} {path}"] = reason
                del item[method]
        if not item:
            del document["paths"][path]
    used = {operation["tags"][0] for _, operation in operations_of(document)}
    document["tags"] = [tag for tag in document["tags"] if tag["name"] in used]
    return skipped


def _unsupported(operation: dict[str, Any], document: Document) -> str | None:
    schemas = document["components"]["schemas"]
    for parameter in operation["parameters"]:
        name, place = parameter["name"], parameter["in"]
        if place == "cookie":
            return f"parameter {name} is a cookie"
        if "schema" not in parameter:
            return f"parameter {name} is described by content, not by a schema"
        schema = resolve(parameter["schema"], schemas)
        alternatives = schema.get("anyOf") or schema.get("oneOf") or [schema]
        members = [resolve(member, schemas) for member in alternatives]
        if any(is_object(member) for member in members):
            return f"parameter {name} is an object"
        if place != "query" and any("array" in kinds_of(member) for member in members):
            return f"parameter {name} in {place} is an array"
    return None


def _reduce(operation: dict[str, Any]) -> str | None:
    """Keep the JSON of bodies and responses; return why that is not enough to call the operation."""
    if "requestBody" in operation:
        content = operation["requestBody"].get("content", {})
        if (media := _json_of(content)) is None:
            return f"its body is not JSON but {', '.join(content) or 'not described'}"
        operation["requestBody"]["content"] = {JSON: {"schema": {}} | media}
    for status, response in operation["responses"].items():
        content = response.get("content", {})
        media = _json_of(content)
        if content and media is None and status[0] == "2" and status not in _WITHOUT_BODY:
            return f"its response {status} is not JSON but {', '.join(content)}"
        response.pop("content", None)
        if media is not None and "schema" in media and status not in _WITHOUT_BODY:
            response["content"] = {JSON: media}
    return None


def _json_of(content: dict[str, Any]) -> Any:
    for name, media in content.items():
        kind = name.partition(";")[0].strip().lower()
        if kind == JSON or kind.endswith("+json"):
            return media
    return None
