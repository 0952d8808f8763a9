from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..reading import items_of, parse_date, properties_of
from ..values import UNSET, Unset
from ..writing import Model

if TYPE_CHECKING:
    from ..models.orchestration_version_stats import OrchestrationVersionStats


_PROPERTIES = frozenset(
    {
        "sent",
        "delivered",
        "unique_open",
        "total_open",
        "unique_machine_open",
        "unique_click",
        "total_click",
        "spam",
        "unsubscribe",
        "total_bounce",
        "skipped",
        "date",
        "platform",
        "versions",
    }
)


@_attrs_define(kw_only=True)
class OrchestrationDayStats(Model):
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

    def _members(self) -> dict[str, Any]:
        members: dict[str, Any] = {
            **self.additional_properties,
        }
        if self.sent is not UNSET:
            members["sent"] = self.sent
        else:
            members.pop("sent", None)
        if self.delivered is not UNSET:
            members["delivered"] = self.delivered
        else:
            members.pop("delivered", None)
        if self.unique_open is not UNSET:
            members["unique_open"] = self.unique_open
        else:
            members.pop("unique_open", None)
        if self.total_open is not UNSET:
            members["total_open"] = self.total_open
        else:
            members.pop("total_open", None)
        if self.unique_machine_open is not UNSET:
            members["unique_machine_open"] = self.unique_machine_open
        else:
            members.pop("unique_machine_open", None)
        if self.unique_click is not UNSET:
            members["unique_click"] = self.unique_click
        else:
            members.pop("unique_click", None)
        if self.total_click is not UNSET:
            members["total_click"] = self.total_click
        else:
            members.pop("total_click", None)
        if self.spam is not UNSET:
            members["spam"] = self.spam
        else:
            members.pop("spam", None)
        if self.unsubscribe is not UNSET:
            members["unsubscribe"] = self.unsubscribe
        else:
            members.pop("unsubscribe", None)
        if self.total_bounce is not UNSET:
            members["total_bounce"] = self.total_bounce
        else:
            members.pop("total_bounce", None)
        if self.skipped is not UNSET:
            members["skipped"] = self.skipped
        else:
            members.pop("skipped", None)
        if self.date is not UNSET:
            members["date"] = self.date
        else:
            members.pop("date", None)
        if self.platform is not UNSET:
            members["platform"] = self.platform
        else:
            members.pop("platform", None)
        if self.versions is not UNSET:
            members["versions"] = self.versions
        else:
            members.pop("versions", None)
        return members

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read the JSON object; raise `errors.UnexpectedShape`, a ValueError, if it is not of this shape."""
        from ..models.orchestration_version_stats import OrchestrationVersionStats

        d = src_dict if type(src_dict) is dict else properties_of(src_dict, "OrchestrationDayStats")
        others = len(d) - 14
        sent = d.get("sent")
        if sent is None:
            sent = UNSET
            others += "sent" not in d
        delivered = d.get("delivered")
        if delivered is None:
            delivered = UNSET
            others += "delivered" not in d
        unique_open = d.get("unique_open")
        if unique_open is None:
            unique_open = UNSET
            others += "unique_open" not in d
        total_open = d.get("total_open")
        if total_open is None:
            total_open = UNSET
            others += "total_open" not in d
        unique_machine_open = d.get("unique_machine_open")
        if unique_machine_open is None:
            unique_machine_open = UNSET
            others += "unique_machine_open" not in d
        unique_click = d.get("unique_click")
        if unique_click is None:
            unique_click = UNSET
            others += "unique_click" not in d
        total_click = d.get("total_click")
        if total_click is None:
            total_click = UNSET
            others += "total_click" not in d
        spam = d.get("spam")
        if spam is None:
            spam = UNSET
            others += "spam" not in d
        unsubscribe = d.get("unsubscribe")
        if unsubscribe is None:
            unsubscribe = UNSET
            others += "unsubscribe" not in d
        total_bounce = d.get("total_bounce")
        if total_bounce is None:
            total_bounce = UNSET
            others += "total_bounce" not in d
        skipped = d.get("skipped")
        if skipped is None:
            skipped = UNSET
            others += "skipped" not in d
        date = d.get("date")
        if date is None or date is UNSET:
            date = UNSET
            others += "date" not in d
        else:
            date = parse_date(date)
        platform = d.get("platform")
        if platform is None:
            platform = UNSET
            others += "platform" not in d
        versions = d.get("versions")
        if versions is None or versions is UNSET:
            versions = UNSET
            others += "versions" not in d
        else:
            versions = [OrchestrationVersionStats.from_dict(item) for item in items_of(versions, "versions")]
        additional_properties = {key: d[key] for key in d if key not in _PROPERTIES} if others else {}
        self = cls.__new__(cls)
        self.__init__(  # type: ignore[misc] # what calling the class does, without packing the arguments twice
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
