"""Shows results: tables to people, JSON to programs."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterable, Iterator
from enum import StrEnum
from itertools import chain, islice
from typing import Any

from attrs import frozen
from rich.console import Console
from rich.table import Table

from batch_client.cli._terminal import printable, printable_json, write
from batch_generated.types import to_json


class OutputForm(StrEnum):
    """How results are shown."""

    table = "table"
    json = "json"


@frozen
class Output:
    """Standard output."""

    form: OutputForm

    def show(self, result: Any) -> None:
        """Show one result: a model, or plain data."""
        data = to_json(result)
        if self.form is OutputForm.json or not isinstance(data, dict):
            write(_json(data, indent=2) + "\n")
            return
        table = Table(show_header=False, box=None)
        for name, value in data.items():
            table.add_row(printable(name), _cell(value))
        _print(table)

    def show_rows(self, rows: Iterable[Any]) -> None:
        """Show any number of results as they come: one JSON array, or one table."""
        data = (to_json(row) for row in rows)
        if self.form is OutputForm.json:
            _print_array(data)
            return
        # The columns are those of the first rows; a table that waited for all would show nothing of a long list.
        first = list(islice(data, 100))
        if not first:
            return
        names = list(dict.fromkeys(chain.from_iterable(first)))
        table = Table(*map(printable, names), box=None)
        for row in chain(first, data):
            table.add_row(*(_cell(row.get(name)) for name in names))
        _print(table)


def _print_array(rows: Iterator[Any]) -> None:
    start = "["
    for row in rows:
        write(f"{start}\n  {_json(row)}")
        start = ","
    write("[]\n" if start == "[" else "\n]\n")


def _json(data: Any, indent: int | None = None) -> str:
    text = printable_json(json.dumps(data, indent=indent, ensure_ascii=False))
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:  # of an old terminal; JSON has an escape for each character
        return json.dumps(data, indent=indent).replace("\x7f", r"\u007f")
    return text


def _cell(value: Any) -> str:
    return (
        "" if value is None else printable(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
    )


def _print(table: Table) -> None:
    is_terminal = sys.stdout.isatty()
    # A console that writes by itself ends the process when the output is closed.
    text = io.StringIO()
    console = Console(file=text, force_terminal=is_terminal, highlight=False, markup=False, emoji=False)
    if not is_terminal:
        console.width = 10_000  # Long values wrap on a terminal; elsewhere nothing is cut.
    console.print(table)
    write(text.getvalue())
