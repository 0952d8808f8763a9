"""How the sandbox keeps to documents it has never seen: statuses, required members, and parameters of every kind."""

from __future__ import annotations

from typing import Any

import pytest
from jsonschema import Draft202012Validator
from jsonschema_rs import ValidationError

from batch_client.sandbox import _contract
from batch_client.sandbox._answers import Answer, Refusal
from batch_client.sandbox._contract import Contract, Parameter, list_member, read_contracts
from batch_client.sandbox.shapes import Shape, example

TEXT = {"type": "string"}
OWNER = {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer", "minimum": 7}}}
AUDIENCE = {
    "type": "object",
    "required": ["name", "owner"],
    "properties": {"name": TEXT, "owner": OWNER, "count": {"type": "integer"}},
}


def contract(statuses: dict[str, str | None], parameters: tuple[Parameter, ...] = ()) -> Contract:
    return Contract("audience_view", "GET", "/audiences/view", "2.11", parameters, None, statuses, None)


@pytest.mark.parametrize(
    ("schema", "value", "complete"),
    [
        (AUDIENCE, {"name": "vip"}, {"name": "vip", "owner": {"id": 7}}),
        (AUDIENCE, {"name": "vip", "owner": {"id": 9}, "new": 1}, {"name": "vip", "owner": {"id": 9}, "new": 1}),
        (AUDIENCE, {"name": "vip", "owner": {}}, {"name": "vip", "owner": {"id": 7}}),
        ({"type": "array", "items": AUDIENCE}, [{"name": "vip"}], [{"name": "vip", "owner": {"id": 7}}]),
        ({"anyOf": [TEXT, AUDIENCE]}, {"name": "vip"}, {"name": "vip", "owner": {"id": 7}}),
        ({"oneOf": [AUDIENCE, OWNER]}, {"id": 9}, {"id": 9}),
        ({"type": "object", "properties": {"a": {"type": ["object", "null"]}}}, {"a": None}, {"a": None}),
    ],
)
def test_required_members_are_completed(schema: Any, value: Any, complete: Any) -> None:
    given = [*value] if isinstance(value, list) else dict(value)
    assert Shape(schema).complete(value) == complete
    assert value == given


@pytest.mark.parametrize(
    ("schema", "value"),
    [(TEXT, {"name": "vip"}), (AUDIENCE, {"name": 1}), (AUDIENCE | {"additionalProperties": False}, {"new": 1})],
)
def test_value_of_another_shape_is_refused(schema: Any, value: Any) -> None:
    with pytest.raises(ValidationError):
        Shape(schema).complete(value)


@pytest.mark.parametrize(
    "schema",
    [
        AUDIENCE,
        {"const": 3},
        {"enum": ["a", "b"]},
        {"type": ["null", "string"]},
        {"type": "array", "items": AUDIENCE, "minItems": 3},
        {"type": "string", "format": "date-time"},
        {"type": "string", "minLength": 12},
        {"type": "object", "minProperties": 1, "properties": {"a": TEXT, "b": TEXT}},
        {"oneOf": [OWNER, TEXT]},
        {
            "type": "object",
            "properties": {"a": TEXT, "b": TEXT},
            "if": {"required": ["a"]},
            "else": {"required": ["b"]},
        },
        {},
        True,
    ],
)
def test_example_fits_its_schema(schema: Any) -> None:
    Draft202012Validator(schema).validate(example(schema))


@pytest.fixture
def places(monkeypatch: pytest.MonkeyPatch) -> None:
    shapes = {"/audience": Shape(AUDIENCE), "/text": Shape(TEXT), "/error": Shape(OWNER)}
    monkeypatch.setattr(_contract, "shape_at", shapes.__getitem__)


@pytest.mark.parametrize(
    ("statuses", "answer", "fitted"),
    [
        ({"200": "/audience"}, Answer(202, {"name": "x"}), Answer(200, {"name": "x", "owner": {"id": 7}})),
        ({"2XX": "/audience"}, Answer(202, {"name": "x"}), Answer(202, {"name": "x", "owner": {"id": 7}})),
        ({"201": "/audience", "202": "/audience"}, Answer(202, {"name": "x", "owner": {"id": 8}}), None),
        ({"204": None}, Answer(200, {}), Answer(204, None)),
        ({"200": None}, Answer(202, {"name": "x"}), Answer(200, None)),
        ({"404": "/error"}, Answer(404, {"code": "X"}), Answer(404, {"code": "X", "id": 7})),
        ({"4XX": "/error"}, Answer(404, {"code": "X"}), Answer(404, {"code": "X", "id": 7})),
        ({"404": "/text"}, Answer(404, {"code": "X"}), None),
        ({"200": "/audience"}, Answer(500, {"code": "X"}), None),
        ({"404": None}, Answer(404, {"code": "X"}), None),
    ],
)
@pytest.mark.usefixtures("places")
def test_answer_is_given_the_form_that_is_documented(statuses: Any, answer: Answer, fitted: Answer | None) -> None:
    assert contract(statuses).fit(answer) == (fitted or answer)


@pytest.mark.usefixtures("places")
def test_success_of_an_unknown_shape_is_not_simulated() -> None:
    with pytest.raises(Refusal) as caught:
        contract({"200": "/text"}).fit(Answer(200, {"name": "x"}))
    assert caught.value.answer.status == 501
    assert caught.value.answer.body["error_code"] == "NOT_SIMULATED"
    assert "/audiences/view has an answer that the sandbox does not know" in str(caught.value)


def parameter(place: str, name: str, schema: dict[str, Any], *, required: bool = True) -> Parameter:
    return Parameter(name, place, required, schema, Shape(schema))


def test_parameters_are_read_wherever_they_are_sent() -> None:
    asked = contract(
        {},
        (
            parameter("path", "id", {"type": "integer"}),
            parameter("header", "X-Dry-Run", {"type": "boolean"}),
            parameter("query", "tags", {"type": "array", "items": TEXT}),
            parameter("query", "limit", {"type": "integer"}, required=False),
        ),
    )
    sent = {("path", "id"): ["7"], ("header", "x-dry-run"): ["true"], ("query", "tags"): ["a", "b"]}
    assert asked.read_parameters(sent) == {"id": 7, "X-Dry-Run": True, "tags": ["a", "b"]}
    with pytest.raises(Refusal, match="parameter X-Dry-Run is missing"):
        asked.read_parameters({("path", "id"): ["7"]})
    with pytest.raises(Refusal, match='parameter id: "x" is not of type "integer"'):
        asked.read_parameters(sent | {("path", "id"): ["x"]})


def test_lists_are_found_by_their_only_array() -> None:
    listed = next(contract for contract in read_contracts() if contract.list_member is not None)
    assert list_member(listed.operation_id, "other") == listed.list_member
    assert list_member("unknown_list", "items") == "items"
