from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.catalog_item_action import CatalogItemAction
from ..reading import members_by_value, properties_of, required_value
from ..values import UNSET, Unset
from ..writing import Model

if TYPE_CHECKING:
    from ..models.catalog_item_attributes import CatalogItemAttributes


_CATALOG_ITEM_ACTION = members_by_value(CatalogItemAction)

_PROPERTIES = frozenset(
    {
        "id",
        "action",
        "attributes",
    }
)


@_attrs_define(kw_only=True)
class CatalogItemEdit(Model):
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

    def _members(self) -> dict[str, Any]:
        members: dict[str, Any] = {
            **self.additional_properties,
            "id": self.id,
            "action": self.action,
        }
        if self.attributes is not UNSET:
            members["attributes"] = self.attributes
        else:
            members.pop("attributes", None)
        return members

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read the JSON object; raise `errors.UnexpectedShape`, a ValueError, if it is not of this shape."""
        from ..models.catalog_item_attributes import CatalogItemAttributes

        d = src_dict if type(src_dict) is dict else properties_of(src_dict, "CatalogItemEdit")
        others = len(d) - 3
        id = d.get("id")
        if id is None:
            id = required_value(d, "id", "CatalogItemEdit")
        action = d.get("action")
        if action is None:
            action = required_value(d, "action", "CatalogItemEdit")
        try:
            action = _CATALOG_ITEM_ACTION[action]
        except (KeyError, TypeError):
            action = CatalogItemAction(action)
        attributes = d.get("attributes")
        if attributes is None or attributes is UNSET:
            attributes = UNSET
            others += "attributes" not in d
        else:
            attributes = CatalogItemAttributes.from_dict(attributes)
        additional_properties = {key: d[key] for key in d if key not in _PROPERTIES} if others else {}
        self = cls.__new__(cls)
        self.__init__(  # type: ignore[misc] # what calling the class does, without packing the arguments twice
            id=id,
            action=action,
            attributes=attributes,
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
