from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import (
    UNSET,
    Unset,
    items_of,
    parse_date,
    properties_of,
    take_optional,
    to_json,
)

if TYPE_CHECKING:
    from ..models.orchestration_version_stats import OrchestrationVersionStats


@_attrs_define(kw_only=True)
class OrchestrationDayStats:
    """Figures of one day.

    Attributes:
        sent (int | Unset): Number of messages sent.
        delivered (int | Unset): Number of messages delivered.
        unique_open (int | Unset): Number of recipients who opened the message.
        total_open (int | Unset): Number of opens.
        unique_machine_open (int | Unset): Number of recipients whose message was opened by a machine.
        unique_click (int | Unset): Number of recipients who clicked.
        total_click (int | Unset): Number of clicks.
        spam (int | Unset): Number of spam complaints.
        unsubscribe (int | Unset): Number of recipients who unsubscribed.
        total_bounce (int | Unset): Number of messages that bounced.
        skipped (int | Unset): Number of messages that were not sent.
        date (datetime.date | Unset): Date of the statistic.
        platform (str | Unset): Platform of the statistic. Only returned with `include_platforms`.
        versions (list[OrchestrationVersionStats] | Unset): Statistics about each version of the orchestration
            when A/B testing.
    """

    sent: int | Unset = UNSET
    delivered: int | Unset = UNSET
    unique_open: int | Unset = UNSET
    total_open: int | Unset = UNSET
    unique_machine_open: int | Unset = UNSET
    unique_click: int | Unset = UNSET
    total_click: int | Unset = UNSET
    spam: int | Unset = UNSET
    unsubscribe: int | Unset = UNSET
    total_bounce: int | Unset = UNSET
    skipped: int | Unset = UNSET
    date: datetime.date | Unset = UNSET
    platform: str | Unset = UNSET
    versions: list[OrchestrationVersionStats] | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object; properties that are UNSET are left out."""
        result: dict[str, Any] = to_json(
            {
                **self.additional_properties,
                "sent": self.sent,
                "delivered": self.delivered,
                "unique_open": self.unique_open,
                "total_open": self.total_open,
                "unique_machine_open": self.unique_machine_open,
                "unique_click": self.unique_click,
                "total_click": self.total_click,
                "spam": self.spam,
                "unsubscribe": self.unsubscribe,
                "total_bounce": self.total_bounce,
                "skipped": self.skipped,
                "date": self.date,
                "platform": self.platform,
                "versions": self.versions,
            }
        )
        return result

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read the JSON object; raise `errors.UnexpectedShape`, a ValueError, if it is not of this shape."""
        from ..models.orchestration_version_stats import OrchestrationVersionStats

        d = properties_of(src_dict, "OrchestrationDayStats")
        sent = take_optional(d, "sent")

        delivered = take_optional(d, "delivered")

        unique_open = take_optional(d, "unique_open")

        total_open = take_optional(d, "total_open")

        unique_machine_open = take_optional(d, "unique_machine_open")

        unique_click = take_optional(d, "unique_click")

        total_click = take_optional(d, "total_click")

        spam = take_optional(d, "spam")

        unsubscribe = take_optional(d, "unsubscribe")

        total_bounce = take_optional(d, "total_bounce")

        skipped = take_optional(d, "skipped")

        _date = take_optional(d, "date")
        date: datetime.date | Unset
        if isinstance(_date, Unset):
            date = UNSET
        else:
            date = parse_date(_date)

        platform = take_optional(d, "platform")

        _versions = take_optional(d, "versions")
        versions: list[OrchestrationVersionStats] | Unset = UNSET
        if not isinstance(_versions, Unset):
            versions = []
            for versions_item_data in items_of(_versions, "versions"):
                versions_item = OrchestrationVersionStats.from_dict(versions_item_data)

                versions.append(versions_item)

        return cls(
            sent=sent,
            delivered=delivered,
            unique_open=unique_open,
            total_open=total_open,
            unique_machine_open=unique_machine_open,
            unique_click=unique_click,
            total_click=total_click,
            spam=spam,
            unsubscribe=unsubscribe,
            total_bounce=total_bounce,
            skipped=skipped,
            date=date,
            platform=platform,
            versions=versions,
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
