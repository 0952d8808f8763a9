"""Writes a table of problems as a CSV file that is complete or not there, and safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import os
import re
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

_FORMULA = re.compile("'*[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
"""The start of a cell that a spreadsheet may run, or that already has apostrophes before such a start."""


def header(place_name: str) -> list[str]:
    """Return the first line of a table of problems, given what the place of a record is called."""
    return ["outcome", place_name, "id", "field", "reason"]


def write_table(path: Path, first: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write a table.

    A cell that a spreadsheet would run as a formula gets an apostrophe in front. To get the value back, remove one
    apostrophe from each cell that has only apostrophes before a `=`, `+`, `-` or `@`, a tab or a line break.

    The file takes the place of an earlier one when it is complete, so that a failure leaves that as it was.

    Raises:
        OSError: the file cannot be written.
    """
    with _replacing(path) as target:
        writer = csv.writer(target)
        writer.writerow(first)
        writer.writerows(map(_inert, row) for row in rows)


def _inert(cell: Any) -> Any:
    return f"'{cell}" if isinstance(cell, str) and _FORMULA.match(cell) else cell


@contextmanager
def _replacing(path: Path) -> Iterator[IO[str]]:
    path = Path(os.path.realpath(path))
    # Devices and pipes cannot be replaced, nor can a file whose folder is closed to us.
    in_place = (path.exists() and not path.is_file()) or not os.access(path.parent, os.W_OK)
    scratch = path if in_place else path.with_name(f".{path.name[:100]}.{os.getpid()}")
    try:
        # An id may hold what no encoding has a form for, which is why its record is invalid.
        with scratch.open("w", encoding="utf-8", errors="backslashreplace", newline="") as target:
            yield target
        if not in_place:
            if path.exists():
                shutil.copymode(path, scratch)
            scratch.replace(path)
    except BaseException:
        if not in_place:
            scratch.unlink(missing_ok=True)
        raise
