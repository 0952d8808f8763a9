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
    from ..models.targeting_query import TargetingQuery


@_attrs_define(kw_only=True)
class CampaignTargeting:
    """Who receives a campaign; without it, everybody.

    Attributes:
        languages (list[str] | Unset): Languages: two lowercase letters each.
        regions (list[str] | Unset): Countries: two uppercase letters each.
        query (TargetingQuery | Unset): Conditions on attributes, such as `{"firstname": {"$eq": "Jane"}}`.
    """

    languages: list[str] | Unset = UNSET
    regions: list[str] | Unset = UNSET
    query: TargetingQuery | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object; properties that are UNSET are left out."""
        result: dict[str, Any] = to_json(
            {
                **self.additional_properties,
                "languages": self.languages,
                "regions": self.regions,
                "query": self.query,
            }
        )
        return result

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read the JSON object; raise `errors.UnexpectedShape`, a ValueError, if it is not of this shape."""
        from ..models.targeting_query import TargetingQuery

        d = properties_of(src_dict, "CampaignTargeting")
        _languages = take_optional(d, "languages")
        languages: list[str] | Unset = UNSET
        if not isinstance(_languages, Unset):
            languages = items_of(_languages, "languages")

        _regions = take_optional(d, "regions")
        regions: list[str] | Unset = UNSET
        if not isinstance(_regions, Unset):
            regions = items_of(_regions, "regions")

        _query = take_optional(d, "query")
        query: TargetingQuery | Unset
        if isinstance(_query, Unset):
            query = UNSET
        else:
            query = TargetingQuery.from_dict(_query)

        return cls(
            languages=languages,
            regions=regions,
            query=query,
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
