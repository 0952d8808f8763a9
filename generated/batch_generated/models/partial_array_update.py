from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from attrs import define as _attrs_define

from ..types import (
    UNSET,
    Unset,
    items_of,
    properties_of,
    take_optional,
    to_json,
)


@_attrs_define(kw_only=True)
class PartialArrayUpdate:
    """Entries to add to an array or to remove from it.

    Attributes:
        add (list[str] | Unset): Entries to add.
        remove (list[str] | Unset): Entries to remove.
    """

    add: list[str] | Unset = UNSET
    remove: list[str] | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object; properties that are UNSET are left out."""
        result: dict[str, Any] = to_json(
            {
                "$add": self.add,
                "$remove": self.remove,
            }
        )
        return result

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read the JSON object; raise `errors.UnexpectedShape`, a ValueError, if it is not of this shape."""
        d = properties_of(src_dict, "PartialArrayUpdate")
        _add = take_optional(d, "$add")
        add: list[str] | Unset = UNSET
        if not isinstance(_add, Unset):
            add = items_of(_add, "$add")

        _remove = take_optional(d, "$remove")
        remove: list[str] | Unset = UNSET
        if not isinstance(_remove, Unset):
            remove = items_of(_remove, "$remove")

        return cls(
            add=add,
            remove=remove,
        )
