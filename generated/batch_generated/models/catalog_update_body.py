from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import (
    items_of,
    properties_of,
    take_required,
    to_json,
)

if TYPE_CHECKING:
    from ..models.catalog_field_update import CatalogFieldUpdate


@_attrs_define(kw_only=True)
class CatalogUpdateBody:
    """CatalogUpdateBody

    Attributes:
        name (str): Unique identifier of the catalog.
        fields (list[CatalogFieldUpdate]): The fields to add or remove. A field to add needs a type.
    """

    name: str
    fields: list[CatalogFieldUpdate]
    additional_properties: dict[str, Any] = _attrs_field(factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object; properties that are UNSET are left out."""
        result: dict[str, Any] = to_json(
            {
                **self.additional_properties,
                "name": self.name,
                "fields": self.fields,
            }
        )
        return result

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read the JSON object; raise `errors.UnexpectedShape`, a ValueError, if it is not of this shape."""
        from ..models.catalog_field_update import CatalogFieldUpdate

        d = properties_of(src_dict, "CatalogUpdateBody")
        name = take_required(d, "name", "CatalogUpdateBody")

        _fields = take_required(d, "fields", "CatalogUpdateBody", nullable=True)
        fields = []
        for fields_item_data in items_of(_fields, "fields"):
            fields_item = CatalogFieldUpdate.from_dict(fields_item_data)

            fields.append(fields_item)

        return cls(
            name=name,
            fields=fields,
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
