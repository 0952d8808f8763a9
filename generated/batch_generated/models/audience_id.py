from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..reading import properties_of, required_value
from ..values import UNSET, Unset
from ..writing import Model

if TYPE_CHECKING:
    from ..models.audience_attributes import AudienceAttributes


_PROPERTIES = frozenset(
    {
        "id",
        "attributes",
    }
)


@_attrs_define(kw_only=True)
class AudienceId(Model):
    """An id of the new content.

    Attributes:
        id (str): The id to store.
        attributes (AudienceAttributes | Unset): Values stored with the id, to personalize messages. At most 15
            attributes: String, Number, Float, Date, Url or Array. Write the key of a date as `date(key)`, of a URL
            as `url(key)`.
    """

    id: str
    attributes: AudienceAttributes | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(factory=dict)

    def _members(self) -> dict[str, Any]:
        members: dict[str, Any] = {
            **self.additional_properties,
            "id": self.id,
        }
        if self.attributes is not UNSET:
            members["attributes"] = self.attributes
        else:
            members.pop("attributes", None)
        return members

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read the JSON object; raise `errors.UnexpectedShape`, a ValueError, if it is not of this shape."""
        from ..models.audience_attributes import AudienceAttributes

        d = src_dict if type(src_dict) is dict else properties_of(src_dict, "AudienceId")
        others = len(d) - 2
        id = d.get("id")
        if id is None:
            id = required_value(d, "id", "AudienceId")
        attributes = d.get("attributes")
        if attributes is None or attributes is UNSET:
            attributes = UNSET
            others += "attributes" not in d
        else:
            attributes = AudienceAttributes.from_dict(attributes)
        additional_properties = {key: d[key] for key in d if key not in _PROPERTIES} if others else {}
        self = cls.__new__(cls)
        self.__init__(  # type: ignore[misc] # what calling the class does, without packing the arguments twice
            id=id,
            attributes=attributes,
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
