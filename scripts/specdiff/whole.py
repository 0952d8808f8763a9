"""Compares what two documents say of the API as a whole: servers, tags, schemas, security schemes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scripts.specdiff.findings import Finding, Level
from scripts.specdiff.rules import NONE, REQUEST
from scripts.specdiff.symbols import advice_of


def compare_whole(old: dict[str, Any], new: dict[str, Any]) -> Iterator[Finding]:
    """Return what differs outside of the operations."""
    yield from _servers(old.get("servers") or [], new.get("servers") or [])
    yield from _tags(old, new)
    yield from _components(old, new)


def _global(rule: str, level: Level, direction: str, path: str, text: str, old: Any = None, new: Any = None) -> Finding:
    return Finding(rule, level, direction, "the API", path, text, old, new, advice=advice_of(rule, level))


def _servers(old: list[Any], new: list[Any]) -> Iterator[Finding]:
    before, after = ({server.get("url"): server for server in side} for side in (old, new))
    for url in [url for url in after if url not in before]:
        yield _global("api-server-added", Level.INFO, REQUEST, "servers", f"server {url} added", None, url)
    for url, server in before.items():
        if url not in after:
            yield _global("api-server-removed", Level.BREAKING, REQUEST, "servers", f"server {url} removed", url, None)
            continue
        variables = (server.get("variables") or {}, after[url].get("variables") or {})
        for name in sorted(variables[0].keys() & variables[1].keys()):
            yield from _variable(name, variables[0][name], variables[1][name])


def _variable(name: str, old: dict[str, Any], new: dict[str, Any]) -> Iterator[Finding]:
    place = f"servers {{{name}}}"
    if old.get("default") != new.get("default"):
        values = (old.get("default"), new.get("default"))
        text = f"default of {name}: {values[0]} → {values[1]}"
        yield _global("api-server-variable-default-changed", Level.WARNING, REQUEST, place, text, *values)
    before, after = old.get("enum"), new.get("enum")
    for value in [value for value in after or [] if before is not None and value not in before]:
        text = f"{name} {value} added"
        yield _global("api-server-variable-value-added", Level.INFO, REQUEST, place, text, None, value)
    for value in [value for value in before or [] if after is not None and value not in after]:
        text = f"{name} {value} removed"
        yield _global("api-server-variable-value-removed", Level.BREAKING, REQUEST, place, text, value, None)


def _tags(old: dict[str, Any], new: dict[str, Any]) -> Iterator[Finding]:
    before, after = ({tag.get("name") for tag in side.get("tags") or []} for side in (old, new))
    for tag in sorted(after - before):
        yield _global("api-tag-added", Level.INFO, NONE, "tags", f"tag {tag} added", None, tag)
    for tag in sorted(before - after):
        yield _global("api-tag-removed", Level.INFO, NONE, "tags", f"tag {tag} removed", tag, None)


def _components(old: dict[str, Any], new: dict[str, Any]) -> Iterator[Finding]:
    before, after = (side.get("components") or {} for side in (old, new))
    gone = (before.get("schemas") or {}).keys() - (after.get("schemas") or {}).keys()
    for name in sorted(gone):
        yield _global("api-schema-removed", Level.INFO, NONE, "components", f"schema {name} removed", name, None)
    schemes = (before.get("securitySchemes") or {}, after.get("securitySchemes") or {})
    for name in sorted(schemes[0].keys() | schemes[1].keys()):
        place = f"security scheme {name}"
        if name not in schemes[0]:
            yield _global(
                "api-security-component-added", Level.INFO, REQUEST, place, "security scheme added", None, name
            )
        elif name not in schemes[1]:
            text = "security scheme removed"
            yield _global("api-security-component-removed", Level.INFO, REQUEST, place, text, name, None)
        else:
            ways = [[side[name].get(key) for key in ("type", "scheme", "in", "name")] for side in schemes]
            if ways[0] != ways[1]:
                shown = [" ".join(str(part) for part in way if part) for way in ways]
                text = f"security scheme changed: {shown[0]} → {shown[1]}"
                rule = "api-security-component-type-changed"
                yield _global(rule, Level.BREAKING, REQUEST, place, text, *shown)
