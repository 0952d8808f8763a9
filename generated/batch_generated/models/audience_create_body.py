from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..reading import properties_of, required_value
from ..values import UNSET, Unset
from ..writing import Model

_PROPERTIES = frozenset(
    {
        "name",
        "type",
        "display_name",
    }
)


@_attrs_define(kw_only=True)
class AudienceCreateBody(Model):
    """AudienceCreateBody

    Attributes:
        name (str): The audience name value must be a string that only contains letters (a-z, A-Z), numbers (0-9)
            or the following characters : _, -. Audience names can be up to 255 characters long. They are case
            sensitive.
        type_ (str): The kind of ids in the audience, such as `custom_ids`.
        display_name (str | Unset): The name of the audience on the dashboard.
    """

    name: str
    type_: str
    display_name: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(factory=dict)

    def _members(self) -> dict[str, Any]:
        members: dict[str, Any] = {
            **self.additional_properties,
            "name": self.name,
            "type": self.type_,
        }
        if self.display_name is not UNSET:
            members["display_name"] = self.display_name
        else:
            members.pop("display_name", None)
        return members

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read the JSON object; raise `errors.UnexpectedShape`, a ValueError, if it is not of this shape."""
        d = src_dict if type(src_dict) is dict else properties_of(src_dict, "AudienceCreateBody")
        others = len(d) - 3
        name = d.get("name")
        if name is None:
            name = required_value(d, "name", "AudienceCreateBody")
        type_ = d.get("type")
        if type_ is None:
            type_ = required_value(d, "type", "AudienceCreateBody")
        display_name = d.get("display_name")
        if display_name is None:
            display_name = UNSET
            others += "display_name" not in d
        additional_properties = {key: d[key] for key in d if key not in _PROPERTIES} if others else {}
        self = cls.__new__(cls)
        self.__init__(  # type: ignore[misc] # what calling the class does, without packing the arguments twice
            name=name,
            type_=type_,
            display_name=display_name,
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
