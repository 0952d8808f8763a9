from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.profile_update_code import ProfileUpdateCode
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
    from ..models.profile_update_error import ProfileUpdateError


@_attrs_define(kw_only=True)
class ProfileUpdateResult:
    """The result of a call. What `errors` lists was dropped although the call was accepted.

    Attributes:
        code (ProfileUpdateCode): Whether every part of the call was accepted.
        errors (list[ProfileUpdateError] | Unset): What was not processed.
    """

    code: ProfileUpdateCode
    errors: list[ProfileUpdateError] | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object; properties that are UNSET are left out."""
        result: dict[str, Any] = to_json(
            {
                **self.additional_properties,
                "code": self.code,
                "errors": self.errors,
            }
        )
        return result

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read the JSON object; raise `errors.UnexpectedShape`, a ValueError, if it is not of this shape."""
        from ..models.profile_update_error import ProfileUpdateError

        d = properties_of(src_dict, "ProfileUpdateResult")
        code = ProfileUpdateCode(take_required(d, "code", "ProfileUpdateResult"))

        _errors = take_optional(d, "errors")
        errors: list[ProfileUpdateError] | Unset = UNSET
        if not isinstance(_errors, Unset):
            errors = []
            for errors_item_data in items_of(_errors, "errors"):
                errors_item = ProfileUpdateError.from_dict(errors_item_data)

                errors.append(errors_item)

        return cls(
            code=code,
            errors=errors,
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
