"""Reads CSV so that no row is made of what stands inside a cell, however long, damaged or unclosed the cell is."""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Iterator
from enum import Enum, auto
from itertools import chain
from typing import IO, Any

from batch_client.cli._json import MAX_ROW

_QUOTED = re.compile(r'"[^"]*("|$)')
_BYTE_ORDER_MARK = "\ufeff"
_LINE_BREAKS = ("\n", "\r")
_PIECE = 2**20
_MAX_AHEAD = 2**20
"""Characters behind a malformed row that are looked at to see whether it goes on there."""


class RowError(Exception):
    """A row cannot be read."""


class _RowTooLongError(Exception):
    """A row has more characters than any that can be sent."""


class CsvRows:
    """The rows of a text, each with the line that it begins on.

    Args:
        separators: Those that may separate cells; the first line shows which one does.
    """

    def __init__(self, text: IO[str], separators: str) -> None:
        # This limit of a cell is the whole process's; that of a row is kept by _Lines.
        csv.field_size_limit(max(csv.field_size_limit(), MAX_ROW))
        self._lines = _Lines(text)
        header = _QUOTED.sub("", self._lines.first)
        # Where the comma is the decimal sign, spreadsheets separate by semicolons.
        self._separator = max(separators, key=header.count)
        sign = re.escape(self._separator)
        self._opening, self._closing = re.compile(f'(?:^|{sign})"'), re.compile(rf'"(?=[{sign}\r\n]|$)')
        self._reader: Any = csv.reader(self._lines, delimiter=self._separator, strict=True)

    @property
    def line(self) -> int:
        """The line that the next row begins on."""
        return self._lines.number + 1

    def read(self) -> list[str] | None:
        """Return the cells of the next row, none of an empty line; None at the end.

        Raises:
            RowError: the row cannot be read; the next call reads the row after it.
        """
        self._lines.begin_row()
        try:
            return next(self._reader, None)
        except csv.Error as error:
            is_closed = self._skip_row(is_malformed=True)
            raise RowError(str(error) if is_closed else f"a quote is never closed: {error}") from None
        except _RowTooLongError:
            self._skip_row(is_malformed=False)
            raise RowError(f"is longer than {MAX_ROW:,} characters; is a quote never closed?") from None

    def _skip_row(self, *, is_malformed: bool) -> bool:
        """Move behind a row that cannot be read; return whether its end was found.

        It ends with the first line that ends outside of quotes. If a quote is where none may be, its cell may have been
        written without doubling the quotes in it: then it must not go on behind that line, read in that way.
        """
        quotes, known, is_open = _Quotes(self._separator), len(self._lines.row), False
        for number, piece in enumerate(chain(self._lines.row, self._lines.pieces()), 1):
            quotes.follow(piece)
            is_open = is_malformed and self._is_open_after(piece, is_open)
            if number >= known and piece.endswith(_LINE_BREAKS) and not quotes.are_open:
                self._skip_unescaped(is_open)
                return True
        return not quotes.are_open

    def _skip_unescaped(self, is_open: bool) -> None:
        """Move behind a cell whose quotes were not doubled: it ends where a quote is before a separator or line break.

        If there is none for long, a quote was just in the wrong place.
        """
        while is_open and (line := self._lines.look_ahead()):
            if self._closing.search(line) is not None:
                is_open = self._is_open_after(line, is_open)
                self._lines.drop_ahead()

    def _is_open_after(self, line: str, is_open: bool) -> bool:
        at = 0
        while (found := (self._closing if is_open else self._opening).search(line, at)) is not None:
            at, is_open = found.end(), not is_open
        return is_open


class _Lines:
    """The lines of a text, and those that the row at hand was read from."""

    def __init__(self, text: IO[str]) -> None:
        self._text = text
        self.first = text.readline(MAX_ROW + 1).lstrip(_BYTE_ORDER_MARK)
        self._ahead = deque([self.first] if self.first else [])
        self._size_ahead = len(self.first)
        self.row: list[str] = []
        self._size = 0
        self.number = 0

    def begin_row(self) -> None:
        self.row = []
        self._size = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._read(MAX_ROW + 1 - self._size)
        if not line:
            raise StopIteration
        self.number += line.endswith(_LINE_BREAKS)
        self.row.append(line)
        self._size += len(line)
        if self._size > MAX_ROW:
            raise _RowTooLongError
        return line

    def _read(self, most: int) -> str:
        if not self._ahead:
            return self._text.readline(most)
        line = self._ahead.popleft()
        self._size_ahead -= len(line)
        return line

    def look_ahead(self) -> str:
        """Return a line beyond all that were looked at, which stay to be read; nothing if they are many."""
        line = self._text.readline(_PIECE) if self._size_ahead < _MAX_AHEAD else ""
        if line:
            self._ahead.append(line)
            self._size_ahead += len(line)
        return line

    def drop_ahead(self) -> None:
        """Move behind the lines that were looked at."""
        while self._ahead:
            self.number += self._read(0).endswith(_LINE_BREAKS)

    def pieces(self) -> Iterator[str]:
        """Yield what follows, long lines in several pieces."""
        while piece := self._read(_PIECE):
            self.number += piece.endswith(_LINE_BREAKS)
            yield piece


class _At(Enum):
    START = auto()
    IN_QUOTES = auto()
    QUOTE_IN_QUOTES = auto()
    IN_CELL = auto()


class _Quotes:
    """Follows a row to see whether it is inside a quoted cell."""

    def __init__(self, separator: str) -> None:
        self._separator = separator
        self._at = _At.START

    @property
    def are_open(self) -> bool:
        return self._at is _At.IN_QUOTES

    def follow(self, piece: str) -> None:
        place = 0
        while 0 <= place < len(piece):
            match self._at:
                case _At.IN_QUOTES:
                    place = self._behind('"', piece, place, _At.QUOTE_IN_QUOTES)
                case _At.IN_CELL:
                    place = self._behind(self._separator, piece, place, _At.START)
                case _:
                    is_quote = piece[place] == '"'
                    self._at = _At.IN_QUOTES if is_quote else _At.IN_CELL
                    place += is_quote

    def _behind(self, sign: str, piece: str, place: int, state: _At) -> int:
        found = piece.find(sign, place)
        if found >= 0:
            self._at = state
        return found + 1 if found >= 0 else -1
