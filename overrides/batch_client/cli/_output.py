"""Shows results: tables to people, JSON to programs."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from enum import StrEnum
from itertools import chain, islice
from typing import Any

from attrs import frozen
from rich.console import Console
from rich.table import Table

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
            print(json.dumps(data, indent=2, ensure_ascii=False))
            return
        table = Table(show_header=False, box=None)
        for name, value in data.items():
            table.add_row(name, _cell(value))
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
        table = Table(*names, box=None)
        for row in chain(first, data):
            table.add_row(*(_cell(row.get(name)) for name in names))
        _print(table)


def _print_array(rows: Iterator[Any]) -> None:
    start = "["
    for row in rows:
        print(f"{start}\n  {json.dumps(row, ensure_ascii=False)}", end="")
        start = ","
    print("[]" if start == "[" else "\n]")


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _print(table: Table) -> None:
    # Long values wrap on a terminal; elsewhere nothing is cut.
    console = Console(highlight=False, markup=False)
    if not sys.stdout.isatty():
        console.width = 10_000
    console.print(table)
