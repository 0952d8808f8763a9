"""Lists the problems of records, however many: the first in memory, all others in a temporary file."""

from __future__ import annotations

import json
import os
import weakref
from array import array
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from tempfile import TemporaryFile
from typing import IO, Any, overload

from attrs import astuple, frozen

MOST_IN_MEMORY = 1_000


@frozen
class RecordProblem:
    """Why a record, or a part of it, did not get in."""

    index: int
    """Its place in the records passed in, from 0."""
    id: str | None
    """Its custom id or item id; None if it has none."""
    field: str
    """The part that is wrong, such as `attributes.plan`; empty for the whole record."""
    reason: str


class Problems(Sequence[RecordProblem]):
    """A list of problems that only grows. Its file has no name, and goes with the list or the process."""

    def __init__(self, problems: Iterable[RecordProblem] = ()) -> None:
        self._first: list[RecordProblem] = []
        self._starts = array("Q")
        """Where each of the others begins in the file."""
        self._file: IO[bytes] | None = None
        self._is_at_end = True
        self.extend(problems)

    def extend(self, problems: Iterable[RecordProblem]) -> None:
        for problem in problems:
            if len(self._first) < MOST_IN_MEMORY:
                self._first.append(problem)
            else:
                self._write(problem)

    def _write(self, problem: RecordProblem) -> None:
        if self._file is None:
            with ExitStack() as stack:
                self._file = stack.enter_context(TemporaryFile())
                weakref.finalize(self, stack.pop_all().close)
        if not self._is_at_end:
            self._file.seek(0, os.SEEK_END)
            self._is_at_end = True
        start = self._file.tell()
        self._file.write(json.dumps(astuple(problem)).encode() + b"\n")
        self._starts.append(start)  # at the end, so that an interrupt leaves no start without its problem

    @overload
    def __getitem__(self, index: int) -> RecordProblem: ...
    @overload
    def __getitem__(self, index: slice) -> list[RecordProblem]: ...
    def __getitem__(self, index: int | slice) -> RecordProblem | list[RecordProblem]:
        if isinstance(index, slice):
            return [self[number] for number in range(len(self))[index]]
        number = range(len(self))[index]
        if self._file is None or number < len(self._first):
            return self._first[number]
        self._is_at_end = False  # each seek writes out what is buffered
        self._file.seek(self._starts[number - len(self._first)])
        return RecordProblem(*json.loads(self._file.readline()))

    def __len__(self) -> int:
        return len(self._first) + len(self._starts)

    def __eq__(self, other: object) -> bool:
        return list(self) == list(other) if isinstance(other, Problems | list) else NotImplemented

    def __repr__(self) -> str:
        return f"[{', '.join(map(repr, self[:3]))}{', …' if len(self) > 3 else ''}]"

    def __reduce__(self) -> Any:
        return Problems, (list(self),)
