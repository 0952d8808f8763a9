from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.catalog_field_action import CatalogFieldAction
from ..models.catalog_field_type import CatalogFieldType
from ..types import (
    UNSET,
    Unset,
    properties_of,
    take_optional,
    take_required,
    to_json,
)


@_attrs_define(kw_only=True)
class CatalogFieldUpdate:
    """A field to add or to remove.

    Attributes:
        action (CatalogFieldAction): Action to perform on a catalog field during updates.
        name (str): The name of the field.
        type_ (CatalogFieldType | Unset): Enumerates the possible data types allowed for catalog fields.
    """

    action: CatalogFieldAction
    name: str
    type_: CatalogFieldType | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object; properties that are UNSET are left out."""
        result: dict[str, Any] = to_json(
            {
                **self.additional_properties,
                "action": self.action,
                "name": self.name,
                "type": self.type_,
            }
        )
        return result

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read the JSON object; raise `errors.UnexpectedShape`, a ValueError, if it is not of this shape."""
        d = properties_of(src_dict, "CatalogFieldUpdate")
        action = CatalogFieldAction(take_required(d, "action", "CatalogFieldUpdate"))

        name = take_required(d, "name", "CatalogFieldUpdate")

        _type_ = take_optional(d, "type")
        type_: CatalogFieldType | Unset
        if isinstance(_type_, Unset):
            type_ = UNSET
        else:
            type_ = CatalogFieldType(_type_)

        return cls(
            action=action,
            name=name,
            type_=type_,
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
