"""Checks records against the documented limits before they are sent; says of each fault where and what it is."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable, Iterator
from functools import reduce
from typing import Any

from batch_client._schema_errors import path_of
from batch_client._transport import clock
from batch_client.bulk._target import Target, to_bytes
from batch_generated.api import MAX_CUSTOM_ATTRIBUTES
from batch_generated.bundle import load_bundle
from batch_generated.references import resolve

OLDEST_EVENT = datetime.timedelta(hours=24)
"""How old an event may be, which no schema can say. Documented for API version 2.13, not for 2.11."""
LARGEST_EVENT = 25_000
"""How many bytes an event may have as JSON, likewise."""

CLOCK_TOLERANCE = datetime.timedelta(minutes=5)

_VALUE = "\0"
"""Stands for the value in a message of the validator: no JSON holds it as it is."""
_LONGEST_VALUE = 60
_LONGEST_TEXT = 500
"""Characters of a field's name or of a reason: both can hold names from the record."""


class Preflight:
    """Checks records against the documented limits."""

    def __init__(self, target: Target) -> None:
        try:
            import jsonschema_rs
        except ModuleNotFoundError:
            raise ModuleNotFoundError("bulk needs jsonschema-rs: pip install 'batch-client[bulk]'") from None
        bundle = load_bundle()
        self._schema = target.item | {"components": bundle["components"]}
        self._validator = jsonschema_rs.Draft202012Validator(self._schema, validate_formats=True, mask=_VALUE)
        attributes = resolve(bundle, resolve(bundle, target.item).get("properties", {}).get("attributes", {}))
        # The schema counts native and custom attributes together; the limit is one of custom ones.
        self._most_custom = MAX_CUSTOM_ATTRIBUTES if "x-max-custom-properties" in attributes else None

    def problems(self, record: dict[str, Any]) -> Iterator[tuple[str, str]]:
        """Yield field and reason of everything that is wrong with a record."""
        if not self._validator.is_valid(record):
            faults = [fault for error in self._validator.iter_errors(record) for fault in self._faults(error, record)]
            # Documents may state a limit in several places: each is listed once, and rather the one that is exact.
            exact = {field for field, _, is_exact in faults if is_exact}
            shown = (
                (_shortened(field), _shortened(reason))
                for field, reason, is_exact in faults
                if is_exact or field not in exact
            )
            yield from dict.fromkeys(shown)
            return
        attributes = record.get("attributes") or ()
        if self._most_custom is not None and len(attributes) > self._most_custom:
            yield from self._too_many(attributes)
        if record.get("events"):
            yield from self._wrong_times(record["events"])

    def large_events(self, record: dict[str, Any]) -> Iterator[tuple[str, str]]:
        """Yield field and reason of each event that is too large: for records that are larger than one event may be."""
        for number, event in enumerate(record.get("events") or ()):
            size = len(to_bytes(event))
            if size > LARGEST_EVENT:
                yield f"events.{number}", f"{size:,} bytes are more than {LARGEST_EVENT:,}"

    def _too_many(self, attributes: Iterable[str]) -> Iterator[tuple[str, str]]:
        custom = sum(not name.startswith("$") for name in attributes)
        if self._most_custom is not None and custom > self._most_custom:
            yield "attributes", f"{custom} custom attributes are more than {self._most_custom}"

    def _faults(self, error: Any, record: Any) -> Iterator[tuple[str, str, bool]]:
        """Yield field and reason of a record's fault, and whether the reason is exact.

        Of a value that may be one of several, these are the faults of what it is meant to be.
        """
        place = error.instance_path
        meant = [
            faults
            for faults in getattr(error.kind, "context", ())
            if not any(fault.kind.name == "type" and fault.instance_path == place for fault in faults)
        ]
        if len(meant) == 1:
            for fault in meant[0]:
                yield from self._faults(fault, record)
            return
        path = path_of(error, record)
        if error.kind.name == "maxProperties" and path == ["attributes"] and self._most_custom is not None:
            yield from ((*fault, True) for fault in self._too_many(error.instance))
            return
        if error.kind.name == "propertyNames":
            error = error.kind.error
            path = [*path, error.instance]
        yield ".".join(map(str, path)), self._reason(error), error.kind.name not in ("anyOf", "oneOf")

    def _reason(self, error: Any) -> str:
        message = error.message
        if error.kind.name == "pattern":
            *parents, _ = error.schema_path
            described = reduce(lambda node, part: node[part], parents, self._schema).get("description")
            message = message if described is None else f'{_VALUE} does not fit "{described}"'
        value = json.dumps(error.instance, ensure_ascii=False)
        return str(message.replace(_VALUE, value if len(value) <= _LONGEST_VALUE else f"{value[:_LONGEST_VALUE]}…"))

    def _wrong_times(self, events: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
        now = clock.now()  # a run may take days
        for number, event in enumerate(events):
            if "time" in event:
                try:
                    time = datetime.datetime.fromisoformat(event["time"].upper())  # RFC 3339 allows t and z
                except ValueError as error:  # a leap second, or the year 0
                    yield f"events.{number}.time", f"{event['time']} cannot be compared with now: {error}"
                    continue
                if time < now - OLDEST_EVENT:
                    yield f"events.{number}.time", f"{event['time']} is more than 24 hours ago"
                elif time > now + CLOCK_TOLERANCE:
                    yield f"events.{number}.time", f"{event['time']} is in the future"


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST_TEXT else f"{text[:_LONGEST_TEXT]}…"
