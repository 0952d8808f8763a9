from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import (
    UNSET,
    Unset,
    items_of,
    properties_of,
    take_optional,
    take_required,
    to_json,
)

if TYPE_CHECKING:
    from ..models.profile_attributes import ProfileAttributes
    from ..models.profile_event import ProfileEvent
    from ..models.profile_identifiers import ProfileIdentifiers


@_attrs_define(kw_only=True)
class EditProfile:
    """One profile, the attributes to write and the events to record. Attributes that are not sent are kept.

    Attributes:
        identifiers (ProfileIdentifiers): Identifies the profile. A profile that does not exist is created.
        attributes (ProfileAttributes | Unset): Native attributes, whose names start with `$`, and custom
            attributes. Attributes that are left out keep their value. To delete an attribute, set it to null. Write
            the key of a date as `date(key)`, of a URL as `url(key)`.
        events (list[ProfileEvent] | Unset): Events to record for the profile.
    """

    identifiers: ProfileIdentifiers
    attributes: ProfileAttributes | Unset = UNSET
    events: list[ProfileEvent] | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object; properties that are UNSET are left out."""
        result: dict[str, Any] = to_json(
            {
                **self.additional_properties,
                "identifiers": self.identifiers,
                "attributes": self.attributes,
                "events": self.events,
            }
        )
        return result

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read the JSON object; raise `errors.UnexpectedShape`, a ValueError, if it is not of this shape."""
        from ..models.profile_attributes import ProfileAttributes
        from ..models.profile_event import ProfileEvent
        from ..models.profile_identifiers import ProfileIdentifiers

        d = properties_of(src_dict, "EditProfile")
        identifiers = ProfileIdentifiers.from_dict(take_required(d, "identifiers", "EditProfile"))

        _attributes = take_optional(d, "attributes")
        attributes: ProfileAttributes | Unset
        if isinstance(_attributes, Unset):
            attributes = UNSET
        else:
            attributes = ProfileAttributes.from_dict(_attributes)

        _events = take_optional(d, "events")
        events: list[ProfileEvent] | Unset = UNSET
        if not isinstance(_events, Unset):
            events = []
            for events_item_data in items_of(_events, "events"):
                events_item = ProfileEvent.from_dict(events_item_data)

                events.append(events_item)

        return cls(
            identifiers=identifiers,
            attributes=attributes,
            events=events,
            additional_properties=d,
        )

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
