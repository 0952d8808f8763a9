"""Tells what the documents say of a request: its operation, whether it may be repeated, what limits count it."""

from __future__ import annotations

import json
import re
from importlib import import_module
from typing import Any, Protocol

import httpx

from batch_client.errors import BatchError
from batch_generated.api import OPERATIONS
from batch_generated.types import Endpoint, Operation, RateLimit

RECORDS = "batch_client.records"
"""Extension of a request that says how many records its body holds, where the body is large and the number known."""

DEPARTURE = "batch_client.departure"
"""Extension of a request that holds what is told when a try leaves, and when it surely did nothing."""


class Departure(Protocol):
    """Is told of each try to send a request, so that a process which dies leaves behind how far it was."""

    has_left: bool
    """Whether the API may have the whole request of the last try."""

    def waits(self) -> None:
        """Be told now and then while a try waits for its turn; raise to give it up."""

    def begins(self) -> None:
        """Note that a try begins; raise to keep it from being made."""

    def leaves(self) -> None:
        """Note that the last byte leaves now; raise to keep it back."""

    async def async_leaves(self) -> None:
        """The twin of `leaves` for asyncio."""

    def did_nothing(self) -> None:
        """Note that the last try surely did nothing."""


_PLAIN = {
    (operation.method, operation.path): operation for operation in OPERATIONS.values() if "{" not in operation.path
}
_WITH_PARAMETERS = [
    (operation, re.compile(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(operation.path))))
    for operation in OPERATIONS.values()
    if "{" in operation.path
]


def endpoint_of(id: str) -> Endpoint:
    """Return the module of an operation.

    Raises:
        BatchError: The API documents have no such operation any more.
    """
    operation = _known(id)
    module: Any = import_module(f"batch_generated.api.{operation.resource}.{id}")
    endpoint: Endpoint = module
    return endpoint


def resource_of(client: object, id: str) -> Any:
    """Return the resource of a client that has an operation, for code that must do without it.

    Raises:
        BatchError: The API documents have no such operation any more.
    """
    return getattr(client, _known(id).resource)


def _known(id: str) -> Operation:
    operation = OPERATIONS.get(id)
    if operation is None:
        raise BatchError(f"this client was generated from API documents that have no operation {id}")
    return operation


def operation_of(request: httpx.Request) -> Operation | None:
    """Return the operation of a request; None if the documents know none such."""
    path = "/" + request.url.raw_path.decode("ascii").partition("?")[0].removeprefix("/").partition("/")[2]
    # A base URL may have a path of its own before the version, so the operation is looked for at every slash.
    while (operation := _operation_at(request.method, path)) is None and path.count("/") > 1:
        path = "/" + path.removeprefix("/").partition("/")[2]
    return operation


def _operation_at(method: str, path: str) -> Operation | None:
    operation = _PLAIN.get((method, path))
    if operation is not None:
        return operation
    return next((one for one, pattern in _WITH_PARAMETERS if one.method == method and pattern.fullmatch(path)), None)


def is_safe_to_repeat(request: httpx.Request) -> bool:
    """Return whether the documents call the request idempotent."""
    operation = operation_of(request)
    if operation is None or not operation.idempotent:
        return False
    unless = operation.idempotent_unless
    return unless is None or f'"{unless}"'.encode() not in request.content


def count_units(request: httpx.Request, limit: RateLimit) -> int:
    """Return how much a request takes of a rate limit: 1 or its records; 0 if it is not counted."""
    if limit.records is None and limit.when is None:
        return 1
    if limit.records is not None and RECORDS in request.extensions:
        return int(request.extensions[RECORDS])
    try:
        body = json.loads(request.content)
    except ValueError:
        return 1
    if limit.when is not None and _member(body, limit.when) is None:
        return 0
    records = [] if limit.records is None else _member(body, limit.records)
    return len(records) if isinstance(records, list) and records else 1


def _member(body: Any, pointer: str) -> Any:
    """Return the member at a JSON pointer; None if it is not there."""
    for name in pointer.split("/")[1:]:
        body = body.get(name) if isinstance(body, dict) else None
    return body
