from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..reading import properties_of, required_value
from ..writing import Model

_PROPERTIES = frozenset(
    {
        "error_message",
        "error_code",
    }
)


@_attrs_define(kw_only=True)
class Error(Model):
    """Why the API refused a request.

    Attributes:
        error_message (str): A human readable error message
        error_code (str): Error code
    """

    error_message: str
    error_code: str
    additional_properties: dict[str, Any] = _attrs_field(factory=dict)

    def _members(self) -> dict[str, Any]:
        members: dict[str, Any] = {
            **self.additional_properties,
            "error_message": self.error_message,
            "error_code": self.error_code,
        }
        return members

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read the JSON object; raise `errors.UnexpectedShape`, a ValueError, if it is not of this shape."""
        d = src_dict if type(src_dict) is dict else properties_of(src_dict, "Error")
        others = len(d) - 2
        error_message = d.get("error_message")
        if error_message is None:
            error_message = required_value(d, "error_message", "Error")
        error_code = d.get("error_code")
        if error_code is None:
            error_code = required_value(d, "error_code", "Error")
        additional_properties = {key: d[key] for key in d if key not in _PROPERTIES} if others else {}
        self = cls.__new__(cls)
        self.__init__(  # type: ignore[misc] # what calling the class does, without packing the arguments twice
            error_message=error_message,
            error_code=error_code,
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
