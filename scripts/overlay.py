"""Applies OpenAPI Overlay 1.0 documents, strictly: a target that selects nothing is an error.

Overlays hold every correction to a wrong document. One whose target no longer matches is stale, and every kept
library passes over it in silence, hence this module. Targets are RFC 9535 JSONPath.
Specification: https://spec.openapis.org/overlay/v1.0.0.html
"""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import jsonpath_rfc9535

from scripts.documents import parse
from scripts.errors import WorkshopError
from scripts.sources import Document


def read_overlay(path: Path) -> Document:
    """Read one overlay document and refuse one whose actions lack a target, a reason or an effect."""
    try:
        overlay = parse(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise WorkshopError(f"overlay {path.name} cannot be read: {error}") from error
    if not isinstance(overlay, dict) or overlay.get("overlay") != "1.0.0" or not overlay.get("actions"):
        raise WorkshopError(f"overlay {path.name} is no Overlay 1.0.0 document with actions")
    for number, action in enumerate(overlay["actions"], start=1):
        if not action.get("description"):
            raise WorkshopError(f"overlay {path.name}, action {number} gives no reason: write one in its description")
        if ("update" in action) == (action.get("remove") is True):
            raise WorkshopError(f"overlay {path.name}, action {number} must either update or remove")
    return overlay


def apply_overlay(document: Document, overlay: Document, name: str) -> Document:
    """Return a copy of the document with the overlay's actions applied in their order."""
    result = copy.deepcopy(document)
    for number, action in enumerate(overlay["actions"], start=1):
        where = f"overlay {name}, action {number}"
        try:
            nodes = jsonpath_rfc9535.find(action["target"], result)
        except jsonpath_rfc9535.JSONPathError as error:
            raise WorkshopError(f"{where}: {action['target']!r} is no JSONPath: {error}") from error
        if not nodes:
            raise WorkshopError(
                f"{where}: target {action['target']} selects nothing; the document changed, "
                "so delete or mend the action"
            )
        if "update" in action:
            for node in nodes:
                _update(node.value, action["update"], where)
        else:
            # From the back, so that removing one element leaves the positions of the others in the same array.
            for node in reversed(nodes):
                if node.parent is None:
                    raise WorkshopError(f"{where} would remove the whole document")
                del node.parent.value[node.location[-1]]  # type: ignore[attr-defined]  # the library types values as object
    return result


def _update(target: Any, update: Any, where: str) -> None:
    if isinstance(target, list):
        target.append(copy.deepcopy(update))
    elif isinstance(target, dict) and isinstance(update, dict):
        _merge(target, update)
    else:
        raise WorkshopError(f"{where} updates what is neither an object nor an array")


def _merge(target: dict[str, Any], update: dict[str, Any]) -> None:
    for key, value in update.items():
        existing = target.get(key)
        if isinstance(existing, dict) and isinstance(value, dict):
            _merge(existing, value)
        elif isinstance(existing, list) and isinstance(value, list):
            existing.extend(copy.deepcopy(value))
        else:
            target[key] = copy.deepcopy(value)
