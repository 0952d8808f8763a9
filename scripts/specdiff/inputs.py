"""Reads what is compared, two files or two states of the bundle, and checks that it is OpenAPI."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

from scripts.codegen.build import BUNDLE, OPENAPI, ROOT
from scripts.codegen.bundle import build_bundle, render_bundle
from scripts.codegen.sources import METHODS
from scripts.documents import ParseError, parse
from scripts.errors import ToolError

LARGEST = 100_000_000
"""Bytes that a document may have."""


def parse_document(name: str, text: str) -> dict[str, Any]:
    """Return the OpenAPI document of a text; raise ToolError, which names it, if it is none that can be compared."""
    try:
        document = parse(text)
    except ParseError as error:
        raise ToolError(f"{name} is neither JSON nor YAML: {error}") from error
    version = str(document.get("openapi", "")) if isinstance(document, dict) else ""
    if not version.startswith(("3.0.", "3.1.")):
        raise ToolError(f"{name} is not an OpenAPI document of version 3.0 or 3.1")
    if (wrong := _misshapen(document)) is not None:
        raise ToolError(f"{name} is not valid OpenAPI: {wrong} is not an object")
    result: dict[str, Any] = document
    return result


def _misshapen(document: dict[str, Any]) -> str | None:
    """Return the first of the large parts of a document that is no object, as all of them must be."""
    for member in ("info", "paths", "webhooks", "components"):
        if not isinstance(document.get(member, {}), dict):
            return member
    for path, item in (document.get("paths") or {}).items():
        if not isinstance(item, dict):
            return f"paths {path}"
        for method, operation in item.items():
            parts = operation.get("responses", {}) if isinstance(operation, dict) else {}
            if method in METHODS and not (isinstance(operation, dict) and isinstance(parts, dict)):
                return f"paths {path} {method}"
    kinds = document.get("components") or {}
    return next((f"components {kind}" for kind in kinds if not isinstance(kinds[kind], dict)), None)


def read_files(old: Path, new: Path) -> tuple[tuple[str, str], tuple[str, str]]:
    """Return name and text of two files; raise ToolError if one cannot be read."""
    return _read(old), _read(new)


def _read(path: Path) -> tuple[str, str]:
    try:
        if path.stat().st_size > LARGEST:
            raise ToolError(f"{path} is larger than {LARGEST // 1_000_000} MB")
        return str(path), path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ToolError(f"{path} cannot be read: {error}") from error


def read_states(base: str | None) -> tuple[tuple[str, str], tuple[str, str]]:
    """Return name and text of the bundle at a git revision, by default the merge base with main, and of today's.

    Raises:
        ToolError: There is no such revision, it has no bundle, or today's is not what its sources give.
    """
    revision = base or _merge_base()
    name = f"{revision}:{BUNDLE}"
    run = _git("show", name)
    if run.returncode != 0:
        reason = (run.stderr.strip().splitlines() or ["git failed"])[-1]
        raise ToolError(f"{name} cannot be read ({reason}): give another BASE, or two documents")
    new = _read(ROOT / BUNDLE)
    _check_fresh(new[1])
    return (name, run.stdout), new


def _check_fresh(bundle: str) -> None:
    """Raise ToolError unless the bundle is what its sources give; after a failed `make regenerate` it is older."""
    stale = f"{BUNDLE} is stale: "
    try:
        made = render_bundle(build_bundle(ROOT / OPENAPI).document)
    except ToolError as error:
        raise ToolError(f"{stale}`make regenerate` fails on its sources", *error.problems, notes=error.notes) from error
    if made != bundle:
        raise ToolError(f"{stale}its sources have changed since; run `make regenerate`")


def _merge_base() -> str:
    for branch in ("origin/main", "main"):
        run = _git("merge-base", "HEAD", branch)
        if run.returncode == 0:
            return run.stdout.strip()
    raise ToolError("there is no main branch to compare with: give BASE=revision, or A=old B=new")


def _git(*arguments: str) -> subprocess.CompletedProcess[str]:
    # The arguments are git's own words and a revision, never an option: a revision that begins with a dash is refused.
    if any(argument.startswith("-") for argument in arguments):
        raise ToolError(f"{arguments[-1]} is not a revision")
    return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S607 - git of the machine
