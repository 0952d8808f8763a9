from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..reading import items_of, properties_of, required_value
from ..writing import Model

if TYPE_CHECKING:
    from ..models.audience_id_update import AudienceIdUpdate


_PROPERTIES = frozenset(
    {
        "name",
        "ids",
    }
)


@_attrs_define(kw_only=True)
class AudienceUpdateBody(Model):
    """AudienceUpdateBody

    Attributes:
        name (str): The name of the existing audience you want this operation to be applied to.
        ids (list[AudienceIdUpdate]): The ids to add or remove, at most 10,000.
    """

    name: str
    ids: list[AudienceIdUpdate]
    additional_properties: dict[str, Any] = _attrs_field(factory=dict)

    def _members(self) -> dict[str, Any]:
        members: dict[str, Any] = {
            **self.additional_properties,
            "name": self.name,
            "ids": self.ids,
        }
        return members

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read the JSON object; raise `errors.UnexpectedShape`, a ValueError, if it is not of this shape."""
        from ..models.audience_id_update import AudienceIdUpdate

        d = src_dict if type(src_dict) is dict else properties_of(src_dict, "AudienceUpdateBody")
        others = len(d) - 2
        name = d.get("name")
        if name is None:
            name = required_value(d, "name", "AudienceUpdateBody")
        ids = d.get("ids")
        if ids is None:
            ids = required_value(d, "ids", "AudienceUpdateBody", nullable=True)
        ids = [AudienceIdUpdate.from_dict(item) for item in items_of(ids, "ids")]
        additional_properties = {key: d[key] for key in d if key not in _PROPERTIES} if others else {}
        self = cls.__new__(cls)
        self.__init__(  # type: ignore[misc] # what calling the class does, without packing the arguments twice
            name=name,
            ids=ids,
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
