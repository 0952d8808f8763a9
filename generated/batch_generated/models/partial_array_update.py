from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from attrs import define as _attrs_define

from ..reading import items_of, properties_of
from ..values import UNSET, Unset
from ..writing import Model


@_attrs_define(kw_only=True)
class PartialArrayUpdate(Model):
    """Entries to add to an array or to remove from it.

    Attributes:
        add (list[str] | Unset): Entries to add.
        remove (list[str] | Unset): Entries to remove.
    """

    add: list[str] | Unset = UNSET
    remove: list[str] | Unset = UNSET

    def _members(self) -> dict[str, Any]:
        members: dict[str, Any] = {}
        if self.add is not UNSET:
            members["$add"] = self.add
        if self.remove is not UNSET:
            members["$remove"] = self.remove
        return members

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read the JSON object; raise `errors.UnexpectedShape`, a ValueError, if it is not of this shape."""
        d = src_dict if type(src_dict) is dict else properties_of(src_dict, "PartialArrayUpdate")
        add = d.get("$add")
        if add is None or add is UNSET:
            add = UNSET
        else:
            add = items_of(add, "$add")
        remove = d.get("$remove")
        if remove is None or remove is UNSET:
            remove = UNSET
        else:
            remove = items_of(remove, "$remove")
        self = cls.__new__(cls)
        self.__init__(  # type: ignore[misc] # what calling the class does, without packing the arguments twice
            add=add,
            remove=remove,
        )
        return self
