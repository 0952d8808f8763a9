from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.indexing_state import IndexingState
from ..reading import items_of, members_by_value, parse_datetime, properties_of, required_value
from ..values import UNSET, Unset
from ..writing import Model

if TYPE_CHECKING:
    from ..models.catalog_field import CatalogField


_INDEXING_STATE = members_by_value(IndexingState)

_PROPERTIES = frozenset(
    {
        "name",
        "fields",
        "items",
        "size",
        "created",
        "updated",
        "indexing_state",
    }
)


@_attrs_define(kw_only=True)
class CatalogView(Model):
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

    def _members(self) -> dict[str, Any]:
        members: dict[str, Any] = {
            **self.additional_properties,
            "name": self.name,
            "fields": self.fields,
            "items": self.items,
            "size": self.size,
            "created": self.created,
            "updated": self.updated,
        }
        if self.indexing_state is not UNSET:
            members["indexing_state"] = self.indexing_state
        else:
            members.pop("indexing_state", None)
        return members

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read the JSON object; raise `errors.UnexpectedShape`, a ValueError, if it is not of this shape."""
        from ..models.catalog_field import CatalogField

        d = src_dict if type(src_dict) is dict else properties_of(src_dict, "CatalogView")
        others = len(d) - 7
        name = d.get("name")
        if name is None:
            name = required_value(d, "name", "CatalogView")
        fields = d.get("fields")
        if fields is None:
            fields = required_value(d, "fields", "CatalogView", nullable=True)
        fields = [CatalogField.from_dict(item) for item in items_of(fields, "fields")]
        items = d.get("items")
        if items is None:
            items = required_value(d, "items", "CatalogView")
        size = d.get("size")
        if size is None:
            size = required_value(d, "size", "CatalogView")
        created = d.get("created")
        if created is None:
            created = required_value(d, "created", "CatalogView")
        created = parse_datetime(created)
        updated = d.get("updated")
        if updated is None:
            updated = required_value(d, "updated", "CatalogView")
        updated = parse_datetime(updated)
        indexing_state = d.get("indexing_state")
        if indexing_state is None or indexing_state is UNSET:
            indexing_state = UNSET
            others += "indexing_state" not in d
        else:
            try:
                indexing_state = _INDEXING_STATE[indexing_state]
            except (KeyError, TypeError):
                indexing_state = IndexingState(indexing_state)
        additional_properties = {key: d[key] for key in d if key not in _PROPERTIES} if others else {}
        self = cls.__new__(cls)
        self.__init__(  # type: ignore[misc] # what calling the class does, without packing the arguments twice
            name=name,
            fields=fields,
            items=items,
            size=size,
            created=created,
            updated=updated,
            indexing_state=indexing_state,
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
