from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.orchestration_channel import OrchestrationChannel
from ..models.orchestration_status import OrchestrationStatus
from ..models.orchestration_type import OrchestrationType
from ..models.platform import Platform
from ..reading import items_of, members_by_value, properties_of, required_value
from ..values import UNSET, Unset
from ..writing import Model

_ORCHESTRATION_TYPE = members_by_value(OrchestrationType)
_ORCHESTRATION_CHANNEL = members_by_value(OrchestrationChannel)
_PLATFORM = members_by_value(Platform)
_ORCHESTRATION_STATUS = members_by_value(OrchestrationStatus)

_PROPERTIES = frozenset(
    {
        "id",
        "type",
        "channels",
        "platforms",
        "source",
        "created_date",
        "name",
        "labels",
        "status",
        "start_time",
    }
)


@_attrs_define(kw_only=True)
class Orchestration(Model):
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

    def _members(self) -> dict[str, Any]:
        members: dict[str, Any] = {
            **self.additional_properties,
            "id": self.id,
        }
        if self.type_ is not UNSET:
            members["type"] = self.type_
        else:
            members.pop("type", None)
        if self.channels is not UNSET:
            members["channels"] = self.channels
        else:
            members.pop("channels", None)
        if self.platforms is not UNSET:
            members["platforms"] = self.platforms
        else:
            members.pop("platforms", None)
        if self.source is not UNSET:
            members["source"] = self.source
        else:
            members.pop("source", None)
        if self.created_date is not UNSET:
            members["created_date"] = self.created_date
        else:
            members.pop("created_date", None)
        if self.name is not UNSET:
            members["name"] = self.name
        else:
            members.pop("name", None)
        if self.labels is not UNSET:
            members["labels"] = self.labels
        else:
            members.pop("labels", None)
        if self.status is not UNSET:
            members["status"] = self.status
        else:
            members.pop("status", None)
        if self.start_time is not UNSET:
            members["start_time"] = self.start_time
        else:
            members.pop("start_time", None)
        return members

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read the JSON object; raise `errors.UnexpectedShape`, a ValueError, if it is not of this shape."""
        d = src_dict if type(src_dict) is dict else properties_of(src_dict, "Orchestration")
        others = len(d) - 10
        id = d.get("id")
        if id is None:
            id = required_value(d, "id", "Orchestration")
        type_ = d.get("type")
        if type_ is None or type_ is UNSET:
            type_ = UNSET
            others += "type" not in d
        else:
            try:
                type_ = _ORCHESTRATION_TYPE[type_]
            except (KeyError, TypeError):
                type_ = OrchestrationType(type_)
        channels = d.get("channels")
        if channels is None or channels is UNSET:
            channels = UNSET
            others += "channels" not in d
        else:
            channels = items_of(channels, "channels")
            try:
                channels = [_ORCHESTRATION_CHANNEL[item] for item in channels]
            except (KeyError, TypeError):
                channels = [OrchestrationChannel(item) for item in channels]
        platforms = d.get("platforms")
        if platforms is None or platforms is UNSET:
            platforms = UNSET
            others += "platforms" not in d
        else:
            platforms = items_of(platforms, "platforms")
            try:
                platforms = [_PLATFORM[item] for item in platforms]
            except (KeyError, TypeError):
                platforms = [Platform(item) for item in platforms]
        source = d.get("source")
        if source is None:
            source = UNSET
            others += "source" not in d
        created_date = d.get("created_date")
        if created_date is None:
            created_date = UNSET
            others += "created_date" not in d
        name = d.get("name")
        if name is None:
            name = UNSET
            others += "name" not in d
        labels = d.get("labels")
        if labels is None or labels is UNSET:
            labels = UNSET
            others += "labels" not in d
        else:
            labels = items_of(labels, "labels")
        status = d.get("status")
        if status is None or status is UNSET:
            status = UNSET
            others += "status" not in d
        else:
            try:
                status = _ORCHESTRATION_STATUS[status]
            except (KeyError, TypeError):
                status = OrchestrationStatus(status)
        start_time = d.get("start_time")
        if start_time is None:
            start_time = UNSET
            others += "start_time" not in d
        additional_properties = {key: d[key] for key in d if key not in _PROPERTIES} if others else {}
        self = cls.__new__(cls)
        self.__init__(  # type: ignore[misc] # what calling the class does, without packing the arguments twice
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
