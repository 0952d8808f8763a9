"""Reads `openapi/sources.toml`, the register of the vendored documents, and the pages it names."""

from __future__ import annotations

import hashlib
import json
import tomllib
from pathlib import Path
from typing import Any

from attrs import frozen

from scripts.errors import WorkshopError

Document = dict[str, Any]

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
"""The members of a path item that are operations."""


@frozen
class Page:
    """One page of the documentation: the OpenAPI document vendored from it."""

    name: str
    url: str
    origin: str
    first_seen: str
    document: Document

    @property
    def published(self) -> bool:
        return self.origin == "published"


@frozen
class Sources:
    """The API versions the client speaks, oldest first, and the pages in the order of the register."""

    api_versions: tuple[str, ...]
    pages: tuple[Page, ...]

    def page(self, name: str) -> Page | None:
        """Return a page by its name."""
        return next((page for page in self.pages if page.name == name), None)


def version_number(version: str) -> tuple[int, ...]:
    """Return an API version as numbers, which compare as versions do."""
    return tuple(int(part) for part in version.split("."))


def read_sources(openapi: Path) -> Sources:
    """Read the register and its pages; refuse a page that is missing, unregistered or edited by hand."""
    register_path = openapi / "sources.toml"
    try:
        register = tomllib.loads(register_path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise WorkshopError(f"{register_path} cannot be read: {error}") from error
    entries: dict[str, dict[str, Any]] = register["pages"]
    on_disk = {
        path.relative_to(openapi / "pages").with_suffix("").as_posix() for path in (openapi / "pages").rglob("*.json")
    }
    if unregistered := sorted(on_disk - entries.keys()):
        raise WorkshopError(
            f"pages without an entry in {register_path.name}: {', '.join(unregistered)}; add it or delete the page"
        )
    return Sources(
        api_versions=tuple(register["api_versions"]),
        pages=tuple(_read_page(openapi, name, entry) for name, entry in entries.items()),
    )


def _read_page(openapi: Path, name: str, entry: dict[str, Any]) -> Page:
    path = openapi / "pages" / f"{name}.json"
    try:
        content = path.read_bytes()
    except OSError as error:
        raise WorkshopError(f"page {name} is registered in sources.toml but cannot be read: {error}") from error
    if hashlib.sha256(content).hexdigest() != entry["sha256"]:
        raise WorkshopError(
            f"page {name} differs from its sha256 in sources.toml: pages are never edited by hand, "
            "put the correction into openapi/overlays/ with its reason"
        )
    try:
        document: Document = json.loads(content)
    except ValueError as error:
        raise WorkshopError(f"page {name} is not JSON: {error}") from error
    return Page(name=name, url=entry["url"], origin=entry["origin"], first_seen=entry["first_seen"], document=document)
