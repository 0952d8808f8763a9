"""Writes a table of problems as a CSV file that is complete or not there, and safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import os
import re
import secrets
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

_FORMULA = re.compile("'*[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
"""The start of a cell that a spreadsheet may run, or that already has apostrophes before such a start."""
_FORMULA_WITHIN = re.compile("([;\t|\r\n]\"*)(?='*[=+\\-@\uff1d\uff0b\uff0d\uff20])")
"""What is before one within a cell, for spreadsheets that split at another sign than the comma, whatever the quotes."""


def header(place_name: str) -> list[str]:
    """Return the first line of a table of problems, given what the place of a record is called."""
    return ["outcome", place_name, "id", "field", "reason"]


def write_table(path: Path, first: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write a table.

    What a spreadsheet would run as a formula gets an apostrophe in front: a `=`, `+`, `-` or `@` at the start of a cell
    or behind a semicolon, a tab, a `|` or a line break in it, at which some spreadsheets split; and a tab or line break
    at the start. To get the value back, remove one apostrophe from those before such a place.

    The file takes the place of an earlier one when it is complete, so that a failure leaves that as it was.

    Raises:
        OSError: the file cannot be written.
    """
    with _replacing(path) as target:
        writer = csv.writer(target)
        writer.writerow(first)
        writer.writerows(map(_inert, row) for row in rows)


def _inert(cell: Any) -> Any:
    if not isinstance(cell, str):
        return cell
    inert = _FORMULA_WITHIN.sub(r"\1'", cell)
    return f"'{inert}" if _FORMULA.match(cell) else inert


@contextmanager
def _replacing(path: Path) -> Iterator[IO[str]]:
    path = Path(os.path.realpath(path))
    # Devices and pipes cannot be replaced, nor can a file in a folder that must not be written to.
    in_place = (path.exists() and not path.is_file()) or not os.access(path.parent, os.W_OK)
    scratch = path if in_place else path.with_name(f".{secrets.token_hex(8)}.rejects")
    # An id may hold what no encoding has a form for, which is why its record is invalid.
    with scratch.open("w" if in_place else "x", encoding="utf-8", errors="backslashreplace", newline="") as target:
        if in_place:
            yield target
            return
        try:
            if path.exists():
                shutil.copymode(path, scratch)
            yield target
            target.close()  # Windows replaces no file by one that is open
            scratch.replace(path)
        except BaseException:
            with suppress(OSError, ValueError):
                target.close()
            scratch.unlink(missing_ok=True)
            raise
