"""Writes JSON: bodies, parameters and the dicts that models return."""

import datetime
import json
from collections.abc import Iterable, Mapping
from enum import Enum
from typing import Any

from .values import UNSET


def to_json(value: Any) -> Any:
    """Turn models, enums, dates and any iterable into what `json.dumps` takes; members that are UNSET are left out.

    Sets are sorted, so that the same value is the same JSON in every process.

    Raises:
        ValueError: a time has no zone, which RFC 3339 does not allow.
        TypeError: a value has no form in JSON.
    """
    if isinstance(value, Enum):
        return value.value
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, Mapping):
        return {key: to_json(member) for key, member in value.items() if member is not UNSET}
    if isinstance(value, datetime.datetime):
        if value.tzinfo is None:
            raise ValueError(
                f"{value.isoformat()} has no time zone; give it one, for example tzinfo=datetime.timezone.utc"
            )
        return value.isoformat()
    if isinstance(value, datetime.date):
        return value.isoformat()
    if hasattr(value, "to_dict"):
        return value.to_dict()
    if isinstance(value, set | frozenset):
        return sorted((to_json(item) for item in value), key=json.dumps)
    if isinstance(value, Iterable) and not isinstance(value, bytes | bytearray):
        return [to_json(item) for item in value]
    raise TypeError(f"{type(value).__name__} has no form in JSON")


def present(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters of a query that have a value, as `to_json` writes them."""
    return {name: value for name, value in to_json(values).items() if value is not None}


def header_values(values: Mapping[str, Any]) -> dict[str, str]:
    """Return the headers that have a value, as text."""
    return {
        name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in present(values).items()
    }
