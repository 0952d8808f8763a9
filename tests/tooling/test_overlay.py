"""Overlays: three kinds of action, every one that no longer fits reported in one run, and the specification kept."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from oas_patch.overlay import apply_overlay as second_opinion

from scripts.codegen.bundle import build_bundle
from scripts.codegen.overlay import Action, apply_action, read_overlay
from scripts.errors import ToolError
from tests import frozen
from tests.tooling.test_bundle import edit


@pytest.fixture
def openapi(tmp_path: Path) -> Path:
    return frozen.copy_of(tmp_path)


def overlay(openapi: Path, *actions: Any) -> None:
    """Add an overlay with the actions."""
    document = {"overlay": "1.0.0", "info": {"title": "test", "version": "1.0.0"}, "actions": list(actions)}
    (openapi / "overlays" / "99-test.yaml").write_text(json.dumps(document))


def action(target: str, update: Any = None, kind: str = "must") -> Action:
    return Action("overlay test, action 1", kind, target, update)


def apply(document: Any, one: Action) -> list[tuple[str, str]]:
    return [(outcome.state, outcome.target) for outcome in apply_action(document, one)]


WRONG: list[tuple[Any, str]] = [
    (
        {"target": "$.info", "description": "x", "update": {"x-idempotemt": True}},
        "nothing reads x-idempotemt; did you mean x-idempotent?",
    ),
    ({"target": "$.info", "description": "x", "update": [{"x-y": True}]}, "nothing reads x-y: use x-consequence, "),
    ({"target": "$.paths['/nowhere']", "description": "x", "remove": True}, "selects nothing"),
    ({"target": "$.paths[?", "description": "x", "remove": True}, "is not a JSONPath"),
    ({"target": "$.info", "update": {"title": "x"}}, "gives no reason"),
    ({"target": "$.info", "update": {"title": "x"}, "description": ""}, "gives no reason"),
    ({"description": "x", "update": {"title": "x"}}, "gives no target"),
    ({"target": 5, "description": "x", "update": {"title": "x"}}, "gives no target"),
    ("remove it", "is not an object with a target"),
    ({"target": "$.info", "description": "x"}, "must either update or remove"),
    ({"target": "$.info", "description": "x", "update": {}, "remove": True}, "must either update or remove"),
    ({"target": "$.info", "description": "x", "update": None}, "updates with null"),
    ({"target": "$.info", "description": "x", "update": {}, "x-kind": "maybe"}, "x-kind 'maybe' is not one of"),
    ({"target": "$.info.title", "description": "x", "update": "y"}, "neither an object nor an array"),
    ({"target": "$", "description": "x", "remove": True}, "would remove the whole document"),
    (
        {"target": "$.components.schemas.Error", "description": "x", "update": {"type": "thing"}},
        "the bundle is not valid OpenAPI 3.1",
    ),
    (
        {"target": "$.components.schemas.Error", "description": "x", "update": {"x-schema-name": "EditProfile"}},
        "would both be named EditProfile",
    ),
    (
        {
            "target": "$.components.schemas.AudienceView.properties.name",
            "description": "x",
            "update": {"x-schema-name": "Error"},
        },
        "two different schemas would both be named Error",
    ),
    (
        {"target": "$.components.schemas.Error", "description": "x", "update": {"x-schema-name": 5}},
        "5 is not a class name",
    ),
    (
        {
            "target": "$.components.schemas.AudienceView.properties.name",
            "description": "x",
            "update": {"x-schema-name": "ERROR", "enum": ["a"]},
        },
        "differ only in case",
    ),
    (
        {"target": "$.paths['/audiences/create'].post", "description": "x", "update": {"x-rate-limited-by": ["fast"]}},
        "POST /audiences/create: x-rate-limited-by names 'fast'; there are default, profiles_update",
    ),
    (
        {
            "target": "$.paths['/profiles/export'].post",
            "description": "x",
            "update": {"x-starts-job-viewed-by": "exports_view"},
        },
        "POST /profiles/export: x-starts-job-viewed-by names 'exports_view', which is not an operation; the nearest is",
    ),
    (
        {"target": "$.paths['/audiences/create'].post", "description": "x", "update": {"x-idempotent": "yes"}},
        "POST /audiences/create: x-idempotent is not a bool",
    ),
    (
        {"target": "$", "description": "x", "update": {"x-rate-limits": {"fast": {"units": "many"}}}},
        "x-rate-limits: fast needs units, seconds and burst",
    ),
]


@pytest.mark.parametrize(("wrong", "problem"), WRONG, ids=[problem for _, problem in WRONG])
def test_wrong_action_is_one_clear_line(openapi: Path, wrong: Any, problem: str) -> None:
    overlay(openapi, wrong)
    with pytest.raises(ToolError) as caught:
        build_bundle(openapi)
    assert problem in str(caught.value)
    assert len(caught.value.problems) == 1


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a: [", "overlay 99-test.yaml cannot be read"),
        ("overlay: 2.0.0\n", "is not an Overlay 1.0.0 document"),
        ("- x\n", "is not an Overlay 1.0.0 document"),
        ("overlay: 1.0.0\n", "actions must be a list"),
        ("overlay: 1.0.0\nactions: {target: $}\n", "actions must be a list"),
        ("overlay: 1.0.0\nactions: []\n", "actions must be a list of at least one action"),
    ],
)
def test_text_that_is_no_overlay_is_one_clear_line(openapi: Path, text: str, problem: str) -> None:
    (openapi / "overlays/99-test.yaml").write_text(text)
    with pytest.raises(ToolError) as caught:
        build_bundle(openapi)
    assert problem in str(caught.value)
    assert len(caught.value.problems) == 1


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        (
            {"target": "$.paths['/audiences/view'].get.responses", "remove": True},
            "removes responses of GET /a",
        ),
        ({"target": "$.paths['/audiences/view'].get.operationId", "remove": True}, "removes operationId of GET /a"),
        (
            {"target": "$.components.schemas.CampaignWhen", "x-kind": "ensure", "update": {"required": "name"}},
            "the bundle is not valid OpenAPI 3.1 at components/schemas/CampaignWhen/required",
        ),
    ],
)
def test_overlay_that_breaks_the_bundle_is_one_clear_line(openapi: Path, wrong: Any, problem: str) -> None:
    overlay(openapi, wrong | {"description": "x"})
    with pytest.raises(ToolError) as caught:
        build_bundle(openapi)
    assert len(caught.value.problems) == 1
    assert problem in str(caught.value)


def test_everything_that_is_stale_is_reported_in_one_run(openapi: Path) -> None:
    overlay(
        openapi,
        {
            "target": "$.paths['/audiences/create','/audiences/updaet'].post",
            "description": "One of two is wrong.",
            "update": {"x-idempotent": True},
        },
        {"target": "$.paths['/nowhere'].get", "description": "x", "update": {"x-idempotent": True}},
        {
            "target": "$.components.schemas.AudienceVeiw",
            "description": "x",
            "update": {"required": ["name"]},
            "x-kind": "ensure",
        },
    )
    with pytest.raises(ToolError) as caught:
        build_bundle(openapi)
    first, second = caught.value.problems
    assert first.startswith(
        "overlay 99-test.yaml, action 1: target $['paths']['/audiences/updaet']['post'] selects nothing"
    )
    assert "the nearest place is $['paths']['/audiences/update']" in first
    assert second.startswith("overlay 99-test.yaml, action 2: target $['paths']['/nowhere']['get']")
    (note,) = caught.value.notes
    assert "the nearest place is $['components']['schemas']['AudienceView']" in note


def test_correction_that_a_page_no_longer_needs_is_a_note(openapi: Path) -> None:
    def fix(document: Any) -> None:
        request = document["components"]["schemas"]["request"]
        request["required"].remove("requested_at")
        request["required"].append("request_date")

    edit(openapi, "exports/view", fix)
    edit(openapi, "exports/list", fix)
    bundle = build_bundle(openapi)
    assert bundle.document == frozen.bundle()
    notes = [note for note in bundle.messages() if "20-corrections.yaml, action 1" in note]
    assert len(notes) == 1
    assert "delete this action" in notes[0]


def test_action_of_a_missing_kind_is_a_note_unless_it_must_apply() -> None:
    for kind, state in (("ensure", "stale"), ("correct", "obsolete"), ("must", "stale")):
        assert apply({"a": 1}, action("$.b", {"x": 1}, kind)) == [(state, "$['b']")]


def test_ensure_adds_what_is_missing_and_changes_nothing_else() -> None:
    document = {"s": {"required": ["a"], "properties": {"a": {"maxLength": 5}, "b": {}}}}
    ensure = action("$.s", {"required": ["a", "b"], "properties": {"a": {"maxLength": 9, "minLength": 1}}}, "ensure")
    assert apply(document, ensure) == [("applied", "$['s']")]
    expected = {"required": ["a", "b"], "properties": {"a": {"maxLength": 5, "minLength": 1}, "b": {}}}
    assert document == {"s": expected}
    assert apply(document, ensure) == [("satisfied", "$['s']")]
    assert document == {"s": expected}


def test_no_member_is_required_that_has_no_property() -> None:
    document: dict[str, Any] = {"s": {"properties": {"items": {}}}}
    states = apply(document, action("$.s", {"required": ["segments"]}, "ensure"))
    assert document == {"s": {"properties": {"items": {}}}}
    assert ("stale", "$['s'].properties['segments']") in states


def test_must_overwrites() -> None:
    document = {"s": {"x": 1, "y": [1]}}
    apply(document, action("$.s", {"x": 2, "y": [2]}))
    assert document == {"s": {"x": 2, "y": [1, 2]}}


def test_several_elements_are_removed_from_one_array() -> None:
    document = {"tags": [{"name": name} for name in "abcd"]}
    apply(document, action("$.tags[?@.name == 'a' || @.name == 'c']"))
    assert document == {"tags": [{"name": "b"}, {"name": "d"}]}


@pytest.mark.parametrize(
    "action",
    [
        {"target": "$.info", "update": {"contact": {"name": "x"}, "title": "y"}},
        {"target": "$.tags", "update": {"name": "New"}},
        {"target": "$.paths.*.get", "update": {"x-read": True}},
        {"target": "$.components.schemas.Error.required", "update": "more"},
        {"target": "$.paths['/audiences/view'].get.parameters", "remove": True},
        {"target": "$.components.schemas.Error.properties.*", "remove": True},
    ],
)
def test_oas_patch_reads_overlays_alike(action: dict[str, Any]) -> None:
    document = frozen.bundle()
    theirs = second_opinion(copy.deepcopy(document), {"overlay": "1.0.0", "actions": [action | {"description": "x"}]})
    apply_action(document, Action("x", "must", action["target"], action.get("update")))
    assert document == theirs


def test_every_overlay_gives_its_reasons_and_kinds() -> None:
    for path in Path("openapi/overlays").glob("*.yaml"):
        assert read_overlay(path)
        assert path.read_text().count("x-kind: ") == path.read_text().count("- target: ")
