"""Compares two states of the bundle, or two documents, and tells what that means for Python callers."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from scripts.codegen.bundle import build_bundle, render_bundle
from scripts.codegen.sources import METHODS
from scripts.documents import ParseError, parse
from scripts.errors import ToolError
from scripts.specdiff.compare import compare_documents
from scripts.specdiff.findings import Level, in_order
from scripts.specdiff.report import Report, to_json, to_markdown, to_text
from scripts.specdiff.surface import attach, compare_clients, explain_failure

ROOT = Path(__file__).resolve().parent.parent
BUNDLE = "openapi/batch.json"

LARGEST = 100_000_000
"""Bytes that a document may have."""
LARGEST_GENERATED = 3_000_000
"""Bytes that both documents may have together for their clients to be generated; larger ones take minutes."""

_FORMATS = {"text": to_text, "markdown": to_markdown, "json": to_json}
_FAIL_ON = {"breaking": Level.BREAKING, "warning": Level.WARNING, "never": None}


def main(arguments: list[str] | None = None) -> int:
    """Run the command line: 0, or 1 if a change is of the level to fail on, or 2 if the input is no good."""
    parser = argparse.ArgumentParser(prog="make diff", description=__doc__)
    parser.add_argument("documents", nargs="*", type=Path, metavar="OLD NEW", help="two documents to compare")
    parser.add_argument("--base", help="git revision whose bundle is the old one (default: the merge base with main)")
    parser.add_argument("--format", choices=_FORMATS, default="text", help="(default: %(default)s)")
    parser.add_argument("--fail-on", choices=_FAIL_ON, default="never", help="exit with 1 (default: %(default)s)")
    options = parser.parse_args(arguments)
    if len(options.documents) not in (0, 2) or (options.documents and options.base):
        parser.error("give two documents (A=old B=new), or a revision (BASE=…), or nothing")
    try:
        old, new = _read_files(*options.documents) if options.documents else _read_states(options.base)
        report = compare(old, new)
    except ToolError as error:
        error.print()
        return 2
    try:
        print(_FORMATS[options.format](report).rstrip("\n"), flush=True)
    except BrokenPipeError:
        # The reader, `head` say, has seen enough; without this Python complains once more when it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    limit = _FAIL_ON[options.fail_on]
    return int(limit is not None and any(finding.worst >= limit for finding in report.findings))


def compare(old: tuple[str, str], new: tuple[str, str]) -> Report:
    """Compare two documents, each given as its name and text; raise ToolError if one is no good."""
    before, after = (_document(name, text) for name, text in (old, new))
    try:
        findings = compare_documents(before, after)
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        raise ToolError(
            f"{old[0]} or {new[0]} is not valid OpenAPI ({type(error).__name__}: {error}); "
            "openapi-spec-validator says where"
        ) from error
    except RecursionError as error:
        raise ToolError(f"{old[0]} or {new[0]} is nested too deep to compare") from error
    if len(old[1]) + len(new[1]) > LARGEST_GENERATED:
        skipped = f"the documents are larger than {LARGEST_GENERATED // 1_000_000} MB together"
        return Report(in_order(findings), skipped)
    try:
        return Report(in_order(attach(findings, compare_clients(before, after))))
    except ToolError as error:
        return Report(in_order(findings), explain_failure(error))


def _document(name: str, text: str) -> dict[str, Any]:
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


def _read_files(old: Path, new: Path) -> tuple[tuple[str, str], tuple[str, str]]:
    return _read(old), _read(new)


def _read(path: Path) -> tuple[str, str]:
    try:
        if path.stat().st_size > LARGEST:
            raise ToolError(f"{path} is larger than {LARGEST // 1_000_000} MB")
        return str(path), path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ToolError(f"{path} cannot be read: {error}") from error


def _read_states(base: str | None) -> tuple[tuple[str, str], tuple[str, str]]:
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
        made = render_bundle(build_bundle(ROOT / "openapi").document)
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


if __name__ == "__main__":
    sys.exit(main())
