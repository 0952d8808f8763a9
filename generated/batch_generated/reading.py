"""Reads JSON values: what models and responses are made from, and how a value of another shape is reported."""

import datetime
import re
from collections.abc import Mapping
from enum import Enum
from typing import Any, TypeVar

from .errors import UnexpectedShape

EnumT = TypeVar("EnumT", bound=Enum)


def properties_of(source: Any, model: str) -> dict[str, Any]:
    """Return a copy of a JSON object that is another mapping than a dict; raise UnexpectedShape if it is none."""
    if not isinstance(source, Mapping):
        raise UnexpectedShape(f"{model} should be an object, not {type(source).__name__}")
    return dict(source)


def items_of(source: Any, name: str) -> list[Any]:
    """Return a JSON array; raise UnexpectedShape if it is none. null counts as empty."""
    if source is None:
        return []
    if not isinstance(source, list):
        raise UnexpectedShape(f"{name} should be an array, not {type(source).__name__}")
    return source


def required_value(source: dict[str, Any], name: str, model: str, *, nullable: bool = False) -> Any:
    """Return a required property; raise UnexpectedShape if it is absent, or null unless `nullable`."""
    if name not in source:
        raise UnexpectedShape(f"{model} lacks its required property {name!r}")
    value = source[name]
    if value is None and not nullable:
        raise UnexpectedShape(f"{model} has null for its required property {name!r}")
    return value


def members_by_value(enum: type[EnumT]) -> dict[Any, EnumT]:
    """Return the members of an enum by value: looking there costs a tenth of calling the class."""
    return {member.value: member for member in enum}


_read_time = datetime.datetime.fromisoformat
_INTERNET_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:[0-5]\d)?", re.ASCII)
"""The times of RFC 3339, and those without a zone."""


def parse_datetime(value: Any) -> datetime.datetime:
    """Read an ISO 8601 time. One without a zone is UTC, as the documentation says of the API's times."""
    try:
        parsed = _read_time(value)
    except (ValueError, TypeError):
        return _parse_unusual_time(value)
    # Python reads much that is not ISO 8601, such as "2024-06-15T14:30.Z", so the form is checked: first that of the
    # API's own times, 2024-06-15T14:30:00Z, without the cost of a pattern.
    if len(value) == 20 and value[10] == "T" and value[13] == ":" and value[16] == ":" and value[19] == "Z":
        return parsed
    if _INTERNET_TIME.fullmatch(value):
        return parsed if parsed.tzinfo else parsed.replace(tzinfo=datetime.UTC)
    return _parse_unusual_time(value)


def _parse_unusual_time(value: Any) -> datetime.datetime:
    """Read a time in any form of ISO 8601; Python reads the usual ones, and others differently in each version."""
    if not isinstance(value, str):
        raise UnexpectedShape(f"{value!r} should be a time")
    from dateutil.parser import isoparse  # loads much that the usual forms do not need

    try:
        parsed = isoparse(value)
    except (ValueError, OverflowError):
        raise UnexpectedShape(f"{value!r} is no ISO 8601 time") from None
    return parsed.replace(tzinfo=datetime.timezone(parsed.utcoffset() or datetime.timedelta()))


def parse_date(value: Any) -> datetime.date:
    """Read an ISO 8601 date."""
    if not isinstance(value, str):
        raise UnexpectedShape(f"{value!r} should be a date")
    try:
        return datetime.date.fromisoformat(value)
    except ValueError:
        raise UnexpectedShape(f"{value!r} is not an ISO 8601 date") from None
