"""Reads CSV up to the first row whose quotes can be read in two ways: no row is made of what is inside a cell."""

from __future__ import annotations

import re
from typing import IO

from batch_client.cli._objects import MAX_ROW

_HEADER_QUOTED = re.compile(r'"[^"]*("|$)')
_QUOTED = re.compile(r'[^"\\]*+(?:(?:""|\\(?=[^"]))[^"\\]*+)*+')
"""What surely is inside a quoted cell: all but its last quote, and a backslash that may escape a quote."""
_WITHOUT_QUOTES = re.compile(r'([^"\r\n]*+)(?:\r?\n|\r(?=[^\n]))')
_BYTE_ORDER_MARK = "\ufeff"
_BLANK = r"\s\0\xad\u180e\u200b-\u200f\u2060\ufeff"
"""What nobody sees before a quote."""
_PIECE = 2**16


class RowTooLongError(Exception):
    """A row has more characters than any that can be sent; the next one can be read."""


class DamagedRowError(Exception):
    """A row can be read in more than one way, and so can all that follow."""


class CsvRows:
    """The rows of a text.

    Args:
        separators: Those that may separate cells; the first line shows which one does.
    """

    def __init__(self, text: IO[str], separators: str) -> None:
        self._source = text
        self._text = text.readline(MAX_ROW + 1).lstrip(_BYTE_ORDER_MARK)
        self._at = 0
        self.line = 1
        """The line that the next row begins on."""
        while self._text and not self._text.strip():
            self._text = text.readline(MAX_ROW + 1)
            self.line += 1
        header = _HEADER_QUOTED.sub("", self._text)
        # Where the comma is the decimal sign, spreadsheets separate by semicolons.
        self._separator = max(separators, key=header.count)
        end = f"{re.escape(self._separator)}\r\n"
        self._plain, self._blank = re.compile(f"[^{end}]*+"), re.compile(f"(?:(?![{end}])[{_BLANK}])*+")
        self._ends = ("", "\r", "\n", self._separator)
        self._cell: list[str] = []
        self._size = 0
        self._last = ""

    def read(self) -> list[str] | None:
        """Return the cells of the next row, none of an empty line; None at the end.

        Raises:
            RowTooLongError: the row is not kept; the next call reads the row after it.
            DamagedRowError: nothing more can be read.
        """
        found = _WITHOUT_QUOTES.match(self._text, self._at)
        if found is not None and len(found[1]) <= MAX_ROW and not found[1].endswith("\\"):
            self._at = found.end()
            self.line += 1
            return found[1].split(self._separator) if found[1] else []
        if not self._next():
            return None
        cells: list[str] = []
        self._size = 0
        is_empty = self._next() in "\r\n"
        while True:
            cell = self._read_quoted() if self._next() == '"' else self._read_plain()
            if self._size <= MAX_ROW:
                cells.append(cell)
            if self._next() != self._separator:
                break
            self._at += 1
            self._size += 1
        self._read_line_break()
        if self._size > MAX_ROW:
            raise RowTooLongError(f"is longer than {MAX_ROW:,} characters")
        return [] if is_empty else cells

    def _read_quoted(self) -> str:
        self._cell, self._last = [], ""
        self._at += 1
        while True:
            self._take(_QUOTED)
            # Whether a last quote or backslash stands alone, only what follows can say.
            if len(self._text) - self._at >= 2 or not self._read_more():
                break
        match self._next():
            case "":
                raise DamagedRowError("a quote is never closed")
            case "\\":
                raise DamagedRowError("a backslash is before a quote")
        self._at += 1
        if self._next() not in self._ends:
            raise DamagedRowError("text follows a closing quote")
        return "".join(self._cell).replace('""', '"')

    def _read_plain(self) -> str:
        self._cell, self._last = [], ""
        self._take_all(self._blank)
        if self._next() == '"':
            raise DamagedRowError("white space is before a quote")
        self._take_all(self._plain)
        if self._last == "\\" and self._next() != self._separator:
            raise DamagedRowError("a backslash is before a line break")
        return "".join(self._cell)

    def _read_line_break(self) -> None:
        sign = self._next()
        self._at += len(sign)
        if sign == "\r" and self._next() == "\n":
            self._at += 1
        self.line += 1

    def _take_all(self, pattern: re.Pattern[str]) -> None:
        self._take(pattern)
        while self._at == len(self._text) and self._read_more():
            self._take(pattern)

    def _take(self, pattern: re.Pattern[str]) -> None:
        """Move behind what matches; keep it for the cell, unless the row is too long."""
        found = pattern.match(self._text, self._at)
        if found is None or not found[0]:
            return
        piece, self._at = found[0], found.end()
        is_cut = self._last == "\r" and piece[0] == "\n"
        self.line += piece.count("\n") + piece.count("\r") - piece.count("\r\n") - is_cut
        self._last = piece[-1]
        self._size += len(piece)
        if self._size <= MAX_ROW:
            self._cell.append(piece)
        else:
            self._cell.clear()

    def _next(self) -> str:
        """Return the next character; nothing at the end."""
        if self._at == len(self._text):
            self._read_more()
        return self._text[self._at : self._at + 1]

    def _read_more(self) -> bool:
        more = self._source.read(_PIECE)
        self._text, self._at = self._text[self._at :] + more, 0
        return more != ""
