"""Reads rows from files, each with its line: CSV, one JSON object a line, a JSON array, plain ids, Parquet."""

from __future__ import annotations

import bisect
import gzip
import io
import re
import shutil
import stat
import sys
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, nullcontext
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

from attrs import define, field

from batch_client._json import loads
from batch_client.bulk import UnreadableRecord
from batch_client.cli._csv import CsvRows, DamagedRowError, RowTooLongError
from batch_client.cli._exits import InputError
from batch_client.cli._objects import MAX_ROW, Objects

FORMATS = ("csv", "tsv", "ndjson", "json", "txt", "parquet")
_BY_SUFFIX = {f".{name}": name for name in FORMATS} | {".jsonl": "ndjson", ".pq": "parquet"}

Row = dict[str, Any] | UnreadableRecord
_NOT_TEXT = re.compile("[\0\ud800-\udfff]")
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


def _is_regular(path: Path) -> bool:
    """Return whether a path is a file rather than a pipe, which can be read once.

    Raises:
        InputError: there is neither.
    """
    try:
        mode = path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        raise InputError(f"there is no file {path}") from None
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror}") from None
    if stat.S_ISDIR(mode):
        raise InputError(f"{path} is a directory")
    return stat.S_ISREG(mode)


def _begins_as_gzip(path: Path) -> bool:
    try:
        with path.open("rb") as source:
            return source.read(2) == b"\x1f\x8b"
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror}") from None


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
        self._name = "standard input" if self.is_standard_input else str(path)
        self._is_compressed = path.suffix.lower() == ".gz"
        named = Path(path.stem) if self._is_compressed else path
        chosen = format or _BY_SUFFIX.get(named.suffix.lower())
        if chosen not in FORMATS:
            raise InputError(f"cannot tell the format of {path}; pass --format with one of {', '.join(FORMATS)}")
        self.format = chosen
        self.is_regular = not self.is_standard_input and _is_regular(path)
        self._is_compressed = self._is_compressed or (self.is_regular and _begins_as_gzip(path))
        self.place_name = "row" if chosen in ("json", "parquet") else "line"
        self._count: int | None = None
        self._stack = ExitStack()
        try:
            self.columns, self._rows = self._open()
        except BaseException:
            self.close()
            raise

    def total(self) -> int | None:
        """Return about how many rows there are; None if only reading them would tell."""
        if self._count is not None or not self.is_regular or self._is_compressed or self.format == "json":
            return self._count
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
            raise InputError(f"cannot read {self._name} beyond {self.place_name} {last}: {error}") from None

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
                file = self._open_parquet()
                self._count = file.metadata.num_rows
                self._check_unique(file.schema_arrow.names)
                return file.schema_arrow.names, self._read_parquet(file)
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
            raise InputError(f"cannot read {self._name}: {error.strerror}") from None

    def _read_csv(self) -> tuple[list[str], Read]:
        line, text = 1, self._text()
        try:
            # The separator of TSV is known.
            rows = CsvRows(text, ",;\t|" if self.format == "csv" else "\t")
            line = rows.line
            columns = rows.read()
        except DamagedRowError as error:
            raise self._damaged(line, error) from None
        except RowTooLongError as error:
            raise InputError(f"{self._name}: line {line} {error}") from None
        except _UNREADABLE as error:
            raise InputError(f"cannot read {self._name}: {error}") from None
        if not columns:
            raise InputError(f"{self._name} is empty; its first line must name the columns")
        if (wrong := _not_text(columns)) is not None:
            raise InputError(f"{self._name}: line {line} {wrong}")
        self._check_unique(columns)
        return columns, self._csv_rows(rows, columns)

    def _check_unique(self, columns: list[str]) -> None:
        counts = Counter(columns)
        if len(counts) < len(columns):
            raise InputError(f"{self._name} has the column {counts.most_common(1)[0][0]!r} twice")

    def _damaged(self, line: int, error: DamagedRowError) -> InputError:
        return InputError(
            f"{self._name}: line {line}: {error}, so nobody can say where this row ends; nothing from it on was read: "
            "write the file again with each quote inside of a quoted cell doubled and without escapes"
        )

    def _csv_rows(self, rows: CsvRows, columns: list[str]) -> Read:
        while True:
            line = rows.line
            try:
                cells = rows.read()
            except RowTooLongError as error:
                yield line, UnreadableRecord(str(error))
                continue
            except DamagedRowError as error:
                raise self._damaged(line, error) from None
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
        line, source = 0, self._text()
        while text := source.readline(MAX_ROW + 1):
            line += 1
            if len(text) > MAX_ROW:
                while text and not text.endswith(("\n", "\r")):
                    text = source.readline(2**20)
                yield line, UnreadableRecord(f"is longer than {MAX_ROW:,} characters")
                continue
            text = text.lstrip("\ufeff").strip() if line == 1 else text.strip()
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
        row = 0
        try:
            for row, value in enumerate(Objects(self._text()), 1):
                yield row, value
        except ValueError as error:
            raise InputError(
                f"{self._name} is no JSON array of objects, nor one object a line: {error}, after row {row}"
            ) from None

    def _open_parquet(self) -> Any:
        try:
            parquet = import_module("pyarrow.parquet")
        except ModuleNotFoundError:
            raise InputError("Parquet files need pyarrow: pip install pyarrow") from None
        try:
            return self._stack.enter_context(parquet.ParquetFile(self._seekable()))
        except (OSError, ValueError) as error:
            raise InputError(f"{self._name} is no Parquet file: {error}") from None

    def _seekable(self) -> Any:
        """Return the file to read at any place; what comes through a pipe is written to a temporary one."""
        if self.is_regular:
            return self.path
        copy = self._stack.enter_context(TemporaryFile())  # noqa: SIM115 - the stack closes it with the rows
        with nullcontext(sys.stdin.buffer) if self.is_standard_input else self.path.open("rb") as source:
            shutil.copyfileobj(source, copy)
        copy.seek(0)
        return copy

    def _read_parquet(self, file: Any) -> Read:
        number = 0
        for part in file.iter_batches(batch_size=10_000):
            for row in _rows_of(part):
                number += 1
                yield number, row


def _rows_of(part: Any) -> Iterable[Row]:
    """Return the rows of a part of a Parquet file; Python has no form for some values, as for the year 10000."""
    try:
        rows: list[Row] = part.to_pylist()
    except (ValueError, OverflowError):
        return _rows_one_by_one(part)
    return rows


def _rows_one_by_one(part: Any) -> Iterator[Row]:
    for number in range(part.num_rows):
        try:
            yield from part.slice(number, 1).to_pylist()
        except (ValueError, OverflowError):
            yield UnreadableRecord("holds a value that cannot be read")


def _object(text: str) -> dict[str, Any]:
    value = loads(text)
    if isinstance(value, dict):
        return value
    raise ValueError("it holds something else")


def _not_text(cells: list[str]) -> str | None:
    """Return what is wrong with cells that are no text in UTF-8."""
    for cell in cells:
        if not cell.isprintable() and (found := _NOT_TEXT.search(cell)) is not None:
            if found[0] == "\0":
                return "holds a NUL character, so it is not text in UTF-8; convert the file, for example with iconv"
            return "is not encoded in UTF-8; convert the file, for example with iconv"
    return None
