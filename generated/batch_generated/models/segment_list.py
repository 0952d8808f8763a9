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
    take_required,
    to_json,
)

if TYPE_CHECKING:
    from ..models.segment import Segment


@_attrs_define(kw_only=True)
class SegmentList:
    """A page of segments.

    Attributes:
        segments (list[Segment]): The segments of this page.
        count (int | Unset): The total number of objects. Only returned with the first page.
        has_more (bool | Unset): Whether there are more pages.
        next_from (str | Unset): The value of `from` that returns the next page.
    """

    segments: list[Segment]
    count: int | Unset = UNSET
    has_more: bool | Unset = UNSET
    next_from: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object; properties that are UNSET are left out."""
        result: dict[str, Any] = to_json(
            {
                **self.additional_properties,
                "segments": self.segments,
                "count": self.count,
                "has_more": self.has_more,
                "next_from": self.next_from,
            }
        )
        return result

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read the JSON object; raise `errors.UnexpectedShape`, a ValueError, if it is not of this shape."""
        from ..models.segment import Segment

        d = properties_of(src_dict, "SegmentList")
        _segments = take_required(d, "segments", "SegmentList", nullable=True)
        segments = []
        for segments_item_data in items_of(_segments, "segments"):
            segments_item = Segment.from_dict(segments_item_data)

            segments.append(segments_item)

        count = take_optional(d, "count")

        has_more = take_optional(d, "has_more")

        next_from = take_optional(d, "next_from")

        return cls(
            segments=segments,
            count=count,
            has_more=has_more,
            next_from=next_from,
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
