from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..reading import items_of, properties_of, required_value
from ..values import UNSET, Unset
from ..writing import Model

if TYPE_CHECKING:
    from ..models.profile_attributes import ProfileAttributes
    from ..models.profile_event import ProfileEvent
    from ..models.profile_identifiers import ProfileIdentifiers


_PROPERTIES = frozenset(
    {
        "identifiers",
        "attributes",
        "events",
    }
)


@_attrs_define(kw_only=True)
class EditProfile(Model):
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

    def _members(self) -> dict[str, Any]:
        members: dict[str, Any] = {
            **self.additional_properties,
            "identifiers": self.identifiers,
        }
        if self.attributes is not UNSET:
            members["attributes"] = self.attributes
        else:
            members.pop("attributes", None)
        if self.events is not UNSET:
            members["events"] = self.events
        else:
            members.pop("events", None)
        return members

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read the JSON object; raise `errors.UnexpectedShape`, a ValueError, if it is not of this shape."""
        from ..models.profile_attributes import ProfileAttributes
        from ..models.profile_event import ProfileEvent
        from ..models.profile_identifiers import ProfileIdentifiers

        d = src_dict if type(src_dict) is dict else properties_of(src_dict, "EditProfile")
        others = len(d) - 3
        identifiers = d.get("identifiers")
        if identifiers is None:
            identifiers = required_value(d, "identifiers", "EditProfile")
        identifiers = ProfileIdentifiers.from_dict(identifiers)
        attributes = d.get("attributes")
        if attributes is None or attributes is UNSET:
            attributes = UNSET
            others += "attributes" not in d
        else:
            attributes = ProfileAttributes.from_dict(attributes)
        events = d.get("events")
        if events is None or events is UNSET:
            events = UNSET
            others += "events" not in d
        else:
            events = [ProfileEvent.from_dict(item) for item in items_of(events, "events")]
        additional_properties = {key: d[key] for key in d if key not in _PROPERTIES} if others else {}
        self = cls.__new__(cls)
        self.__init__(  # type: ignore[misc] # what calling the class does, without packing the arguments twice
            identifiers=identifiers,
            attributes=attributes,
            events=events,
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
