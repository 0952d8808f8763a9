from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..reading import properties_of, required_value
from ..writing import Model

_PROPERTIES = frozenset(
    {
        "name",
    }
)


@_attrs_define(kw_only=True)
class AudienceRemoveBody(Model):
    """AudienceRemoveBody

    Attributes:
        name (str): The name of the existing audience you want this operation to be applied to.
    """

    name: str
    additional_properties: dict[str, Any] = _attrs_field(factory=dict)

    def _members(self) -> dict[str, Any]:
        members: dict[str, Any] = {
            **self.additional_properties,
            "name": self.name,
        }
        return members

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read the JSON object; raise `errors.UnexpectedShape`, a ValueError, if it is not of this shape."""
        d = src_dict if type(src_dict) is dict else properties_of(src_dict, "AudienceRemoveBody")
        others = len(d) - 1
        name = d.get("name")
        if name is None:
            name = required_value(d, "name", "AudienceRemoveBody")
        additional_properties = {key: d[key] for key in d if key not in _PROPERTIES} if others else {}
        self = cls.__new__(cls)
        self.__init__(  # type: ignore[misc] # what calling the class does, without packing the arguments twice
            name=name,
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
