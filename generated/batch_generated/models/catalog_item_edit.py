from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.catalog_item_action import CatalogItemAction
from ..types import (
    UNSET,
    Unset,
    properties_of,
    take_optional,
    take_required,
    to_json,
)

if TYPE_CHECKING:
    from ..models.catalog_item_attributes import CatalogItemAttributes


@_attrs_define(kw_only=True)
class CatalogItemEdit:
    """An item and what to do with it.

    Attributes:
        id (str): The id of the item.
        action (CatalogItemAction): What to do with the item.
        attributes (CatalogItemAttributes | Unset): A map of attribute keys to values.
            Key rules:
              - `url(...)` → value must be a valid URL
              - `date(...)` → value must be RFC 3339 or Unix timestamp
              - `^[a-z0-9_]+$` → regular attribute names
    """

    id: str
    action: CatalogItemAction
    attributes: CatalogItemAttributes | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object; properties that are UNSET are left out."""
        result: dict[str, Any] = to_json(
            {
                **self.additional_properties,
                "id": self.id,
                "action": self.action,
                "attributes": self.attributes,
            }
        )
        return result

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read the JSON object; raise `errors.UnexpectedShape`, a ValueError, if it is not of this shape."""
        from ..models.catalog_item_attributes import CatalogItemAttributes

        d = properties_of(src_dict, "CatalogItemEdit")
        id = take_required(d, "id", "CatalogItemEdit")

        action = CatalogItemAction(take_required(d, "action", "CatalogItemEdit"))

        _attributes = take_optional(d, "attributes")
        attributes: CatalogItemAttributes | Unset
        if isinstance(_attributes, Unset):
            attributes = UNSET
        else:
            attributes = CatalogItemAttributes.from_dict(_attributes)

        return cls(
            id=id,
            action=action,
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
