"""Reads the records of an export's file one by one, in flat memory."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from batch_client.errors import DownloadError

_CHUNK = 2**20
_BETWEEN = re.compile(r"[\s,\[\]]*")
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
        with gzip.open(path, "rt", encoding="utf-8") if is_compressed else path.open(encoding="utf-8") as source:
            yield from _objects(source)
    except (ValueError, EOFError, OSError) as error:
        raise DownloadError(f"{path.name} is no JSON array of objects, nor one object a line: {error}") from error


def _objects(source: Any) -> Iterator[dict[str, Any]]:
    decoder, text, at = json.JSONDecoder(), "", 0
    while True:
        at = _BETWEEN.match(text, at).end()  # type: ignore[union-attr] # it matches nothing, too
        if text[at : at + 1] not in ("", "{"):
            raise ValueError(f"{text[at : at + 20]!r} is no object")
        try:
            record, at = decoder.raw_decode(text, at)
        except ValueError as error:
            more = source.read(_CHUNK)
            if not more and at == len(text):
                return
            if not more:
                raise ValueError("it ends within a record") from error
            text, at = text[at:] + more, 0
        else:
            yield record
