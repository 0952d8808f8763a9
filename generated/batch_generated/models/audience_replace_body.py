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
    from ..models.audience_id import AudienceId


@_attrs_define(kw_only=True)
class AudienceReplaceBody:
    """AudienceReplaceBody

    Attributes:
        name (str): The name of the existing audience you want this operation to be applied to.
        ids (list[AudienceId]): The ids that the audience holds afterwards.
    """

    name: str
    ids: list[AudienceId]
    additional_properties: dict[str, Any] = _attrs_field(factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object; properties that are UNSET are left out."""
        result: dict[str, Any] = to_json(
            {
                **self.additional_properties,
                "name": self.name,
                "ids": self.ids,
            }
        )
        return result

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read the JSON object; raise `errors.UnexpectedShape`, a ValueError, if it is not of this shape."""
        from ..models.audience_id import AudienceId

        d = properties_of(src_dict, "AudienceReplaceBody")
        name = take_required(d, "name", "AudienceReplaceBody")

        _ids = take_required(d, "ids", "AudienceReplaceBody", nullable=True)
        ids = []
        for ids_item_data in items_of(_ids, "ids"):
            ids_item = AudienceId.from_dict(ids_item_data)

            ids.append(ids_item)

        return cls(
            name=name,
            ids=ids,
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
