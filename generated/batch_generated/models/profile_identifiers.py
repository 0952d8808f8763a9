from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..reading import properties_of
from ..values import UNSET, Unset
from ..writing import Model

_PROPERTIES = frozenset(
    {
        "custom_id",
        "installation",
    }
)


@_attrs_define(kw_only=True)
class ProfileIdentifiers(Model):
    """Identifies the profile. A profile that does not exist is created.

    Attributes:
        custom_id (str | Unset): The custom id of the profile.
        installation (Any | Unset): An installation of the app. Its members are not documented.
    """

    custom_id: str | Unset = UNSET
    installation: Any | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(factory=dict)

    def _members(self) -> dict[str, Any]:
        members: dict[str, Any] = {
            **self.additional_properties,
        }
        if self.custom_id is not UNSET:
            members["custom_id"] = self.custom_id
        else:
            members.pop("custom_id", None)
        if self.installation is not UNSET:
            members["installation"] = self.installation
        else:
            members.pop("installation", None)
        return members

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read the JSON object; raise `errors.UnexpectedShape`, a ValueError, if it is not of this shape."""
        d = src_dict if type(src_dict) is dict else properties_of(src_dict, "ProfileIdentifiers")
        others = len(d) - 2
        custom_id = d.get("custom_id")
        if custom_id is None:
            custom_id = UNSET
            others += "custom_id" not in d
        installation = d.get("installation", UNSET)
        if installation is UNSET:
            others += "installation" not in d
        additional_properties = {key: d[key] for key in d if key not in _PROPERTIES} if others else {}
        self = cls.__new__(cls)
        self.__init__(  # type: ignore[misc] # what calling the class does, without packing the arguments twice
            custom_id=custom_id,
            installation=installation,
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
