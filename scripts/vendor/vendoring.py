"""Vendors the published documents: decides on what was read, and writes all of it or nothing."""

from __future__ import annotations

import argparse
import datetime
import shutil
import tempfile
from pathlib import Path

from scripts.codegen.build import OPENAPI
from scripts.codegen.merge import merge_pages
from scripts.codegen.sources import Sources, read_sources
from scripts.tree import Tree
from scripts.vendor.fetch import INDEX, read_disk, read_site
from scripts.vendor.incoming import Change, decide
from scripts.vendor.register import drop_page, write_change


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
