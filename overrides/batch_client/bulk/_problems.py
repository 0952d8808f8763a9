"""Lists the problems of records, however many: the first in memory, all others in a temporary file."""

from __future__ import annotations

import errno
import json
import os
import weakref
from array import array
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from tempfile import TemporaryFile
from typing import IO, Any, overload

from attrs import astuple, frozen

from batch_client._transport.signals import is_from_signal

MOST_IN_MEMORY = 1_000


@frozen
class RecordProblem:
    """Why a record, or a part of it, was not accepted."""

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
        self._size = 0
        """How much of the file counts."""
        self._file: IO[bytes] | None = None
        self._last: list[RecordProblem] = []
        """What could not be written."""
        self.failure: OSError | None = None
        """Why the file cannot be written; from then on the list grows in memory."""
        self.extend(problems)

    def extend(self, problems: Iterable[RecordProblem]) -> None:
        for problem in problems:
            if len(self._first) < MOST_IN_MEMORY:
                self._first.append(problem)
            elif self.failure is not None or not self._write(problem):
                self._last.append(problem)

    def _write(self, problem: RecordProblem) -> bool:
        """Write a problem whole and return True, or note the failure."""
        line = json.dumps(astuple(problem)).encode()
        try:
            if self._file is None:
                # Without a buffer, whose content would be lost if the disk is full when it is written out.
                with ExitStack() as stack:
                    self._file = stack.enter_context(TemporaryFile(buffering=0))
                    weakref.finalize(self, stack.pop_all().close)
            self._file.seek(self._size)
            if self._file.write(line) < len(line):
                self.failure = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        except OSError as error:
            if is_from_signal(error):
                raise
            self.failure = error
        if self.failure is not None:
            return False
        start, self._size = self._size, self._size + len(line)
        self._starts.append(start)
        return True

    @overload
    def __getitem__(self, index: int) -> RecordProblem: ...
    @overload
    def __getitem__(self, index: slice) -> list[RecordProblem]: ...
    def __getitem__(self, index: int | slice) -> RecordProblem | list[RecordProblem]:
        if isinstance(index, slice):
            return [self[number] for number in range(len(self))[index]]
        number = range(len(self))[index] - len(self._first)
        if number < 0:
            return self._first[number]
        if self._file is None or number >= len(self._starts):
            return self._last[number - len(self._starts)]
        start, *following = self._starts[number : number + 2]
        self._file.seek(start)
        line = self._file.read((following[0] if following else self._size) - start)
        return RecordProblem(*json.loads(line))

    def __len__(self) -> int:
        return len(self._first) + len(self._starts) + len(self._last)

    def __eq__(self, other: object) -> bool:
        return list(self) == list(other) if isinstance(other, Problems | list) else NotImplemented

    def __repr__(self) -> str:
        return f"[{', '.join(map(repr, self[:3]))}{', …' if len(self) > 3 else ''}]"

    def __reduce__(self) -> Any:
        return Problems, (list(self),)
