"""Names operations after their routes: the resource, the method and the id, whatever a page calls them."""

from __future__ import annotations

import keyword
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import count

from attrs import frozen
from openapi_python_client.strings import PythonIdentifier

from scripts.errors import ToolError

RESERVED_RESOURCES = frozenset(
    {"aclose", "api_version", "base_url", "bulk", "close", "generated", "request", "with_options", "with_raw_response"}
)
"""Attributes that the clients have beside the resources."""

RESERVED_METHODS = frozenset({"job", "task", "with_raw_response", "with_streaming_response"})
"""Methods that resources have beside their operations."""


@frozen
class Name:
    """What the Python client calls an operation."""

    resource: str
    """The attribute of the client: `catalogs`."""
    method: str
    """The method of the resource: `items_edit`."""
    id: str
    """Also the module's name: `catalog_items_edit`."""


def name_operations(routes: Iterable[tuple[str, str]], recorded: Mapping[str, Name]) -> dict[tuple[str, str], Name]:
    """Return the name of each route, given as HTTP method in lower case and path.

    A route whose name was recorded keeps it. Where several routes would share a method, those without a record carry
    the HTTP method in front; what then still coincides is numbered.
    """
    words = {route: _words(route[1]) for route in sorted(routes, key=lambda route: (route[1], route[0]))}
    plain = {route: _name(words[route], route[0]) for route in words}
    uses = Counter((name.resource, name.method) for name in plain.values())
    names: dict[tuple[str, str], Name] = {}
    taken: set[str] = set()
    for route in plain:
        known = recorded.get(f"{route[0].upper()} {route[1]}")
        if known is not None and known.id not in taken:
            names[route] = known
            taken.add(known.id)
    for route, name in plain.items():
        if route in names:
            continue
        resource, *rest = words[route]
        if uses[name.resource, name.method] > 1 and rest:
            name = _name([resource, route[0], *rest], route[0])
        name = next(candidate for candidate in _candidates(name) if candidate.id not in taken)
        names[route] = name
        taken.add(name.id)
    return names


def _candidates(name: Name) -> Iterator[Name]:
    """Yield a name, and what it may become where its id is taken: first without the singular, then numbered."""
    yield name
    yield Name(name.resource, name.method, f"{name.resource.strip('_')}_{name.method.strip('_')}")
    for number in count(2):
        yield Name(name.resource, f"{name.method}_{number}", f"{name.id}_{number}")


def singular(word: str) -> str:
    """Return the singular of a resource's name, by the regular rules of English."""
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    if word.endswith(("sses", "xes", "ches", "shes")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) else word


def pascal(name: str) -> str:
    """Return a snake_case name as PascalCase."""
    return "".join(part[:1].upper() + part[1:] for part in re.split(r"[^0-9A-Za-z]+", name))


def snake(text: str) -> str:
    """Return a word of a path as snake_case: `mass-update`, `massUpdate` and `{mass_update}` as `mass_update`."""
    text = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", text)
    return re.sub(r"[^0-9A-Za-z]+", "_", text).strip("_").lower()


def _words(path: str) -> list[str]:
    words = [snake(segment) for segment in path.split("/") if segment]
    if not words or not all(words):
        raise ToolError(f"the path {path} has a part of which no Python name can be made")
    return words


def _name(words: list[str], http_method: str) -> Name:
    resource, *rest = words
    method = "_".join(rest) or http_method
    if resource in RESERVED_RESOURCES or not resource.isidentifier():
        resource = f"api_{resource}"
    id_ = str(PythonIdentifier(f"{singular(resource)}_{method}", prefix="api_"))
    return Name(str(PythonIdentifier(resource, prefix="api_")), _safe(method), id_)


def _safe(method: str) -> str:
    """Return a name of a method that is neither reserved nor a keyword, and starts with a letter."""
    if method[0].isdigit():
        method = f"_{method}"
    return f"{method}_" if method in RESERVED_METHODS or keyword.iskeyword(method) else method
