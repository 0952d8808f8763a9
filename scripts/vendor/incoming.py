"""Decides what becomes of the pages that came in beside those that are there; writes nothing."""

from __future__ import annotations

import difflib
import hashlib
import json
from collections.abc import Collection, Iterable
from pathlib import Path
from urllib.parse import urlsplit

from attrs import field, frozen

from scripts.codegen.merge import same_operation
from scripts.codegen.sources import Page, Sources, version_number
from scripts.errors import ToolError
from scripts.vendor.extract import Operation, Source, extract
from scripts.vendor.fetch import INDEX, SECTION, is_named, is_of_batch

_PARTIAL = 0.5
"""If more than this share of the known pages is missing, what came in is a part of the documentation, not all of it."""
_ALIKE = 0.8
"""From this similarity on, a new route and a missing one may be the same operation."""


@frozen
class Incoming:
    """One page as it comes in."""

    name: str
    operation: Operation
    url: str
    origin: str
    text: str
    state: str
    """`new`, `changed`, `unchanged` or `returned`, which was parked."""
    known: Page | None

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()


@frozen
class Change:
    """What vendoring changes."""

    pages: list[Incoming]
    missing: list[Page]
    """Known pages that did not come in and are parked now."""
    kept: list[Page]
    """Known pages that stay as they are: skipped, or not part of what came in."""
    lookalikes: list[tuple[str, str]]
    """New routes, each with the missing one that it resembles."""
    api_versions: tuple[str, ...]
    notes: list[str] = field(factory=list)

    def sources(self, known: Sources) -> Sources:
        """Return the sources as they are afterwards."""
        came = [
            Page(
                name=page.name,
                url=page.url,
                origin=page.origin,
                api_version=page.operation.api_version,
                first_seen=page.operation.api_version if page.known is None else page.known.first_seen,
                document=page.operation.document,
            )
            for page in self.pages
        ]
        return Sources(self.api_versions, (*came, *self.kept), known.dropped)

    def count(self, state: str) -> int:
        """Return how many pages are in a state."""
        return sum(page.state == state for page in self.pages)


def decide(
    found: Iterable[Source],
    known: Sources,
    openapi: Path,
    *,
    skip: Collection[str] = (),
    accept_version: str | None = None,
) -> Change:
    """Return what vendoring the sources would change.

    Args:
        openapi: The folder that holds the known pages.
        skip: Names of pages to leave out, such as `audiences/view`.
        accept_version: An API version to accept although a single page has it.

    Raises:
        ToolError: Pages are wrong or disagree; each problem names the page.
    """
    found = list(found)
    operations = [op for op in _extract_all(found, known, skip) if op.name not in skip and not is_named(op.where, skip)]
    if not operations:
        raise ToolError(f"no OpenAPI document in {', '.join(source.where for source in found[:3]) or 'what was given'}")
    agreed, notes = _agreed(operations, known)
    pages = _name_pages(agreed, known, openapi)
    names = {page.name for page in pages}
    absent = [page for page in known.pages if page.name not in names]
    skipped = [page for page in absent if page.name in skip or is_named(page.url, skip)]
    for name in skip:
        is_known = known.page(name) is not None or any(is_named(page.url, [name]) for page in known.pages)
        if not is_known and not any(is_named(source.where, [name]) for source in found):
            raise ToolError(f"SKIP names {name}, which is neither among the pages nor known")
    missing = [page for page in absent if page not in skipped]
    kept = skipped
    if missing and (len(pages) == 1 or len(missing) > _PARTIAL * len(known.pages)):
        kept = [*skipped, *missing]
        if len(pages) > 1:
            notes.append(
                f"{len(missing)} of {len(known.pages)} known pages did not come in; they are kept, none is parked"
            )
        missing = []
    versions = _versions(pages, kept, known, accept_version)
    new = [page.operation.route for page in pages if page.known is None]
    return Change(pages, missing, kept, _lookalikes(new, missing), versions, notes)


def _extract_all(found: list[Source], known: Sources, skip: Collection[str]) -> list[Operation]:
    operations, problems = [], []
    for source in found:
        if is_named(source.where, skip):
            continue
        try:
            operations += _extract(source, known)
        except ToolError as error:
            hint = f"; SKIP={_short(source.where)} continues without it" if len(found) > 1 else ""
            problems += [f"{problem}{hint}" for problem in error.problems]
    if problems:
        raise ToolError(*problems)
    return operations


def _extract(source: Source, known: Sources) -> list[Operation]:
    operations = extract(source)
    lost = next((page for page in known.pages if _is_page_of(page, source)), None)
    if lost is not None and not operations:
        raise ToolError(f"{source.where} names no operation, but held the document of {lost.name}: download it again")
    return operations


