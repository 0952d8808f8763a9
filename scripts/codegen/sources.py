"""Reads `openapi/sources.toml`, the register of the vendored pages, and the pages it names."""

from __future__ import annotations

import hashlib
import re
import tomllib
from pathlib import Path
from typing import Any

from attrs import frozen

from scripts.documents import ParseError, parse
from scripts.errors import ToolError

Document = dict[str, Any]

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
"""The members of a path item that are operations."""

ORIGINS = ("published", "reconstructed", "local")
"""Where a page can come from; `sources.toml` says what each means."""

_VERSION = re.compile(r"\d+\.\d+")
_TEXTS = ("url", "origin", "api_version", "first_seen", "sha256", "published", "inferred")


@frozen
class Page:
    """One page of the documentation: the OpenAPI document vendored from it."""

    name: str
    url: str
    origin: str
    api_version: str
    first_seen: str
    document: Document
    published: str = ""
    """What of it was seen published."""
    inferred: str = ""
    """What of it was inferred."""
    is_parked: bool = False
    """Whether the documentation no longer has the page: it is kept on disk and left out of the bundle."""

    @property
    def is_published(self) -> bool:
        return self.origin == "published"

    @property
    def routes(self) -> list[str]:
        """The operations of the page, such as `POST /audiences/create`."""
        return routes_of(self.document)


@frozen
class Sources:
    """The API versions the client speaks, oldest first, and all pages in the order of the register."""

    api_versions: tuple[str, ...]
    all_pages: tuple[Page, ...]
    dropped: tuple[str, ...] = ()
    """Operations whose parked page was dropped, such as `GET /segments/list`."""

    @property
    def pages(self) -> tuple[Page, ...]:
        """The pages that the bundle is made from."""
        return tuple(page for page in self.all_pages if not page.is_parked)

    @property
    def parked(self) -> tuple[Page, ...]:
        return tuple(page for page in self.all_pages if page.is_parked)

    @property
    def absent(self) -> set[str]:
        """The operations that the documentation had once and has no longer."""
        present = {route for page in self.pages for route in page.routes}
        return {*self.dropped, *(route for page in self.parked for route in page.routes)} - present

    def page(self, name: str) -> Page | None:
        """Return a page by its name, parked or not."""
        return next((page for page in self.all_pages if page.name == name), None)


def routes_of(document: Document) -> list[str]:
    """Return the operations of a document, such as `POST /audiences/create`."""
    return [
        f"{method.upper()} {path}" for path, item in document["paths"].items() for method in METHODS if method in item
    ]


def version_number(version: str) -> tuple[int, ...]:
    """Return an API version as numbers, which compare as versions do."""
    return tuple(int(part) for part in version.split("."))


def read_sources(openapi: Path) -> Sources:
    """Read the register and its pages.

    Raises:
        ToolError: The register is malformed, or a page is missing, unregistered or edited by hand.
    """
    register = _read_register(openapi / "sources.toml")
    entries: dict[str, dict[str, Any]] = register["pages"]
    on_disk = {
        path.relative_to(openapi / "pages").with_suffix("").as_posix() for path in (openapi / "pages").rglob("*.json")
    }
    if unregistered := sorted(on_disk - entries.keys()):
        raise ToolError(f"pages without an entry in sources.toml: {', '.join(unregistered)}; add it or delete the page")
    pages = tuple(_read_page(openapi, name, entry) for name, entry in entries.items())
    return Sources(tuple(register["api_versions"]), pages, tuple(register.get("dropped", ())))


def _read_register(path: Path) -> dict[str, Any]:
    try:
        register = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ToolError(f"{path.name} cannot be read: {error}") from error
    _check_versions(register.get("api_versions"))
    dropped = register.get("dropped", [])
    if not isinstance(dropped, list) or not all(isinstance(route, str) for route in dropped):
        raise ToolError('sources.toml: dropped must be a list of operations, such as ["GET /segments/list"]')
    entries = register.get("pages")
    if not isinstance(entries, dict) or not entries:
        raise ToolError('sources.toml registers no page: each needs a table such as [pages."audiences/create"]')
    for name, entry in entries.items():
        _check_entry(name, entry)
    return register


def _check_versions(versions: Any) -> None:
    if not isinstance(versions, list) or not versions:
        raise ToolError('sources.toml has no api_versions: list the API versions, such as ["2.10", "2.11"]')
    if wrong := [version for version in versions if not isinstance(version, str) or not _VERSION.fullmatch(version)]:
        raise ToolError(f'sources.toml: {wrong[0]!r} in api_versions is not a version such as "2.11"')
    if versions != sorted(set(versions), key=version_number):
        raise ToolError("sources.toml: api_versions must go from the oldest to the newest, each once")


def _check_entry(name: str, entry: Any) -> None:
    if not isinstance(entry, dict):
        raise ToolError(f"sources.toml: the entry of page {name} is not a table")
    for member in ("url", "origin", "first_seen", "sha256"):
        if member not in entry:
            raise ToolError(f"sources.toml: page {name} has no {member}")
    for member in _TEXTS:
        if not isinstance(entry.get(member, ""), str):
            raise ToolError(f"sources.toml: {member} of page {name} is not a string")
    if entry["origin"] not in ORIGINS:
        raise ToolError(f"sources.toml: origin {entry['origin']!r} of page {name} is not one of {', '.join(ORIGINS)}")
    for member in ("api_version", "first_seen"):
        if member in entry and not _VERSION.fullmatch(entry[member]):
            raise ToolError(f"sources.toml: {member} {entry[member]!r} of page {name} is not a version such as 2.11")


def _read_page(openapi: Path, name: str, entry: dict[str, Any]) -> Page:
    path = openapi / "pages" / f"{name}.json"
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ToolError(f"page {name} is registered in sources.toml but cannot be read: {error}") from error
    if hashlib.sha256(content).hexdigest() != entry["sha256"]:
        raise ToolError(
            f"page {name} differs from its sha256 in sources.toml: pages are never edited by hand, "
            "put the correction into openapi/overlays/ with its reason"
        )
    try:
        document = parse(content.decode())
    except (ParseError, UnicodeDecodeError) as error:
        raise ToolError(f"page {name} is not JSON: {error}") from error
    paths = document.get("paths") if isinstance(document, dict) else None
    if not isinstance(paths, dict) or not all(isinstance(item, dict) for item in paths.values()):
        raise ToolError(f"page {name} is not an OpenAPI document with paths")
    return Page(
        name=name,
        url=entry["url"],
        origin=entry["origin"],
        api_version=entry.get("api_version", entry["first_seen"]),
        first_seen=entry["first_seen"],
        document=document,
        published=entry.get("published", ""),
        inferred=entry.get("inferred", ""),
        is_parked="parked" in entry,
    )
