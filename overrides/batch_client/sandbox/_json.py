"""Reads JSON that is nested no deeper than whatever handles it recursively can take."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from batch_client._json import loads

_MAX_DEPTH = 100


def read_json(content: bytes) -> Any:
    """Return the value of a JSON text in UTF-8.

    Raises:
        ValueError: It is not JSON, holds what no JSON text can say, or is nested too deeply.
    """
    value = loads(content)
    _check_depth(value)
    return value


def _check_depth(value: Any) -> None:
    level = [value]
    for _ in range(_MAX_DEPTH):
        level = [member for holder in level for member in _members(holder) if isinstance(member, (dict, list))]
        if not level:
            return
    raise ValueError(f"nested more than {_MAX_DEPTH} levels deep")


def _members(holder: Any) -> Iterable[Any]:
    if isinstance(holder, dict):
        return holder.values()
    return holder if isinstance(holder, list) else ()
