"""Finds the OpenAPI documents in what the documentation site serves, and takes them apart into one per operation."""

from __future__ import annotations

import copy
import html
import re
from collections.abc import Iterator
from typing import Any

from attrs import frozen
from markdown_it import MarkdownIt

from scripts.codegen.identity import snake
from scripts.codegen.pages import read_page
from scripts.codegen.runtime.references import pointer_parts
from scripts.codegen.sources import METHODS, Document, routes_of
from scripts.documents import ParseError, parse
from scripts.errors import ToolError

_VERSION_KEY = re.compile(r"""(^|[{,])\s*["']?(openapi|swagger)["']?\s*:""", re.MULTILINE)
_IS_HTML = re.compile(r"<(!doctype|html|head|body|\?xml)\b", re.IGNORECASE)
_PRE = re.compile(r"<pre\b[^>]*>(.*?)</pre>", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")
_VERSION = re.compile(r"\d+\.\d+")


@frozen
class Source:
    """A text and where it came from."""

    where: str
    """Its address, or its path below the folder it was read from."""
    text: str
    url: str | None = None
    """The address of its page on the documentation site, as far as it is known."""


@frozen
class Operation:
    """One operation as a document of its own."""

    route: str
    name: str
    """What its page is called, after its path in the API: `catalogs/items-edit` for /catalogs/items/edit."""
    where: str
    url: str | None
    api_version: str
    document: Document


def extract(source: Source) -> list[Operation]:
    """Return the operations of every OpenAPI document in a text: Markdown with blocks of code, JSON or YAML.

    Prose without a document gives none, and neither does a document without `paths`, which only holds schemas.

    Raises:
        ToolError: Something is wrong with the text; the message names the source.
    """
    text = source.text.removeprefix("\ufeff")
    start = text.lstrip()
    if _IS_HTML.match(start):
        raise ToolError(f"{source.where} is HTML, not Markdown: use the address that ends with .md")
    if not start:
        raise ToolError(f"{source.where} is empty: download it again")
    if source.where.endswith((".json", ".yaml", ".yml")) or re.match(r"\{\s*[\"}]|openapi:", start):
        documents = [_read(text, source.where)]
    else:
        documents = [_read(block, source.where) for block in _blocks(text)]
    return [operation for document in documents for operation in _split(document, source)]


def _blocks(text: str) -> Iterator[str]:
    """Yield the blocks of code that look like an OpenAPI document: fenced, indented, or preformatted HTML."""
    for token in MarkdownIt().parse(text):
        if token.type in ("fence", "code_block"):
            if _VERSION_KEY.search(html.unescape(html.unescape(token.content))):
                yield token.content
        elif token.type == "html_block":
            for content in _PRE.findall(token.content):
                # Within HTML the text is escaped once more than it would be in a fence.
                block = html.unescape(_TAG.sub("", content))
                if _VERSION_KEY.search(html.unescape(block)):
                    yield block


def _parse(text: str) -> Any:
    """Parse a block, which may have been escaped as HTML, once or twice."""
    try:
        return parse(text)
    except ParseError as error:
        for unescaped in (html.unescape(text), html.unescape(html.unescape(text))):
            if unescaped != text:
                try:
                    return parse(unescaped)
                except ParseError:
                    continue
        raise error from None


def _read(text: str, where: str) -> Document:
    try:
        document = _parse(text)
    except ParseError as error:
        raise ToolError(f"{where} holds a document that is cut off or broken ({error}): download it again") from error
    if not isinstance(document, dict):
        raise ToolError(f"{where} holds a document that is not an object: download it again")
    if "openapi" not in document and "swagger" not in document:
        raise ToolError(f"{where} is not an OpenAPI document: leave it out")
    version = str(document.get("openapi", document.get("swagger")))
    if not version.startswith("3.1."):
        raise ToolError(f"{where} holds a document of OpenAPI {version}; only 3.1 can be read")
    return document


def _split(document: Document, source: Source) -> Iterator[Operation]:
    paths = document.get("paths", {})
    if isinstance(paths, dict) and not any(
        method in item for item in paths.values() if isinstance(item, dict) for method in METHODS
    ):
        return
    content = read_page(document, source.where)
    api_version = _api_version(document, source.where)
    for operation in content.operations:
        alone = document if len(routes_of(document)) == 1 else _alone(document, operation.path, operation.method)
        name = _name(operation.path, source.where)
        yield Operation(operation.route, name, source.where, source.url, api_version, alone)


def _name(path: str, where: str) -> str:
    group, *rest = [re.sub(r"[{}]", "", part) for part in path.split("/") if part] or [""]
    name = f"{group}/{'-'.join(rest)}" if rest else group
    if not re.fullmatch(r"[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)?", name) or not all(map(snake, name.split("/"))):
        raise ToolError(f"{where} holds the path {path}, of which no file name can be made")
    return name


def _api_version(document: Document, where: str) -> str:
    try:
        version = document["servers"][0]["variables"]["version"]["default"]
    except (KeyError, IndexError, TypeError):
        version = None
    if not isinstance(version, str) or not _VERSION.fullmatch(version):
        raise ToolError(f"{where} does not say its API version: servers[0].variables.version.default is missing")
    return version


def _alone(document: Document, path: str, method: str) -> Document:
    """Return a copy with one operation, and the components and tags that it uses."""
    item = document["paths"][path]
    result = {
        key: copy.deepcopy(value) for key, value in document.items() if key not in ("paths", "components", "tags")
    }
    kept = {key: copy.deepcopy(value) for key, value in item.items() if key == method or key not in METHODS}
    used: dict[str, dict[str, Any]] = {}
    schemes = document.get("components", {}).get("securitySchemes")
    if schemes:
        used["securitySchemes"] = copy.deepcopy(schemes)
    _collect(kept, document, used)
    if tags := [tag for tag in document.get("tags", []) if tag["name"] in kept.get(method, {}).get("tags", [])]:
        result["tags"] = tags
    if used:
        result["components"] = used
    result["paths"] = {path: kept}
    return result


def _collect(node: Any, document: Document, used: dict[str, dict[str, Any]]) -> None:
    if isinstance(node, dict):
        reference = node.get("$ref")
        if isinstance(reference, str) and reference.startswith("#/components/"):
            _collect_component(pointer_parts(reference), document, used)
        node = list(node.values())
    if isinstance(node, list):
        for child in node:
            _collect(child, document, used)


def _collect_component(place: list[str], document: Document, used: dict[str, dict[str, Any]]) -> None:
    _, kind, name, *_ = [*place, ""]
    component = document.get("components", {}).get(kind, {}).get(name)
    # What is not there is referred to by a part that no client has, such as a link; the rest was read before.
    if component is not None and name not in used.setdefault(kind, {}):
        used[kind][name] = copy.deepcopy(component)
        _collect(component, document, used)
