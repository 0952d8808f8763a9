"""What means the same is no change: property tests over documents that hypothesis makes and rewrites."""

from __future__ import annotations

import copy
import json
import random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scripts.documents import parse
from scripts.specdiff.compare import compare_documents
from scripts.specdiff.findings import Level
from tests.contract import BUNDLE
from tests.tooling.test_diff_rules import document, within

NAMES = st.sampled_from(["a", "b", "c", "description", "type"])
LEAVES = st.one_of(
    st.just({}),
    st.builds(lambda n: {"type": "string", "maxLength": n}, st.integers(1, 3)),
    st.builds(lambda n, t: {"type": t, "minimum": n}, st.integers(0, 2), st.sampled_from(["integer", "number"])),
    st.builds(lambda v: {"type": "string", "enum": v}, st.lists(st.sampled_from("xyz"), min_size=1, unique=True)),
    st.sampled_from([{"type": "boolean"}, {"type": ["string", "null"]}, {"const": "k"}]),
    st.sampled_from([{"$ref": "#/components/schemas/Leaf"}, {"$ref": "#/components/schemas/Tree"}]),
)


def _object(children: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.builds(
        lambda properties, required, closed: {
            "type": "object",
            "properties": properties,
            "required": sorted(set(required) & set(properties)),
            **({"additionalProperties": False} if closed else {}),
        },
        st.dictionaries(NAMES, children, max_size=3),
        st.lists(NAMES, max_size=2),
        st.booleans(),
    )


NODES = st.recursive(
    LEAVES,
    lambda children: st.one_of(
        _object(children),
        st.builds(lambda items: {"type": "array", "items": items}, children),
        st.builds(lambda nodes: {"anyOf": nodes}, st.lists(children, min_size=2, max_size=2)),
    ),
    max_leaves=6,
)


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a document with one operation, one plain component and one that contains itself."""
    made = document(body=draw(NODES), answer=draw(NODES), parameter=draw(LEAVES))
    tree = {"type": "object", "properties": {"more": {"$ref": "#/components/schemas/Tree"}, "leaf": draw(LEAVES)}}
    leaf = draw(LEAVES.filter(lambda node: "$ref" not in node))
    made["components"] = {"schemas": {"Leaf": leaf, "Tree": tree}}
    return made


def shuffled(node: Any, shuffle: random.Random) -> Any:
    """Return a copy whose members, and lists without an order, stand in another order; with other words."""
    if isinstance(node, dict):
        members = [(key, shuffled(value, shuffle)) for key, value in node.items()]
        shuffle.shuffle(members)
        return dict(members)
    if isinstance(node, list):
        copies = [shuffled(item, shuffle) for item in node]
        shuffle.shuffle(copies)
        return copies
    return node


def inlined(node: Any, schemas: dict[str, Any], deep: int = 0) -> Any:
    """Return a copy with plain references replaced by what they name, or wrapped in an allOf of one."""
    if isinstance(node, dict):
        if node.get("$ref") == "#/components/schemas/Leaf":
            return copy.deepcopy(schemas["Leaf"])
        if "$ref" in node:
            return {"allOf": [node], "description": "other words"}
        return {key: inlined(value, schemas, deep + 1) for key, value in node.items()}
    return [inlined(item, schemas, deep + 1) for item in node] if isinstance(node, list) else node


SETTINGS = settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))


@SETTINGS
@given(documents())
def test_document_against_itself_is_empty(made: dict[str, Any]) -> None:
    assert compare_documents(made, copy.deepcopy(made)) == []


@SETTINGS
@given(documents(), st.randoms(use_true_random=False))
def test_shuffled_and_reindented_copy_is_empty(made: dict[str, Any], shuffle: random.Random) -> None:
    other = parse(json.dumps(shuffled(made, shuffle), indent=7))
    assert compare_documents(made, other) == []


@SETTINGS
@given(documents())
def test_copy_with_references_inlined_or_wrapped_is_empty(made: dict[str, Any]) -> None:
    other = inlined(made, made["components"]["schemas"])
    assert [f for f in compare_documents(made, other) if f.rule != "api-schema-removed"] == []
    assert [f for f in compare_documents(other, made) if f.rule != "api-schema-removed"] == []


@SETTINGS
@given(documents(), documents())
def test_comparison_is_mirrored(one: dict[str, Any], other: dict[str, Any]) -> None:
    forth, back = compare_documents(one, other), compare_documents(other, one)
    assert len(forth) == len(back)
    assert sorted((f.direction, f.operation, f.path) for f in forth) == sorted(
        (f.direction, f.operation, f.path) for f in back
    )
    values = sorted((f.path, str(f.old), str(f.new)) for f in forth)
    assert values == sorted((f.path, str(f.new), str(f.old)) for f in back)


SAME: list[tuple[Any, Any]] = [
    ({"type": ["string", "null"]}, {"anyOf": [{"type": "string"}, {"type": "null"}]}),
    ({"type": ["string", "null"]}, {"oneOf": [{"type": "null"}, {"type": "string"}]}),
    ({"type": ["string", "null"]}, {"type": "string", "nullable": True}),
    ({"type": ["string", "null"], "enum": ["a", None]}, {"type": "string", "nullable": True, "enum": ["a"]}),
    ({"enum": ["a"]}, {"const": "a"}),
    ({"type": "string"}, {"type": ["string"]}),
    ({"type": ["integer", "number"]}, {"type": "number"}),
    ({"type": "number", "minimum": 1, "exclusiveMinimum": True}, {"type": "number", "exclusiveMinimum": 1}),
    ({"type": "number", "maximum": 1, "exclusiveMaximum": False}, {"type": "number", "maximum": 1}),
    ({"type": "string", "minLength": 0}, {"type": "string"}),
    ({"type": "object", "additionalProperties": True}, {"type": "object"}),
    ({"type": "object", "additionalProperties": {}}, {"type": "object"}),
    ({"allOf": [{"type": "string"}, {"maxLength": 3}]}, {"type": "string", "maxLength": 3}),
    ({"allOf": [{"maxLength": 5}, {"maxLength": 3}]}, {"maxLength": 3}),
    (
        {"allOf": [{"properties": {"a": {}}, "required": ["a"]}, {"properties": {"b": {}}}]},
        {"properties": {"b": {}, "a": {}}, "required": ["a"]},
    ),
    ({"anyOf": [{"type": "string"}]}, {"type": "string"}),
    ({"type": "string", "description": "x", "title": "T", "examples": ["x"]}, {"type": "string"}),
    ({"required": ["a", "b"]}, {"required": ["b", "a", "a"]}),
    ({"type": "string", "x-note": 1}, {"type": "string"}),
]


@pytest.mark.parametrize(("one", "other"), SAME, ids=[str(number) for number in range(len(SAME))])
def test_two_ways_to_write_one_meaning(one: Any, other: Any) -> None:
    for put in (lambda n: document(body=within(n)), lambda n: document(answer=n), lambda n: document(parameter=n)):
        assert compare_documents(put(one), put(other)) == []
        assert compare_documents(put(other), put(one)) == []


def test_whole_bundle_shuffled_is_empty() -> None:
    assert compare_documents(BUNDLE, shuffled(BUNDLE, random.Random(1))) == []


def test_path_parameter_may_have_another_name() -> None:
    def at(name: str) -> dict[str, Any]:
        made = document()
        parameter = {"in": "path", "name": name, "required": True, "schema": {"type": "string"}}
        made["paths"] = {f"/things/{{{name}}}": {"parameters": [parameter], **made["paths"]["/things/do"]}}
        return made

    assert compare_documents(at("id"), at("key")) == []


def test_media_type_is_compared_without_case_and_charset() -> None:
    other = json.loads(json.dumps(document(body={})).replace("application/json", "Application/JSON; charset=utf-8"))
    assert compare_documents(document(body={}), other) == []


def test_security_of_the_document_is_that_of_an_operation() -> None:
    one, other = document(), document()
    one["security"] = [{"key": []}]
    other["paths"]["/things/do"]["post"]["security"] = [{"key": []}]
    assert compare_documents(one, other) == []


def test_reverse_of_what_breaks_a_request_does_not() -> None:
    old, new = document(body={"type": "string", "maxLength": 9}), document(body={"type": "string", "maxLength": 3})
    assert [f.level for f in compare_documents(old, new)] == [Level.BREAKING]
    assert [f.level for f in compare_documents(new, old)] == [Level.INFO]
