"""The kinds of bulk runs: which calls they make, and what these say beside the records."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import frozen

from batch_client.bulk._plan import Batch
from batch_client.bulk._target import Target, target_of
from batch_client.bulk.options import Mode

_OPERATIONS: Mapping[str, str] = {"mass": "profile_mass_update", "stream": "profile_update"}


@frozen
class Job:
    """One kind of run: what the first call is, what the others are, and what else a body says."""

    first: Target
    following: Target
    members: dict[str, Any]
    repeats: bool = False
    tag: str | None = None
    """The resource whose tasks tell when indexing is done; None if nothing is indexed."""

    @property
    def identity(self) -> dict[str, Any]:
        """What tells its runs from others."""
        return {"operation": self.first.operation} | self.members

    @property
    def first_goes_alone(self) -> bool:
        """Whether nothing may be under way beside the first call, because it replaces what is there."""
        return self.following is not self.first

    def content(self, batch: Batch) -> tuple[Target, bytes]:
        target = self.first if batch.is_first else self.following
        bodies = batch.bodies
        if target is not self.first:
            # What the first call replaced, the following ones add to.
            bodies = [body[:-1] + b',"action":"add"}' for body in bodies]
        return target, target.body(bodies, **self.members)


def profiles_job(mode: Mode) -> Job:
    if mode not in _OPERATIONS:
        raise ValueError(f"mode must be 'mass' or 'stream', not {mode!r}")
    target = target_of(_OPERATIONS[mode])
    return Job(target, target, {})


def audience_job(name: str) -> Job:
    target = target_of("audience_update")
    # The last action on an id wins, by the documentation.
    return Job(target, target, {"name": name}, repeats=True, tag="audiences")


def replacement_job(name: str) -> Job:
    return Job(target_of("audience_replace"), target_of("audience_update"), {"name": name}, tag="audiences")


def catalog_job(name: str) -> Job:
    target = target_of("catalog_items_edit")
    return Job(target, target, {"name": name}, tag="catalogs")
