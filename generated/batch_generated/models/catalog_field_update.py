from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.catalog_field_action import CatalogFieldAction
from ..models.catalog_field_type import CatalogFieldType
from ..reading import members_by_value, properties_of, required_value
from ..values import UNSET, Unset
from ..writing import Model

_CATALOG_FIELD_ACTION = members_by_value(CatalogFieldAction)
_CATALOG_FIELD_TYPE = members_by_value(CatalogFieldType)

_PROPERTIES = frozenset(
    {
        "action",
        "name",
        "type",
    }
)


@_attrs_define(kw_only=True)
class CatalogFieldUpdate(Model):
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

    def _members(self) -> dict[str, Any]:
        members: dict[str, Any] = {
            **self.additional_properties,
            "action": self.action,
            "name": self.name,
        }
        if self.type_ is not UNSET:
            members["type"] = self.type_
        else:
            members.pop("type", None)
        return members

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read the JSON object; raise `errors.UnexpectedShape`, a ValueError, if it is not of this shape."""
        d = src_dict if type(src_dict) is dict else properties_of(src_dict, "CatalogFieldUpdate")
        others = len(d) - 3
        action = d.get("action")
        if action is None:
            action = required_value(d, "action", "CatalogFieldUpdate")
        try:
            action = _CATALOG_FIELD_ACTION[action]
        except (KeyError, TypeError):
            action = CatalogFieldAction(action)
        name = d.get("name")
        if name is None:
            name = required_value(d, "name", "CatalogFieldUpdate")
        type_ = d.get("type")
        if type_ is None or type_ is UNSET:
            type_ = UNSET
            others += "type" not in d
        else:
            try:
                type_ = _CATALOG_FIELD_TYPE[type_]
            except (KeyError, TypeError):
                type_ = CatalogFieldType(type_)
        additional_properties = {key: d[key] for key in d if key not in _PROPERTIES} if others else {}
        self = cls.__new__(cls)
        self.__init__(  # type: ignore[misc] # what calling the class does, without packing the arguments twice
            action=action,
            name=name,
            type_=type_,
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
