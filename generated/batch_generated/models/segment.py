from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, Self

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import (
    UNSET,
    Unset,
    parse_datetime,
    properties_of,
    take_optional,
    take_required,
    to_json,
)


@_attrs_define(kw_only=True)
class Segment:
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

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object; properties that are UNSET are left out."""
        result: dict[str, Any] = to_json(
            {
                **self.additional_properties,
                "code": self.code,
                "display_name": self.display_name,
                "created_at": self.created_at,
                "updated_at": self.updated_at,
            }
        )
        return result

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read the JSON object; raise `errors.UnexpectedShape`, a ValueError, if it is not of this shape."""
        d = properties_of(src_dict, "Segment")
        code = take_required(d, "code", "Segment")

        display_name = take_optional(d, "display_name")

        _created_at = take_optional(d, "created_at")
        created_at: datetime.datetime | Unset
        if isinstance(_created_at, Unset):
            created_at = UNSET
        else:
            created_at = parse_datetime(_created_at)

        _updated_at = take_optional(d, "updated_at")
        updated_at: datetime.datetime | Unset
        if isinstance(_updated_at, Unset):
            updated_at = UNSET
        else:
            updated_at = parse_datetime(_updated_at)

        return cls(
            code=code,
            display_name=display_name,
            created_at=created_at,
            updated_at=updated_at,
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
