from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import (
    UNSET,
    Unset,
    items_of,
    properties_of,
    take_optional,
    to_json,
)

if TYPE_CHECKING:
    from ..models.orchestration_day_stats import OrchestrationDayStats


@_attrs_define(kw_only=True)
class OrchestrationStats:
    """Figures of an orchestration, day by day. What a trigger returns is not documented, so nothing is required.

    Attributes:
        id (str | Unset): Unique identifier for the orchestration.
        details (list[OrchestrationDayStats] | Unset):
    """

    id: str | Unset = UNSET
    details: list[OrchestrationDayStats] | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object; properties that are UNSET are left out."""
        result: dict[str, Any] = to_json(
            {
                **self.additional_properties,
                "id": self.id,
                "details": self.details,
            }
        )
        return result

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read the JSON object; raise `errors.UnexpectedShape`, a ValueError, if it is not of this shape."""
        from ..models.orchestration_day_stats import OrchestrationDayStats

        d = properties_of(src_dict, "OrchestrationStats")
        id = take_optional(d, "id")

        _details = take_optional(d, "details")
        details: list[OrchestrationDayStats] | Unset = UNSET
        if not isinstance(_details, Unset):
            details = []
            for details_item_data in items_of(_details, "details"):
                details_item = OrchestrationDayStats.from_dict(details_item_data)

                details.append(details_item)

        return cls(
            id=id,
            details=details,
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
