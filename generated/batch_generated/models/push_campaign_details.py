from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.orchestration_source import OrchestrationSource
from ..models.orchestration_status import OrchestrationStatus
from ..models.push_campaign_type import PushCampaignType
from ..types import UNSET, Unset, items_of, properties_of, take_optional, to_json


@_attrs_define(kw_only=True)
class PushCampaignDetails:
    """A push campaign. More members exist and are not documented.

    Attributes:
        id (str | Unset): Id of the campaign.
        type_ (PushCampaignType | Unset): Kind of orchestration.
        name (str | Unset): Name shown on the dashboard.
        status (OrchestrationStatus | Unset):
        source (OrchestrationSource | Unset): Where it was made.
        labels (list[str] | Unset): Codes of its labels.
        created_date (str | Unset): When it was made. No time zone is sent.
        updated_date (str | Unset): When it was last changed. No time zone is sent.
        start_time (str | Unset): When it starts. No time zone is sent.
    """

    id: str | Unset = UNSET
    type_: PushCampaignType | Unset = UNSET
    name: str | Unset = UNSET
    status: OrchestrationStatus | Unset = UNSET
    source: OrchestrationSource | Unset = UNSET
    labels: list[str] | Unset = UNSET
    created_date: str | Unset = UNSET
    updated_date: str | Unset = UNSET
    start_time: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object; properties that are UNSET are left out."""
        result: dict[str, Any] = to_json(
            {
                **self.additional_properties,
                "id": self.id,
                "type": self.type_,
                "name": self.name,
                "status": self.status,
                "source": self.source,
                "labels": self.labels,
                "created_date": self.created_date,
                "updated_date": self.updated_date,
                "start_time": self.start_time,
            }
        )
        return result

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read the JSON object; raise `errors.UnexpectedShape`, a ValueError, if it is not of this shape."""
        d = properties_of(src_dict, "PushCampaignDetails")
        id = take_optional(d, "id")

        _type_ = take_optional(d, "type")
        type_: PushCampaignType | Unset
        if isinstance(_type_, Unset):
            type_ = UNSET
        else:
            type_ = PushCampaignType(_type_)

        name = take_optional(d, "name")

        _status = take_optional(d, "status")
        status: OrchestrationStatus | Unset
        if isinstance(_status, Unset):
            status = UNSET
        else:
            status = OrchestrationStatus(_status)

        _source = take_optional(d, "source")
        source: OrchestrationSource | Unset
        if isinstance(_source, Unset):
            source = UNSET
        else:
            source = OrchestrationSource(_source)

        _labels = take_optional(d, "labels")
        labels: list[str] | Unset = UNSET
        if not isinstance(_labels, Unset):
            labels = items_of(_labels, "labels")

        created_date = take_optional(d, "created_date")

        updated_date = take_optional(d, "updated_date")

        start_time = take_optional(d, "start_time")

        return cls(
            id=id,
            type_=type_,
            name=name,
            status=status,
            source=source,
            labels=labels,
            created_date=created_date,
            updated_date=updated_date,
            start_time=start_time,
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
