"""Reads rows from files, each with its line: CSV, one JSON object a line, a JSON array, plain ids, Parquet."""

from __future__ import annotations

import bisect
import csv
import gzip
import io
import json
import sys
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from importlib import import_module
from itertools import chain
from pathlib import Path
from typing import IO, Any

from attrs import define, field

from batch_client._records import read_records
from batch_client.bulk import UnreadableRecord
from batch_client.cli._exits import InputError
from batch_client.errors import DownloadError

FORMATS = ("csv", "tsv", "ndjson", "json", "txt", "parquet")
_BY_SUFFIX = {f".{name}": name for name in FORMATS} | {".jsonl": "ndjson", ".pq": "parquet"}

Row = dict[str, Any] | UnreadableRecord
_UNREADABLE = (OSError, EOFError, zlib.error)
"""What reading a file, compressed or not, raises when it is damaged or goes away."""

Read = Iterator[tuple[int, Row]]


@define
class Places:
    """The lines that records are from: kept only where the distance to the index changes, so that it stays small."""

    _indexes: list[int] = field(factory=list)
    _distances: list[int] = field(factory=list)

    def add(self, index: int, line: int) -> None:
        if not self._distances or self._distances[-1] != line - index:
            self._indexes.append(index)
            self._distances.append(line - index)

    def line_of(self, index: int) -> int:
        return index + self._distances[bisect.bisect_right(self._indexes, index) - 1]


