from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..reading import parse_datetime, properties_of, required_value
from ..values import UNSET, Unset
from ..writing import Model

if TYPE_CHECKING:
    from ..models.event_attributes import EventAttributes


_PROPERTIES = frozenset(
    {
        "name",
        "time",
        "attributes",
    }
)


@_attrs_define(kw_only=True)
class ProfileEvent(Model):
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

    def _members(self) -> dict[str, Any]:
        members: dict[str, Any] = {
            **self.additional_properties,
            "name": self.name,
        }
        if self.time is not UNSET:
            members["time"] = self.time
        else:
            members.pop("time", None)
        if self.attributes is not UNSET:
            members["attributes"] = self.attributes
        else:
            members.pop("attributes", None)
        return members

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read the JSON object; raise `errors.UnexpectedShape`, a ValueError, if it is not of this shape."""
        from ..models.event_attributes import EventAttributes

        d = src_dict if type(src_dict) is dict else properties_of(src_dict, "ProfileEvent")
        others = len(d) - 3
        name = d.get("name")
        if name is None:
            name = required_value(d, "name", "ProfileEvent")
        time = d.get("time")
        if time is None or time is UNSET:
            time = UNSET
            others += "time" not in d
        else:
            time = parse_datetime(time)
        attributes = d.get("attributes")
        if attributes is None or attributes is UNSET:
            attributes = UNSET
            others += "attributes" not in d
        else:
            attributes = EventAttributes.from_dict(attributes)
        additional_properties = {key: d[key] for key in d if key not in _PROPERTIES} if others else {}
        self = cls.__new__(cls)
        self.__init__(  # type: ignore[misc] # what calling the class does, without packing the arguments twice
            name=name,
            time=time,
            attributes=attributes,
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
