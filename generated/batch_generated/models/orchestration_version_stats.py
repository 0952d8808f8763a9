from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset, properties_of, take_optional, to_json


@_attrs_define(kw_only=True)
class OrchestrationVersionStats:
    """Figures of one version of the message.

    Attributes:
        version (str | Unset): The version.
        sent (int | Unset): Messages sent.
        delivered (int | Unset): Messages delivered.
        unique_open (int | Unset): People who opened.
        total_open (int | Unset): Openings.
        unique_machine_open (int | Unset): Openings by machines, once each.
        unique_click (int | Unset): People who clicked.
        total_click (int | Unset): Clicks.
        spam (int | Unset): Complaints of spam.
        unsubscribe (int | Unset): People who unsubscribed.
        total_bounce (int | Unset): Messages that bounced.
        skipped (int | Unset): Messages not sent.
    """

    version: str | Unset = UNSET
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
    additional_properties: dict[str, Any] = _attrs_field(factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object; properties that are UNSET are left out."""
        result: dict[str, Any] = to_json(
            {
                **self.additional_properties,
                "version": self.version,
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
            }
        )
        return result

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read the JSON object; raise `errors.UnexpectedShape`, a ValueError, if it is not of this shape."""
        d = properties_of(src_dict, "OrchestrationVersionStats")
        version = take_optional(d, "version")

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

        return cls(
            version=version,
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
