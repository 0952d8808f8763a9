"""Reads the objects of a JSON file one after the other, in memory that does not grow with the file."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import IO, Any

from batch_client._json import SPACE, decode
from batch_client.bulk import UnreadableRecord

_CHUNK = 2**20
MAX_ROW = 2**24
"""Characters of the longest row that is read: more than a call may hold."""

_BRACKETS_OR_QUOTE = re.compile(r'[\[{]+|[\]}]+|"')
_QUOTE_OR_BACKSLASH = re.compile(r'["\\]')
_END_OF_WORD = re.compile(r"[,\]\s]")
_LONGEST_WORD = 32
"""Characters from the end of what is read within which an error may be due to the cut."""


class Objects:
    """The objects of a JSON array, or of a text that has one after the other, in the order of the text.

    It reads each value in time proportional to its length, and keeps no more than one.

    Raises:
        ValueError: it is damaged, so that nobody can say what follows.
    """

    def __init__(self, source: IO[str]) -> None:
        self._source = source
        self._text = ""
        self._at = 0

    def __iter__(self) -> Iterator[dict[str, Any] | UnreadableRecord]:
        is_array = self._next() == "["
        self._at += is_array
        is_first = True
        while (sign := self._next()) != ("]" if is_array else ""):
            if not is_first and sign == ",":
                self._at += 1
                sign = self._next()
            elif not is_first and is_array:
                raise ValueError("it ends within the array" if sign == "" else "a comma is missing between records")
            if sign == "":
                raise ValueError("it ends within a record" if is_array else "it ends with a comma")
            yield self._value()
            is_first = False
        if is_array:
            self._at += 1
            if self._next() != "":
                raise ValueError("something follows the array")

    def _next(self) -> str:
        """Move to what follows the white space; return its first character, or nothing at the end."""
        while True:
            space = SPACE.match(self._text, self._at)
            self._at = self._at if space is None else space.end()
            if self._at < len(self._text) or not self._read_more():
                return self._text[self._at : self._at + 1]

    def _read_more(self) -> bool:
        """Read at least as much again as is kept, so that reading a value again and again stays linear."""
        more = self._source.read(max(_CHUNK, len(self._text) - self._at))
        if more == "":
            return False  # places in the text stay what they are
        self._text, self._at = self._text[self._at :] + more, max(0, self._at - len(self._text))
        return True

    def _value(self) -> dict[str, Any] | UnreadableRecord:
        while True:
            try:
                value, end = decode(self._text, self._at)
            except json.JSONDecodeError as error:
                if not _may_be_cut(error):
                    raise ValueError(error.msg) from None
                if len(self._text) - self._at > MAX_ROW:
                    self._skip()
                    return UnreadableRecord(f"is longer than {MAX_ROW:,} characters")
                if not self._read_more():
                    raise ValueError("it ends within a record" if _is_cut(error) else error.msg) from None
            except ValueError as error:
                self._skip()
                return UnreadableRecord(f"is no JSON object: {error}")
            else:
                if not isinstance(value, dict) and end > len(self._text) - _LONGEST_WORD and self._read_more():
                    continue  # a number may go on
                self._at = end
                return value if isinstance(value, dict) else UnreadableRecord("is no JSON object")

    def _skip(self) -> None:
        """Move behind a value that is not read: its brackets and quotes say where it ends."""
        if self._text[self._at] not in '[{"':
            while (found := _END_OF_WORD.search(self._text, self._at)) is None and self._read_more():
                pass
            self._at = len(self._text) if found is None else found.start()
            return
        depth = 0
        while True:
            signs = self._find(_BRACKETS_OR_QUOTE)
            if signs == '"':
                while self._find(_QUOTE_OR_BACKSLASH) == "\\":
                    self._at += 1
            elif signs[0] in "[{":
                depth += len(signs)
            else:
                self._at -= max(0, len(signs) - depth)
                depth -= len(signs)
            if depth <= 0:
                return

    def _find(self, pattern: re.Pattern[str]) -> str:
        """Move behind the next match; return it."""
        while (found := pattern.search(self._text, self._at)) is None:
            self._at = max(self._at, len(self._text))
            if not self._read_more():
                raise ValueError("it ends within a record")
        self._at = found.end()
        return found[0]


def _may_be_cut(error: json.JSONDecodeError) -> bool:
    """Return whether more text could make it JSON."""
    return _is_cut(error) or error.pos > len(error.doc) - _LONGEST_WORD


def _is_cut(error: json.JSONDecodeError) -> bool:
    """Return whether the text ends where something is expected."""
    return error.msg.startswith("Unterminated") or error.pos >= len(error.doc)
