"""What the sandbox's collections share: objects in the order they were made, pages of them, and indexing."""

from __future__ import annotations

import base64
import datetime
import re
import secrets
from collections.abc import Callable, Iterator
from typing import Any, Generic, TypeVar

from attrs import define, field

from batch_client.sandbox._answers import malformed, not_found

ObjectT = TypeVar("ObjectT")

Clock = Callable[[], float]
"""Returns seconds since the epoch."""


def timestamp(seconds: float) -> str:
    """Return a time as the API writes it: RFC 3339, UTC, whole seconds."""
    return datetime.datetime.fromtimestamp(seconds, datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def read_time(text: str | None, default: float) -> float:
    """Return a time of RFC 3339 as seconds since the epoch, the default for none and "now"; refuse the rest."""
    if text is None or text == "now":
        return default
    try:
        # RFC 3339 allows lower case letters and leap seconds, which Python's reader does not.
        time = datetime.datetime.fromisoformat(_LEAP_SECOND.sub(r"\g<1>59", text.upper()))
        if time.tzinfo is None:  # the same time on every machine
            time = time.replace(tzinfo=datetime.UTC)
        return time.astimezone(datetime.UTC).timestamp()
    except (ValueError, OverflowError):
        raise malformed(f"{text!r} is not a time of RFC 3339 in the years 1 to 9999") from None


_LEAP_SECOND = re.compile(r"^(.{10}[T ]\d\d:\d\d:)60", re.ASCII)


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
        seen = self._read_cursor(cursor) if cursor is not None else 0
        listed = [(number, value) for number, value in self._objects.values() if wanted(value)]
        following = [(number, value) for number, value in listed if number > seen]
        shown = following[:limit]
        answer: dict[str, Any] = {items: [show(value) for _, value in shown], "has_more": len(following) > len(shown)}
        if cursor is None:
            answer["count"] = len(listed)
        if answer["has_more"]:
            answer["next_from"] = base64.urlsafe_b64encode(f"{self._kind}:{shown[-1][0]}".encode()).decode()
        return answer

    def _read_cursor(self, cursor: str) -> int:
        try:
            text = base64.b64decode(cursor.encode("ascii"), altchars=b"-_", validate=True).decode("ascii")
        except ValueError:
            text = ""
        match = re.fullmatch(r"(\w+):([0-9]{1,18})", text)
        if match is None or match[1] != self._kind or not 0 < int(match[2]) <= self._made:
            raise malformed("from is not a cursor that this list answered")
        return int(match[2])


@define
class _Update:
    due: float
    content: Any
    replaces: bool
    applied: bool = False
    replaced: bool = False


@define
class Indexing:
    """The updates of one object: each is IN_PROGRESS until it is due, then takes effect and is APPLIED.

    Once an update that replaces the content is applied, every earlier one is REPLACED.
    """

    _updates: dict[str, _Update] = field(factory=dict)
    _waiting: list[str] = field(factory=list)

    def accept(self, content: Any, due: float, *, replaces: bool = False) -> str:
        """Take in an update that takes effect when it is due; return its token."""
        token = secrets.token_hex(16)
        # Updates take effect in the order in which they came.
        due = max([due, *(self._updates[waiting].due for waiting in self._waiting)])
        self._updates[token] = _Update(due, content, replaces)
        self._waiting.append(token)
        return token

    def advance(self, now: float) -> Iterator[Any]:
        """Yield what has become due, in order, for the owner to apply."""
        while self._waiting and self._updates[self._waiting[0]].due <= now:
            token = self._waiting.pop(0)
            update = self._updates[token]
            yield update.content
            update.content, update.applied = None, True
            if update.replaces:
                for earlier, other in self._updates.items():
                    if earlier == token:
                        break
                    other.replaced = True

    def state(self, token: str | None) -> str:
        """Return the state of a token, or of the last update."""
        if token is None:
            token = next(reversed(self._updates))
        if token not in self._updates:
            raise not_found("indexing token", token)
        update = self._updates[token]
        if update.replaced:
            return "REPLACED"
        return "APPLIED" if update.applied else "IN_PROGRESS"
