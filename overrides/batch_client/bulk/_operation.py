"""The bulk operations: which calls each makes, and what these say beside the records."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import frozen

from batch_client.bulk._chunk import Chunk
from batch_client.bulk._target import Target, target_of
from batch_client.bulk.options import Mode

_PROFILES: Mapping[str, str] = {"mass": "profile_mass_update", "stream": "profile_update"}


@frozen
class BulkOperation:
    """What is done with the records: what the first call is, what the others are, and what else a body says."""

    first: Target
    following: Target
    members: dict[str, Any]
    repeats_ids: bool = False
    """Whether a call may hold several records of one id."""
    indexed_by: str | None = None
    """The resource whose tasks say when indexing is done; None if nothing is indexed."""

    @property
    def identity(self) -> dict[str, Any]:
        """What distinguishes its runs from others."""
        return {"operation": self.first.operation} | self.members

    @property
    def replaces(self) -> bool:
        """Whether the first call replaces what is there, and the following ones add to it."""
        return self.following is not self.first

    def call(self, chunk: Chunk) -> tuple[Target, bytes]:
        """Return the target and the body of the call that sends a chunk, which keeps no bodies of its own then."""
        bodies = chunk.release_bodies()
        if chunk.replaces or not self.replaces:
            return self.first, self.first.body(bodies, **self.members)
        bodies = [body[:-1] + b',"action":"add"}' for body in bodies]
        return self.following, self.following.body(bodies, **self.members)


def profiles_update(mode: Mode) -> BulkOperation:
    if mode not in _PROFILES:
        raise ValueError(f"mode must be 'mass' or 'stream', not {mode!r}")
    target = target_of(_PROFILES[mode])
    return BulkOperation(target, target, {})


def audience_update(name: str) -> BulkOperation:
    target = target_of("audience_update")
    # The last action on an id wins, by the documentation.
    return BulkOperation(target, target, {"name": name}, repeats_ids=True, indexed_by="audiences")


def audience_replacement(name: str) -> BulkOperation:
    first, following = target_of("audience_replace"), target_of("audience_update")
    return BulkOperation(first, following, {"name": name}, indexed_by="audiences")


def catalog_edit(name: str) -> BulkOperation:
    target = target_of("catalog_items_edit")
    return BulkOperation(target, target, {"name": name}, indexed_by="catalogs")
