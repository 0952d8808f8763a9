from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, Self

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.orchestration_source import OrchestrationSource
from ..models.orchestration_status import OrchestrationStatus
from ..models.push_campaign_type import PushCampaignType
from ..reading import items_of, members_by_value, parse_datetime, properties_of
from ..values import UNSET, Unset
from ..writing import Model

_PUSH_CAMPAIGN_TYPE = members_by_value(PushCampaignType)
_ORCHESTRATION_STATUS = members_by_value(OrchestrationStatus)
_ORCHESTRATION_SOURCE = members_by_value(OrchestrationSource)

_PROPERTIES = frozenset(
    {
        "id",
        "type",
        "name",
        "status",
        "source",
        "labels",
        "created_date",
        "updated_date",
        "start_time",
    }
)


@_attrs_define(kw_only=True)
class PushCampaignDetails(Model):
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

    def _members(self) -> dict[str, Any]:
        members: dict[str, Any] = {
            **self.additional_properties,
        }
        if self.id is not UNSET:
            members["id"] = self.id
        else:
            members.pop("id", None)
        if self.type_ is not UNSET:
            members["type"] = self.type_
        else:
            members.pop("type", None)
        if self.name is not UNSET:
            members["name"] = self.name
        else:
            members.pop("name", None)
        if self.status is not UNSET:
            members["status"] = self.status
        else:
            members.pop("status", None)
        if self.source is not UNSET:
            members["source"] = self.source
        else:
            members.pop("source", None)
        if self.labels is not UNSET:
            members["labels"] = self.labels
        else:
            members.pop("labels", None)
        if self.created_date is not UNSET:
            members["created_date"] = self.created_date
        else:
            members.pop("created_date", None)
        if self.updated_date is not UNSET:
            members["updated_date"] = self.updated_date
        else:
            members.pop("updated_date", None)
        if self.start_time is not UNSET:
            members["start_time"] = self.start_time
        else:
            members.pop("start_time", None)
        return members

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read the JSON object; raise `errors.UnexpectedShape`, a ValueError, if it is not of this shape."""
        d = src_dict if type(src_dict) is dict else properties_of(src_dict, "PushCampaignDetails")
        others = len(d) - 9
        id = d.get("id")
        if id is None:
            id = UNSET
            others += "id" not in d
        type_ = d.get("type")
        if type_ is None or type_ is UNSET:
            type_ = UNSET
            others += "type" not in d
        else:
            try:
                type_ = _PUSH_CAMPAIGN_TYPE[type_]
            except (KeyError, TypeError):
                type_ = PushCampaignType(type_)
        name = d.get("name")
        if name is None:
            name = UNSET
            others += "name" not in d
        status = d.get("status")
        if status is None or status is UNSET:
            status = UNSET
            others += "status" not in d
        else:
            try:
                status = _ORCHESTRATION_STATUS[status]
            except (KeyError, TypeError):
                status = OrchestrationStatus(status)
        source = d.get("source")
        if source is None or source is UNSET:
            source = UNSET
            others += "source" not in d
        else:
            try:
                source = _ORCHESTRATION_SOURCE[source]
            except (KeyError, TypeError):
                source = OrchestrationSource(source)
        labels = d.get("labels")
        if labels is None or labels is UNSET:
            labels = UNSET
            others += "labels" not in d
        else:
            labels = items_of(labels, "labels")
        created_date = d.get("created_date")
        if created_date is None or created_date is UNSET:
            created_date = UNSET
            others += "created_date" not in d
        else:
            created_date = parse_datetime(created_date)
        updated_date = d.get("updated_date")
        if updated_date is None or updated_date is UNSET:
            updated_date = UNSET
            others += "updated_date" not in d
        else:
            updated_date = parse_datetime(updated_date)
        start_time = d.get("start_time")
        if start_time is None or start_time is UNSET:
            start_time = UNSET
            others += "start_time" not in d
        else:
            start_time = parse_datetime(start_time)
        additional_properties = {key: d[key] for key in d if key not in _PROPERTIES} if others else {}
        self = cls.__new__(cls)
        self.__init__(  # type: ignore[misc] # what calling the class does, without packing the arguments twice
            id=id,
            type_=type_,
            name=name,
            status=status,
            source=source,
            labels=labels,
            created_date=created_date,
            updated_date=updated_date,
            start_time=start_time,
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
