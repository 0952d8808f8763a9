"""Writes into the README which documents are published and which are not."""

from __future__ import annotations

import re

from scripts.codegen.sources import Sources
from scripts.errors import ToolError

START = "<!-- documents: written by make regenerate from openapi/sources.toml -->"
END = "<!-- documents end -->"


def with_table(readme: str, sources: Sources) -> str:
    """Return the README with the table of documents between its two marks."""
    before, start, rest = readme.partition(START)
    _, end, after = rest.partition(END)
    if not start or not end:
        raise ToolError(f"README.md has no place for the table of documents: put {START} and {END} around it")
    return f"{before}{START}\n{_summary(sources)}\n\n{_table(sources)}\n{END}{after}"


def _summary(sources: Sources) -> str:
    counts = {
        origin: sum(page.origin == origin for page in sources.pages)
        for origin in ("published", "reconstructed", "local")
    }
    parts = [
        f"{counts['published']} published by Batch",
        f"{counts['reconstructed']} reconstructed from what is known of the operation",
        *([f"{counts['local']} taken from files whose origin is not known"] if counts["local"] else []),
    ]
    *older, newest = sources.api_versions
    versions = f"{', '.join(older)} and {newest}" if older else newest
    return f"API versions {versions}. Of the {len(sources.pages)} documents, {', '.join(parts)}."


def _table(sources: Sources) -> str:
    rows = ["| document | origin | seen published | inferred |", "|---|---|---|---|"]
    for page in sources.pages:
        name = f"[{page.name}]({page.url.removesuffix('.md')})"
        rows.append(f"| {name} | {page.origin} | {_cell(page.published)} | {_cell(page.inferred)} |")
    return "\n".join(rows)


def _cell(text: str) -> str:
    return re.sub(r"\s+", " ", text).replace("|", "\\|").strip() or "-"
