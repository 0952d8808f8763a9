"""Round trips of every generated model, over JSON that hypothesis makes from the bundle's schemas."""

from __future__ import annotations

import datetime
import importlib
import json
import pickle
import re
from typing import Any

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import batch_generated.models
from batch_generated.models import ProfileAttributes
from batch_generated.types import UNSET, OpenStrEnum, to_json
from tests.contract import BUNDLE, check, operations

SCHEMAS: dict[str, Any] = BUNDLE["components"]["schemas"]
TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=8)
SCALARS = st.none() | st.booleans() | st.integers(-1000, 1000) | TEXT
KEYS = st.from_regex(r"[a-z0-9_]{1,12}", fullmatch=True)
TIMES = st.datetimes(
    min_value=datetime.datetime(1970, 1, 1), max_value=datetime.datetime(2100, 1, 1), timezones=st.just(datetime.UTC)
).map(datetime.datetime.isoformat)
DATES = st.dates().map(datetime.date.isoformat)


def json_of(schema: dict[str, Any], depth: int = 0) -> st.SearchStrategy[Any]:
    """Return a strategy for JSON that fits a schema, unknown properties and enum values included."""
    if "$ref" in schema:
        target = SCHEMAS[schema["$ref"].rsplit("/", 1)[1]]
        return st.deferred(lambda: json_of(target, depth + 1))
    if "const" in schema:
        return st.just(schema["const"])
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    alternatives = schema.get("anyOf", []) + schema.get("oneOf", [])
    if alternatives:
        return st.one_of([json_of(alternative, depth + 1) for alternative in alternatives])
    kind = schema.get("type")
    if isinstance(kind, list):
        return st.one_of([json_of(schema | {"type": one}, depth) for one in kind])
    if kind == "array":
        return st.lists(json_of(schema["items"], depth + 1), max_size=2, min_size=schema.get("minItems", 0))
    if kind == "object":
        return _object(schema, depth)
    if kind == "string":
        return {"date-time": TIMES, "date": DATES}.get(schema.get("format"), TEXT)
    return {
        "integer": st.integers(0, 10_000),
        "number": st.integers(-1000, 1000) | st.floats(-1e6, 1e6).filter(lambda x: x != int(x)),
        "boolean": st.booleans(),
        "null": st.none(),
    }.get(kind or "", SCALARS)


def _object(schema: dict[str, Any], depth: int) -> st.SearchStrategy[dict[str, Any]]:
    properties, required = schema.get("properties", {}), schema.get("required", [])
    additional = schema.get("additionalProperties")
    values = json_of(additional, depth + 1) if isinstance(additional, dict) and depth < 4 else SCALARS
    extra = st.dictionaries(KEYS.filter(lambda key: key not in properties), values, max_size=2)
    known = st.fixed_dictionaries(
        {name: json_of(properties[name], depth + 1) for name in required},
        optional={name: json_of(value, depth + 1) for name, value in properties.items() if name not in required},
    )
    if additional is False:
        return known
    return st.builds(lambda one, other: other | one, known, extra)


def model_schemas() -> dict[str, dict[str, Any]]:
    """Return the schema of every generated class, by class name."""
    schemas = dict(SCHEMAS)
    for operation_id, (_, _, operation) in operations().items():
        body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
        if body.get("type") == "object":
            schemas["".join(word.capitalize() for word in operation_id.split("_")) + "Body"] = body
    return {name: schemas[name] for name in batch_generated.models.__all__}


CLASSES = {name: getattr(batch_generated.models, name) for name in batch_generated.models.__all__}
MODELS = sorted(name for name, cls in CLASSES.items() if attrs.has(cls))
ENUMS = sorted(name for name, cls in CLASSES.items() if issubclass(cls, OpenStrEnum))


def test_every_class_is_a_model_or_an_open_enum_with_a_schema() -> None:
    assert sorted(MODELS + ENUMS) == sorted(batch_generated.models.__all__)
    assert set(model_schemas()) == set(CLASSES)


def test_no_class_has_a_name_made_by_a_machine() -> None:
    made = re.compile(r"Type\d|Response\d|Body.|.Item$")
    assert [name for name in CLASSES if made.search(name)] == []


