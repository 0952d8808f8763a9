from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, Self

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..reading import parse_datetime, properties_of, required_value
from ..values import UNSET, Unset
from ..writing import Model

_PROPERTIES = frozenset(
    {
        "code",
        "display_name",
        "created_at",
        "updated_at",
    }
)


@_attrs_define(kw_only=True)
class Segment(Model):
    """A segment, which can filter an export.

    Attributes:
        code (str):
        display_name (str | Unset):
        created_at (datetime.datetime | Unset): UTC Date in a RFC 3339 format
        updated_at (datetime.datetime | Unset): UTC Date in a RFC 3339 format
    """

    code: str
    display_name: str | Unset = UNSET
    created_at: datetime.datetime | Unset = UNSET
    updated_at: datetime.datetime | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(factory=dict)

    def _members(self) -> dict[str, Any]:
        members: dict[str, Any] = {
            **self.additional_properties,
            "code": self.code,
        }
        if self.display_name is not UNSET:
            members["display_name"] = self.display_name
        else:
            members.pop("display_name", None)
        if self.created_at is not UNSET:
            members["created_at"] = self.created_at
        else:
            members.pop("created_at", None)
        if self.updated_at is not UNSET:
            members["updated_at"] = self.updated_at
        else:
            members.pop("updated_at", None)
        return members

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read the JSON object; raise `errors.UnexpectedShape`, a ValueError, if it is not of this shape."""
        d = src_dict if type(src_dict) is dict else properties_of(src_dict, "Segment")
        others = len(d) - 4
        code = d.get("code")
        if code is None:
            code = required_value(d, "code", "Segment")
        display_name = d.get("display_name")
        if display_name is None:
            display_name = UNSET
            others += "display_name" not in d
        created_at = d.get("created_at")
        if created_at is None or created_at is UNSET:
            created_at = UNSET
            others += "created_at" not in d
        else:
            created_at = parse_datetime(created_at)
        updated_at = d.get("updated_at")
        if updated_at is None or updated_at is UNSET:
            updated_at = UNSET
            others += "updated_at" not in d
        else:
            updated_at = parse_datetime(updated_at)
        additional_properties = {key: d[key] for key in d if key not in _PROPERTIES} if others else {}
        self = cls.__new__(cls)
        self.__init__(  # type: ignore[misc] # what calling the class does, without packing the arguments twice
            code=code,
            display_name=display_name,
            created_at=created_at,
            updated_at=updated_at,
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
