"""What the hand-written client needs of the bundle: all of it is listed, checked, and has a fallback."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from scripts.codegen.contract import Contract, Facts, read_contract, resolve_facts
from scripts.codegen.facts import check_facts
from scripts.codegen.identity import name_operations
from scripts.errors import ToolError
from tests import frozen

CONTRACT = read_contract(Path("openapi/contract.yaml"))


def test_every_operation_that_hand_written_code_names_is_listed() -> None:
    routes = [tuple(route.split(" ", 1)) for route in CONTRACT.operations]
    listed = name_operations([(method.lower(), path) for method, path in routes], {}).values()
    singulars = sorted({name.id.removesuffix(f"_{name.method}") for name in listed})
    id_ = re.compile(rf"(?:{'|'.join(singulars)})_(?!name$|id$|type$)[a-z_]+")
    named = {
        node.value
        for path in Path("overrides").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id_.fullmatch(node.value)
    }
    assert named == {name.id for name in listed}


def resolve(document: dict[str, Any], absent: tuple[str, ...] = ()) -> Facts:
    return resolve_facts(document, read_contract(frozen.FROZEN / "contract.yaml"), absent)


def schema(document: dict[str, Any], name: str) -> Any:
    return document["components"]["schemas"][name]


def without_limit(document: dict[str, Any]) -> None:
    del schema(document, "AudienceUpdateBody")["properties"]["ids"]["maxItems"]


def without_records(document: dict[str, Any]) -> None:
    del schema(document, "AudienceUpdateBody")["properties"]["ids"]


def without_states(document: dict[str, Any]) -> None:
    del schema(document, "IndexingState")["enum"]


def without_a_state(document: dict[str, Any]) -> None:
    schema(document, "IndexingState")["enum"].remove("APPLIED")


def without_most_catalogs(document: dict[str, Any]) -> None:
    del document["paths"]["/catalogs/create"]["post"]["x-max-per-project"]


def without_token(document: dict[str, Any]) -> None:
    parameters = document["paths"]["/audiences/view"]["get"]["parameters"]
    parameters[:] = [parameter for parameter in parameters if parameter["name"] != "indexing_token"]


def test_whole_bundle_needs_no_fallback() -> None:
    assert resolve(frozen.bundle()).notes == []


@pytest.mark.parametrize(
    ("change", "note"),
    [
        (
            without_limit,
            "POST /audiences/update body.ids states no limit: the client sends at most 10000 records per call",
        ),
        (
            without_records,
            "POST /audiences/update body.ids[] is missing: POST /audiences/update cannot be sent in bulk",
        ),
        (
            without_states,
            "GET /audiences/view 200.indexing_state states no enum: "
            "INDEXING_STATES is ['APPLIED', 'IN_PROGRESS', 'REPLACED']",
        ),
        (
            without_a_state,
            "GET /audiences/view 200.indexing_state does not list APPLIED, which the client looks for",
        ),
        (without_most_catalogs, "POST /catalogs/create states no x-max-per-project: MAX_CATALOGS is 5"),
        (without_token, "GET /audiences/view query.indexing_token is missing: audiences cannot be waited for"),
    ],
)
def test_what_is_missing_is_a_note_and_has_a_fallback(change: Callable[[dict[str, Any]], None], note: str) -> None:
    document, whole = frozen.bundle(), resolve(frozen.bundle())
    change(document)
    facts = resolve(document)
    assert facts.notes == [note]
    assert facts.values.keys() == whole.values.keys()
    if "cannot be sent" not in note:
        assert facts.bodies == whole.bodies


def test_values_of_the_bundle_come_before_fallbacks() -> None:
    document = frozen.bundle()
    schema(document, "AudienceUpdateBody")["properties"]["ids"]["maxItems"] = 7
    document["paths"]["/catalogs/create"]["post"]["x-max-per-project"] = 8
    facts = resolve(document)
    assert facts.bodies["audience_update"].max_records == 7
    assert facts.values["MAX_CATALOGS"] == 8


def test_operation_that_moved_to_a_similar_path_keeps_what_is_known_of_it() -> None:
    document = frozen.bundle()
    document["paths"]["/catalog/items/edit"] = document["paths"].pop("/catalogs/items/edit")
    facts = resolve(document)
    assert facts.notes == []
    assert facts.bodies == resolve(frozen.bundle()).bodies


def test_missing_operation_is_a_note_only_if_it_is_known_to_be_missing() -> None:
    document = frozen.bundle()
    del document["paths"]["/exports/list"]
    assert resolve(document, ("GET /exports/list",)).notes == [
        "GET /exports/list is not in the bundle: the sandbox does without it"
    ]
    with pytest.raises(ToolError, match=r"contract\.yaml names GET /exports/list"):
        resolve(document)


def body(content: dict[str, Any], **changes: Any) -> None:
    content["bodies"]["POST /profiles/update"] |= changes


MALFORMED: dict[str, tuple[Callable[[dict[str, Any]], Any], str]] = {
    "a part is missing": (lambda c: c.pop("places"), '"places" is a required property'),
    "a part is a list": (lambda c: c.update(operations=["GET /a"]), 'operations: ["GET /a"] is not of type "object"'),
    "a use is a number": (lambda c: c["operations"].update({"GET /a": 3}), 'GET /a: 3 is not of type "string"'),
    "a value is a number": (lambda c: c["values"].update(MOST=3), 'values/MOST: 3 is not of type "object"'),
    "a value has no fallback": (
        lambda c: c["values"]["MAX_CATALOGS"].pop("fallback"),
        'values/MAX_CATALOGS: "fallback" is a required property',
    ),
    "a limit is a text": (lambda c: body(c, max="many"), 'max: "many" is not of type "integer"'),
    "records are nowhere": (lambda c: body(c, records="records[]"), "records[]"),
    "a place is not one": (lambda c: c["places"].update({"audiences": "?"}), "contract.yaml: "),
}


@pytest.mark.parametrize("case", MALFORMED)
def test_malformed_contract_is_one_clear_line(case: str, tmp_path: Path) -> None:
    change, problem = MALFORMED[case]
    content = yaml.safe_load((frozen.FROZEN / "contract.yaml").read_text(encoding="utf-8"))
    change(content)
    path = tmp_path / "contract.yaml"
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    with pytest.raises(ToolError) as caught:
        read_contract(path)
    assert len(caught.value.problems) == 1
    assert problem in str(caught.value)


def fact(member: str, value: Any) -> Callable[[dict[str, Any]], None]:
    def change(document: dict[str, Any]) -> None:
        document["paths"]["/profiles/export"]["post"][member] = value

    return change


def limit(**members: Any) -> Callable[[dict[str, Any]], None]:
    return lambda document: document["x-rate-limits"].update(mine={"units": 1, "seconds": 1, "burst": 1} | members)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (fact("x-rate-limited-by", ["many"]), "POST /profiles/export: x-rate-limited-by names 'many'; there are "),
        (fact("x-starts-job-viewed-by", "export_views"), "'export_views', which is not an operation; the nearest is "),
        (fact("x-idempotent", "yes"), "POST /profiles/export: x-idempotent is not a bool"),
        (limit(units="ten"), "x-rate-limits: units of mine is not understood"),
        (limit(colour=1), "x-rate-limits: colour of mine is not understood"),
        (lambda document: document.update({"x-rate-limits": []}), "x-rate-limits is not an object"),
        (lambda document: document["x-rate-limits"].update(mine={}), "mine needs units, seconds and burst"),
    ],
)
def test_fact_that_names_nothing_is_an_error(change: Callable[[dict[str, Any]], None], problem: str) -> None:
    document = frozen.bundle()
    change(document)
    with pytest.raises(ToolError) as caught:
        check_facts(document, ())
    assert any(problem in line for line in caught.value.problems)


def test_job_whose_view_is_parked_is_a_note() -> None:
    document = frozen.bundle()
    del document["paths"]["/exports/view"]
    notes = check_facts(document, ("GET /exports/view",))
    assert notes == ["POST /profiles/export: the operation that shows its job, export_view, is not in the bundle"]


def test_contract_is_what_it_was_read_from() -> None:
    assert isinstance(CONTRACT, Contract)
    assert set(CONTRACT.bodies) <= set(CONTRACT.operations)