@pytest.mark.parametrize("name", MODELS)
def test_model_round_trip(name: str) -> None:
    cls, schema = CLASSES[name], model_schemas()[name]

    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(json_of(schema))
    def round_trip(value: dict[str, Any]) -> None:
        model = cls.from_dict(value)
        written = model.to_dict()
        assert written == {key: member for key, member in value.items() if key in written}
        # What is left out was null where the document promises a value, which counts as absent.
        assert all(value[key] is None for key in value.keys() - written.keys())
        assert cls.from_dict(written) == model
        assert pickle.loads(pickle.dumps(model)) == model

    round_trip()


@pytest.mark.parametrize("name", MODELS)
def test_model_without_a_required_property_says_which(name: str) -> None:
    cls, schema = CLASSES[name], model_schemas()[name]
    if schema.get("required"):
        with pytest.raises(ValueError, match=f"{name} lacks its required property"):
            cls.from_dict({})
    else:
        assert cls.from_dict({}).to_dict() == {}
    with pytest.raises(ValueError, match=f"{name} should be an object, not"):
        cls.from_dict(["no object"])


@pytest.mark.parametrize("name", ENUMS)
def test_enum_knows_the_bundle_and_takes_the_unknown(name: str) -> None:
    cls = CLASSES[name]
    assert {member.value for member in cls} == set(model_schemas()[name]["enum"])
    assert cls("NOT_IN_ANY_DOCUMENT") == "NOT_IN_ANY_DOCUMENT"


def enum_places() -> list[tuple[str, str]]:
    return [
        (name, wire_name)
        for name in MODELS
        for wire_name, schema in model_schemas()[name].get("properties", {}).items()
        if schema.get("$ref", "").rsplit("/", 1)[-1] in ENUMS
    ]


@pytest.mark.parametrize(("name", "wire_name"), enum_places())
def test_unknown_value_in_any_enum_of_a_model_passes_through(name: str, wire_name: str) -> None:
    cls, schema = CLASSES[name], model_schemas()[name]

    @settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
    @given(json_of(schema))
    def passes(value: dict[str, Any]) -> None:
        written = cls.from_dict(value | {wire_name: "FROM_THE_FUTURE"}).to_dict()
        assert written[wire_name] == "FROM_THE_FUTURE"

    passes()


def test_examples_of_the_bundle_fit_their_schemas_and_survive_their_models() -> None:
    for operation_id, (_, _, operation) in operations().items():
        content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
        if "example" not in content:
            continue
        check(content["example"], content["schema"])
        module = importlib.import_module(f"batch_generated.api.{operation['tags'][0].lower()}.{operation_id}")
        assert json.loads(module.build_request(body=content["example"])["content"]) == content["example"]


def test_plain_values_are_written_like_models() -> None:
    attributes = ProfileAttributes(language="fr", additional_properties={"plan": "gold"})
    when = datetime.datetime(2026, 1, 1, 12, tzinfo=datetime.timezone(datetime.timedelta(hours=2)))
    assert to_json({"a": [attributes, {"b": UNSET, "c": when}], "d": (1, None)}) == {
        "a": [{"$language": "fr", "plan": "gold"}, {"c": "2026-01-01T12:00:00+02:00"}],
        "d": [1, None],
    }
    with pytest.raises(TypeError, match="object has no form in JSON"):
        to_json(object())
    with pytest.raises(TypeError, match="bytes has no form in JSON"):
        to_json(b"bytes")


def test_null_is_kept_where_it_means_something() -> None:
    attributes = ProfileAttributes.from_dict({"$email_address": None, "$email_marketing": None, "plan": None})
    assert attributes.email_address is None
    assert attributes.to_dict() == {"$email_address": None, "$email_marketing": None, "plan": None}


# No other class is known to have a constant, and this one is gone with the last operation on campaigns.
@pytest.mark.skipif("EmailMessage" not in MODELS, reason="the documents no longer have it")
def test_constant_fills_itself_in() -> None:
    message = CLASSES["EmailMessage"](subject="Hello")
    assert message.to_dict() == {"channel_type": "email", "subject": "Hello"}


def test_models_take_keywords_only() -> None:
    with pytest.raises(TypeError):
        CLASSES[MODELS[0]]("vip")
