"""Writes the pages and the register, `openapi/sources.toml`, into a folder laid out as `openapi/`."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.items import Table as TomlTable

from scripts.codegen.sources import Sources
from scripts.errors import ToolError
from scripts.vendor.incoming import Change, Incoming


def write_change(change: Change, openapi: Path, today: datetime.date) -> None:
    """Write the pages that came in, park the missing ones, and update the register."""
    path = openapi / "sources.toml"
    register = tomlkit.parse(path.read_text(encoding="utf-8"))
    versions: Any = register["api_versions"]
    for version in change.api_versions[len(versions) :]:
        versions.append(version)
    entries: Any = register["pages"]
    for page in change.pages:
        if page.state != "unchanged":
            entries[page.name] = _entry(page, today)
            file = openapi / "pages" / f"{page.name}.json"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(page.text, encoding="utf-8")
    for gone in change.missing:
        entries[gone.name]["parked"] = today
    came = {page.operation.route for page in change.pages}
    _set_dropped(register, [route for route in register.get("dropped", []) if route not in came])
    path.write_text(tomlkit.dumps(register), encoding="utf-8")


def drop_page(name: str, known: Sources, openapi: Path) -> list[str]:
    """Remove a parked page for good, and remember its operations as dropped; return these.

    Raises:
        ToolError: There is no such page, or it is not parked.
    """
    page = known.page(name)
    if page is None or not page.is_parked:
        parked = ", ".join(page.name for page in known.parked) or "none"
        state = "is not a page" if page is None else "is not parked: the documentation still has it"
        raise ToolError(f"{name} {state}; parked pages: {parked}")
    path = openapi / "sources.toml"
    register = tomlkit.parse(path.read_text(encoding="utf-8"))
    entries: Any = register["pages"]
    del entries[name]
    _set_dropped(register, [*register.get("dropped", []), *page.routes])
    (openapi / "pages" / f"{name}.json").unlink()
    path.write_text(tomlkit.dumps(register), encoding="utf-8")
    return page.routes


def _set_dropped(register: tomlkit.TOMLDocument, routes: list[str]) -> None:
    if not routes:
        register.pop("dropped", None)
        return
    if "dropped" in register:
        register["dropped"] = routes
        return
    # Before the pages: what follows a table belongs to it.
    text = tomlkit.dumps(register).replace("\n[pages.", f"\ndropped = {tomlkit.item(routes).as_string()}\n\n[pages.", 1)
    register.clear()
    register.update(tomlkit.parse(text))


def _entry(page: Incoming, today: datetime.date) -> TomlTable:
    known, operation = page.known, page.operation
    entry: TomlTable = tomlkit.table()
    entry["url"] = page.url
    entry["origin"] = page.origin
    entry["api_version"] = operation.api_version
    entry["first_seen"] = known.first_seen if known is not None else operation.api_version
    entry["sha256"] = page.sha256
    entry["date"] = today
    entry["published"] = "the whole document" if page.origin == "published" else ""
    entry["inferred"] = "" if page.origin == "published" else "whatever its source inferred"
    entry.add(tomlkit.nl())
    return entry
