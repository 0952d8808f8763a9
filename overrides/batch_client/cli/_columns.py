"""Makes records of rows: which column goes where, and what a cell's text stands for."""

from __future__ import annotations

import datetime
import decimal
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from attrs import frozen

from batch_client._json import loads
from batch_client.bulk import UnreadableRecord
from batch_client.cli._exits import InputError
from batch_client.cli._files import Row

_NAMES_SHOWN = 50

ID_COLUMNS = ("custom_id", "id")
"""Columns that hold the id unless another is named."""


def _boolean(text: str) -> bool:
    known = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
    if text.lower() not in known:
        raise ValueError("is not true or false")
    return known[text.lower()]


def _number(kind: type[int] | type[float]) -> Callable[[str], int | float]:
    def parse(text: str) -> int | float:
        try:
            return kind(text)
        except ValueError:
            raise ValueError(f"is no {'whole ' if kind is int else ''}number") from None

    return parse


def _array(text: str) -> list[Any]:
    if not text.startswith("["):
        return text.split(";")
    try:
        return list(loads(text))
    except ValueError:
        raise ValueError("is no JSON array") from None


def _date(text: str) -> str:
    try:
        time = datetime.datetime.fromisoformat(text)
    except ValueError:
        raise ValueError("is no date such as 2026-01-31 or 2026-01-31T08:00:00Z") from None
    return (time if time.tzinfo is not None else time.replace(tzinfo=datetime.UTC)).isoformat()


PARSERS: Mapping[str, Callable[[str], Any]] = {
    "string": str,
    "integer": _number(int),
    "float": _number(float),
    "boolean": _boolean,
    "date": _date,
    "url": str,
    "array": _array,
}
"""What a column's text can stand for. A date without a zone is UTC; an array is JSON, or split at semicolons."""


_INEXACT_FROM = 2.0**53
"""From here on different whole numbers become the same float."""

_KINDS: Mapping[type, str] = {
    bool: "true or false",
    float: "a number that is not whole",
    decimal.Decimal: "a number that is not whole",
    dict: "an object",
    list: "an array",
    bytes: "bytes",
    datetime.date: "a date",
    datetime.datetime: "a time",
}


class CellError(Exception):
    """A cell cannot be what it must be."""

    def __init__(self, id: str | None, column: str, reason: str) -> None:
        super().__init__(reason)
        self.id = id
        self.column = column
        self.reason = reason


@frozen
class Column:
    """Where a column goes."""

    attribute: str
    parse: Callable[[str], Any]


@frozen
class Columns:
    """Makes a record's id and attributes of a row."""

    id_column: str
    columns: Mapping[str, Column]
    """The columns that are known beforehand; others keep their name, and dropped ones are not in any record."""
    dropped: frozenset[str]

    def split(self, row: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        """Return the id and the attributes of a row.

        Raises:
            CellError: the id or a value is missing or malformed.
        """
        id_ = id_text(row.get(self.id_column), self.id_column)
        attributes = {}
        for name, value in row.items():
            if name == self.id_column or name in self.dropped or value is None or value == "":
                continue
            column = self.columns.get(name)
            attribute = name if column is None else column.attribute
            if isinstance(value, str) and column is not None:
                try:
                    value = column.parse(value)
                except ValueError as error:
                    raise CellError(id_, name, str(error)) from None
            elif isinstance(value, datetime.date):
                attribute = attribute if "(" in attribute else f"date({attribute})"
                value = _date(value.isoformat())
            elif isinstance(value, decimal.Decimal):
                value = float(value)
            attributes[attribute] = value
        return id_, attributes


def id_text(value: Any, column: str) -> str:
    """Return an id as text.

    Whole numbers become digits, also where a column with gaps made them floats.

    Raises:
        CellError: it is empty or something else, of which nobody knows how other systems write it.
    """
    match value:
        case None | "":
            raise CellError(None, column, "is empty")
        case str() if value[0] == "\ufeff":
            raise CellError(None, column, "begins with a byte order mark; write the file again, with one at most")
        case str():
            return value
        case bool():
            pass
        case int():
            try:
                return str(value)
            except ValueError:  # Python refuses to write thousands of digits
                raise CellError(None, column, "has too many digits") from None
        case float() if value.is_integer():
            if abs(value) >= _INEXACT_FROM:
                raise CellError(None, column, "is a floating-point number too large to be exact; store ids as text")
            return str(int(value))
        case decimal.Decimal() if value.is_finite() and value == value.to_integral_value():
            return str(int(value))
    raise CellError(None, column, f"must be text or a whole number, not {_KINDS.get(type(value), 'something else')}")


def parse_columns(
    names: list[str] | None, maps: Iterable[str], types: Iterable[str], id_column: str | None, also: Iterable[str] = ()
) -> Columns:
    """Return what the columns of a file stand for.

    Args:
        names: The columns; None if every row has its own.
        maps: `COLUMN=ATTRIBUTE`, or `COLUMN=` to leave a column out.
        types: `COLUMN=TYPE`, one of PARSERS.
        id_column: The column that holds the id; by default one of ID_COLUMNS, or the only one.
        also: Names that other options mean and that need not be columns.

    Raises:
        InputError: a column is not there, or a type is not known.
    """
    mapped, typed = pairs("--map", maps), pairs("--type", types)
    if names is not None:
        meant = [("--map", name) for name in mapped] + [("--type", name) for name in typed]
        meant += [("--id-column", id_column)] if id_column is not None else []
        for option, name in meant:
            if name not in names:
                raise InputError(f"{option}: there is no column {name!r}; there are {_listed(names)}")
        if id_column is None:
            id_column = next((name for name in ID_COLUMNS if name in names), names[0] if len(names) == 1 else None)
            if id_column is None:
                raise InputError(f"which column holds the id? Pass --id-column with one of {_listed(names)}")
    for name, kind in typed.items():
        if kind not in PARSERS:
            raise InputError(f"--type {name}={kind}: there is no type {kind!r}; there are {', '.join(PARSERS)}")
    columns: dict[str, Column] = {}
    for name in {*mapped, *typed}:
        kind = typed.get(name, "string")
        attribute = mapped.get(name, name)
        if kind in ("date", "url") and "(" not in attribute:
            attribute = f"{kind}({attribute})"
        columns[name] = Column(attribute, PARSERS[kind])
    dropped = frozenset(name for name, attribute in mapped.items() if not attribute) | frozenset(also)
    return Columns(id_column or ID_COLUMNS[0], columns, dropped)


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - _NAMES_SHOWN:,} more" if len(names) > _NAMES_SHOWN else ""
    return ", ".join(names[:_NAMES_SHOWN]) + more


def pairs(option: str, texts: Iterable[str]) -> dict[str, str]:
    """Return what texts such as `COLUMN=…` say, by column."""
    found = {}
    for text in texts:
        name, sign, value = text.rpartition("=")
        if not sign or not name:
            raise InputError(f"{option} {text!r} must be COLUMN=…")
        found[name] = value
    return found


def to_records(rows: Iterable[Row], make: Callable[[dict[str, Any]], dict[str, Any]]) -> Iterable[Any]:
    """Yield the record of each row; one that cannot be made stands in as unreadable."""
    for row in rows:
        if isinstance(row, UnreadableRecord):
            yield row
            continue
        try:
            yield make(row)
        except CellError as error:
            yield UnreadableRecord(error.reason, error.id, error.column)
