"""Finds operations: by id for code that is not generated, by route for requests that nobody generated."""

from __future__ import annotations

import re
from importlib import import_module
from typing import Any

from batch_client.errors import BatchError
from batch_generated.api import OPERATIONS
from batch_generated.types import Endpoint, Operation

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


def operation_at(method: str, path: str) -> Operation | None:
    """Return the operation of a method and a path without the version; None if the documents have none there."""
    operation = _PLAIN.get((method, path))
    if operation is not None:
        return operation
    return next((one for one, pattern in _WITH_PARAMETERS if one.method == method and pattern.fullmatch(path)), None)
