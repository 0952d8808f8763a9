from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..reading import items_of, properties_of, required_value
from ..writing import Model

if TYPE_CHECKING:
    from ..models.catalog_field import CatalogField


_PROPERTIES = frozenset(
    {
        "name",
        "fields",
    }
)


@_attrs_define(kw_only=True)
class CatalogCreateBody(Model):
    """CatalogCreateBody

    Attributes:
        name (str): Unique identifier of the catalog.
        fields (list[CatalogField]): The fields of the catalog's items, at most 25.
    """

    name: str
    fields: list[CatalogField]
    additional_properties: dict[str, Any] = _attrs_field(factory=dict)

    def _members(self) -> dict[str, Any]:
        members: dict[str, Any] = {
            **self.additional_properties,
            "name": self.name,
            "fields": self.fields,
        }
        return members

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read the JSON object; raise `errors.UnexpectedShape`, a ValueError, if it is not of this shape."""
        from ..models.catalog_field import CatalogField

        d = src_dict if type(src_dict) is dict else properties_of(src_dict, "CatalogCreateBody")
        others = len(d) - 2
        name = d.get("name")
        if name is None:
            name = required_value(d, "name", "CatalogCreateBody")
        fields = d.get("fields")
        if fields is None:
            fields = required_value(d, "fields", "CatalogCreateBody", nullable=True)
        fields = [CatalogField.from_dict(item) for item in items_of(fields, "fields")]
        additional_properties = {key: d[key] for key in d if key not in _PROPERTIES} if others else {}
        self = cls.__new__(cls)
        self.__init__(  # type: ignore[misc] # what calling the class does, without packing the arguments twice
            name=name,
            fields=fields,
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
