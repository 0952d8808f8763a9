from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import (
    UNSET,
    Unset,
    parse_datetime,
    properties_of,
    take_optional,
    take_required,
    to_json,
)

if TYPE_CHECKING:
    from ..models.event_attributes import EventAttributes


@_attrs_define(kw_only=True)
class ProfileEvent:
    """An event of the profile.

    Attributes:
        name (str): Name of the event: lower case letters, digits and underscores, at most 30 characters.
        time (datetime.datetime | Unset): When the event occurred (RFC 3339). Defaults to now.
        attributes (EventAttributes | Unset): Attributes of the event. Objects can be nested up to three levels
            deep.
    """

    name: str
    time: datetime.datetime | Unset = UNSET
    attributes: EventAttributes | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object; properties that are UNSET are left out."""
        result: dict[str, Any] = to_json(
            {
                **self.additional_properties,
                "name": self.name,
                "time": self.time,
                "attributes": self.attributes,
            }
        )
        return result

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read the JSON object; raise `errors.UnexpectedShape`, a ValueError, if it is not of this shape."""
        from ..models.event_attributes import EventAttributes

        d = properties_of(src_dict, "ProfileEvent")
        name = take_required(d, "name", "ProfileEvent")

        _time = take_optional(d, "time")
        time: datetime.datetime | Unset
        if isinstance(_time, Unset):
            time = UNSET
        else:
            time = parse_datetime(_time)

        _attributes = take_optional(d, "attributes")
        attributes: EventAttributes | Unset
        if isinstance(_attributes, Unset):
            attributes = UNSET
        else:
            attributes = EventAttributes.from_dict(_attributes)

        return cls(
            name=name,
            time=time,
            attributes=attributes,
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
