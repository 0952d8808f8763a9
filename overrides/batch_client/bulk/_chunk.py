"""The chunk of records that becomes one call: a value that knows nothing of who sends or counts it."""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Iterable

from attrs import define, field

from batch_client.bulk._problems import RecordProblem

DIGEST_SIZE = 16


class Digest:
    """Recognizes records without keeping them."""

    def __init__(self) -> None:
        self._hash = hashlib.blake2b(digest_size=DIGEST_SIZE)

    def add(self, body: bytes) -> None:
        self._hash.update(len(body).to_bytes(8) + body)

    def value(self) -> bytes:
        return self._hash.digest()


@define
class Chunk:
    """The valid records of one call, and where the invalid ones are between them."""

    start: int
    """Index of the first record."""
    stop: int = 0
    """Index after the last."""
    indexes: array[int] = field(factory=lambda: array("Q"))
    """Indexes of the records that are sent."""
    ids: list[str | None] = field(factory=list)
    """Their custom ids or item ids."""
    bodies: list[bytes] = field(factory=list)
    """The same records as JSON, until the body of the call is made of them."""
    size: int = 0
    """Bytes of the bodies and of what is between them."""
    identities: dict[str, set[str]] = field(factory=dict)
    """The names of identifiers, each with its values in these records."""
    invalid: list[int] = field(factory=list)
    """Indexes of the records that are not sent because they are invalid."""
    unconfirmed: dict[int, RecordProblem] = field(factory=dict)
    """By index, what is not sent again because an earlier run sent it with an unknown outcome."""
    digest: Digest = field(factory=Digest)
    """Of all its records, the invalid ones too."""
    replaces: bool = False
    """Whether its call replaces what is there: no other may be in flight beside it, nor follow unless it did."""
    outcome_unknown: bool = False
    """Whether an earlier run sent it and received no response."""

    @property
    def has_records(self) -> bool:
        """Whether it holds any that are not invalid; the call that empties an audience holds none."""
        return bool(self.indexes or self.unconfirmed)

    def add(self, index: int, id: str | None, identities: Iterable[tuple[str, str]], body: bytes) -> None:
        self.indexes.append(index)
        self.ids.append(id)
        for name, value in identities:
            self.identities.setdefault(name, set()).add(value)
        self.bodies.append(body)
        self.size += len(body) + 1

    def release_bodies(self) -> list[bytes]:
        """Return the records as JSON, and keep them no longer."""
        bodies, self.bodies = self.bodies, []
        return bodies

    def has_any_of(self, identities: Iterable[tuple[str, str]]) -> bool:
        """Return whether one of its records has one of these identifiers."""
        return any(value in self.identities.get(name, ()) for name, value in identities)

    def must_follow(self, others: Iterable[Chunk]) -> bool:
        """Return whether it may be about what others are about, so that it must be sent after them.

        A custom id and an installation may be of one profile, which nobody here can know.
        """
        return any(self._overlaps(other) for other in others)

    def _overlaps(self, other: Chunk) -> bool:
        if len(self.identities.keys() | other.identities.keys()) > 1:
            return True
        return any(not values.isdisjoint(other.identities.get(name, ())) for name, values in self.identities.items())
