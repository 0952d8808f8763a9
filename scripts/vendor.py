"""Brings the published documents into `openapi/pages/` and the register, all of them or none."""

from __future__ import annotations

import argparse
import datetime
import hashlib
import json
import sys
from pathlib import Path
from urllib.parse import urlsplit

import tomlkit
from attrs import frozen
from rich.console import Console
from rich.table import Table
from tomlkit.items import Table as TomlTable

from scripts.bundle import meaning, merge_pages
from scripts.errors import WorkshopError
from scripts.extract import Operation, Source, extract
from scripts.fetch import INDEX, SECTION, read_disk, read_site
from scripts.sources import Page, Sources, read_sources, version_number

ROOT = Path(__file__).resolve().parent.parent


@frozen
class Vendored:
    """One page as it comes in, beside what is there."""

    operation: Operation
    url: str
    text: str
    state: str

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; return its exit code."""
    parser = argparse.ArgumentParser(prog="make vendor", description=__doc__)
    where = parser.add_mutually_exclusive_group()
    where.add_argument(
        "--url", default=INDEX, help="an index of pages, a page's Markdown, or a document (default: %(default)s)"
    )
    where.add_argument("--from", dest="path", type=Path, help="the same on disk: a folder of pages, or a file")
    parser.add_argument("--openapi", type=Path, default=ROOT / "openapi", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    try:
        found = read_disk(options.path) if options.path else read_site(options.url)
        vendor(found, options.openapi, datetime.datetime.now(datetime.UTC).date())
    except WorkshopError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


def vendor(found: list[Source], openapi: Path, today: datetime.date) -> None:
    """Write the pages and the register; raise WorkshopError, with nothing written, if anything is wrong."""
    known = read_sources(openapi)
    operations = _agreed([operation for source in found for operation in _extract(source, known)])
    if not operations:
        raise WorkshopError(f"no OpenAPI document in {', '.join(source.where for source in found[:3])}")
    vendored = [_compare(operation, known, openapi) for operation in operations]
    _check_merge(vendored, known)
    register = _register(vendored, known, openapi, today)
    for page in vendored:
        path = openapi / "pages" / f"{page.operation.name}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page.text, encoding="utf-8")
    (openapi / "sources.toml").write_text(register, encoding="utf-8")
    _report(vendored, known)


def _extract(source: Source, known: Sources) -> list[Operation]:
    operations = extract(source)
    lost = [page.name for page in known.pages if page.published and page.url == source.where]
    if lost and not operations:
        raise WorkshopError(f"{source.where} holds no document, but held that of {lost[0]}: fetch it again")
    return operations


def _agreed(operations: list[Operation]) -> list[Operation]:
    """Return each operation once: from its own page where several show it, which must then agree."""
    chosen: dict[str, Operation] = {}
    for operation in operations:
        other = chosen.setdefault(operation.name, operation)
        if meaning(operation.document["paths"]) != meaning(other.document["paths"]):
            raise WorkshopError(
                f"{other.where} and {operation.where} disagree on {operation.name}: leave one out, or ask Batch"
            )
        if operation.name in operation.where and operation.name not in other.where:
            chosen[operation.name] = operation
    return [chosen[name] for name in sorted(chosen)]


def _compare(operation: Operation, known: Sources, openapi: Path) -> Vendored:
    text = json.dumps(operation.document, indent=2, ensure_ascii=False) + "\n"
    page = known.page(operation.name)
    if page is None:
        state = "new"
    elif page.published and (openapi / "pages" / f"{page.name}.json").read_text(encoding="utf-8") == text:
        state = "unchanged"
    else:
        state = "changed"
    if urlsplit(operation.where).scheme:
        url = operation.where
    else:
        url = page.url if page is not None else urlsplit(INDEX)._replace(path=f"{SECTION}{operation.name}.md").geturl()
    return Vendored(operation, url, text, state)


def _check_merge(vendored: list[Vendored], known: Sources) -> None:
    incoming = {
        page.operation.name: Page(
            page.operation.name, page.url, "published", page.operation.api_version, page.operation.document
        )
        for page in vendored
    }
    kept = [page for page in known.pages if page.name not in incoming]
    merge_pages(Sources(known.api_versions, (*incoming.values(), *kept)))


def _register(vendored: list[Vendored], known: Sources, openapi: Path, today: datetime.date) -> str:
    register = tomlkit.parse((openapi / "sources.toml").read_text(encoding="utf-8"))
    newest = max((page.operation.api_version for page in vendored), key=version_number)
    if version_number(newest) > version_number(known.api_versions[-1]):
        register["api_versions"].append(newest)
    pages = register["pages"]
    for page in vendored:
        if page.state == "unchanged":
            continue
        operation, before = page.operation, known.page(page.operation.name)
        entry: TomlTable = tomlkit.table()
        entry["url"] = page.url
        entry["origin"] = "published"
        entry["api_version"] = operation.api_version
        entry["first_seen"] = before.first_seen if before is not None else operation.api_version
        entry["sha256"] = page.sha256
        entry["date"] = today
        entry["evidence"] = f"complete document at {operation.api_version}"
        entry.add(tomlkit.nl())
        pages[operation.name] = entry
    return tomlkit.dumps(register)


def _report(vendored: list[Vendored], known: Sources) -> None:
    table = Table("page", "state", "API version", "was", box=None, pad_edge=False)
    for page in vendored:
        before = known.page(page.operation.name)
        table.add_row(page.operation.name, page.state, page.operation.api_version, before.origin if before else "")
    names = {page.operation.name for page in vendored}
    # A page alone says nothing of the others.
    for page_gone in known.pages if len(names) > 1 else ():
        if page_gone.name not in names:
            table.add_row(page_gone.name, "gone (kept)", "", page_gone.origin)
    console = Console()
    console.print(table)
    counts = {state: sum(page.state == state for page in vendored) for state in ("new", "changed", "unchanged")}
    console.print(", ".join(f"{count} {state}" for state, count in counts.items()), highlight=False)
    if counts["new"] or counts["changed"]:
        console.print("next: make regenerate, then make diff", highlight=False)


if __name__ == "__main__":
    sys.exit(main())
