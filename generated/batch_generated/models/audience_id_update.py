from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.audience_id_action import AudienceIdAction
from ..types import (
    UNSET,
    Unset,
    properties_of,
    take_optional,
    take_required,
    to_json,
)

if TYPE_CHECKING:
    from ..models.audience_attributes import AudienceAttributes


@_attrs_define(kw_only=True)
class AudienceIdUpdate:
    """An id and what to do with it.

    Attributes:
        action (AudienceIdAction): What to do with the id. Attributes are only allowed with `add`.
        id (str): The id to add or remove.
        attributes (AudienceAttributes | Unset): Values stored with the id, to personalize messages. At most 15
            attributes: String, Number, Float, Date, Url or Array. Write the key of a date as `date(key)`, of a URL
            as `url(key)`.
    """

    action: AudienceIdAction
    id: str
    attributes: AudienceAttributes | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object; properties that are UNSET are left out."""
        result: dict[str, Any] = to_json(
            {
                **self.additional_properties,
                "action": self.action,
                "id": self.id,
                "attributes": self.attributes,
            }
        )
        return result

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read the JSON object; raise `errors.UnexpectedShape`, a ValueError, if it is not of this shape."""
        from ..models.audience_attributes import AudienceAttributes

        d = properties_of(src_dict, "AudienceIdUpdate")
        action = AudienceIdAction(take_required(d, "action", "AudienceIdUpdate"))

        id = take_required(d, "id", "AudienceIdUpdate")

        _attributes = take_optional(d, "attributes")
        attributes: AudienceAttributes | Unset
        if isinstance(_attributes, Unset):
            attributes = UNSET
        else:
            attributes = AudienceAttributes.from_dict(_attributes)

        return cls(
            action=action,
            id=id,
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
