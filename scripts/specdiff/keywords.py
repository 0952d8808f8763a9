"""Compares what two schemas say by plain keywords: types, values, bounds, patterns, defaults, discriminators."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scripts.specdiff.changes import Change, Effect
from scripts.specdiff.shapes import LOWER_BOUNDS, UPPER_BOUNDS, Shape


def compare_types(old: Shape, new: Shape) -> Iterator[Change]:
    """Compare what kinds of values fit: types, formats, null."""
    if old.types != new.types:
        before, after = _wide(old.types), _wide(new.types)
        several = any(types is not None and len(types) > 1 for types in (old.types, new.types))
        shown = (_shown(old.types), _shown(new.types))
        if old.types is None or (after is not None and before is not None and after < before):
            words = ("list-of-types", "narrowed") if several else ("type", "specialized")
            yield Change(*words, Effect.LESS, (), *shown)
        elif new.types is None or (before is not None and after is not None and before < after):
            words = ("list-of-types", "widened") if several else ("type", "generalized")
            yield Change(*words, Effect.MORE, (), *shown)
        else:
            yield Change("type", "changed", Effect.OTHER, (), *shown)
    before_format, after_format = old.keywords.get("format"), new.keywords.get("format")
    if before_format != after_format and old.types == new.types:
        if before_format is None:
            yield Change("type", "specialized", Effect.LESS, (), "any format", after_format)
        elif after_format is None:
            yield Change("type", "generalized", Effect.MORE, (), before_format, "any format")
        else:
            yield Change("type", "changed", Effect.OTHER, (), before_format, after_format)
    if None not in (old.nullable, new.nullable) and old.nullable != new.nullable:
        if new.nullable:
            yield Change("nullable", "became", Effect.MORE, (), "no null", "null")
        else:
            yield Change("nullable", "became-not", Effect.LESS, (), "null", "no null")


def _wide(types: frozenset[str] | None) -> frozenset[str] | None:
    """Every number that is whole is a number."""
    return types | {"integer"} if types is not None and "number" in types else types


def _shown(types: frozenset[str] | None) -> str:
    return " or ".join(sorted(types)) if types is not None else "any type"


def compare_values(old: Shape, new: Shape) -> Iterator[Change]:
    """Compare lists of values and constants."""
    before, after = old.values, new.values
    if before is None and after is not None:
        words = ("const", "added") if len(after) == 1 else ("enum", "became")
        yield Change(*words, Effect.LESS, (), None, after[0] if len(after) == 1 else list(after))
    elif before is not None and after is None:
        words = ("const", "removed") if len(before) == 1 else ("enum", "removed")
        yield Change(*words, Effect.MORE, (), before[0] if len(before) == 1 else list(before), None)
    elif before is not None and after is not None:
        gone = [value for value in before if value not in after]
        come = [value for value in after if value not in before]
        if gone and come and len(before) == len(after) == 1:
            yield Change("const", "changed", Effect.OTHER, (), before[0], after[0])
            return
        for value in gone:
            yield Change("enum-value", "removed", Effect.LESS, (), value, None)
        for value in come:
            yield Change("enum-value", "added", Effect.MORE, (), None, value)


def compare_bounds(old: dict[str, Any], new: dict[str, Any]) -> Iterator[Change]:
    """Compare bounds of numbers, lengths and counts."""
    for bounds, tighter in ((UPPER_BOUNDS, "decreased"), (LOWER_BOUNDS, "increased")):
        for keyword, aspect in bounds.items():
            idle = 0 if keyword in ("minLength", "minItems", "minProperties") else None
            before, after = ((None if side.get(keyword) == idle else side.get(keyword)) for side in (old, new))
            if before == after:
                continue
            if before is None:
                yield Change(aspect, "set", Effect.LESS, (), None, after)
            elif after is None:
                yield Change(aspect, "unset", Effect.MORE, (), before, None)
            else:
                action = "increased" if after > before else "decreased"
                yield Change(aspect, action, Effect.LESS if action == tighter else Effect.MORE, (), before, after)


def compare_plain(old: dict[str, Any], new: dict[str, Any]) -> Iterator[Change]:
    """Compare patterns, encodings, defaults and deprecation."""
    for keyword, aspect in (("pattern", "pattern"), ("multipleOf", "multiple-of")):
        before, after = old.get(keyword), new.get(keyword)
        if before == after:
            continue
        action, effect = ("changed", Effect.OTHER)
        if before is None:
            action, effect = ("added", Effect.LESS)
        elif after is None or (keyword == "pattern" and after in (".*", "^.*$")):
            action, effect = ("removed" if after is None else "generalized", Effect.MORE)
        yield Change(aspect, action, effect, (), before, after)
    if bool(old.get("uniqueItems")) != bool(new.get("uniqueItems")):
        if new.get("uniqueItems"):
            yield Change("unique-items", "added", Effect.LESS, (), False, True)
        else:
            yield Change("unique-items", "removed", Effect.MORE, (), True, False)
    for keyword, aspect in (("contentEncoding", "content-encoding"), ("contentMediaType", "content-media-type")):
        if old.get(keyword) != new.get(keyword):
            yield Change(aspect, "changed", Effect.OTHER, (), old.get(keyword), new.get(keyword))
    if ("default" in old, old.get("default")) != ("default" in new, new.get("default")):
        action = "added" if "default" not in old else "removed" if "default" not in new else "changed"
        yield Change("default-value", action, Effect.NONE, (), old.get("default"), new.get("default"))
    if bool(old.get("deprecated")) != bool(new.get("deprecated")):
        yield Change("deprecated" if new.get("deprecated") else "reactivated", "", Effect.NONE, ())


def compare_discriminator(old: Any, new: Any) -> Iterator[Change]:
    """Compare what tells the members of a union apart."""
    if old == new:
        return
    if not old or not new:
        yield Change("discriminator", "removed" if old else "added", Effect.NONE, (), old, new)
        return
    if old.get("propertyName") != new.get("propertyName"):
        names = (old.get("propertyName"), new.get("propertyName"))
        yield Change("discriminator-property-name", "changed", Effect.OTHER, (), *names)
    before, after = old.get("mapping") or {}, new.get("mapping") or {}
    for value in sorted(before.keys() | after.keys()):
        if before.get(value) == after.get(value):
            continue
        action = "added" if value not in before else "deleted" if value not in after else "changed"
        yield Change("discriminator-mapping", action, Effect.NONE, (), before.get(value), after.get(value))
