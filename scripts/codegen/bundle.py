"""Makes the bundle, `openapi/batch.json`: pages merged by route, schemas named by place, overlays applied."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from attrs import evolve, frozen

from scripts.codegen.contract import Contract, Facts, read_contract, resolve_facts
from scripts.codegen.facts import check_facts
from scripts.codegen.merge import merge_pages, remove_unused
from scripts.codegen.names import name_schemas, read_table
from scripts.codegen.overlay import Action, Outcome, apply_action, read_overlay
from scripts.codegen.pages import first_problem
from scripts.codegen.records import Record, read_record, record_of
from scripts.codegen.runtime.references import UnresolvableReference, look_up
from scripts.codegen.schemas import operations_of, walk
from scripts.codegen.simplify import simplify
from scripts.codegen.sources import Document, Sources, read_sources
from scripts.codegen.support import remove_unsupported
from scripts.errors import ToolError

OVERLAYS = "overlays"
TABLE = "names.yaml"
RECORD = "names.lock.json"
CONTRACT = "contract.yaml"

_BY_POSITION = re.compile(r"Alternative\d+[A-Z]")
"""Names of classes within an alternative that nothing but its position tells apart."""
_MAX_REBUILDS = 3


@frozen
class Bundle:
    """The bundle, and what was found while it was built."""

    sources: Sources
    document: Document
    facts: Facts
    record: Record
    """The names in use from now on."""
    before: Record
    """The names in use until now."""
    outcomes: list[Outcome]
    """What became of the actions of the overlays."""
    skipped: dict[str, str]
    """Operations that cannot be supported, each with the reason."""
    notes: list[str]
    """What else somebody should know."""

    def messages(self) -> list[str]:
        """Return a line for each thing that somebody may want to act on."""
        reported = [outcome.text for outcome in self.outcomes if outcome.state in ("obsolete", "stale")]
        skipped = [f"skipped {route}: {reason}" for route, reason in self.skipped.items()]
        return [*skipped, *reported, *self.facts.notes, *self.notes]


def build_bundle(openapi: Path) -> Bundle:
    """Build the bundle from a folder laid out as `openapi/`.

    Raises:
        ToolError: A source is wrong, or does not fit the others.
    """
    sources = read_sources(openapi)
    actions: list[Action] = []
    problems: list[str] = []
    for path in sorted((openapi / OVERLAYS).glob("*.yaml")):
        try:
            actions += read_overlay(path)
        except ToolError as error:
            problems += error.problems
    if problems:
        raise ToolError(*problems)
    table = read_table(openapi / TABLE)
    before = read_record(openapi / RECORD)
    contract = read_contract(openapi / CONTRACT)

    bundle = _build(sources, table, actions, contract, before)
    for _ in range(_MAX_REBUILDS):
        new = bundle.record.classes.keys() - bundle.before.classes.keys()
        if not any(_BY_POSITION.search(name) for name in new):
            break
        # Positions depend on what else has a name, so they only stay once these names are in use.
        bundle = evolve(_build(sources, table, actions, contract, bundle.record), before=bundle.record)
    return evolve(bundle, before=before)


def _build(
    sources: Sources, table: Mapping[str, str], actions: list[Action], contract: Contract, before: Record
) -> Bundle:
    document, notes = merge_pages(sources, before.operations)
    simplify(document)
    skipped = remove_unsupported(document)
    notes += name_schemas(document, table, before)
    absent = sources.absent | skipped.keys()
    in_use = [(place, name) for name, places in before.classes.items() for place in places]
    parked = _parked(absent, [*table.items(), *in_use], document)
    outcomes = [outcome for action in actions for outcome in apply_action(document, action, parked)]
    _refuse_lost(outcomes)
    _refuse_incomplete(document)
    _refuse_dangling(document, actions)
    simplify(document)
    notes += name_schemas(document, table, before, fixed=document["components"]["schemas"])
    remove_unused(document)
    _count_custom(document)
    notes += check_facts(document, absent)
    facts = resolve_facts(document, contract, absent)
    _validate(document)
    return Bundle(sources, document, facts, record_of(document), before, outcomes, skipped, notes)


def render_bundle(document: Document) -> str:
    """Return the text of `batch.json`: indented, one member a line, so that a pull request shows each change."""
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _parked(routes: set[str], classes: Iterable[tuple[str, str]], document: Document) -> set[str]:
    """Return the paths of operations that are gone, and the names of schemas that only they had."""
    names: dict[str, set[bool]] = {}
    for place, name in classes:
        names.setdefault(name, set()).add(any(place.startswith(f"{route} ") for route in routes))
    paths = {route.split(" ", 1)[1] for route in routes} - set(document["paths"])
    return paths | {name for name, is_parked in names.items() if is_parked == {True}}


def _refuse_lost(outcomes: list[Outcome]) -> None:
    lost = [outcome for outcome in outcomes if outcome.state == "stale" and outcome.action.kind == "must"]
    if lost:
        raise ToolError(
            *(f"{outcome.text}; the documents changed, so fix the action or delete it" for outcome in lost),
            notes=[
                outcome.text for outcome in outcomes if outcome.state in ("obsolete", "stale") and outcome not in lost
            ],
        )


def _refuse_incomplete(document: Document) -> None:
    """Refuse overlays after which an operation lacks what all of the tooling relies on."""
    removed = [
        f"an overlay removes {member} of {route}, which must have it: change or delete the action"
        for route, operation in operations_of(document)
        for member in ("operationId", "responses", "tags", "x-method")
        if member not in operation
    ]
    if removed:
        raise ToolError(*removed)


def _refuse_dangling(document: Document, actions: list[Action]) -> None:
    """Refuse overlays that refer to a component which no page has and no overlay adds."""
    dangling = [
        f"{action.where} refers to {reference}, which is not there: add it with an action of kind ensure"
        for action in actions
        for node in walk(action.update)
        if isinstance(reference := node.get("$ref"), str) and not _is_there(document, reference)
    ]
    if dangling:
        raise ToolError(*dict.fromkeys(dangling))


def _is_there(document: Document, reference: str) -> bool:
    try:
        look_up(document, reference)
    except UnresolvableReference:
        return False
    return True


def _count_custom(document: Document) -> None:
    """Turn a limit of custom members into one of all members, which is what a schema can say."""
    for schema in document["components"]["schemas"].values():
        if "x-max-custom-properties" in schema:
            limit = schema["x-max-custom-properties"] + len(schema.get("properties", {}))
            schema.setdefault("maxProperties", limit)


def _validate(document: Document) -> None:
    problem = first_problem(document)
    if problem is not None:
        raise ToolError(f"the bundle is not valid OpenAPI 3.1 at {problem}")
