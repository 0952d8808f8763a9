"""Follows references (`$ref`) within a document: JSON pointers that are URI fragments, such as `#/paths/~1a/get`."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, unquote


class UnresolvableReference(LookupError):
    """A reference leads out of its document, to a part that is not there, or back to itself; the message says which.

    Attributes:
        reference: The reference.
    """

    def __init__(self, reference: str, reason: str) -> None:
        super().__init__(f"{reference}, {reason}")
        self.reference = reference


def pointer_parts(reference: str) -> list[str]:
    """Return the names and indices in a reference; raise UnresolvableReference if it leads out of its document."""
    if not reference.startswith("#"):
        raise UnresolvableReference(reference, "another document; only its own parts can be read")
    first, *parts = unquote(reference[1:]).split("/")
    if first:
        raise UnresolvableReference(reference, "an anchor; only places can be read")
    return [part.replace("~1", "/").replace("~0", "~") for part in parts]


def look_up(document: Any, reference: str) -> Any:
    """Return the part of a document that a reference names, which may be a reference itself.

    Raises:
        UnresolvableReference: It leads out of the document, or to a part that is not there.
    """
    node = document
    for part in pointer_parts(reference):
        if isinstance(node, Mapping) and part in node:
            node = node[part]
        elif isinstance(node, list) and part.isascii() and part.isdecimal() and int(part) < len(node):
            node = node[int(part)]
        else:
            raise UnresolvableReference(reference, "which is not there")
    return node


def trail(document: Any, node: Any) -> list[tuple[str, Any]]:
    """Return each reference on the way from a part of a document to what it stands for, with what that names.

    It is empty for a part that is no reference. Members beside `$ref` change nothing about the way.

    Raises:
        UnresolvableReference: One of them leads nowhere, or back to one before.
    """
    found: list[tuple[str, Any]] = []
    while isinstance(node, Mapping) and isinstance(reference := node.get("$ref"), str):
        if any(reference == earlier for earlier, _ in found):
            raise UnresolvableReference(reference, "which refers to itself and to nothing else")
        node = look_up(document, reference)
        found.append((reference, node))
    return found


def resolve(document: Any, node: Any) -> Any:
    """Return what a part of a document stands for: itself, or what its reference leads to in the end.

    Members beside `$ref` are left out.

    Raises:
        UnresolvableReference: The reference leads nowhere, or back to itself.
    """
    way = trail(document, node)
    return way[-1][1] if way else node


def reference_to(*parts: str) -> str:
    """Return the reference to a place in a document, given the names and indices that lead there."""
    return "#" + "".join("/" + quote(part.replace("~", "~0").replace("/", "~1"), safe="~") for part in parts)


def component_reference(name: str) -> str:
    """Return the reference to a component schema."""
    return reference_to("components", "schemas", name)


def component_in(reference: str) -> str | None:
    """Return the name of the component schema that a reference names; None if it names something else."""
    if not reference.startswith("#/components/schemas/"):
        return None
    parts = pointer_parts(reference)
    return parts[-1] if len(parts) == 3 else None


def component_of(node: Any) -> str | None:
    """Return the name of the component schema that a part of a document refers to; None if it refers to none."""
    reference = node.get("$ref") if isinstance(node, Mapping) else None
    return component_in(reference) if isinstance(reference, str) else None


__all__ = [
    "UnresolvableReference",
    "component_in",
    "component_of",
    "component_reference",
    "look_up",
    "pointer_parts",
    "reference_to",
    "resolve",
    "trail",
]
