"""Makes the bundle, `openapi/batch.json`: the pages merged, the overlays applied, the schemas named."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from openapi_spec_validator import OpenAPIV31SpecValidator
from referencing.exceptions import PointerToNowhere

from scripts.errors import WorkshopError
from scripts.overlay import apply_overlay, read_overlay
from scripts.sources import METHODS, Document, Page, Sources, read_sources

SCHEMA_NAME = "x-schema-name"
"""Set by an overlay on any schema, inline or not: the name under which the bundle keeps it, hence its class's name."""

FIRST_SEEN = "x-first-seen"
"""Set on every operation from the register: the oldest API version whose page showed it."""

_ANNOTATIONS = frozenset({"description", "summary", "example", "examples", "externalDocs", FIRST_SEEN})
_MAPS_OF_NAMES = frozenset(
    {"properties", "patternProperties", "$defs", "dependentSchemas", "paths", "responses", "schemas", "headers"}
)


def build_bundle(openapi: Path) -> Document:
    """Build the bundle from a folder laid out as `openapi/`."""
    sources = read_sources(openapi)
    document = merge_pages(sources)
    for path in sorted((openapi / "overlays").glob("*.yaml")):
        document = apply_overlay(document, read_overlay(path), path.name)
    document = name_schemas(document)
    _validate(document)
    return document


def render_bundle(document: Document) -> str:
    """Return the text of `batch.json`: indented, one member a line, so that a pull request shows each change."""
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def merge_pages(sources: Sources) -> Document:
    """Merge the pages into one document whose server offers the supported API versions.

    A component or operation that several pages carry is kept once. Copies may differ in annotations, which change no
    call: a published page's text then wins, else the first page's. Copies that differ in meaning are an error.
    """
    newest = sources.api_versions[-1]
    server = copy.deepcopy(sources.pages[0].document["servers"][0])
    server["variables"]["version"] |= {"default": newest, "enum": list(sources.api_versions)}
    pages = sorted(sources.pages, key=lambda page: not page.published)
    components: dict[str, _Keeper] = {}
    paths: dict[str, _Keeper] = {}
    for page in pages:
        _check_common(page, pages[0])
        for kind, members in page.document.get("components", {}).items():
            components.setdefault(kind, _Keeper(f"components/{kind}")).add_all(members, page)
        documented = {"externalDocs": {"url": page.url.removesuffix(".md")}, FIRST_SEEN: page.first_seen}
        for path, item in page.document["paths"].items():
            members = {name: node | documented if name in METHODS else node for name, node in item.items()}
            paths.setdefault(path, _Keeper(path)).add_all(members, page)
    tags = {tag["name"]: tag for page in pages for tag in page.document.get("tags", [])}
    return {
        "openapi": "3.1.0",
        # A page's info.version lags behind; the API version is the default of the server's variable.
        "info": {"title": pages[0].document["info"]["title"], "version": newest},
        "servers": [server],
        "security": pages[0].document["security"],
        "tags": [tags[name] for name in sorted(tags)],
        "paths": {path: paths[path].members for path in sorted(paths)},
        "components": {kind: dict(sorted(components[kind].members.items())) for kind in sorted(components)},
    }


def name_schemas(document: Document) -> Document:
    """Return a copy in which every schema with an `x-schema-name` is a component of that name.

    A component is renamed, an inline schema moves there, and a `$ref` takes its place. Its title goes, because the
    generator would name the class after it.
    """
    result = copy.deepcopy(document)
    schemas: dict[str, Any] = result["components"]["schemas"]
    renamed: dict[str, str] = {}
    result["components"]["schemas"] = named = {}
    for name, schema in schemas.items():
        new_name = schema.pop(SCHEMA_NAME, name)
        if new_name != name:
            renamed[f"#/components/schemas/{name}"] = f"#/components/schemas/{new_name}"
            schema.pop("title", None)
        if new_name in named:
            raise WorkshopError(f"two schemas would both be named {new_name}; give one another {SCHEMA_NAME}")
        named[new_name] = schema
    _move_inline_schemas(result, named)
    for node in _walk(result):
        if isinstance(node.get("$ref"), str):
            node["$ref"] = renamed.get(node["$ref"], node["$ref"])
    result["components"]["schemas"] = dict(sorted(named.items()))
    return result


def _move_inline_schemas(node: Any, named: dict[str, Any]) -> None:
    members = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, child in list(members):
        _move_inline_schemas(child, named)
        if isinstance(child, dict) and SCHEMA_NAME in child:
            name = child.pop(SCHEMA_NAME)
            child.pop("title", None)
            if meaning(named.setdefault(name, child)) != meaning(child):
                raise WorkshopError(f"two different schemas would both be named {name}; give one another {SCHEMA_NAME}")
            node[key] = {"$ref": f"#/components/schemas/{name}"}


class _Keeper:
    """Keeps members by name, each once, and remembers the page it came from."""

    def __init__(self, where: str) -> None:
        self._where = where
        self._page_of: dict[str, Page] = {}
        self.members: dict[str, Any] = {}

    def add_all(self, members: dict[str, Any], page: Page) -> None:
        for name, member in members.items():
            if name not in self.members:
                self.members[name] = copy.deepcopy(member)
                self._page_of[name] = page
            elif meaning(member) != meaning(self.members[name]):
                raise WorkshopError(
                    f"pages {self._page_of[name].name} and {page.name} disagree on {self._where}/{name}: "
                    "vendor both anew, or register only the right one"
                )


def _check_common(page: Page, first: Page) -> None:
    if not str(page.document.get("openapi", "")).startswith("3.1."):
        raise WorkshopError(f"page {page.name} is not OpenAPI 3.1; only that version is read")
    if page.document["servers"][0]["url"] != first.document["servers"][0]["url"]:
        raise WorkshopError(f"pages {first.name} and {page.name} name different servers")
    if page.document["security"] != first.document["security"]:
        raise WorkshopError(f"pages {first.name} and {page.name} ask for different credentials")


def meaning(node: Any, names: bool = False) -> Any:
    """Return what a part of a document means for a call: all of it but the annotations.

    `names` says that the keys are names (of properties, say), among which `description` is one like any other.
    """
    if isinstance(node, list):
        return [meaning(item) for item in node]
    if not isinstance(node, dict):
        return node
    return {
        key: meaning(value, names=not names and key in _MAPS_OF_NAMES)
        for key, value in node.items()
        if names or key not in _ANNOTATIONS
    }


def _walk(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
        node = list(node.values())
    if isinstance(node, list):
        for child in node:
            yield from _walk(child)


def _validate(document: Document) -> None:
    try:
        error = next(iter(OpenAPIV31SpecValidator(document).iter_errors()), None)
    except PointerToNowhere as nowhere:
        raise WorkshopError(f"the bundle refers to {nowhere.ref}, which is not there") from nowhere
    if error is not None:
        path = "/".join(str(part) for part in error.absolute_path)
        raise WorkshopError(f"the bundle is no valid OpenAPI 3.1 at {path}: {error.message.splitlines()[0]}")
