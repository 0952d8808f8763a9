from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import (
    properties_of,
    take_required,
    to_json,
)

if TYPE_CHECKING:
    from ..models.campaign import Campaign


@_attrs_define(kw_only=True)
class CampaignUpdate:
    """CampaignUpdate

    Attributes:
        id (str): Campaign id received from the create API
        campaign (Campaign): A message to many people: what is sent, when and to whom.
    """

    id: str
    campaign: Campaign
    additional_properties: dict[str, Any] = _attrs_field(factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object; properties that are UNSET are left out."""
        result: dict[str, Any] = to_json(
            {
                **self.additional_properties,
                "id": self.id,
                "campaign": self.campaign,
            }
        )
        return result

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read the JSON object; raise `errors.UnexpectedShape`, a ValueError, if it is not of this shape."""
        from ..models.campaign import Campaign

        d = properties_of(src_dict, "CampaignUpdate")
        id = take_required(d, "id", "CampaignUpdate")

        campaign = Campaign.from_dict(take_required(d, "campaign", "CampaignUpdate"))

        return cls(
            id=id,
            campaign=campaign,
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
