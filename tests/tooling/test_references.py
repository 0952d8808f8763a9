"""References within a document: escapes, arrays, chains, members beside them, and those that lead nowhere."""

from __future__ import annotations

from typing import Any

import pytest

from batch_generated.references import (
    UnresolvableReference,
    component_of,
    component_reference,
    look_up,
    pointer_parts,
    reference_to,
    resolve,
    trail,
)

DOCUMENT: dict[str, Any] = {
    "components": {
        "schemas": {
            "Plain": {"type": "string"},
            "Alias": {"$ref": "#/components/schemas/Plain", "description": "Another name."},
            "Twice": {"$ref": "#/components/schemas/Alias"},
            "Self": {"$ref": "#/components/schemas/Self"},
            "One": {"$ref": "#/components/schemas/Other"},
            "Other": {"$ref": "#/components/schemas/One"},
            "Dangling": {"$ref": "#/components/schemas/Gone"},
            "Wide": {"properties": {"$ref": {"type": "integer"}, "50%": {"const": 1}, "a~b/c": {"const": 2}}},
        }
    },
    "paths": {"/a/{id}": {"get": {"parameters": [{"name": "id"}, {"name": "other"}]}}},
}


@pytest.mark.parametrize(
    ("reference", "found"),
    [
        ("#", DOCUMENT),
        ("#/components/schemas/Plain", {"type": "string"}),
        ("#/components/schemas/Wide/properties/50%25", {"const": 1}),
        ("#/components/schemas/Wide/properties/a~0b~1c", {"const": 2}),
        ("#/components/schemas/Wide/properties/%24ref", {"type": "integer"}),
        ("#/paths/~1a~1{id}/get/parameters/1/name", "other"),
        ("#/paths/~1a~1%7Bid%7D/get/parameters/0/name", "id"),
    ],
)
def test_reference_names_a_part_of_the_document(reference: str, found: Any) -> None:
    assert look_up(DOCUMENT, reference) == found


@pytest.mark.parametrize("name", ["x", "a/b", "a~b", "~1", "50%", "%2F", "{id}", "two words", "é", "", "0"])
def test_reference_to_a_name_leads_back_to_it(name: str) -> None:
    assert pointer_parts(reference_to("a", name)) == ["a", name]
    assert component_of({"$ref": component_reference(name)}) == name
    assert look_up({"components": {"schemas": {name: 1}}}, component_reference(name)) == 1


@pytest.mark.parametrize(
    ("reference", "reason"),
    [
        ("other.json#/x", "other.json#/x, another document"),
        ("", ", another document"),
        ("#anchor", "#anchor, an anchor"),
        ("#/components/schemas/Gone", "#/components/schemas/Gone, which is not there"),
        ("#/components/schemas/Plain/type/0", "which is not there"),
        ("#/paths/~1a~1{id}/get/parameters/2", "which is not there"),
        ("#/paths/~1a~1{id}/get/parameters/-1", "which is not there"),
        ("#/paths/~1a~1{id}/get/parameters/name", "which is not there"),
        ("#/paths/~1a~1{id}/get/parameters/²", "which is not there"),
    ],
)
def test_reference_that_leads_nowhere_says_why(reference: str, reason: str) -> None:
    with pytest.raises(UnresolvableReference, match=r"^.+$") as caught:
        look_up(DOCUMENT, reference)
    assert reason in str(caught.value)
    assert caught.value.reference == reference


@pytest.mark.parametrize(
    ("node", "found"),
    [
        ({"type": "array"}, {"type": "array"}),
        ({"$ref": "#/components/schemas/Twice", "description": "Beside it."}, {"type": "string"}),
        ({"$ref": {"type": "integer"}}, {"$ref": {"type": "integer"}}),
        (True, True),
        (None, None),
    ],
)
def test_what_a_part_stands_for_has_nothing_of_what_is_beside_a_reference(node: Any, found: Any) -> None:
    assert resolve(DOCUMENT, node) == found


def test_trail_has_each_reference_with_what_it_names() -> None:
    schemas = DOCUMENT["components"]["schemas"]
    assert trail(DOCUMENT, schemas["Twice"]) == [
        ("#/components/schemas/Alias", schemas["Alias"]),
        ("#/components/schemas/Plain", schemas["Plain"]),
    ]


@pytest.mark.parametrize("name", ["Self", "One"])
def test_reference_to_itself_is_not_followed_for_ever(name: str) -> None:
    with pytest.raises(UnresolvableReference, match="refers to itself and to nothing else"):
        resolve(DOCUMENT, DOCUMENT["components"]["schemas"][name])


def test_chain_that_ends_nowhere_names_the_reference_that_does() -> None:
    with pytest.raises(UnresolvableReference, match="schemas/Gone, which is not there"):
        resolve(DOCUMENT, {"$ref": "#/components/schemas/Dangling"})


@pytest.mark.parametrize(
    "node",
    [
        {"$ref": "#/components/schemas/Wide/properties/50%25"},
        {"$ref": "#/components/parameters/Plain"},
        {"$ref": "#/components/schemas"},
        {"$ref": ["#/components/schemas/Plain"]},
        {"type": "string"},
        False,
    ],
)
def test_only_a_whole_component_schema_is_one(node: Any) -> None:
    assert component_of(node) is None
