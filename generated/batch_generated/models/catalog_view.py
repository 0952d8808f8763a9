from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.indexing_state import IndexingState
from ..types import (
    UNSET,
    Unset,
    items_of,
    parse_datetime,
    properties_of,
    take_optional,
    take_required,
    to_json,
)

if TYPE_CHECKING:
    from ..models.catalog_field import CatalogField


@_attrs_define(kw_only=True)
class CatalogView:
    """A catalog represents a structured collection of items and associated fields that define the schema of those
    items.

    Attributes:
        name (str): Unique identifier for the catalog, used for referencing in API calls.
        fields (list[CatalogField]): List of fields that define the schema of items in the catalog.
        items (int): Total number of items currently stored in this catalog.
        size (int): Size of the catalog data in bytes.
        created (datetime.datetime): When the catalog was created.
        updated (datetime.datetime): When the catalog was last updated.
        indexing_state (IndexingState | Unset): How far an update is processed. `IN_PROGRESS`: it is being
            processed. `APPLIED`: it is finished. `REPLACED`: the content was replaced since the indexing token was
            issued. Without a token, the state of the last update.
    """

    name: str
    fields: list[CatalogField]
    items: int
    size: int
    created: datetime.datetime
    updated: datetime.datetime
    indexing_state: IndexingState | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object; properties that are UNSET are left out."""
        result: dict[str, Any] = to_json(
            {
                **self.additional_properties,
                "name": self.name,
                "fields": self.fields,
                "items": self.items,
                "size": self.size,
                "created": self.created,
                "updated": self.updated,
                "indexing_state": self.indexing_state,
            }
        )
        return result

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read the JSON object; raise `errors.UnexpectedShape`, a ValueError, if it is not of this shape."""
        from ..models.catalog_field import CatalogField

        d = properties_of(src_dict, "CatalogView")
        name = take_required(d, "name", "CatalogView")

        _fields = take_required(d, "fields", "CatalogView", nullable=True)
        fields = []
        for fields_item_data in items_of(_fields, "fields"):
            fields_item = CatalogField.from_dict(fields_item_data)

            fields.append(fields_item)

        items = take_required(d, "items", "CatalogView")

        size = take_required(d, "size", "CatalogView")

        created = parse_datetime(take_required(d, "created", "CatalogView"))

        updated = parse_datetime(take_required(d, "updated", "CatalogView"))

        _indexing_state = take_optional(d, "indexing_state")
        indexing_state: IndexingState | Unset
        if isinstance(_indexing_state, Unset):
            indexing_state = UNSET
        else:
            indexing_state = IndexingState(_indexing_state)

        return cls(
            name=name,
            fields=fields,
            items=items,
            size=size,
            created=created,
            updated=updated,
            indexing_state=indexing_state,
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
