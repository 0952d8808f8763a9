"""Renews in a forked process what it must not share with its parent: connections, locks, levels of rate limits."""

from __future__ import annotations

import os
from typing import Protocol
from weakref import WeakSet


class Renewable(Protocol):
    """Something that a forked process cannot use as it is."""

    def renew(self) -> None:
        """Start afresh. No other thread runs, and locks may be held by threads that are not there any more."""


_renewables: WeakSet[Renewable] = WeakSet()


def renew_after_fork(thing: Renewable) -> None:
    """Have something renewed in each process that is forked from this one, as long as it is in use."""
    _renewables.add(thing)


def _renew_all() -> None:
    for thing in list(_renewables):
        thing.renew()


if hasattr(os, "register_at_fork"):  # Windows has no fork
    os.register_at_fork(after_in_child=_renew_all)
