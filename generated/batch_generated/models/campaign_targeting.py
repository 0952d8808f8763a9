from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..reading import items_of, properties_of
from ..values import UNSET, Unset
from ..writing import Model

if TYPE_CHECKING:
    from ..models.targeting_query import TargetingQuery


_PROPERTIES = frozenset(
    {
        "languages",
        "regions",
        "query",
    }
)


@_attrs_define(kw_only=True)
class CampaignTargeting(Model):
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

    def _members(self) -> dict[str, Any]:
        members: dict[str, Any] = {
            **self.additional_properties,
        }
        if self.languages is not UNSET:
            members["languages"] = self.languages
        else:
            members.pop("languages", None)
        if self.regions is not UNSET:
            members["regions"] = self.regions
        else:
            members.pop("regions", None)
        if self.query is not UNSET:
            members["query"] = self.query
        else:
            members.pop("query", None)
        return members

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read the JSON object; raise `errors.UnexpectedShape`, a ValueError, if it is not of this shape."""
        from ..models.targeting_query import TargetingQuery

        d = src_dict if type(src_dict) is dict else properties_of(src_dict, "CampaignTargeting")
        others = len(d) - 3
        languages = d.get("languages")
        if languages is None or languages is UNSET:
            languages = UNSET
            others += "languages" not in d
        else:
            languages = items_of(languages, "languages")
        regions = d.get("regions")
        if regions is None or regions is UNSET:
            regions = UNSET
            others += "regions" not in d
        else:
            regions = items_of(regions, "regions")
        query = d.get("query")
        if query is None or query is UNSET:
            query = UNSET
            others += "query" not in d
        else:
            query = TargetingQuery.from_dict(query)
        additional_properties = {key: d[key] for key in d if key not in _PROPERTIES} if others else {}
        self = cls.__new__(cls)
        self.__init__(  # type: ignore[misc] # what calling the class does, without packing the arguments twice
            languages=languages,
            regions=regions,
            query=query,
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
