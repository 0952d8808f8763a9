"""Profiles: attributes merged by the documented rules, invalid ones dropped alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from attrs import field, frozen
from jsonschema_rs import ValidationError, ValidationErrorKind

from batch_client._schema_errors import path_of
from batch_client.sandbox._answers import Answer, Refusal
from batch_client.sandbox._contract import explain, refuse
from batch_client.sandbox._store import Clock, read_time, timestamp


@frozen
class Profile:
    """What the sandbox knows of one profile. Replaced, never changed, so that it can be read while calls run."""

    attributes: dict[str, Any] = field(factory=dict)
    events: list[dict[str, Any]] = field(factory=list)
    """As they were sent; one without a time has that of its arrival."""

    def reached_by(self, channel: str) -> bool:
        """Return whether a channel reaches the profile: it has an address for it and is not unsubscribed."""
        address, consent = _REACHED_BY.get(channel, (None, ""))
        return (address is None or address in self.attributes) and self.attributes.get(consent) != "unsubscribed"


_REACHED_BY: dict[str, tuple[str | None, str]] = {
    "email": ("$email_address", "$email_marketing"),
    "sms": ("$phone_number", "$sms_marketing"),
}


class Profiles:
    """The operations that write profiles; `by_custom_id` is what they wrote."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.by_custom_id: dict[str, Profile] = {}

    def count_reached(self, channel: str) -> int:
        """Return how many profiles a channel reaches."""
        return sum(profile.reached_by(channel) for profile in self.by_custom_id.values())

    def update(self, body: Any, errors: list[ValidationError]) -> Answer:
        """Take in a call whose body breaks its schema in the given ways."""
        refuse(error for error in errors if _dropped(error, body) is None)
        dropped = {part.place: part for error in errors if (part := _dropped(error, body)) is not None}
        for index, edit in enumerate(body):
            custom_id = edit["identifiers"].get("custom_id")
            if custom_id is None:
                continue
            profile = self.by_custom_id.get(custom_id, Profile())
            attributes, events = dict(profile.attributes), list(profile.events)
            for place, key, value in _parts(index, "attributes", edit.get("attributes", {}).items(), dropped):
                reason = _write(attributes, key, value)
                if reason is not None:
                    dropped[place] = _Dropped(place, reason)
            for place, _, event in _parts(index, "events", enumerate(edit.get("events", ())), dropped):
                now = self._clock()
                try:
                    read_time(event.get("time"), now)
                except Refusal as refusal:  # exports of events read the time again
                    dropped[place] = _Dropped(place, str(refusal))
                else:
                    events.append({"time": timestamp(now)} | event)
            self.by_custom_id[custom_id] = Profile(attributes, events)
        if not dropped:
            return Answer(202, {"code": "SUCCESS"})
        return Answer(202, {"code": "SUCCESS_WITH_PARTIAL_ERRORS", "errors": [p.entry() for p in dropped.values()]})


_Place = tuple[int, str, str | int]
"""Index of the profile, member, and key of an attribute or number of an event."""


@frozen
class _Dropped:
    """One attribute or event that is dropped while the rest of the call is taken in."""

    place: _Place
    reason: str

    def entry(self) -> dict[str, Any]:
        index, member, key = self.place
        if member == "events":
            return {"category": "event", "bulk_index": index, "reason": self.reason}
        return {"category": "attribute", "bulk_index": index, "reason": self.reason, "attribute": key}


def _dropped(error: ValidationError, body: Any) -> _Dropped | None:
    """Return the part that an error drops; None if it spoils the whole call."""
    match path_of(error, body):
        case [int(index), "attributes" | "events" as member, str() | int() as key, *_]:
            return _Dropped((index, member, key), explain(error))
        case [int(index), "attributes"] if isinstance(error.kind, ValidationErrorKind.PropertyNames):
            return _Dropped((index, "attributes", str(error.kind.error.instance)), explain(error))
        case _:
            return None


def _parts(
    index: int, member: str, parts: Iterable[tuple[Any, Any]], dropped: Mapping[_Place, _Dropped]
) -> list[tuple[_Place, Any, Any]]:
    """Return the attributes or events of an edit that are not dropped, each with its place and key."""
    places = (((index, member, key), key, value) for key, value in parts)
    return [part for part in places if part[0] not in dropped]


def _write(attributes: dict[str, Any], key: str, value: Any) -> str | None:
    """Write an attribute; return why that cannot be done, after which it is as it was."""
    if value is None:
        attributes.pop(key, None)
    elif isinstance(value, dict):
        before = attributes.get(key, [])
        if not isinstance(before, list):
            return f"the value is not an array, so {' and '.join(value)} cannot change it"
        kept = [entry for entry in before if entry not in value.get("$remove", [])]
        after = kept + [entry for entry in dict.fromkeys(value.get("$add", [])) if entry not in kept]
        if after or key in attributes:
            attributes[key] = after
    else:
        attributes[key] = value
    return None
