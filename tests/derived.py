"""Calls of operations that no test knows, made from the bundle: as little as a schema asks for."""

from __future__ import annotations

from typing import Any

from batch_client import AsyncIndexingTask, IndexingTask
from batch_client.sandbox.shapes import example
from batch_generated.api import OPERATIONS
from scripts.adopt.smoke import keywords, positional
from tests.contract import operations, resolve


def arguments_of(operation_id: str) -> tuple[list[Any], dict[str, Any]]:
    """Return positional and keyword arguments of the method of an operation."""
    operation = OPERATIONS[operation_id]
    return positional(operation), keywords(operation)


def body_of(operation_id: str) -> Any:
    """Return a body of an operation; None if it takes none."""
    content = resolve(operations()[operation_id][2].get("requestBody", {})).get("content", {})
    return next((example(media["schema"]) for media in content.values()), None)


def answer_of(operation_id: str) -> tuple[int, Any]:
    """Return a status of success, and a body for it."""
    responses = operations()[operation_id][2]["responses"]
    status = min(status for status in responses if status[0] in "23")
    content = resolve(responses[status]).get("content", {})
    body = next((example(media["schema"]) for media in content.values()), None)
    number = int(status.replace("XX", "00"))
    return number, None if number == 204 else body


def shown(result: Any) -> Any:
    """Return what a method gave as plain data."""
    if isinstance(result, IndexingTask | AsyncIndexingTask):
        return {"indexing_token": result.token}
    if hasattr(result, "to_dict"):
        return result.to_dict()
    return result
