"""Compares what callers of the Python client see: both documents are generated, and their public names compared.

The wire does not show everything: a schema that gets another name or a title, a tag or an operationId that changes, an
inline schema that becomes a component break imports while every request and answer stays the same.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import griffe
from attrs import define, evolve, field, frozen

from scripts.codegen.generator import generate_client
from scripts.errors import ToolError
from scripts.specdiff.findings import Finding, Level
from scripts.specdiff.rules import NONE

_PACKAGE = "batch_generated"


@frozen
class Symbol:
    """A public name of the client."""

    name: str
    """As a caller writes it: `AudienceView.nb_ids`, `batch.audiences.create(display_name=…)`."""
    kind: str
    parent: str
    types: frozenset[str] = frozenset()
    """The members of its annotation."""
    required: bool = False
    """Of an argument or a field: whether it has no default."""


@define
class Surface:
    """The public names of one generated client, and which classes callers send and which they get."""

    symbols: dict[str, Symbol] = field(factory=dict)
    sent: set[str] = field(factory=set)
    received: set[str] = field(factory=set)


@frozen
class SurfaceChange:
    """One difference of two surfaces."""

    symbol: str
    rule: str
    level: Level
    text: str
    old: str | None
    new: str | None


def compare_clients(old: dict[str, Any], new: dict[str, Any]) -> list[SurfaceChange]:
    """Generate both clients and return how their surfaces differ; raise ToolError if one cannot be generated."""
    return list(compare_surfaces(read_surface(old), read_surface(new)))


def attach(findings: list[Finding], changes: list[SurfaceChange]) -> list[Finding]:
    """Give each finding its level for Python, and add findings for what the wire does not show."""
    by_symbol = {change.symbol: change for change in changes}
    shown = {symbol for finding in findings for symbol in finding.symbols}
    levelled = [
        evolve(
            finding,
            python_level=max([by_symbol[s].level for s in finding.symbols if s in by_symbol], default=Level.INFO),
        )
        for finding in findings
    ]
    return levelled + [
        Finding(
            rule=change.rule,
            level=Level.INFO,
            direction=NONE,
            operation="the Python client",
            path=change.symbol,
            text=change.text,
            old=change.old,
            new=change.new,
            python_level=change.level,
            symbols=(change.symbol,),
            advice=_advice(change),
        )
        for change in changes
        if change.symbol not in shown
    ]


def read_surface(document: dict[str, Any]) -> Surface:
    """Generate the client of a document and return its public names."""
    with tempfile.TemporaryDirectory() as folder:
        _generate(document, Path(folder) / _PACKAGE)
        package = griffe.load(_PACKAGE, search_paths=[folder], allow_inspection=False)
        surface = Surface()
        models = [cls for module in _modules(package["models"]) for cls in module.classes.values()]
        for cls in models:
            _add_model(surface, cls)
        names = {cls.name for cls in models}
        for module in _modules(package["api"]):
            for cls in module.classes.values():
                if not cls.name.startswith("Async"):
                    _add_resource(surface, module.name, cls)
    _close(surface, names)
    return surface


def _generate(document: dict[str, Any], target: Path) -> None:
    try:
        generate_client(document, target)
    except (AttributeError, LookupError, TypeError) as error:
        # Of the bundle all that the generator relies on is checked; other documents may lack it.
        raise ToolError(f"the client cannot be generated: {type(error).__name__}: {error}") from error


def _modules(package: Any) -> Iterable[Any]:
    return [module for module in package.modules.values() if not module.is_alias]


def _add_model(surface: Surface, cls: Any) -> None:
    enum = any(str(base) == "OpenStrEnum" for base in cls.bases)
    surface.symbols[cls.name] = Symbol(cls.name, "class", "")
    for name, member in cls.members.items():
        if member.is_attribute and not name.startswith("_") and name != "additional_properties":
            symbol = f"{cls.name}.{name}"
            kind = "value" if enum else "field"
            required = member.value is None and not enum
            surface.symbols[symbol] = Symbol(symbol, kind, cls.name, _types(member.annotation), required)


def _add_resource(surface: Surface, tag: str, cls: Any) -> None:
    resource = f"batch.{tag}"
    surface.symbols[resource] = Symbol(resource, "resource", "")
    for name, method in cls.functions.items():
        if name.startswith("_"):
            continue
        symbol = f"{resource}.{name}"
        surface.symbols[symbol] = Symbol(symbol, "method", resource, _types(method.returns))
        surface.received |= _words(method.returns)
        for parameter in method.parameters:
            if parameter.name == "self":
                continue
            argument = f"{symbol}({parameter.name}=…)"
            types, required = _types(parameter.annotation), parameter.default is None
            surface.symbols[argument] = Symbol(argument, "argument", symbol, types, required)
            surface.sent |= _words(parameter.annotation)


def _close(surface: Surface, names: set[str]) -> None:
    """Let what is sent and what is received reach into the fields of the classes."""
    fields: dict[str, set[str]] = {name: set() for name in names}
    for symbol in surface.symbols.values():
        if symbol.kind == "field":
            fields[symbol.parent] |= {word for part in symbol.types for word in re.findall(r"\w+", part)}
    for reached in (surface.sent, surface.received):
        todo = reached & names
        reached.clear()
        while todo:
            name = todo.pop()
            reached.add(name)
            todo |= (fields[name] & names) - reached


def _types(annotation: Any) -> frozenset[str]:
    """Return the members of a union; a bracket keeps its inside together."""
    parts, depth, start, text = [], 0, 0, str(annotation or "")
    for position, character in enumerate(text):
        depth += (character == "[") - (character == "]")
        if character == "|" and depth == 0:
            parts.append(text[start:position])
            start = position + 1
    return frozenset(part.strip() for part in [*parts, text[start:]] if part.strip())


def _words(annotation: Any) -> set[str]:
    return set(re.findall(r"\w+", str(annotation or "")))


def compare_surfaces(old: Surface, new: Surface) -> Iterator[SurfaceChange]:
    """Return how two surfaces differ; what belongs to a name that came or went is not told again."""
    for name in sorted(old.symbols.keys() | new.symbols.keys()):
        before, after = old.symbols.get(name), new.symbols.get(name)
        if before is None and after is not None:
            if not after.parent or after.parent in old.symbols:
                breaking = after.required and (after.kind == "argument" or after.parent in new.sent)
                need = "required " if after.required and after.kind in ("argument", "field") else ""
                level = Level.BREAKING if breaking else Level.INFO
                yield _change(name, after.kind, "added", level, f"{need}{after.kind} added", None, after)
        elif after is None and before is not None:
            if not before.parent or before.parent in new.symbols:
                # Every value passes through, known or not; but a name that code uses is gone.
                yield _change(name, before.kind, "removed", Level.BREAKING, f"{before.kind} removed", before, None)
        elif before is not None and after is not None:
            yield from _compare(before, after, new)


def _compare(old: Symbol, new: Symbol, surface: Surface) -> Iterator[SurfaceChange]:
    sent = new.kind == "argument" or (new.kind == "field" and new.parent in surface.sent)
    received = new.kind == "method" or (new.kind == "field" and new.parent in surface.received)
    if old.types != new.types:
        less, more = old.types - new.types - {"Unset"}, new.types - old.types
        broken = (sent and less) or (received and more) or (new.kind == "method")
        level = Level.BREAKING if broken else Level.INFO
        text = f"type changed: {_shown(old)} → {_shown(new)}"
        yield _change(new.name, new.kind, "type-changed", level, text, old, new)
    if sent and new.required and not old.required:
        yield _change(new.name, new.kind, "became-required", Level.BREAKING, "became required", old, new)


def _change(
    symbol: str, kind: str, action: str, level: Level, text: str, old: Symbol | None, new: Symbol | None
) -> SurfaceChange:
    return SurfaceChange(symbol, f"python-{kind}-{action}", level, text, _shown(old), _shown(new))


def _shown(symbol: Symbol | None) -> str | None:
    return None if symbol is None else " | ".join(sorted(symbol.types)) or symbol.name


def _advice(change: SurfaceChange) -> str:
    if change.level is Level.INFO:
        return "Nothing to do."
    if change.rule.endswith("-removed"):
        return "Use the name that took its place, if there is one."
    return "Pass it in every call." if change.rule.endswith(("-added", "-became-required")) else "Mend the types."


def explain_failure(error: ToolError) -> str:
    """Return, in one line, why the Python client could not be compared."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return " ".join(lines[:4])[:300]
