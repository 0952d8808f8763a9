from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, Self, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..reading import items_of, properties_of, required_value
from ..values import UNSET, Unset
from ..writing import Model

_PROPERTIES = frozenset(
    {
        "export_type",
        "from",
        "to",
        "events",
        "identifiers",
    }
)


@_attrs_define(kw_only=True)
class EventsExport(Model):
    """Exports events of profiles over a period within the last 90 days.

    Attributes:
        export_type (Literal['EVENTS']): Type of the export. Default: 'EVENTS'.
        from_ (str | Unset): Start of the period (RFC 3339), at most 90 days ago.
        to (str | Unset): End of the period (RFC 3339), or `now`.
        events (list[str] | Unset): Events to include in the export files, such as `email_sent` or `push_open`.
        identifiers (list[str] | Unset): Identifiers to include in the export files, such as `custom_id` or
            `installation_ids`.
    """

    export_type: Literal["EVENTS"] = "EVENTS"
    from_: str | Unset = UNSET
    to: str | Unset = UNSET
    events: list[str] | Unset = UNSET
    identifiers: list[str] | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(factory=dict)

    def _members(self) -> dict[str, Any]:
        members: dict[str, Any] = {
            **self.additional_properties,
            "export_type": self.export_type,
        }
        if self.from_ is not UNSET:
            members["from"] = self.from_
        else:
            members.pop("from", None)
        if self.to is not UNSET:
            members["to"] = self.to
        else:
            members.pop("to", None)
        if self.events is not UNSET:
            members["events"] = self.events
        else:
            members.pop("events", None)
        if self.identifiers is not UNSET:
            members["identifiers"] = self.identifiers
        else:
            members.pop("identifiers", None)
        return members

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read the JSON object; raise `errors.UnexpectedShape`, a ValueError, if it is not of this shape."""
        d = src_dict if type(src_dict) is dict else properties_of(src_dict, "EventsExport")
        others = len(d) - 5
        export_type = d.get("export_type")
        if export_type is None:
            export_type = required_value(d, "export_type", "EventsExport")
        export_type = cast("Literal['EVENTS']", export_type)
        if export_type != "EVENTS":
            raise ValueError(f"export_type must match const 'EVENTS', got '{export_type}'")
        from_ = d.get("from")
        if from_ is None:
            from_ = UNSET
            others += "from" not in d
        to = d.get("to")
        if to is None:
            to = UNSET
            others += "to" not in d
        events = d.get("events")
        if events is None or events is UNSET:
            events = UNSET
            others += "events" not in d
        else:
            events = items_of(events, "events")
        identifiers = d.get("identifiers")
        if identifiers is None or identifiers is UNSET:
            identifiers = UNSET
            others += "identifiers" not in d
        else:
            identifiers = items_of(identifiers, "identifiers")
        additional_properties = {key: d[key] for key in d if key not in _PROPERTIES} if others else {}
        self = cls.__new__(cls)
        self.__init__(  # type: ignore[misc] # what calling the class does, without packing the arguments twice
            export_type=export_type,
            from_=from_,
            to=to,
            events=events,
            identifiers=identifiers,
            additional_properties=additional_properties,
        )
        return self

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
