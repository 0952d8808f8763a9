"""What the sandbox's collections share: objects in the order they were made, pages of them, and indexing."""

from __future__ import annotations

import base64
import binascii
import datetime
import secrets
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from attrs import define, field

from batch_client.sandbox._answers import malformed, not_found

ObjectT = TypeVar("ObjectT")

Clock = Callable[[], float]
"""Returns seconds since the epoch."""


def timestamp(seconds: float) -> str:
    """Return a time as the API writes it: RFC 3339, UTC, whole seconds."""
    return datetime.datetime.fromtimestamp(seconds, datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class Collection(Generic[ObjectT]):
    """Objects by key. A cursor names the last object seen, so pages stay right while objects come and go."""

    def __init__(self, kind: str) -> None:
        self._kind = kind
        self._objects: dict[str, tuple[int, ObjectT]] = {}
        self._made = 0

    def __contains__(self, key: str) -> bool:
        return key in self._objects

    def __len__(self) -> int:
        return len(self._objects)

    def add(self, key: str, value: ObjectT) -> None:
        """Add an object; refuse a key that is taken."""
        if key in self._objects:
            raise malformed(f"{self._kind} {key!r} exists already")
        self._made += 1
        self._objects[key] = (self._made, value)

    def get(self, key: str) -> ObjectT:
        """Return an object; refuse an unknown key."""
        if key not in self._objects:
            raise not_found(self._kind, key)
        return self._objects[key][1]

    def remove(self, key: str) -> None:
        """Remove an object, if it is there."""
        self._objects.pop(key, None)

    def values(self) -> list[ObjectT]:
        """Return the objects in the order they were made."""
        return [value for _, value in self._objects.values()]

    def page(
        self,
        parameters: dict[str, Any],
        items: str,
        show: Callable[[ObjectT], Any],
        wanted: Callable[[ObjectT], bool] = lambda _: True,
    ) -> dict[str, Any]:
        """Return the answer of a list operation over the wanted objects; the count is on the first page only."""
        cursor, limit = parameters.get("from"), parameters.get("limit", 10)
        seen = _read_cursor(cursor) if cursor is not None else 0
        listed = [(number, value) for number, value in self._objects.values() if wanted(value)]
        following = [(number, value) for number, value in listed if number > seen]
        shown = following[:limit]
        answer: dict[str, Any] = {items: [show(value) for _, value in shown], "has_more": len(following) > len(shown)}
        if cursor is None:
            answer["count"] = len(listed)
        if answer["has_more"]:
            answer["next_from"] = base64.urlsafe_b64encode(f"after:{shown[-1][0]}".encode()).decode()
        return answer


def _read_cursor(cursor: str) -> int:
    try:
        return int(base64.urlsafe_b64decode(cursor.encode()).decode().removeprefix("after:"))
    except (ValueError, binascii.Error):
        raise malformed("from is no cursor that a list answered") from None


@define
class _Update:
    due: float
    apply: Callable[[], None] | None
    replaces: bool
    replaced: bool = False


@define
class Indexing:
    """The updates of one object: each is IN_PROGRESS until it is due, then takes effect and is APPLIED.

    Once an update that replaces the content is applied, every earlier one is REPLACED.
    """

    clock: Clock
    seconds: float
    _updates: dict[str, _Update] = field(factory=dict)

    def accept(self, apply: Callable[[], None], *, replaces: bool = False) -> str:
        """Take in an update and return its token."""
        token = secrets.token_hex(16)
        self._updates[token] = _Update(due=self.clock() + self.seconds, apply=apply, replaces=replaces)
        return token

    def advance(self) -> None:
        """Let the updates that are due take effect, in their order."""
        earlier: list[_Update] = []
        for update in self._updates.values():
            if update.apply is not None and update.due <= self.clock():
                update.apply()
                update.apply = None
                if update.replaces:
                    for other in earlier:
                        other.replaced = True
            earlier.append(update)

    def state(self, token: str | None) -> str:
        """Return the state of a token, or of the last update."""
        if token is None:
            token = next(reversed(self._updates))
        if token not in self._updates:
            raise not_found("indexing token", token)
        update = self._updates[token]
        if update.replaced:
            return "REPLACED"
        return "APPLIED" if update.apply is None else "IN_PROGRESS"
