"""What the comparison reports: findings with a rule, a level, a direction and a place."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from enum import IntEnum
from typing import Any

from attrs import frozen


class Level(IntEnum):
    """How much a change asks of callers."""

    INFO = 0
    WARNING = 1
    BREAKING = 2

    @property
    def word(self) -> str:
        return self.name.lower()


@frozen
class Finding:
    """One change."""

    rule: str
    level: Level
    """On the wire."""
    direction: str
    """request, response or none."""
    operation: str
    """Method and path, or what else it is about; of a component, the first operation that it matters to."""
    path: str
    """The place inside the operation; of a component, the place inside it, which begins with its name."""
    text: str
    """What changed, for people."""
    old: Any = None
    new: Any = None
    python_level: Level | None = None
    """For callers of the Python client; None where its surface was not compared."""
    symbols: tuple[str, ...] = ()
    """What of the Python client it touches."""
    advice: str = ""
    """What a caller must do."""
    component: str | None = None
    """The component it is about, if it is about one that several places may share."""
    also_in: tuple[str, ...] = ()
    """The other operations that the component matters to."""

    @property
    def worst(self) -> Level:
        return self.level if self.python_level is None else max(self.level, self.python_level)

    @property
    def fingerprint(self) -> str:
        """A name of the change that is the same in every comparison that finds it."""
        place = self.component or self.operation
        parts = [self.rule, self.direction, place, self.path, self.old, self.new]
        return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()[:12]


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings, the worst first, each once."""
    unique = {finding.fingerprint: finding for finding in findings}
    return sorted(unique.values(), key=lambda f: (-f.worst, f.operation, f.direction, f.path, f.rule, str(f.new)))
