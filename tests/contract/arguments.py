"""Makes calls of the client from requests that schemathesis makes from the bundle."""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from typing import Any

import schemathesis
from attrs import frozen
from hypothesis import strategies as st
from schemathesis import GenerationMode

from batch_generated.api import OPERATIONS

SCHEMA = schemathesis.openapi.from_path(Path("openapi/batch.json"))
BY_ID = {id_: SCHEMA[operation.path][operation.method] for id_, operation in OPERATIONS.items()}


@frozen
class MadeCall:
    """One call: the method's name, and its arguments."""

    tag: str
    method: str
    positional: tuple[Any, ...]
    keywords: dict[str, Any]

    def make(self, batch: Any) -> Any:
        return getattr(getattr(batch, self.tag), self.method)(*self.positional, **self.keywords)


def calls(operation: str) -> st.SearchStrategy[MadeCall]:
    """Return a strategy of valid calls of an operation."""
    strategy: st.SearchStrategy[MadeCall] = BY_ID[operation].as_strategy().map(lambda case: _call(operation, case))
    return strategy


def wrong_requests(operation: str) -> st.SearchStrategy[Any]:
    """Return a strategy of requests that break the bundle."""
    strategy: st.SearchStrategy[Any] = BY_ID[operation].as_strategy(generation_mode=GenerationMode.NEGATIVE)
    return strategy.map(_printable)


def _printable(value: Any) -> Any:
    """Replace what is not printable ASCII: Prism names the culprit in a header, and ends if that cannot be."""
    if isinstance(value, str):
        return re.sub(r"[^ -~]", "?", value)
    if isinstance(value, dict):
        return {_printable(name): _printable(member) for name, member in value.items()}
    if isinstance(value, list):
        return [_printable(item) for item in value]
    if hasattr(value, "body"):
        value.body, value.query = _printable(value.body), _printable(dict(value.query or {}))
    return value


def _call(operation: str, case: Any) -> MadeCall:
    from batch_client import BatchClient

    found = OPERATIONS[operation]
    with BatchClient("key", "project") as batch:
        taken = inspect.signature(getattr(getattr(batch, found.resource), found.name)).parameters
    # What a client's keyword arguments cannot say, unknown members of a body, it cannot send either.
    body = case.body if isinstance(case.body, dict | list) else None
    members = dict(case.path_parameters or {}) | dict(case.headers or {}) | dict(case.query or {})
    members |= body if isinstance(body, dict) and "body" not in taken else {}
    words = {_plain(name): name for name in taken}
    named = {words[_plain(name)]: value for name, value in members.items() if _plain(name) in words}
    return MadeCall(found.resource, found.name, (body,) if "body" in taken else (), named)


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())
