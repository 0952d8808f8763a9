"""However the same API is written down, it gives the same names: habits of writing, each in every page at once."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scripts.codegen.bundle import build_bundle
from scripts.codegen.records import compare_records
from scripts.tree import Tree
from tests import frozen
from tests.published import walk
from tests.site import names
from tests.tooling.test_bundle import edit, operation

_LIMITS = ["maxItems", "minItems", "maxLength", "minLength", "maxProperties", "pattern", "format", "minimum", "maximum"]


def _schemas(document: Any) -> Any:
    return document["components"].get("schemas", {})


def _move_responses(document: Any, move: Callable[[str], str]) -> None:
    """Give each response another status."""
    responses = operation(document)["responses"]
    for status, response in [*responses.items()]:
        del responses[status]
        responses.setdefault(move(status), response)


def _refer(document: Any, change: Callable[[Any], Any]) -> None:
    """Write each reference to a schema in another way."""

    def visit(node: Any) -> Any:
        if isinstance(node, list):
            return [visit(child) for child in node]
        if not isinstance(node, dict):
            return node
        if str(node.get("$ref", "")).startswith("#/components/schemas/"):
            return change(node)
        return {key: visit(child) for key, child in node.items()}

    document["paths"] = visit(document["paths"])
    document["components"] = visit(document["components"])


def components_of_its_own(document: Any) -> None:
    text = json.dumps(document)
    for name in _schemas(document):
        text = text.replace(f'"#/components/schemas/{name}"', f'"#/components/schemas/{name.lower()}-dto"')
    document |= json.loads(text)
    document["components"]["schemas"] = {f"{name.lower()}-dto": node for name, node in _schemas(document).items()}


def one_title_for_all(document: Any) -> None:
    for node in walk(_schemas(document)):
        if isinstance(node.get("type"), str):
            node["title"] = "Thing"


def references_within_all_of(document: Any) -> None:
    _refer(document, lambda node: {"allOf": [node], "description": "With a description."})


def references_with_a_type_beside(document: Any) -> None:
    _refer(document, lambda node: node | {"description": "With a description."})


def components_inline(document: Any) -> None:
    for name in [*_schemas(document)]:
        reference, schema = f"#/components/schemas/{name}", _schemas(document)[name]
        if any(node.get("$ref") == reference for node in walk(schema)):
            continue  # what contains itself cannot be written out

        def inline(node: Any, reference: str = reference, schema: Any = schema) -> Any:
            beside = {key: value for key, value in node.items() if key != "$ref"}
            return copy.deepcopy(schema) | beside if node["$ref"] == reference else node

        del _schemas(document)[name]
        _refer(document, inline)


def nullable_in_the_old_way(document: Any) -> None:
    for node in walk(_schemas(document)):
        if isinstance(node.get("type"), str):
            node["nullable"] = True


def nullable_types(document: Any) -> None:
    for node in walk(operation(document).get("requestBody", {})):
        for member in node.get("properties", {}).values():
            if isinstance(member.get("type"), str):
                member["type"] = [member["type"], "null"]


def another_success(document: Any) -> None:
    _move_responses(document, lambda status: "203" if status[0] == "2" else status)


def ranges_of_statuses(document: Any) -> None:
    _move_responses(document, lambda status: f"{status[0]}XX")


def success_by_default(document: Any) -> None:
    _move_responses(document, lambda status: "default" if status[0] == "2" else status)


def no_limits(document: Any) -> None:
    for node in walk(document):
        for keyword in _LIMITS:
            if not isinstance(node.get(keyword), dict):
                node.pop(keyword, None)


def nothing_required_in_answers(document: Any) -> None:
    for node in walk([operation(document)["responses"], _schemas(document)]):
        if isinstance(node.get("required"), list) and "properties" in node:
            del node["required"]


def strict_objects(document: Any) -> None:
    for node in walk(_schemas(document)):
        if "properties" in node:
            node.setdefault("additionalProperties", False)


def wider_enums(document: Any) -> None:
    for node in walk(document):
        if isinstance(node.get("enum"), list):
            node["enum"].insert(0, "brand_new")


def members_nobody_knew(document: Any) -> None:
    for node in [*walk(operation(document)["responses"])]:
        if "properties" in node:
            node["properties"]["links"] = {"type": "object", "properties": {"self": {"type": "string"}}}
            node["required"] = [*node.get("required", ()), "links"]


def words_of_a_tool_on_some_pages(document: Any) -> None:
    if len(next(iter(document["paths"]))) % 2:
        operation(document)["x-internal"] = False
        for node in walk(_schemas(document)):
            if "properties" in node:
                node |= {"x-internal": False, "xml": {"name": "x"}, "readOnly": False, "unevaluatedProperties": True}
                node.setdefault("additionalProperties", True)


HABITS = [
    words_of_a_tool_on_some_pages,
    components_of_its_own,
    one_title_for_all,
    references_within_all_of,
    references_with_a_type_beside,
    components_inline,
    nullable_in_the_old_way,
    nullable_types,
    another_success,
    ranges_of_statuses,
    success_by_default,
    no_limits,
    nothing_required_in_answers,
    strict_objects,
    wider_enums,
    members_nobody_knew,
]


@pytest.mark.parametrize("habit", HABITS, ids=lambda habit: habit.__name__)
def test_names_are_kept(habit: Callable[[Any], None], tmp_path: Path) -> None:
    openapi = frozen.copy_of(tmp_path)
    for page in names():
        edit(openapi, page, habit)
    bundle = build_bundle(openapi)
    changes = compare_records(bundle.before, bundle.record)
    assert (changes.lost, changes.renamed, changes.reused, changes.lost_operations) == ({}, {}, {}, {})
    assert changes.kept == len(bundle.before.classes)


def test_client_of_all_habits_at_once_works(tmp_path: Path) -> None:
    root = frozen.tree(tmp_path)
    together = [habit for habit in HABITS if habit not in (components_inline, success_by_default)]

    def change(document: Any) -> None:
        for habit in together:
            habit(document)

    for page in names():
        edit(root / "openapi", page, change)
    tree = Tree(root)
    bundle = tree.regenerate()
    assert compare_records(bundle.before, bundle.record).lost == {}
    tree.type_check()
    smoke = tree.run("scripts.adopt.smoke")
    assert smoke.returncode == 0, smoke.stdout
