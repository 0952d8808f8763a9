"""The one error that every command of the tooling reports, a line per problem."""

from __future__ import annotations

import sys
from collections.abc import Iterable

NOTE = "note: "
"""How a line begins that tells of no error."""


class ToolError(Exception):
    """The input is wrong; each problem says what is wrong and how to fix it, in one line."""

    def __init__(self, *problems: str, notes: Iterable[str] = ()) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems
        self.notes = tuple(notes)

    def print(self) -> None:
        """Print each problem and each note as a line on standard error."""
        for note in self.notes:
            print(f"{NOTE}{' '.join(note.split())}", file=sys.stderr)
        for problem in self.problems:
            print(f"error: {' '.join(problem.split())}", file=sys.stderr)
