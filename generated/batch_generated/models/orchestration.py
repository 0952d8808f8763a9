from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.orchestration_channel import OrchestrationChannel
from ..models.orchestration_status import OrchestrationStatus
from ..models.orchestration_type import OrchestrationType
from ..models.platform import Platform
from ..types import (
    UNSET,
    Unset,
    items_of,
    properties_of,
    take_optional,
    take_required,
    to_json,
)


@_attrs_define(kw_only=True)
class Orchestration:
    """A campaign, recurring campaign, trigger or warm-up, in short.

    Attributes:
        id (str): Unique identifier for the orchestration.
        type_ (OrchestrationType | Unset): Kind of orchestration.
        channels (list[OrchestrationChannel] | Unset): Channels used by the orchestration.
        platforms (list[Platform] | Unset): Platforms targeted by the orchestration.
        source (str | Unset): Source of the orchestration creation.
        created_date (str | Unset): Date and time when the orchestration was created. Sent without a time zone.
        name (str | Unset): Name of the orchestration.
        labels (list[str] | Unset): Labels of the orchestration.
        status (OrchestrationStatus | Unset): Current status of the orchestration.
        start_time (str | Unset): Date and time when the orchestration starts. Sent without a time zone.
    """

    id: str
    type_: OrchestrationType | Unset = UNSET
    channels: list[OrchestrationChannel] | Unset = UNSET
    platforms: list[Platform] | Unset = UNSET
    source: str | Unset = UNSET
    created_date: str | Unset = UNSET
    name: str | Unset = UNSET
    labels: list[str] | Unset = UNSET
    status: OrchestrationStatus | Unset = UNSET
    start_time: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object; properties that are UNSET are left out."""
        result: dict[str, Any] = to_json(
            {
                **self.additional_properties,
                "id": self.id,
                "type": self.type_,
                "channels": self.channels,
                "platforms": self.platforms,
                "source": self.source,
                "created_date": self.created_date,
                "name": self.name,
                "labels": self.labels,
                "status": self.status,
                "start_time": self.start_time,
            }
        )
        return result

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read the JSON object; raise `errors.UnexpectedShape`, a ValueError, if it is not of this shape."""
        d = properties_of(src_dict, "Orchestration")
        id = take_required(d, "id", "Orchestration")

        _type_ = take_optional(d, "type")
        type_: OrchestrationType | Unset
        if isinstance(_type_, Unset):
            type_ = UNSET
        else:
            type_ = OrchestrationType(_type_)

        _channels = take_optional(d, "channels")
        channels: list[OrchestrationChannel] | Unset = UNSET
        if not isinstance(_channels, Unset):
            channels = []
            for channels_item_data in items_of(_channels, "channels"):
                channels_item = OrchestrationChannel(channels_item_data)

                channels.append(channels_item)

        _platforms = take_optional(d, "platforms")
        platforms: list[Platform] | Unset = UNSET
        if not isinstance(_platforms, Unset):
            platforms = []
            for platforms_item_data in items_of(_platforms, "platforms"):
                platforms_item = Platform(platforms_item_data)

                platforms.append(platforms_item)

        source = take_optional(d, "source")

        created_date = take_optional(d, "created_date")

        name = take_optional(d, "name")

        _labels = take_optional(d, "labels")
        labels: list[str] | Unset = UNSET
        if not isinstance(_labels, Unset):
            labels = items_of(_labels, "labels")

        _status = take_optional(d, "status")
        status: OrchestrationStatus | Unset
        if isinstance(_status, Unset):
            status = UNSET
        else:
            status = OrchestrationStatus(_status)

        start_time = take_optional(d, "start_time")

        return cls(
            id=id,
            type_=type_,
            channels=channels,
            platforms=platforms,
            source=source,
            created_date=created_date,
            name=name,
            labels=labels,
            status=status,
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
