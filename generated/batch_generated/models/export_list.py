from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..reading import items_of, properties_of, required_value
from ..values import UNSET, Unset
from ..writing import Model

if TYPE_CHECKING:
    from ..models.export import Export


_PROPERTIES = frozenset(
    {
        "exports",
        "count",
        "has_more",
        "next_from",
    }
)


@_attrs_define(kw_only=True)
class ExportList(Model):
    """A page of exports.

    Attributes:
        exports (list[Export]): The export requests of this page.
        count (int | Unset): The total number of objects. Only returned with the first page.
        has_more (bool | Unset): Whether there are more pages.
        next_from (str | Unset): The value of `from` that returns the next page.
    """

    exports: list[Export]
    count: int | Unset = UNSET
    has_more: bool | Unset = UNSET
    next_from: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(factory=dict)

    def _members(self) -> dict[str, Any]:
        members: dict[str, Any] = {
            **self.additional_properties,
            "exports": self.exports,
        }
        if self.count is not UNSET:
            members["count"] = self.count
        else:
            members.pop("count", None)
        if self.has_more is not UNSET:
            members["has_more"] = self.has_more
        else:
            members.pop("has_more", None)
        if self.next_from is not UNSET:
            members["next_from"] = self.next_from
        else:
            members.pop("next_from", None)
        return members

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read the JSON object; raise `errors.UnexpectedShape`, a ValueError, if it is not of this shape."""
        from ..models.export import Export

        d = src_dict if type(src_dict) is dict else properties_of(src_dict, "ExportList")
        others = len(d) - 4
        exports = d.get("exports")
        if exports is None:
            exports = required_value(d, "exports", "ExportList", nullable=True)
        exports = [Export.from_dict(item) for item in items_of(exports, "exports")]
        count = d.get("count")
        if count is None:
            count = UNSET
            others += "count" not in d
        has_more = d.get("has_more")
        if has_more is None:
            has_more = UNSET
            others += "has_more" not in d
        next_from = d.get("next_from")
        if next_from is None:
            next_from = UNSET
            others += "next_from" not in d
        additional_properties = {key: d[key] for key in d if key not in _PROPERTIES} if others else {}
        self = cls.__new__(cls)
        self.__init__(  # type: ignore[misc] # what calling the class does, without packing the arguments twice
            exports=exports,
            count=count,
            has_more=has_more,
            next_from=next_from,
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
