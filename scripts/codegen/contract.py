"""Checks what hand-written code needs of the bundle, as `openapi/contract.yaml` lists it, and states it as facts."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import jsonschema_rs
from attrs import field, frozen

from scripts.codegen.identity import name_operations
from scripts.codegen.places import Place, PlaceError, find, parse_place
from scripts.codegen.schemas import operations_of
from scripts.codegen.sources import Document
from scripts.documents import ParseError, parse
from scripts.errors import ToolError


@frozen
class Contract:
    """What hand-written code needs. Each part says what happens without it."""

    operations: Mapping[str, str]
    """By route: which part of the client calls it."""
    bodies: Mapping[str, Mapping[str, Any]]
    """By route: the place of one record in the body (`records`), and how many a call may hold if no limit is stated."""
    values: Mapping[str, Mapping[str, Any]]
    """By the name of a constant: a place (`at`), a member of the schema there, and a `fallback` without it."""
    places: Mapping[str, str]
    """What is missing without a place."""


@frozen
class RecordBody:
    """A body that holds many records."""

    member: str | None
    max_records: int
    schema: str
    """JSON pointer of the schema of one record in the bundle."""


@frozen
class Facts:
    """What the generated client states beside its operations, and where the bundle does not say it."""

    bodies: dict[str, RecordBody] = field(factory=dict)
    """By operation id."""
    values: dict[str, Any] = field(factory=dict)
    notes: list[str] = field(factory=list)


_TEXTS = {"type": "object", "additionalProperties": {"type": "string"}}
_SHAPE = {
    "type": "object",
    "required": ["operations", "bodies", "values", "places"],
    "additionalProperties": False,
    "properties": {
        "operations": _TEXTS,
        "places": _TEXTS,
        "bodies": {
            "type": "object",
            "additionalProperties": {
                "type": "object",
                "required": ["records", "max"],
                "additionalProperties": False,
                "properties": {"records": {"type": "string"}, "max": {"type": "integer", "minimum": 1}},
            },
        },
        "values": {
            "type": "object",
            "additionalProperties": {
                "type": "object",
                "required": ["at", "member", "fallback"],
                "additionalProperties": False,
                "properties": {
                    "at": {"type": "string"},
                    "member": {"type": "string"},
                    "fallback": True,
                    "includes": {"type": "array"},
                },
            },
        },
    },
}


def read_contract(path: Path) -> Contract:
    """Read the contract.

    Raises:
        ToolError: It is malformed; every problem is reported.
    """
    try:
        content = parse(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, ParseError) as error:
        raise ToolError(f"{path.name} cannot be read: {error}") from error
    problems = [
        ": ".join(filter(None, [path.name, "/".join(map(str, error.instance_path)), error.message]))
        for error in jsonschema_rs.Draft202012Validator(_SHAPE).iter_errors(content)
    ]
    if not problems:
        contract = Contract(**content)
        texts = [*contract.places]
        texts += [value["at"] for value in contract.values.values() if value["at"] not in contract.operations]
        texts += [f"{route} {body['records']}" for route, body in contract.bodies.items()]
        problems = [f"{path.name}: {problem}" for text in texts if (problem := _wrong_place(text)) is not None]
        if not problems:
            return contract
    raise ToolError(*problems)


def _wrong_place(text: str) -> str | None:
    try:
        parse_place(text)
    except PlaceError as error:
        return str(error)
    return None


def resolve_facts(document: Document, contract: Contract, absent: Collection[str]) -> Facts:
    """Return what the bundle says of all that the contract lists, or the fallback with a note.

    Args:
        absent: Routes that are known to be missing: their pages are parked, or they cannot be supported.

    Raises:
        ToolError: The contract names an operation that no page documents.
    """
    ids = {route: operation["operationId"] for route, operation in operations_of(document)}
    facts = Facts()
    unknown = []
    here = _routes_today(contract, ids)
    for route, use in contract.operations.items():
        if here[route] in ids:
            continue
        if route in absent:
            facts.notes.append(f"{route} is not in the bundle: {use} does without it")
        else:
            nearest = difflib.get_close_matches(route, ids, 1, 0.7)
            near = f"; the nearest is {nearest[0]}" if nearest else ""
            unknown.append(
                f"contract.yaml names {route} ({use}), which no page documents{near}: fix or delete the entry"
            )
    if unknown:
        raise ToolError(*unknown)
    for route, body in contract.bodies.items():
        if here[route] in ids:
            place = parse_place(f"{here[route]} {body['records']}")
            _add_body(document, facts, ids[here[route]], place, body["max"])
    for name, value in contract.values.items():
        facts.values[name] = _value(document, facts, name, value)
    for text, lost in contract.places.items():
        place = parse_place(text)
        place = place._replace(route=here.get(place.route, place.route))
        if place.route in ids and not find(document, place):
            facts.notes.append(f"{text} is missing: {lost}")
    return facts


def _routes_today(contract: Contract, ids: Mapping[str, str]) -> dict[str, str]:
    """Return each route of the contract as it is today: an operation that moved to a similar path may keep its id."""
    routes = {id_: route for route, id_ in ids.items()}
    gone = [tuple(route.split(" ", 1)) for route in contract.operations if route not in ids]
    names = name_operations([(method.lower(), path) for method, path in gone], {})
    moved = {f"{method.upper()} {path}": routes.get(name.id) for (method, path), name in names.items()}
    return {route: moved.get(route) or route for route in contract.operations}


def _add_body(document: Document, facts: Facts, id_: str, place: Place, fallback: int) -> None:
    array = Place(place.route, place.section, place.steps[:-1])
    records, slots = find(document, array), find(document, place)
    if not records or not slots:
        facts.notes.append(f"{place} is missing: {place.route} cannot be sent in bulk")
        return
    holder, key = records[0]
    limit = holder[key].get("maxItems")
    if limit is None:
        facts.notes.append(f"{array} states no limit: the client sends at most {fallback} records per call")
    member = array.steps[0].name if array.steps else None
    facts.bodies[id_] = RecordBody(member, limit or fallback, _pointer(document, place, slots[0]))


def _pointer(document: Document, place: Place, slot: tuple[Any, Any]) -> str:
    holder, key = slot
    if holder is document["components"]["schemas"]:
        return f"/components/schemas/{key}"
    raise ToolError(f"{place} is not a schema with a name; give it one in names.yaml")


def _value(document: Document, facts: Facts, name: str, value: Mapping[str, Any]) -> Any:
    node: Any
    if " " in value["at"] and value["at"].count(" ") == 1:
        method, path = value["at"].split(" ")
        node = document["paths"].get(path, {}).get(method.lower(), {})
    else:
        slots = find(document, parse_place(value["at"]))
        node = slots[0][0][slots[0][1]] if slots else {}
    found = node.get(value["member"])
    if found is None:
        facts.notes.append(f"{value['at']} states no {value['member']}: {name} is {value['fallback']!r}")
        return value["fallback"]
    for needed in value.get("includes", ()):
        if needed not in found:
            facts.notes.append(f"{value['at']} does not list {needed}, which the client looks for")
    return found
