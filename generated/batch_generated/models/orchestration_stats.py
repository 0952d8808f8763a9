from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..reading import items_of, properties_of
from ..values import UNSET, Unset
from ..writing import Model

if TYPE_CHECKING:
    from ..models.orchestration_day_stats import OrchestrationDayStats


_PROPERTIES = frozenset(
    {
        "id",
        "details",
    }
)


@_attrs_define(kw_only=True)
class OrchestrationStats(Model):
    """Figures of an orchestration, day by day. What a trigger returns is not documented, so nothing is required.

    Attributes:
        id (str | Unset): Unique identifier for the orchestration.
        details (list[OrchestrationDayStats] | Unset):
    """

    id: str | Unset = UNSET
    details: list[OrchestrationDayStats] | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(factory=dict)

    def _members(self) -> dict[str, Any]:
        members: dict[str, Any] = {
            **self.additional_properties,
        }
        if self.id is not UNSET:
            members["id"] = self.id
        else:
            members.pop("id", None)
        if self.details is not UNSET:
            members["details"] = self.details
        else:
            members.pop("details", None)
        return members

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read the JSON object; raise `errors.UnexpectedShape`, a ValueError, if it is not of this shape."""
        from ..models.orchestration_day_stats import OrchestrationDayStats

        d = src_dict if type(src_dict) is dict else properties_of(src_dict, "OrchestrationStats")
        others = len(d) - 2
        id = d.get("id")
        if id is None:
            id = UNSET
            others += "id" not in d
        details = d.get("details")
        if details is None or details is UNSET:
            details = UNSET
            others += "details" not in d
        else:
            details = [OrchestrationDayStats.from_dict(item) for item in items_of(details, "details")]
        additional_properties = {key: d[key] for key in d if key not in _PROPERTIES} if others else {}
        self = cls.__new__(cls)
        self.__init__(  # type: ignore[misc] # what calling the class does, without packing the arguments twice
            id=id,
            details=details,
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
