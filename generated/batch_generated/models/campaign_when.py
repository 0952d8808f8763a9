from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..reading import properties_of
from ..values import UNSET, Unset
from ..writing import Model

_PROPERTIES = frozenset(
    {
        "local_time",
        "start_time",
    }
)


@_attrs_define(kw_only=True)
class CampaignWhen(Model):
    """When a campaign is sent.

    Attributes:
        local_time (bool | Unset): Whether the start time applies in the time zone of each recipient.
        start_time (str | Unset): When the campaign starts: a time (RFC 3339), or `now`.
    """

    local_time: bool | Unset = UNSET
    start_time: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(factory=dict)

    def _members(self) -> dict[str, Any]:
        members: dict[str, Any] = {
            **self.additional_properties,
        }
        if self.local_time is not UNSET:
            members["local_time"] = self.local_time
        else:
            members.pop("local_time", None)
        if self.start_time is not UNSET:
            members["start_time"] = self.start_time
        else:
            members.pop("start_time", None)
        return members

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read the JSON object; raise `errors.UnexpectedShape`, a ValueError, if it is not of this shape."""
        d = src_dict if type(src_dict) is dict else properties_of(src_dict, "CampaignWhen")
        others = len(d) - 2
        local_time = d.get("local_time")
        if local_time is None:
            local_time = UNSET
            others += "local_time" not in d
        start_time = d.get("start_time")
        if start_time is None:
            start_time = UNSET
            others += "start_time" not in d
        additional_properties = {key: d[key] for key in d if key not in _PROPERTIES} if others else {}
        self = cls.__new__(cls)
        self.__init__(  # type: ignore[misc] # what calling the class does, without packing the arguments twice
            local_time=local_time,
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
