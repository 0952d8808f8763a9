"""Profiles: attributes merged by the documented rules, invalid ones dropped alone."""

from __future__ import annotations

from typing import Any

from attrs import define, field, frozen
from jsonschema.exceptions import ValidationError

from batch_client.sandbox._answers import Answer
from batch_client.sandbox._contract import explain, refuse
from batch_client.sandbox._store import Clock, timestamp


@define
class Profile:
    """What the sandbox knows of one profile."""

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
        refuse(error for error in errors if _dropped(error) is None)
        dropped = {part.place: part for error in errors if (part := _dropped(error)) is not None}
        for index, edit in enumerate(body):
            custom_id = edit["identifiers"].get("custom_id")
            if custom_id is None:
                continue
            profile = self.by_custom_id.setdefault(custom_id, Profile())
            for key, value in edit.get("attributes", {}).items():
                if (index, "attributes", key) not in dropped:
                    _write(profile.attributes, key, value)
            for number, event in enumerate(edit.get("events", [])):
                if (index, "events", number) not in dropped:
                    profile.events.append({"time": timestamp(self._clock())} | event)
        if not dropped:
            return Answer(202, {"code": "SUCCESS"})
        return Answer(202, {"code": "SUCCESS_WITH_PARTIAL_ERRORS", "errors": [p.entry() for p in dropped.values()]})


@frozen
class _Dropped:
    """One attribute or event that is dropped while the rest of the call is taken in."""

    place: tuple[int, str, str | int]
    reason: str

    def entry(self) -> dict[str, Any]:
        index, member, key = self.place
        if member == "events":
            return {"category": "event", "bulk_index": index, "reason": self.reason}
        return {"category": "attribute", "bulk_index": index, "reason": self.reason, "attribute": key}


def _dropped(error: ValidationError) -> _Dropped | None:
    """Return the part that an error drops; None if it spoils the whole call."""
    match list(error.absolute_path):
        case [int(index), "attributes" | "events" as member, str() | int() as key, *_]:
            return _Dropped((index, member, key), explain(error))
        case [int(index), "attributes"] if "propertyNames" in error.absolute_schema_path:
            return _Dropped((index, "attributes", str(error.instance)), explain(error))
        case _:
            return None


def _write(attributes: dict[str, Any], key: str, value: Any) -> None:
    if value is None:
        attributes.pop(key, None)
    elif isinstance(value, dict):
        kept = [entry for entry in attributes.get(key, []) if entry not in value.get("$remove", [])]
        attributes[key] = kept + [entry for entry in value.get("$add", []) if entry not in kept]
    else:
        attributes[key] = value
