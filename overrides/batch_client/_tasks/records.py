"""Reads the records of an export's file one by one, in flat memory."""

from __future__ import annotations

import gzip
import json
import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from batch_client.errors import DownloadError

_CHUNK = 2**20
LONGEST_RECORD = 2**24
"""Characters of a record after which a file is not read further: no profile or event comes near."""
_ENCODING = "utf-8-sig"
_BETWEEN = re.compile(r"[\s,\[\]]+")
"""What stands between records: of an array its brackets and commas, of one object a line the line breaks."""


def read_records(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the objects of a file. The documentation does not say which form it has, so each that is plausible is read:

    a JSON array or one object a line, compressed by gzip or not.

    Raises:
        DownloadError: the file holds something else, or ends early.
    """
    with path.open("rb") as start:
        is_compressed = start.read(2) == b"\x1f\x8b"
    try:
        with gzip.open(path, "rt", encoding=_ENCODING) if is_compressed else path.open(encoding=_ENCODING) as source:
            yield from _objects(source)
    except RecursionError:
        raise DownloadError(f"{path.name} holds a record that is nested too deeply") from None
    except (ValueError, EOFError, OSError, zlib.error) as error:
        raise DownloadError(f"{path.name} is no JSON array of objects, nor one object a line: {error}") from error


def _objects(source: Any) -> Iterator[dict[str, Any]]:
    decoder, text, at, depth = json.JSONDecoder(), "", 0, 0
    while True:
        if between := _BETWEEN.match(text, at):
            depth += between[0].count("[") - between[0].count("]")
            at = between.end()
        if text[at : at + 1] not in ("", "{"):
            raise ValueError(f"{text[at : at + 20]!r} is no object")
        try:
            record, at = decoder.raw_decode(text, at)
        except ValueError as error:
            if len(text) - at > LONGEST_RECORD:
                raise ValueError(f"a record is longer than {LONGEST_RECORD:,} characters") from None
            # As much again as is kept, so that reading a long record again and again stays linear.
            more = source.read(max(_CHUNK, len(text) - at))
            if not more and at < len(text):
                raise ValueError("it ends within a record") from error
            if not more and depth != 0:
                raise ValueError("its brackets do not match") from error
            if not more:
                return
            text, at = text[at:] + more, 0
        else:
            yield record