class Rows:
    """The rows of a file, which can be walked once.

    Args:
        path: The file; `-` for standard input.
        format: One of FORMATS; by default that of the file's name.

    Raises:
        InputError: the file cannot be read, or nobody can say what it holds.
    """

    def __init__(self, path: Path, format: str | None) -> None:
        self.path = path
        self.places = Places()
        self.is_standard_input = str(path) == "-"
        suffixes = [suffix.lower() for suffix in path.suffixes]
        self._is_compressed = suffixes[-1:] == [".gz"]
        named = _BY_SUFFIX.get((suffixes[:-1] if self._is_compressed else suffixes)[-1:][0] if suffixes else "")
        chosen = format or named
        if chosen not in FORMATS:
            raise InputError(f"cannot tell the format of {path}; pass --format with one of {', '.join(FORMATS)}")
        self.format = chosen
        if not self.is_standard_input and not path.is_file():
            raise InputError(f"there is no file {path}")
        self.place_name = "row" if chosen in ("json", "parquet") else "line"
        self._stack = ExitStack()
        try:
            self.columns, self._rows = self._open()
        except BaseException:
            self.close()
            raise

    def total(self) -> int | None:
        """Return about how many rows there are; None if only reading them would tell."""
        if self.format == "parquet":
            count: int = self._parquet().metadata.num_rows
            return count
        if self.is_standard_input or self._is_compressed or self.format == "json":
            return None
        with self.path.open("rb") as source:
            lines, last = 0, b"\n"
            while chunk := source.read(2**20):
                lines, last = lines + chunk.count(b"\n"), chunk[-1:]
        return max(0, lines + (last != b"\n") - (self.format in ("csv", "tsv")))

    def __iter__(self) -> Iterator[Row]:
        last = 0
        try:
            for index, (line, row) in enumerate(self._rows):
                self.places.add(index, line)
                last = line
                yield row
        except _UNREADABLE as error:
            raise InputError(f"cannot read {self.path} beyond {self.place_name} {last}: {error}") from None

    def close(self) -> None:
        self._stack.close()

    def _open(self) -> tuple[list[str] | None, Read]:
        """Return the columns, where the file names them, and the rows with their lines."""
        match self.format:
            case "csv" | "tsv":
                return self._read_csv()
            case "ndjson":
                return None, self._read_lines(_object)
            case "txt":
                return ["id"], self._read_lines(lambda text: {"id": text})
            case "parquet":
                return self._parquet().schema_arrow.names, self._read_parquet()
            case _:
                return None, self._read_array()

    def _text(self) -> IO[str]:
        """Open the file as text. Bytes that are no UTF-8 come through as surrogates, to be told with their line."""
        options: dict[str, Any] = {"encoding": "utf-8-sig", "errors": "surrogateescape", "newline": ""}
        try:
            if self.is_standard_input:
                return io.TextIOWrapper(sys.stdin.buffer, **options)
            if self._is_compressed:
                return self._stack.enter_context(gzip.open(self.path, "rt", **options))
            return self._stack.enter_context(self.path.open(**options))
        except OSError as error:
            raise InputError(f"cannot read {self.path}: {error.strerror}") from None

    def _read_csv(self) -> tuple[list[str], Read]:
        text = self._text()
        try:
            header = text.readline()
            # Where the comma is the decimal sign, spreadsheets separate by semicolons.
            separators = ",;\t|" if self.format == "csv" else "\t"
            separator = max(separators, key=lambda sign: len(next(csv.reader([header], delimiter=sign), ())))
            reader = csv.reader(chain([header], text), delimiter=separator, strict=True)
            columns = next(reader, None)
        except (csv.Error, *_UNREADABLE) as error:
            raise InputError(f"{self.path}: line 1: {error}") from None
        if not columns:
            raise InputError(f"{self.path} is empty; its first line must name the columns")
        if (wrong := _not_text(columns)) is not None:
            raise InputError(f"{self.path}: line 1 {wrong}")
        if twice := sorted({name for name in columns if columns.count(name) > 1}):
            raise InputError(f"{self.path} has the column {twice[0]!r} twice")
        return columns, self._csv_rows(reader, columns)

    def _csv_rows(self, reader: Any, columns: list[str]) -> Read:
        while True:
            line = reader.line_num + 1
            try:
                cells = next(reader, None)
            except csv.Error as error:
                yield line, UnreadableRecord(str(error))
                continue
            if cells is None:
                return
            if not cells:
                continue
            if len(cells) != len(columns):
                yield line, UnreadableRecord(f"has {len(cells)} cells where the header has {len(columns)}")
            elif (wrong := _not_text(cells)) is not None:
                yield line, UnreadableRecord(wrong)
            else:
                yield line, dict(zip(columns, cells, strict=True))

    def _read_lines(self, parse: Callable[[str], dict[str, Any]]) -> Read:
        for line, text in enumerate(self._text(), 1):
            text = text.strip()
            if not text:
                continue
            if (wrong := _not_text([text])) is not None:
                yield line, UnreadableRecord(wrong)
                continue
            try:
                yield line, parse(text)
            except ValueError as error:
                yield line, UnreadableRecord(f"is no JSON object: {error}")

    def _read_array(self) -> Read:
        if self.is_standard_input:
            raise InputError("a JSON array cannot be read from standard input; pass one object a line: --format ndjson")
        try:
            yield from enumerate(read_records(self.path), 1)
        except DownloadError as error:
            raise InputError(str(error)) from None

    def _parquet(self) -> Any:
        try:
            parquet = import_module("pyarrow.parquet")
        except ModuleNotFoundError:
            raise InputError("Parquet files need pyarrow: pip install pyarrow") from None
        try:
            return self._stack.enter_context(parquet.ParquetFile(self.path))
        except (OSError, ValueError) as error:
            raise InputError(f"{self.path} is no Parquet file: {error}") from None

    def _read_parquet(self) -> Read:
        number = 0
        for part in self._parquet().iter_batches(batch_size=10_000):
            for row in part.to_pylist():
                number += 1
                yield number, row


def _object(text: str) -> dict[str, Any]:
    value = json.loads(text)
    if isinstance(value, dict):
        return value
    raise ValueError("it holds something else")


def _not_text(cells: list[str]) -> str | None:
    """Return what is wrong with cells that are no UTF-8."""
    if all(cell.isprintable() or not any("\ud800" <= sign <= "\udfff" for sign in cell) for cell in cells):
        return None
    return "is not encoded in UTF-8; convert the file, for example with iconv"
