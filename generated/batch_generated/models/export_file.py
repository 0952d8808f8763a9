from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..reading import properties_of, required_value
from ..values import UNSET, Unset
from ..writing import Model

_PROPERTIES = frozenset(
    {
        "id",
        "part",
        "size",
        "url",
    }
)


@_attrs_define(kw_only=True)
class ExportFile(Model):
    """One file of a finished export: JSON, at most 100 MB.

    Attributes:
        id (str): Id of the file, for exports/download.
        part (int | Unset): The number of the file.
        size (int | Unset): Size of the file in bytes, at most 100 MB.
        url (str | Unset): URL of the exports/download call that returns the file.
    """

    id: str
    part: int | Unset = UNSET
    size: int | Unset = UNSET
    url: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(factory=dict)

    def _members(self) -> dict[str, Any]:
        members: dict[str, Any] = {
            **self.additional_properties,
            "id": self.id,
        }
        if self.part is not UNSET:
            members["part"] = self.part
        else:
            members.pop("part", None)
        if self.size is not UNSET:
            members["size"] = self.size
        else:
            members.pop("size", None)
        if self.url is not UNSET:
            members["url"] = self.url
        else:
            members.pop("url", None)
        return members

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read the JSON object; raise `errors.UnexpectedShape`, a ValueError, if it is not of this shape."""
        d = src_dict if type(src_dict) is dict else properties_of(src_dict, "ExportFile")
        others = len(d) - 4
        id = d.get("id")
        if id is None:
            id = required_value(d, "id", "ExportFile")
        part = d.get("part")
        if part is None:
            part = UNSET
            others += "part" not in d
        size = d.get("size")
        if size is None:
            size = UNSET
            others += "size" not in d
        url = d.get("url")
        if url is None:
            url = UNSET
            others += "url" not in d
        additional_properties = {key: d[key] for key in d if key not in _PROPERTIES} if others else {}
        self = cls.__new__(cls)
        self.__init__(  # type: ignore[misc] # what calling the class does, without packing the arguments twice
            id=id,
            part=part,
            size=size,
            url=url,
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
