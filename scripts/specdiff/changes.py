"""What a comparison of two schemas yields: changes, each with its effect on the values that fit."""

from __future__ import annotations

from enum import Enum
from typing import Any

from attrs import evolve, frozen


class Effect(Enum):
    """What becomes of the values that fit."""

    LESS = "less"
    MORE = "more"
    OTHER = "other"
    NONE = "none"


@frozen
class Member:
    """One step into a schema: the class that holds the member, if a component does, and the member."""

    owner: str | None
    name: str
    """A property's name, or in brackets what else is entered: `[]`, `{*}`, `(any-of)`."""

    @property
    def is_property(self) -> bool:
        return not self.name.startswith(("[", "(", "{"))


@frozen
class Change:
    """One difference between two schemas."""

    aspect: str
    """What differs: `max-length`, `enum-value`, `property`."""
    action: str
    """How: `increased`, `added`."""
    effect: Effect
    path: tuple[Member, ...]
    """Where, from the schema that was compared."""
    old: Any = None
    new: Any = None
    required: bool = False
    """Of a property: whether it is required (for one that is new, in the revision)."""
    default: bool = False
    """Of a property: whether it has a default."""
    closed: bool = False
    """Of a property that is removed: whether the object takes no others, so that sending it is an error."""
    read_only: bool = False
    write_only: bool = False

    @property
    def place(self) -> str:
        """Where, as people read it: `.ids[].action`."""
        return "".join(f".{member.name}" if member.is_property else member.name for member in self.path)

    def below(self, member: Member) -> Change:
        """Return the same change, seen from one step further out."""
        return evolve(self, path=(member, *self.path))
