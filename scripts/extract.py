"""Finds the OpenAPI documents in what the documentation site serves, and takes them apart into one an operation."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from typing import Any

from attrs import frozen
from markdown_it import MarkdownIt
from openapi_spec_validator import OpenAPIV31SpecValidator
from referencing.exceptions import Unresolvable

from scripts.documents import ParseError, parse
from scripts.errors import WorkshopError
from scripts.sources import METHODS, Document

_VERSION_KEY = re.compile(r"""(^|[{,])\s*["']?(openapi|swagger)["']?\s*:""", re.MULTILINE)


@frozen
class Source:
    """A text and where it came from: an address, or a path below the folder it was read from."""

    where: str
    text: str


@frozen
class Operation:
    """One operation as a document of its own."""

    name: str
    """Where its page is kept, after its path in the API: `catalogs/items-edit` for /catalogs/items/edit."""
    where: str
    api_version: str
    document: Document


def extract(source: Source) -> list[Operation]:
    """Return the operations of every OpenAPI document in a text: Markdown with fenced blocks, JSON or YAML.

    Prose without any document gives none. Raises WorkshopError, naming the source, for whatever is wrong with it.
    """
    start = source.text.lstrip()
    if start.startswith("<"):
        raise WorkshopError(f"{source.where} is HTML, not Markdown: use the address that ends with .md")
    if not start:
        raise WorkshopError(f"{source.where} is empty: fetch it again")
    if source.where.endswith((".json", ".yaml", ".yml")) or re.match(r"\{|openapi:", start):
        texts = [source.text]
    else:
        tokens = MarkdownIt().parse(source.text)
        texts = [token.content for token in tokens if token.type == "fence" and _VERSION_KEY.search(token.content)]
    return [operation for text in texts for operation in _split(_read(text, source.where), source.where)]


def _read(text: str, where: str) -> Document:
    try:
        document = parse(text)
    except ParseError as error:
        raise WorkshopError(f"{where} holds a document that is cut off or broken ({error}): fetch it again") from error
    if not isinstance(document, dict):
        raise WorkshopError(f"{where} holds a document that is no object: fetch it again")
    if "openapi" not in document and "swagger" not in document:
        raise WorkshopError(f"{where} is no OpenAPI document: leave it out")
    version = str(document.get("openapi", document.get("swagger")))
    if not version.startswith("3.1."):
        raise WorkshopError(f"{where} holds a document of OpenAPI {version}; only 3.1 is read")
    _validate(document, where)
    return document


def _validate(document: Document, where: str) -> None:
    try:
        error = next(iter(OpenAPIV31SpecValidator(document).iter_errors()), None)
    except Unresolvable as unresolvable:
        missing = unresolvable.ref
        raise WorkshopError(f"{where} refers to {missing}, which is not there: fetch it again") from unresolvable
    if error is not None:
        raise WorkshopError(f"{where} holds no valid OpenAPI 3.1: {error.message.splitlines()[0][:200]}")


def _split(document: Document, where: str) -> Iterator[Operation]:
    operations = [
        (path, method) for path, item in document.get("paths", {}).items() for method in item if method in METHODS
    ]
    if not operations:
        raise WorkshopError(f"{where} holds a document that names no operation: leave it out")
    api_version = _api_version(document, where)
    for path, method in operations:
        alone = document if len(operations) == 1 else _alone(document, path, method)
        yield Operation(_name(path, where), where, api_version, alone)


def _name(path: str, where: str) -> str:
    group, *rest = [part for part in path.split("/") if part]
    name = f"{group}/{'-'.join(rest)}" if rest else group
    if not re.fullmatch(r"[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)?", name):
        raise WorkshopError(f"{where} holds the path {path}, of which no file name can be made")
    return name


def _api_version(document: Document, where: str) -> str:
    try:
        version = document["servers"][0]["variables"]["version"]["default"]
    except (KeyError, IndexError, TypeError):
        version = None
    if not isinstance(version, str) or not re.fullmatch(r"\d+\.\d+", version):
        raise WorkshopError(f"{where} does not say its API version: servers[0].variables.version.default is missing")
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
    if tags := [tag for tag in document.get("tags", []) if tag["name"] in kept[method].get("tags", [])]:
        result["tags"] = tags
    if used:
        result["components"] = used
    result["paths"] = {path: kept}
    return result


def _collect(node: Any, document: Document, used: dict[str, dict[str, Any]]) -> None:
    if isinstance(node, dict):
        reference = node.get("$ref")
        if isinstance(reference, str) and reference.startswith("#/components/"):
            _, _, kind, name = reference.split("/", 3)
            if name not in used.setdefault(kind, {}):
                used[kind][name] = copy.deepcopy(document["components"][kind][name])
                _collect(used[kind][name], document, used)
        node = list(node.values())
    if isinstance(node, list):
        for child in node:
            _collect(child, document, used)