def _is_page_of(page: Page, source: Source) -> bool:
    if source.url is not None:
        return page.url == source.url
    return urlsplit(page.url).path.endswith(f"/{source.where}")


def _short(where: str) -> str:
    """Return what `SKIP` may call a source: group and page."""
    parts = urlsplit(where).path.rsplit(".", 1)[0].strip("/").split("/")
    return "/".join(parts[-2:])


def _agreed(operations: list[Operation], known: Sources) -> tuple[list[Operation], list[str]]:
    """Return each operation once, from its own page where several show it, with notes on what these disagree about.

    Raises:
        ToolError: Pages disagree, and which of them is the operation's own is not clear.
    """
    shown: dict[str, list[Operation]] = {}
    for operation in operations:
        shown.setdefault(operation.route, []).append(operation)
    chosen, notes = [], []
    for route in sorted(shown, key=lambda route: route.split(" ")[::-1]):
        alike = shown[route]
        own = [operation for operation in alike if _is_own(operation, known)]
        first = (own or alike)[0]
        for other in alike:
            if other is first or same_operation(other.document, first.document, route):
                continue
            if other in own or first not in own:
                raise ToolError(
                    f"{first.where} and {other.where} disagree on {route}: "
                    f"leave one out with SKIP={_short(other.where)}, or ask Batch"
                )
            notes.append(f"{other.where} shows {route} otherwise than its own page {first.where}, which is taken")
        chosen.append(first)
    return chosen, notes


def _is_own(operation: Operation, known: Sources) -> bool:
    """Return whether an operation was found on the page that is about it."""
    if operation.name in operation.where:
        return True
    source = Source(operation.where, "", operation.url)
    return any(operation.route in page.routes and _is_page_of(page, source) for page in known.pages)


def _name_pages(operations: list[Operation], known: Sources, openapi: Path) -> list[Incoming]:
    """Return the pages, each under the name that its operation has, or had when its page was registered."""
    by_route = {route: page for page in known.all_pages for route in page.routes}
    taken = {page.name for page in known.all_pages}
    pages = []
    for operation in operations:
        page = by_route.get(operation.route)
        name = operation.name if page is None else page.name
        if page is None and name in taken:
            name = f"{name}-{operation.route.split(' ')[0].lower()}"
        taken.add(name)
        pages.append(_compare(name, operation, page, openapi))
    return pages


def _compare(name: str, operation: Operation, known: Page | None, openapi: Path) -> Incoming:
    text = json.dumps(operation.document, indent=2, ensure_ascii=False) + "\n"
    is_same = known is not None and (openapi / "pages" / f"{name}.json").read_text(encoding="utf-8") == text
    origin = "published" if is_of_batch(operation.url) else "local"
    if known is not None and is_same and origin == "local":
        origin = known.origin  # a copy of what is there says nothing new
    url = operation.url
    if known is not None and not (is_of_batch(url) and urlsplit(url or "").path.endswith(".md")):
        url = known.url
    url = url or urlsplit(INDEX)._replace(path=f"{SECTION}{name}.md").geturl()
    if known is None:
        state = "new"
    elif known.is_parked:
        state = "returned"
    else:
        state = "unchanged" if is_same and (origin, url) == (known.origin, known.url) else "changed"
    return Incoming(name, operation, url, origin, text, state, known)


def _versions(pages: list[Incoming], kept: list[Page], known: Sources, accepted: str | None) -> tuple[str, ...]:
    """Return the API versions that are spoken afterwards, and refuse one that a single page states."""
    holders: dict[str, list[str]] = {}
    for page in pages:
        holders.setdefault(page.operation.api_version, []).append(page.name)
    for other in kept:
        holders.setdefault(other.api_version, []).append(other.name)
    total = sum(len(names) for names in holders.values())
    for version, names in holders.items():
        is_known = version in known.api_versions or version == accepted
        if not is_known and len(names) == 1 and total > 2 and any(page.name == names[0] for page in pages):
            others = max((other for other in holders if other != version), key=version_number)
            raise ToolError(
                f"page {names[0]} is of API version {version}, all others of {others} at most: "
                f"ACCEPT_VERSION={version} takes it as it is, SKIP={names[0]} continues without it"
            )
    newest = version_number(known.api_versions[-1])
    newer = sorted({version for version in holders if version_number(version) > newest}, key=version_number)
    return (*known.api_versions, *newer)


def _lookalikes(new: list[str], missing: list[Page]) -> list[tuple[str, str]]:
    routes = [route for page in missing for route in page.routes]
    return [(route, similar[0]) for route in new if (similar := difflib.get_close_matches(route, routes, 1, _ALIKE))]
