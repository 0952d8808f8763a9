"""Vendors the published documents: writes them to `openapi/pages/` and the register, all or none."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from rich.console import Console
from rich.table import Table

from scripts.codegen.build import ROOT
from scripts.errors import NOTE, ToolError
from scripts.vendor.incoming import Change
from scripts.vendor.vendoring import add_source_arguments, drop, vendor


def main(arguments: list[str] | None = None, root: Path = ROOT) -> int:
    """Run the command line on a tree; return its exit code."""
    parser = argparse.ArgumentParser(prog="make vendor", description=__doc__)
    add_source_arguments(parser)
    parser.add_argument("--drop", metavar="PAGE", help="remove a parked page for good (DROP=)")
    options = parser.parse_args(arguments)
    try:
        if options.drop is not None:
            drop(options.drop, root)
            return 0
        change = vendor(options, root)
    except ToolError as error:
        error.print()
        return 1
    console = Console(soft_wrap=True)
    console.print(table_of(change))
    for line in lines_of(change):
        console.print(line, highlight=False, markup=False)
    return 0


def table_of(change: Change) -> Table:
    """Return the pages with what became of each."""
    table = Table("page", "state", "API version", "origin", box=None, pad_edge=False)
    for page in change.pages:
        was = f"{page.known.origin} → " if page.known is not None and page.known.origin != page.origin else ""
        table.add_row(page.name, page.state, page.operation.api_version, f"{was}{page.origin}")
    for missing in change.missing:
        table.add_row(missing.name, "missing, parked now", missing.api_version, missing.origin)
    for kept in change.kept:
        table.add_row(kept.name, "kept", kept.api_version, kept.origin)
    return table


def lines_of(change: Change) -> list[str]:
    """Return what else somebody should know."""
    lines = [f"{NOTE}{note}" for note in change.notes]
    lines += [f"{NOTE}new {route} looks like {missing}, which is missing" for route, missing in change.lookalikes]
    counts = ("new", "changed", "unchanged", "returned")
    lines.append(", ".join(f"{change.count(state)} {state}" for state in counts) + f", {len(change.missing)} missing")
    if change.missing or any(page.state != "unchanged" for page in change.pages):
        lines.append("next: make regenerate, then make diff")
    return lines


if __name__ == "__main__":
    sys.exit(main())
