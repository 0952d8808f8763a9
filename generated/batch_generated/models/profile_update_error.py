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
        "category",
        "bulk_index",
        "reason",
        "attribute",
    }
)


@_attrs_define(kw_only=True)
class ProfileUpdateError(Model):
    """A part of the request that was not processed.

    Attributes:
        category (str): The category of the error.
        bulk_index (int): The position of the profile in the body, from 0.
        reason (str): Why the part was not processed.
        attribute (str | Unset): The name of the attribute, if the error is about one.
    """

    category: str
    bulk_index: int
    reason: str
    attribute: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(factory=dict)

    def _members(self) -> dict[str, Any]:
        members: dict[str, Any] = {
            **self.additional_properties,
            "category": self.category,
            "bulk_index": self.bulk_index,
            "reason": self.reason,
        }
        if self.attribute is not UNSET:
            members["attribute"] = self.attribute
        else:
            members.pop("attribute", None)
        return members

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read the JSON object; raise `errors.UnexpectedShape`, a ValueError, if it is not of this shape."""
        d = src_dict if type(src_dict) is dict else properties_of(src_dict, "ProfileUpdateError")
        others = len(d) - 4
        category = d.get("category")
        if category is None:
            category = required_value(d, "category", "ProfileUpdateError")
        bulk_index = d.get("bulk_index")
        if bulk_index is None:
            bulk_index = required_value(d, "bulk_index", "ProfileUpdateError")
        reason = d.get("reason")
        if reason is None:
            reason = required_value(d, "reason", "ProfileUpdateError")
        attribute = d.get("attribute")
        if attribute is None:
            attribute = UNSET
            others += "attribute" not in d
        additional_properties = {key: d[key] for key in d if key not in _PROPERTIES} if others else {}
        self = cls.__new__(cls)
        self.__init__(  # type: ignore[misc] # what calling the class does, without packing the arguments twice
            category=category,
            bulk_index=bulk_index,
            reason=reason,
            attribute=attribute,
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
