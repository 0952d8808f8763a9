"""The record of names in use, `openapi/names.lock.json`, and how the names of a new bundle differ from it."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Mapping
from pathlib import Path

from attrs import field, frozen

from scripts.codegen.identity import Name
from scripts.codegen.places import parse_place, visit
from scripts.codegen.schemas import makes_class, operations_of
from scripts.codegen.sources import Document
from scripts.documents import ParseError, parse
from scripts.errors import ToolError


@frozen
class Record:
    """The names in use when the client was last generated."""

    operations: Mapping[str, Name] = field(factory=dict)
    """By route."""
    classes: Mapping[str, tuple[str, ...]] = field(factory=dict)
    """The places of each class."""


@frozen
class NameChanges:
    """How the names of a new bundle differ from those in use."""

    kept: int
    new: list[str]
    lost: dict[str, str | None]
    """Names that are gone, each with its likely successor."""
    renamed: dict[str, str]
    """Names whose place is there under another name, with that name."""
    reused: dict[str, str]
    """Names that now belong to another place, with that place."""
    moved: dict[str, tuple[str, str]]
    """Places whose class has another name now although the old name is still in use, with both names."""
    lost_operations: dict[str, str]
    """Methods that are gone, by route."""

    def lines(self) -> list[str]:
        """Return a line for each change that callers may notice."""
        return [
            *(f"lost: {name}" + (f" (likely successor: {new})" if new else "") for name, new in self.lost.items()),
            *(f"renamed: {name} → {other}" for name, other in self.renamed.items()),
            *(f"reused: {name} now stands for {place}" for name, place in self.reused.items()),
            *(f"moved: {place} is {new}, no longer {old}" for place, (old, new) in self.moved.items()),
            *(f"lost method: {method} ({route})" for route, method in self.lost_operations.items()),
        ]


def read_record(path: Path) -> Record:
    """Read the record of names in use; one that is not there is empty."""
    if not path.is_file():
        return Record()
    try:
        record = parse(path.read_text(encoding="utf-8"))
        operations = {}
        for route, value in record["operations"].items():
            resource, method = value["method"].split(".")
            operations[route] = Name(resource, method, value["id"])
        for places in record["classes"].values():
            for place in places:
                parse_place(place)
        return Record(operations, {name: tuple(places) for name, places in record["classes"].items()})
    except (OSError, UnicodeDecodeError, ParseError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise ToolError(
            f"{path.name} cannot be read ({type(error).__name__}: {error}): restore it from the last commit"
        ) from error


def render_record(record: Record) -> str:
    """Return the text of the record, one place per line, so that a pull request shows each change."""
    content = {
        "operations": {
            route: {"method": f"{name.resource}.{name.method}", "id": name.id}
            for route, name in sorted(record.operations.items(), key=lambda pair: pair[0].split()[::-1])
        },
        "classes": {name: list(record.classes[name]) for name in sorted(record.classes)},
    }
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def record_of(document: Document) -> Record:
    """Return the names of a bundle to record: of each class every place, of errors the first."""
    operations = {
        route: Name(operation["tags"][0], operation["x-method"], operation["operationId"])
        for route, operation in operations_of(document)
    }
    schemas = document["components"]["schemas"]
    classes: dict[str, list[str]] = {}
    for at in visit(document, {}):
        holder, key = at.slot
        if holder is schemas and makes_class(schemas[key]):
            places = classes.setdefault(key, [])
            if not places or at.place.section[0] not in "45":
                places.append(str(at.place))
    return Record(operations, {name: tuple(places) for name, places in classes.items()})


def compare_records(old: Record, new: Record) -> NameChanges:
    """Return how names changed."""
    old, new = _with_any_success(old), _with_any_success(new)
    place_to_new = {place: name for name, places in new.classes.items() for place in places}
    renamed, lost, reused = {}, {}, {}
    for name, exact in old.classes.items():
        places = _with_ranges(exact)
        if name in new.classes:
            if not set(places) & set(_with_ranges(new.classes[name])):
                reused[name] = new.classes[name][0]
        elif (successor := next((place_to_new[place] for place in places if place in place_to_new), None)) is not None:
            renamed[name] = successor
        else:
            added = [other for other in new.classes if other not in old.classes]
            by_name = difflib.get_close_matches(name, added, 1, 0.6)
            route = " ".join(places[0].split(" ", 2)[:2])
            near = difflib.get_close_matches(places[0], [p for p in place_to_new if p.startswith(f"{route} ")], 1, 0.6)
            lost[name] = by_name[0] if by_name else place_to_new[near[0]] if near else None
    moved = {
        place: (name, place_to_new[place])
        for name, places in old.classes.items()
        if name in new.classes
        for place in places
        if place_to_new.get(place, name) != name
    }
    return NameChanges(
        kept=len(old.classes.keys() & new.classes.keys()),
        new=sorted(new.classes.keys() - old.classes.keys()),
        lost=lost,
        renamed=renamed,
        reused=reused,
        moved=moved,
        lost_operations={
            route: f"{name.resource}.{name.method}"
            for route, name in old.operations.items()
            if route not in new.operations
        },
    )


def _with_any_success(record: Record) -> Record:
    """Return a record in which the status of a success does not matter, as it does not to a place."""
    classes = {
        name: tuple(re.sub(r" 2(\d\d|XX)\b", " 2XX", place) for place in places)
        for name, places in record.classes.items()
    }
    return Record(record.operations, classes)


def _with_ranges(places: tuple[str, ...]) -> tuple[str, ...]:
    """Return places, and those at ranges of statuses: an answer to 400 may have become one to 4XX."""
    ranges = (re.sub(r"(?<= )([45])\d\d\b", r"\1XX", place) for place in places)
    return tuple(dict.fromkeys([*places, *ranges]))
