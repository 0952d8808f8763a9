"""Prints what a caller gets: each fault on each kind of operation, from both clients, then the faults of all tests."""

from __future__ import annotations

import asyncio
import sys

from rich.console import Console
from rich.progress import track
from rich.table import Table

from tests.faults.marked import run_marked
from tests.faults.run import ALWAYS, run
from tests.faults.table import MAX_RETRIES, PAIRS


async def main() -> int:
    differing = 0
    table = Table(
        "fault", "operation", "met once (requests)", "met always (requests)", title=f"max_retries={MAX_RETRIES}"
    )
    errors = Console(stderr=True)
    last = ""
    for fault, kind in track(PAIRS, "Running", console=errors, disable=not errors.is_terminal):
        cells = []
        for times in (1, ALWAYS):
            sync, asynchronous = [str(await run(kind, fault, times, twin)) for twin in ("sync", "async")]
            differing += sync != asynchronous
            cells.append(sync if sync == asynchronous else f"sync: {sync}; async: {asynchronous}")
        if fault.name != last:
            table.add_section()
        table.add_row(fault.name if fault.name != last else "", kind.name, *cells)
        last = fault.name
    Console(width=None if sys.stdout.isatty() else 120).print(table)
    return 1 if differing else 0


def print_marked() -> int:
    """Run the tests that are marked as faults and print each fault with what it leads to."""
    table = Table("fault", "what a user gets", "tests", title="Faults in the tests")
    rows = run_marked()
    for row in rows:
        table.add_row(row.what, row.outcome, "passed" if row.passed else "[red]FAILED[/red]")
    Console(width=None if sys.stdout.isatty() else 160).print(table)
    return 0 if rows and all(row.passed for row in rows) else 1


if __name__ == "__main__":
    sys.exit(asyncio.run(main()) | print_marked())
