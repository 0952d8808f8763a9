"""Writes JSON: bodies, parameters and the dicts that models return."""

import datetime
import json
from collections.abc import Iterable, Mapping
from enum import Enum
from typing import Any, TypeGuard

from .values import UNSET

_SCALARS = frozenset({str, int, float, bool, type(None)})


class Model:
    """What every model has beside its properties."""

    __slots__ = ()

    def _members(self) -> dict[str, Any]:
        """Return a new dict of the properties by their names in JSON, without optional ones that are UNSET."""
        raise NotImplementedError

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object; properties that are UNSET are left out."""
        members: dict[str, Any] = to_json(self._members())
        return members


class _UnsetError(TypeError):
    """UNSET stands where JSON needs a value."""


def to_json(value: Any) -> Any:
    """Turn models, enums, dates and any iterable into what `json.dumps` takes; members that are UNSET are left out.

    Sets are sorted, so that the same value is the same JSON in every process.

    Raises:
        ValueError: a time has no zone, which RFC 3339 does not allow.
        TypeError: a value has no form in JSON.
    """
    return _to_json(value, {})


def encode(value: Any) -> bytes:
    """Return the JSON that `to_json` describes, compact and in UTF-8.

    What derives from str, int, float, list, tuple or dict is written as such, whatever methods it adds.

    Raises:
        ValueError: a time has no zone, a float is not finite, or a text holds half a character.
        TypeError: a value has no form in JSON.
        RecursionError: the value contains itself, or is nested too deeply.
    """
    default = _Default()
    try:
        return _encoder(default).encode(value).encode()
    except _UnsetError:
        pass  # the encoder cannot leave a member out, so that is done first
    return _encoder(None).encode(_to_json(value, default.read)).encode()


def materialize(body: Any) -> Any:
    """Return a body that can be read twice: an object as a dict without its UNSET members, other iterables as lists.

    A member that is an iterable becomes a list too: it may hold the records of a call.
    """
    members = members_of(body)
    if members is None:
        return _listed(body)
    return {name: _listed(member) for name, member in members.items()}


def members_of(value: Any) -> Mapping[str, Any] | None:
    """Return the members of a mapping, a model or what has `to_dict`, without those that are UNSET; None of others."""
    if _is_model(value):
        value = value._members()
    elif not isinstance(value, Mapping) and _is_object(value):
        value = value.to_dict()
    if not isinstance(value, Mapping):
        return None
    return {name: member for name, member in value.items() if member is not UNSET}


def present(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters of a query that have a value, as `to_json` writes them."""
    return {name: value for name, value in to_json(values).items() if value is not None}


def header_values(values: Mapping[str, Any]) -> dict[str, str]:
    """Return the headers that have a value, as text."""
    return {
        name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in present(values).items()
    }


_Read = dict[int, tuple[object, list[Any]]]
"""The items of iterables that were read, by the id of each, which lives as long as the entry."""


class _Default:
    """Hands the encoder what stands for a value that it does not know, and remembers what it took from iterators."""

    def __init__(self) -> None:
        self.read: _Read = {}

    def __call__(self, value: Any) -> Any:
        simpler = _simplify(value)
        if type(simpler) is list:
            self.read.setdefault(id(value), (value, simpler))
        return simpler


def _encoder(default: _Default | None) -> json.JSONEncoder:
    return json.JSONEncoder(
        ensure_ascii=False, allow_nan=False, check_circular=False, separators=(",", ":"), default=default
    )


def _to_json(value: Any, read: _Read) -> Any:
    kind = type(value)
    if kind in _SCALARS:
        return value
    if kind is dict:
        return {name: _to_json(member, read) for name, member in value.items() if member is not UNSET}
    if kind is list or kind is tuple:
        return [_to_json(item, read) for item in value]
    if isinstance(value, str | int | float):
        return value.value if isinstance(value, Enum) else value
    simpler = read.pop(id(value))[1] if id(value) in read else _simplify(value)
    return _to_json(simpler, read)


def _simplify(value: Any) -> Any:
    """Return what stands for a value that is none of JSON's own: its members, its items or a text."""
    if _is_model(value):
        return value._members()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return dict(value.items())
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
        return list(value)
    if value is UNSET:
        raise _UnsetError("Unset has no form in JSON")
    raise TypeError(f"{type(value).__name__} has no form in JSON")


def _is_model(value: Any) -> TypeGuard[Model]:
    """Return whether a value is a model as it was generated; a class derived from it may write more in `to_dict`."""
    return isinstance(value, Model) and type(value).to_dict is Model.to_dict


def _listed(value: Any) -> Any:
    """Return a value, or a list of its items if it is to be an array; items that have `to_dict` are no arrays."""
    if type(value) is not list:
        is_array = isinstance(value, Iterable) and not isinstance(value, str | bytes | bytearray | set | frozenset)
        if not is_array or isinstance(value, Mapping) or _is_object(value):
            return value
        value = list(value)
    objects = {kind for kind in set(map(type, value)) if issubclass(kind, list | tuple) and hasattr(kind, "to_dict")}
    return [item.to_dict() if type(item) in objects else item for item in value] if objects else value


def _is_object(value: Any) -> bool:
    """Return whether a value that is no mapping says itself which members it has."""
    return hasattr(value, "to_dict") and not isinstance(value, Enum)
