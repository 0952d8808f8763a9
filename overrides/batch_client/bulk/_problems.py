"""Lists the problems of records, however many: what does not fit in a little memory goes to a temporary file."""

from __future__ import annotations

import json
import os
import weakref
from array import array
from collections.abc import Iterable, Sequence
from tempfile import SpooledTemporaryFile
from typing import Any, overload

from attrs import astuple, frozen

BYTES_IN_MEMORY = 2**20


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
        self._file = SpooledTemporaryFile(max_size=BYTES_IN_MEMORY)  # noqa: SIM115 - closed by the finalizer
        self._starts = array("Q")
        weakref.finalize(self, self._file.close)
        self.extend(problems)

    def extend(self, problems: Iterable[RecordProblem]) -> None:
        self._file.seek(0, os.SEEK_END)
        for problem in problems:
            self._starts.append(self._file.tell())
            self._file.write(json.dumps(astuple(problem)).encode() + b"\n")

    @overload
    def __getitem__(self, index: int) -> RecordProblem: ...
    @overload
    def __getitem__(self, index: slice) -> list[RecordProblem]: ...
    def __getitem__(self, index: int | slice) -> RecordProblem | list[RecordProblem]:
        if isinstance(index, slice):
            return [self[number] for number in range(len(self))[index]]
        self._file.seek(self._starts[index])
        return RecordProblem(*json.loads(self._file.readline()))

    def __len__(self) -> int:
        return len(self._starts)

    def __eq__(self, other: object) -> bool:
        return list(self) == list(other) if isinstance(other, Problems | list) else NotImplemented

    __hash__ = None  # type: ignore[assignment] # as of a list

    def __repr__(self) -> str:
        return f"[{', '.join(map(repr, self[:3]))}{', …' if len(self) > 3 else ''}]"

    def __reduce__(self) -> Any:
        return Problems, (list(self),)
