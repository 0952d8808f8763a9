"""Vendors the published documents: writes them to `openapi/pages/` and the register, all or none."""

from __future__ import annotations

import argparse
import datetime
import shutil
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

from scripts.codegen.build import OPENAPI, ROOT
from scripts.codegen.merge import merge_pages
from scripts.codegen.sources import Sources, read_sources
from scripts.errors import NOTE, ToolError
from scripts.tree import Tree
from scripts.vendor.fetch import INDEX, read_disk, read_site
from scripts.vendor.incoming import Change, decide
from scripts.vendor.register import drop_page, write_change


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


def add_source_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options that say what is vendored, which `make adopt` takes too."""
    where = parser.add_mutually_exclusive_group()
    where.add_argument(
        "--url", default=INDEX, help="an index of pages, a page's Markdown, or a document (URL=; default: %(default)s)"
    )
    where.add_argument("--from", dest="path", type=Path, help="the same on disk: a folder of pages, or a file (FROM=)")
    parser.add_argument("--skip", default="", help="pages to leave out, separated by commas: audiences/view (SKIP=)")
    parser.add_argument("--accept-version", help="an API version to accept from a single page (ACCEPT_VERSION=)")


def vendor(options: argparse.Namespace, root: Path) -> Change:
    """Write the pages and the register, once a client can be made of them.

    Raises:
        ToolError: Something is wrong; nothing was written.
    """
    with tempfile.TemporaryDirectory() as scratch:
        tree = Tree.copy(root, Path(scratch))
        known = read_sources(tree.root / OPENAPI)
        change = vendor_into(options, known, tree.root / OPENAPI)
        tree.regenerate()
        tree.type_check()
        tree.copy_sources(root)
    return change


def vendor_into(options: argparse.Namespace, known: Sources, openapi: Path) -> Change:
    """Read what is to be vendored and write it into a folder laid out as `openapi/`.

    Raises:
        ToolError: Something is wrong with what came in; nothing was written.
    """
    skip = [name for name in options.skip.replace(",", " ").split() if name]
    found = read_disk(options.path, skip) if options.path else read_site(options.url, skip)
    change = decide(found, known, openapi, skip=skip, accept_version=options.accept_version)
    merge_pages(change.sources(known))  # before anything is written
    write_change(change, openapi, datetime.datetime.now(datetime.UTC).date())
    return change


def drop(name: str, root: Path) -> None:
    """Remove a parked page for good."""
    with tempfile.TemporaryDirectory() as scratch:
        openapi = Path(shutil.copytree(root / OPENAPI, Path(scratch) / OPENAPI))
        routes = drop_page(name, read_sources(openapi), openapi)
        shutil.copyfile(openapi / "sources.toml", root / OPENAPI / "sources.toml")
        (root / OPENAPI / "pages" / f"{name}.json").unlink()
    print(f"dropped {name}: {', '.join(routes)}; next: make regenerate")


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
