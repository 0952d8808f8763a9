"""Merges the pages into one document: operations by route, schemas by meaning, whatever the pages call them."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from scripts.codegen.identity import Name, name_operations
from scripts.codegen.pages import PageContent, PageOperation, read_page
from scripts.codegen.runtime.references import component_in, component_of, component_reference
from scripts.codegen.schemas import (
    Schema,
    digest,
    digest_of,
    group_by_meaning,
    meaning,
    reached,
    references,
    refine,
    walk,
)
from scripts.codegen.sources import Document, Page, Sources
from scripts.errors import ToolError

FIRST_SEEN = "x-first-seen"
"""Set on every operation from the register: the oldest API version whose page showed it."""


def merge_pages(sources: Sources, recorded: Mapping[str, Name] | None = None) -> tuple[Document, list[str]]:
    """Return one document whose server offers the supported API versions, and notes on what the pages lack.

    An operation that several pages show is taken from the first of them, published pages first; the others must agree
    in meaning. Component schemas are kept apart by meaning: two pages may use one name for different schemas.

    Args:
        recorded: The names of operations in use, by route.

    Raises:
        ToolError: A page is not valid, or pages disagree; each problem names the pages.
    """
    pages = sorted(sources.pages, key=lambda page: not page.is_published)
    contents: dict[str, PageContent] = {}
    problems: list[str] = []
    for page in pages:
        try:
            contents[page.name] = read_page(page.document, f"page {page.name}")
        except ToolError as error:
            problems += error.problems
    if problems:
        raise ToolError(*problems)
    _check_servers(pages)
    schemas = _link([contents[page.name] for page in pages])
    kept: dict[tuple[str, str], tuple[Page, PageOperation]] = {}
    for page in pages:
        for operation in contents[page.name].operations:
            first, known = kept.setdefault((operation.method, operation.path), (page, operation))
            if meaning(operation.node) != meaning(known.node):
                raise ToolError(
                    f"pages {first.name} and {page.name} disagree on {operation.route}: "
                    "vendor both again, or register only the right one"
                )
    names = name_operations(kept, recorded or {})
    document = _document(sources, pages[0], kept, names, schemas)
    return document, [note for page in pages for note in contents[page.name].notes]


def same_operation(one: Document, other: Document, route: str) -> bool:
    """Return whether two documents mean the same by an operation, whatever they call its schemas."""
    schemas: dict[str, Schema] = {}
    for side, document in (("one", one), ("other", other)):
        content = read_page(document, side)
        operation = next(operation for operation in content.operations if operation.route == route)
        parts: list[Any] = [operation.node, *content.schemas.values()]
        _rename(parts, {name: f"{side} {name}" for name in content.schemas})
        schemas |= {f"{side} {name}": schema for name, schema in content.schemas.items()}
        schemas[side] = operation.node
    groups = group_by_meaning(schemas)
    return groups["one"] == groups["other"]


def used_schemas(document: Document) -> set[str]:
    """Return the names of the component schemas that operations lead to."""
    schemas = document["components"]["schemas"]
    used = reached([document["paths"]], schemas).keys()
    for name in used - schemas.keys():
        raise ToolError(f"the bundle refers to {component_reference(name)}, which is not there")
    return set(used)


def remove_unused(document: Document) -> None:
    """Remove the component schemas that no operation leads to, and sort the others."""
    schemas = document["components"]["schemas"]
    document["components"]["schemas"] = {name: schemas[name] for name in sorted(used_schemas(document))}


def _check_servers(pages: list[Page]) -> None:
    urls = {page.name: (page.document.get("servers") or [{}])[0].get("url") for page in pages}
    most = Counter(urls.values()).most_common(1)[0][0]
    other = [
        f"page {name} names another server, {url}, than most pages, {most}" for name, url in urls.items() if url != most
    ]
    if other:
        raise ToolError(*other)


def _document(
    sources: Sources,
    first: Page,
    kept: Mapping[tuple[str, str], tuple[Page, PageOperation]],
    names: Mapping[tuple[str, str], Name],
    schemas: dict[str, Schema],
) -> Document:
    newest = sources.api_versions[-1]
    server = copy.deepcopy(first.document["servers"][0])
    server["variables"]["version"] |= {"default": newest, "enum": list(sources.api_versions)}
    paths: dict[str, dict[str, Any]] = {}
    for route in sorted(kept, key=lambda route: (route[1], route[0])):
        page, operation = kept[route]
        facts = {
            "operationId": names[route].id,
            "x-method": names[route].method,
            "tags": [names[route].resource],
            "externalDocs": {"url": page.url.removesuffix(".md")},
            FIRST_SEEN: page.first_seen,
        }
        paths.setdefault(operation.path, {})[operation.method] = facts | operation.node
    document = {
        "openapi": "3.1.0",
        # A page's info.version lags behind; the API version is the default of the server's variable.
        "info": {"title": first.document["info"]["title"], "version": newest},
        "servers": [server],
        "tags": [{"name": resource} for resource in sorted({name.resource for name in names.values()})],
        "paths": paths,
        "components": {"schemas": schemas},
    }
    remove_unused(document)
    return document


def _link(contents: list[PageContent]) -> dict[str, Schema]:
    """Give every schema of every page a name of its own, in place, and return the schemas by these names.

    Schemas of one name are the same where they mean the same, and so do all that they refer to.
    """
    names: dict[tuple[int, str], str] = {}
    shallow, refers = {}, {}
    for number, content in enumerate(contents):
        for name, schema in content.schemas.items():
            shallow[number, name] = digest(schema)
            refers[number, name] = [(number, target) for _, target in references(schema)]
    groups = refine({key: digest_of([key[1], shallow[key]]) for key in shallow}, refers)
    schemas: dict[str, Schema] = {}
    of_group: dict[str, str] = {}
    for key, group in groups.items():
        if group not in of_group:
            variant = of_group[group] = _unused(key[1], schemas)
            schemas[variant] = contents[key[0]].schemas[key[1]]
        names[key] = of_group[group]
    for number, content in enumerate(contents):
        parts: list[Any] = [operation.node for operation in content.operations]
        parts += [schema for name, schema in content.schemas.items() if schemas[names[number, name]] is schema]
        _rename(parts, {name: names[number, name] for name in content.schemas})
    return schemas


def _unused(name: str, schemas: Mapping[str, Any]) -> str:
    number, unused = 1, name
    while unused in schemas:
        number += 1
        unused = f"{name}~{number}"
    return unused


def _rename(parts: Iterable[Any], names: Mapping[str, str]) -> None:
    for node in walk(list(parts)):
        if (name := component_of(node)) is not None:
            node["$ref"] = component_reference(names[name])
        discriminator = node.get("discriminator")
        if isinstance(discriminator, dict) and isinstance(discriminator.get("mapping"), dict):
            for value, target in discriminator["mapping"].items():
                if (name := component_in(target)) is not None:
                    discriminator["mapping"][value] = component_reference(names[name])
