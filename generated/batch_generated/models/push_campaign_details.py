from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, Self

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.orchestration_source import OrchestrationSource
from ..models.orchestration_status import OrchestrationStatus
from ..models.push_campaign_type import PushCampaignType
from ..types import (
    UNSET,
    Unset,
    items_of,
    parse_datetime,
    properties_of,
    take_optional,
    to_json,
)


@_attrs_define(kw_only=True)
class PushCampaignDetails:
    """Detailed configuration for a push campaign orchestration.

    Attributes:
        id (str | Unset): Unique identifier for the orchestration.
        type_ (PushCampaignType | Unset): Type of orchestration.
        name (str | Unset): Name of the orchestration.
        status (OrchestrationStatus | Unset): Current status of the orchestration.
        source (OrchestrationSource | Unset): Source of the orchestration creation.
        labels (list[str] | Unset): Labels of the orchestration.
        created_date (datetime.datetime | Unset): Date and time when the orchestration was created.
        updated_date (datetime.datetime | Unset): Date and time when the orchestration was last updated.
        start_time (datetime.datetime | Unset): Date and time when the orchestration starts.
    """

    id: str | Unset = UNSET
    type_: PushCampaignType | Unset = UNSET
    name: str | Unset = UNSET
    status: OrchestrationStatus | Unset = UNSET
    source: OrchestrationSource | Unset = UNSET
    labels: list[str] | Unset = UNSET
    created_date: datetime.datetime | Unset = UNSET
    updated_date: datetime.datetime | Unset = UNSET
    start_time: datetime.datetime | Unset = UNSET
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

        _created_date = take_optional(d, "created_date")
        created_date: datetime.datetime | Unset
        if isinstance(_created_date, Unset):
            created_date = UNSET
        else:
            created_date = parse_datetime(_created_date)

        _updated_date = take_optional(d, "updated_date")
        updated_date: datetime.datetime | Unset
        if isinstance(_updated_date, Unset):
            updated_date = UNSET
        else:
            updated_date = parse_datetime(_updated_date)

        _start_time = take_optional(d, "start_time")
        start_time: datetime.datetime | Unset
        if isinstance(_start_time, Unset):
            start_time = UNSET
        else:
            start_time = parse_datetime(_start_time)

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
