from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.profile_update_code import ProfileUpdateCode
from ..reading import items_of, members_by_value, properties_of, required_value
from ..values import UNSET, Unset
from ..writing import Model

if TYPE_CHECKING:
    from ..models.profile_update_error import ProfileUpdateError


_PROFILE_UPDATE_CODE = members_by_value(ProfileUpdateCode)

_PROPERTIES = frozenset(
    {
        "code",
        "errors",
    }
)


@_attrs_define(kw_only=True)
class ProfileUpdateResult(Model):
    """The result of a call. What `errors` lists was dropped although the call was accepted.

    Attributes:
        code (ProfileUpdateCode): Whether every part of the call was accepted.
        errors (list[ProfileUpdateError] | Unset): What was not processed.
    """

    code: ProfileUpdateCode
    errors: list[ProfileUpdateError] | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(factory=dict)

    def _members(self) -> dict[str, Any]:
        members: dict[str, Any] = {
            **self.additional_properties,
            "code": self.code,
        }
        if self.errors is not UNSET:
            members["errors"] = self.errors
        else:
            members.pop("errors", None)
        return members

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read the JSON object; raise `errors.UnexpectedShape`, a ValueError, if it is not of this shape."""
        from ..models.profile_update_error import ProfileUpdateError

        d = src_dict if type(src_dict) is dict else properties_of(src_dict, "ProfileUpdateResult")
        others = len(d) - 2
        code = d.get("code")
        if code is None:
            code = required_value(d, "code", "ProfileUpdateResult")
        try:
            code = _PROFILE_UPDATE_CODE[code]
        except (KeyError, TypeError):
            code = ProfileUpdateCode(code)
        errors = d.get("errors")
        if errors is None or errors is UNSET:
            errors = UNSET
            others += "errors" not in d
        else:
            errors = [ProfileUpdateError.from_dict(item) for item in items_of(errors, "errors")]
        additional_properties = {key: d[key] for key in d if key not in _PROPERTIES} if others else {}
        self = cls.__new__(cls)
        self.__init__(  # type: ignore[misc] # what calling the class does, without packing the arguments twice
            code=code,
            errors=errors,
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
