"""Every rule: a change that it tells, its level in both directions, and that the reverse does not break."""

from __future__ import annotations

import copy
import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scripts.specdiff.compare import compare_documents
from scripts.specdiff.findings import Finding, Level

OASDIFF = {
    row["rule"]: row
    for row in csv.DictReader(Path("tests/data/oasdiff-rules.csv").read_text(encoding="utf-8").splitlines())
}
"""The rules of oasdiff with its levels and directions."""

STRICTER = {
    "-set": "a bound that is new makes a request accept less, whatever it was before",
    "all-of-removed": "asking for less takes nothing away from a request",
    "any-of-added": "one more kind of answer is less of a promise",
    "api-security-removed": "a way in that is gone locks its users out",
    "api-security-added": "whoever needed no credential needs one now",
    "request-parameter-property-type-changed": "a value that is refused is refused, inside of an object or not",
    "api-security-component-type-changed": "the credential goes another way",
}
"""Where our level is not oasdiff's, and why: parts of rules."""

# What becomes of the values that fit: less, more, other; told of the change from the first schema to the second.
LESS, MORE, OTHER, NONE = "less", "more", "other", "none"
S: dict[str, Any] = {"type": "string"}
N: dict[str, Any] = {"type": "number"}
A: dict[str, Any] = {"type": "array", "items": {"type": "string"}}
OBJ: dict[str, Any] = {"type": "object"}
INT: dict[str, Any] = {"type": "integer"}
PETS: dict[str, Any] = {"oneOf": [{"title": "Cat", **OBJ}, {"title": "Dog", **S}]}

SCHEMAS: list[tuple[str, str, dict[str, Any], dict[str, Any], str]] = [
    *[
        (f"{aspect}-decreased", LESS, kind | {keyword: 9}, kind | {keyword: 5}, f"{aspect}-increased")
        for keyword, aspect, kind in (
            ("maximum", "max", N),
            ("exclusiveMaximum", "exclusive-max", N),
            ("maxLength", "max-length", S),
            ("maxItems", "max-items", A),
            ("maxProperties", "max-properties", OBJ),
            ("maxContains", "max-contains", A | {"contains": S}),
        )
    ],
    *[
        (f"{aspect}-set", LESS, kind, kind | {keyword: 9}, f"{aspect}-unset")
        for keyword, aspect, kind in (
            ("maximum", "max", N),
            ("exclusiveMaximum", "exclusive-max", N),
            ("maxLength", "max-length", S),
            ("maxItems", "max-items", A),
            ("maxProperties", "max-properties", OBJ),
            ("minimum", "min", N),
            ("exclusiveMinimum", "exclusive-min", N),
            ("minLength", "min-length", S),
            ("minItems", "min-items", A),
            ("minProperties", "min-properties", OBJ),
        )
    ],
    *[
        (f"{aspect}-increased", LESS, kind | {keyword: 5}, kind | {keyword: 9}, f"{aspect}-decreased")
        for keyword, aspect, kind in (
            ("minimum", "min", N),
            ("exclusiveMinimum", "exclusive-min", N),
            ("minLength", "min-length", S),
            ("minItems", "min-items", A),
            ("minProperties", "min-properties", OBJ),
            ("minContains", "min-contains", A | {"contains": S}),
        )
    ],
    ("became-enum", LESS, S, S | {"enum": ["a", "b"]}, "enum-removed"),
    ("enum-value-removed", LESS, S | {"enum": ["a", "b", "c"]}, S | {"enum": ["a", "b"]}, "enum-value-added"),
    ("const-added", LESS, S, S | {"const": "a"}, "const-removed"),
    ("const-changed", OTHER, S | {"const": "a"}, S | {"const": "b"}, "const-changed"),
    ("became-not-nullable", LESS, {"type": ["string", "null"]}, S, "became-nullable"),
    ("type-specialized", LESS, {}, S, "type-generalized"),
    ("type-specialized", LESS, N, INT, "type-generalized"),
    ("type-specialized", LESS, S, S | {"format": "date"}, "type-generalized"),
    ("type-changed", OTHER, S, N, "type-changed"),
    ("type-changed", OTHER, S | {"format": "date"}, S | {"format": "uuid"}, "type-changed"),
    ("list-of-types-narrowed", LESS, {"type": ["string", "integer"]}, S, "list-of-types-widened"),
    ("pattern-added", LESS, S, S | {"pattern": "^a"}, "pattern-removed"),
    ("pattern-changed", OTHER, S | {"pattern": "^a"}, S | {"pattern": "^b"}, "pattern-changed"),
    ("pattern-generalized", MORE, S | {"pattern": "^a"}, S | {"pattern": ".*"}, "pattern-changed"),
    ("multiple-of-added", LESS, N, N | {"multipleOf": 2}, "multiple-of-removed"),
    ("multiple-of-changed", OTHER, N | {"multipleOf": 2}, N | {"multipleOf": 3}, "multiple-of-changed"),
    ("unique-items-added", LESS, A, A | {"uniqueItems": True}, "unique-items-removed"),
    (
        "additional-properties-forbidden",
        LESS,
        OBJ,
        OBJ | {"additionalProperties": False},
        "additional-properties-allowed",
    ),
    (
        "additional-properties-specialized",
        LESS,
        OBJ,
        OBJ | {"additionalProperties": S},
        "additional-properties-generalized",
    ),
    ("one-of-added", MORE, PETS, {"oneOf": [*PETS["oneOf"], {"title": "Cow", **A}]}, "one-of-removed"),
    ("any-of-added", MORE, {"anyOf": [S, N]}, {"anyOf": [S, N, A]}, "any-of-removed"),
    ("prefix-items-added", MORE, A | {"prefixItems": [S]}, A | {"prefixItems": [S, N]}, "prefix-items-removed"),
    ("contains-added", LESS, A, A | {"contains": S}, "contains-removed"),
    ("property-names-added", LESS, OBJ, OBJ | {"propertyNames": {"pattern": "^a"}}, "property-names-removed"),
    ("pattern-property-added", LESS, OBJ, OBJ | {"patternProperties": {"^a": S}}, "pattern-property-removed"),
    ("dependent-required-added", LESS, OBJ, OBJ | {"dependentRequired": {"a": ["b"]}}, "dependent-required-removed"),
    (
        "dependent-required-changed",
        OTHER,
        OBJ | {"dependentRequired": {"a": ["b"]}},
        OBJ | {"dependentRequired": {"a": ["c"]}},
        "dependent-required-changed",
    ),
    (
        "dependent-schema-added",
        LESS,
        OBJ,
        OBJ | {"dependentSchemas": {"a": {"required": ["b"]}}},
        "dependent-schema-removed",
    ),
    (
        "unevaluated-properties-added",
        LESS,
        OBJ,
        OBJ | {"unevaluatedProperties": False},
        "unevaluated-properties-removed",
    ),
    ("unevaluated-items-added", LESS, A, A | {"unevaluatedItems": False}, "unevaluated-items-removed"),
    ("if-added", LESS, OBJ, OBJ | {"if": {"required": ["a"]}}, "if-removed"),
    ("then-added", LESS, OBJ, OBJ | {"then": {"required": ["b"]}}, "then-removed"),
    ("else-added", LESS, OBJ, OBJ | {"else": {"required": ["b"]}}, "else-removed"),
    ("not-added", LESS, S, S | {"not": {"const": "a"}}, "not-removed"),
    ("content-schema-added", LESS, S, S | {"contentSchema": OBJ}, "content-schema-removed"),
    ("content-encoding-changed", OTHER, S | {"contentEncoding": "base64"}, S, "content-encoding-changed"),
    ("content-media-type-changed", OTHER, S | {"contentMediaType": "image/png"}, S, "content-media-type-changed"),
    ("default-value-added", NONE, S, S | {"default": "a"}, "default-value-removed"),
    ("default-value-changed", NONE, S | {"default": "a"}, S | {"default": "b"}, "default-value-changed"),
    ("discriminator-added", NONE, PETS, PETS | {"discriminator": {"propertyName": "kind"}}, "discriminator-removed"),
    (
        "discriminator-mapping-added",
        NONE,
        PETS | {"discriminator": {"propertyName": "kind", "mapping": {"a": "A"}}},
        PETS | {"discriminator": {"propertyName": "kind", "mapping": {"a": "A", "b": "B"}}},
        "discriminator-mapping-deleted",
    ),
    (
        "discriminator-mapping-changed",
        NONE,
        PETS | {"discriminator": {"propertyName": "kind", "mapping": {"a": "A"}}},
        PETS | {"discriminator": {"propertyName": "kind", "mapping": {"a": "B"}}},
        "discriminator-mapping-changed",
    ),
    (
        "discriminator-property-name-changed",
        NONE,
        PETS | {"discriminator": {"propertyName": "kind"}},
        PETS | {"discriminator": {"propertyName": "type"}},
        "discriminator-property-name-changed",
    ),
    ("deprecated", NONE, S, S | {"deprecated": True}, "reactivated"),
]

Put = Callable[[Any], dict[str, Any]]


def document(body: Any = None, answer: Any = None, parameter: Any = None, header: Any = None) -> dict[str, Any]:
    """Return a document with one operation that holds the schemas."""
    operation: dict[str, Any] = {"operationId": "thing_do", "tags": ["Things"], "parameters": []}
    if body is not None:
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": body}}}
    if parameter is not None:
        operation["parameters"] = [{"in": "query", "name": "q", "schema": parameter}]
    response: dict[str, Any] = {"description": "x"}
    if answer is not None:
        response["content"] = {"application/json": {"schema": answer}}
    if header is not None:
        response["headers"] = {"X-Thing": {"schema": header}}
    operation["responses"] = {"200": response}
    return {"openapi": "3.1.0", "info": {"title": "x", "version": "1"}, "paths": {"/things/do": {"post": operation}}}


def within(schema: Any) -> dict[str, Any]:
    return {"type": "object", "properties": {"value": schema}}


SUBJECTS: list[tuple[str, str, Put]] = [
    ("request-body", "request", lambda schema: document(body=schema)),
    ("request-property", "request", lambda schema: document(body=within(schema))),
    ("request-parameter", "request", lambda schema: document(parameter=schema)),
    ("request-parameter-property", "request", lambda schema: document(parameter=within(schema))),
    ("response-body", "response", lambda schema: document(answer=schema)),
    ("response-property", "response", lambda schema: document(answer=within(schema))),
    ("response-header", "response", lambda schema: document(header=schema)),
]


def by_principle(direction: str, effect: str) -> Level:
    breaks = {"request": (LESS, OTHER), "response": (MORE, OTHER)}[direction]
    return Level.BREAKING if effect in breaks else Level.INFO


def expected_level(rule: str, direction: str, effect: str) -> Level:
    known = OASDIFF.get(rule)
    if known is None or any(part in rule for part in STRICTER):
        special = {"enum-removed": Level.WARNING, "enum-value-added": Level.WARNING, "pattern-changed": Level.INFO}
        if direction == "response" and any(rule.endswith(tail) for tail in special):
            return next(level for tail, level in special.items() if rule.endswith(tail))
        if direction == "request" and rule.endswith("pattern-changed"):
            return Level.WARNING
        if rule.startswith("request-parameter-property-default-value"):
            return Level.BREAKING
        if direction == "response" and rule.endswith(("-generalized", "-allowed")) and "type" not in rule:
            return Level.INFO
        if direction == "response" and rule.endswith("pattern-removed"):
            return Level.INFO
        return by_principle(direction, effect)
    return Level[known["level"].upper()]


def found(findings: list[Finding], rule: str) -> Finding:
    matching = [finding for finding in findings if finding.rule == rule]
    assert matching, f"{rule} not among {[finding.rule for finding in findings]}"
    return matching[0]


@pytest.mark.parametrize(("subject", "direction", "put"), SUBJECTS, ids=[subject[0] for subject in SUBJECTS])
@pytest.mark.parametrize(
    ("tail", "effect", "old", "new", "reverse"), SCHEMAS, ids=[f"{case[0]}-{n}" for n, case in enumerate(SCHEMAS)]
)
def test_schema_rule(
    subject: str, direction: str, put: Put, tail: str, effect: str, old: Any, new: Any, reverse: str
) -> None:
    forth = compare_documents(put(old), put(new))
    back = compare_documents(put(new), put(old))
    told = found(forth, f"{subject}-{tail}")
    assert told.direction == direction
    assert told.operation == "POST /things/do"
    assert told.level is expected_level(told.rule, direction, effect), told.rule
    mirrored = found(back, f"{subject}-{reverse}")
    assert len(forth) == len(back)
    if told.level is Level.BREAKING and effect in (LESS, MORE):
        assert mirrored.level is not Level.BREAKING


def change_of(change: Callable[[dict[str, Any]], None], base: dict[str, Any] | None = None) -> tuple[Any, Any]:
    old = copy.deepcopy(base or BASE)
    new = copy.deepcopy(old)
    change(new)
    return old, new


BASE = document(
    body={"type": "object", "required": ["a"], "properties": {"a": S, "b": S}},
    answer={"type": "object", "required": ["a"], "properties": {"a": S, "b": S}},
    parameter=S,
    header=S,
)
BASE["paths"]["/things/do"]["get"] = {
    "operationId": "thing_get",
    "responses": {"200": {"description": "x"}, "404": {"description": "x"}},
}
BASE["servers"] = [{"url": "https://x/{version}", "variables": {"version": {"default": "1", "enum": ["0", "1"]}}}]
BASE["webhooks"] = {
    "done": {"post": {"requestBody": {"content": {"application/json": {"schema": within(S)}}}, "responses": {}}}
}
BASE["components"] = {"securitySchemes": {"key": {"type": "http", "scheme": "bearer"}}, "schemas": {"Unused": S}}
BASE["security"] = [{"key": []}]
BASE["tags"] = [{"name": "Things"}]


def post(document: Any) -> Any:
    return document["paths"]["/things/do"]["post"]


def sent(document: Any) -> Any:
    return post(document)["requestBody"]["content"]["application/json"]["schema"]


def got(document: Any) -> Any:
    return post(document)["responses"]["200"]["content"]["application/json"]["schema"]


def put(node: Callable[[Any], Any], **members: Any) -> Callable[[Any], None]:
    return lambda document: node(document).update(copy.deepcopy(members))


def drop(node: Callable[[Any], Any], name: Any) -> Callable[[Any], None]:
    return lambda document: node(document).pop(name)


def both(*changes: Callable[[Any], None]) -> Callable[[Any], None]:
    def change(document: Any) -> None:
        for one in changes:
            one(document)

    return change


B, W, F = Level.BREAKING, Level.WARNING, Level.INFO
PARAMETER = {"in": "query", "name": "r", "schema": S}
DOCUMENTS: list[tuple[str, Level, Callable[[Any], None], tuple[str, Level] | None]] = [
    (
        "endpoint-added",
        F,
        lambda d: d["paths"].update({"/new": {"get": {"responses": {}}}}),
        ("api-removed-without-deprecation", B),
    ),
    ("webhook-added", F, lambda d: d["webhooks"].update({"new": {"post": {}}}), ("webhook-removed", B)),
    ("endpoint-deprecated", F, put(post, deprecated=True), ("endpoint-reactivated", F)),
    (
        "endpoint-deprecated-with-sunset",
        F,
        put(post, **{"deprecated": True, "x-sunset": "2027-01-01"}),
        ("endpoint-reactivated", F),
    ),
    ("api-operation-id-removed", F, drop(post, "operationId"), ("api-operation-id-added", F)),
    ("api-operation-id-changed", F, put(post, operationId="other"), ("api-operation-id-changed", F)),
    ("api-tag-added", F, lambda d: post(d)["tags"].append("New"), ("api-tag-removed", F)),
    (
        "new-required-request-property",
        B,
        both(put(lambda d: sent(d)["properties"], c=S), lambda d: sent(d)["required"].append("c")),
        ("request-property-removed", W),
    ),
    (
        "new-required-request-property-with-default",
        B,
        both(put(lambda d: sent(d)["properties"], c=S | {"default": "x"}), lambda d: sent(d)["required"].append("c")),
        None,
    ),
    ("new-optional-request-property", F, put(lambda d: sent(d)["properties"], c=S), ("request-property-removed", W)),
    (
        "request-property-became-required",
        B,
        lambda d: sent(d)["required"].append("b"),
        ("request-property-became-optional", F),
    ),
    (
        "response-required-property-added",
        F,
        both(put(lambda d: got(d)["properties"], c=S), lambda d: got(d)["required"].append("c")),
        ("response-required-property-removed", B),
    ),
    (
        "response-optional-property-added",
        F,
        put(lambda d: got(d)["properties"], c=S),
        ("response-optional-property-removed", W),
    ),
    (
        "response-optional-write-only-property-added",
        F,
        put(lambda d: got(d)["properties"], c=S | {"writeOnly": True}),
        ("response-optional-write-only-property-removed", F),
    ),
    (
        "response-property-became-required",
        F,
        lambda d: got(d)["required"].append("b"),
        ("response-property-became-optional", B),
    ),
    (
        "request-optional-property-became-read-only",
        F,
        put(lambda d: sent(d)["properties"]["b"], readOnly=True),
        ("request-optional-property-became-not-read-only", F),
    ),
    (
        "request-required-property-became-read-only",
        F,
        put(lambda d: sent(d)["properties"]["a"], readOnly=True),
        ("request-required-property-became-not-read-only", F),
    ),
    (
        "request-optional-property-became-write-only",
        F,
        put(lambda d: sent(d)["properties"]["b"], writeOnly=True),
        ("request-optional-property-became-not-write-only", F),
    ),
    (
        "response-optional-property-became-write-only",
        F,
        put(lambda d: got(d)["properties"]["b"], writeOnly=True),
        ("response-optional-property-became-not-write-only", F),
    ),
    (
        "response-required-property-became-read-only",
        F,
        put(lambda d: got(d)["properties"]["a"], readOnly=True),
        ("response-required-property-became-not-read-only", F),
    ),
    (
        "new-required-request-parameter",
        B,
        lambda d: post(d)["parameters"].append(PARAMETER | {"required": True}),
        ("request-parameter-removed", W),
    ),
    (
        "new-required-request-default-parameter-to-existing-path",
        B,
        lambda d: post(d)["parameters"].append(PARAMETER | {"required": True, "schema": S | {"default": "x"}}),
        None,
    ),
    (
        "new-optional-request-parameter",
        F,
        lambda d: post(d)["parameters"].append(PARAMETER),
        ("request-parameter-removed", W),
    ),
    (
        "new-request-path-parameter",
        B,
        lambda d: post(d)["parameters"].append({"in": "path", "name": "id", "required": True, "schema": S}),
        None,
    ),
    (
        "request-parameter-became-required",
        B,
        put(lambda d: post(d)["parameters"][0], required=True),
        ("request-parameter-became-optional", F),
    ),
    (
        "request-parameter-deprecated",
        F,
        put(lambda d: post(d)["parameters"][0], deprecated=True),
        ("request-parameter-reactivated", F),
    ),
    (
        "request-parameter-style-changed",
        B,
        put(lambda d: post(d)["parameters"][0], style="pipeDelimited", explode=True),
        ("request-parameter-style-changed", B),
    ),
    (
        "request-parameter-explode-changed",
        B,
        put(lambda d: post(d)["parameters"][0], explode=False),
        ("request-parameter-explode-changed", B),
    ),
    ("request-parameter-allow-reserved-changed", B, put(lambda d: post(d)["parameters"][0], allowReserved=True), None),
    (
        "request-body-became-optional",
        F,
        put(lambda d: post(d)["requestBody"], required=False),
        ("request-body-became-required", B),
    ),
    ("request-body-removed", B, drop(post, "requestBody"), ("request-body-added-required", B)),
    (
        "request-body-added-optional",
        F,
        lambda d: d["paths"]["/things/do"]["get"].update(requestBody={"content": {}}),
        ("request-body-removed", B),
    ),
    (
        "request-body-media-type-added",
        F,
        put(lambda d: post(d)["requestBody"]["content"], **{"text/csv": {}}),
        ("request-body-media-type-removed", B),
    ),
    (
        "request-body-media-type-schema-removed",
        F,
        drop(lambda d: post(d)["requestBody"]["content"]["application/json"], "schema"),
        ("request-body-media-type-schema-added", B),
    ),
    (
        "response-media-type-added",
        F,
        put(lambda d: post(d)["responses"]["200"]["content"], **{"text/csv": {}}),
        ("response-media-type-removed", B),
    ),
    (
        "response-body-media-type-schema-removed",
        W,
        drop(lambda d: post(d)["responses"]["200"]["content"]["application/json"], "schema"),
        ("response-body-media-type-schema-added", F),
    ),
    (
        "response-success-status-added",
        F,
        put(lambda d: post(d)["responses"], **{"201": {"description": "x"}}),
        ("response-success-status-removed", B),
    ),
    (
        "response-non-success-status-added",
        F,
        put(lambda d: post(d)["responses"], **{"429": {"description": "x"}}),
        ("response-non-success-status-removed", F),
    ),
    (
        "response-header-added",
        F,
        put(lambda d: post(d)["responses"]["200"]["headers"], **{"X-New": {"schema": S}}),
        ("optional-response-header-removed", W),
    ),
    ("required-response-header-removed", B, lambda d: post(d)["responses"]["200"]["headers"].clear(), None),
    ("api-security-added", F, lambda d: d["security"].append({"other": []}), ("api-security-removed", B)),
    ("api-security-removed", B, lambda d: d.update(security=[{"other": []}]), ("api-security-removed", B)),
    (
        "api-security-component-added",
        F,
        lambda d: d["components"]["securitySchemes"].update(other={"type": "http"}),
        ("api-security-component-removed", F),
    ),
    (
        "api-security-component-type-changed",
        B,
        lambda d: d["components"]["securitySchemes"]["key"].update(scheme="basic"),
        ("api-security-component-type-changed", B),
    ),
    ("api-schema-removed", F, lambda d: d["components"]["schemas"].clear(), None),
    ("api-server-added", F, lambda d: d["servers"].append({"url": "https://y"}), ("api-server-removed", B)),
    (
        "api-server-variable-default-changed",
        W,
        lambda d: d["servers"][0]["variables"]["version"].update(default="0"),
        None,
    ),
    (
        "api-server-variable-value-removed",
        B,
        lambda d: d["servers"][0]["variables"]["version"]["enum"].pop(0),
        ("api-server-variable-value-added", F),
    ),
    ("api-tag-removed", F, lambda d: d["tags"].clear(), ("api-tag-added", F)),
]


DOCUMENTS += [
    (
        "new-optional-request-default-parameter-to-existing-path",
        F,
        lambda d: post(d)["parameters"].append(PARAMETER | {"schema": S | {"default": "x"}}),
        None,
    ),
    (
        "request-property-became-required-with-default",
        B,
        both(put(lambda d: sent(d)["properties"]["b"], default="x"), lambda d: sent(d)["required"].append("b")),
        None,
    ),
    (
        "request-required-property-became-write-only",
        F,
        put(lambda d: sent(d)["properties"]["a"], writeOnly=True),
        ("request-required-property-became-not-write-only", F),
    ),
    (
        "response-required-property-became-write-only",
        F,
        put(lambda d: got(d)["properties"]["a"], writeOnly=True),
        ("response-required-property-became-not-write-only", W),
    ),
    (
        "response-optional-property-became-read-only",
        F,
        put(lambda d: got(d)["properties"]["b"], readOnly=True),
        ("response-optional-property-became-not-read-only", F),
    ),
    (
        "response-required-write-only-property-added",
        F,
        both(put(lambda d: got(d)["properties"], c=S | {"writeOnly": True}), lambda d: got(d)["required"].append("c")),
        ("response-required-write-only-property-removed", F),
    ),
]


@pytest.mark.parametrize(("rule", "level", "change", "reverse"), DOCUMENTS, ids=[case[0] for case in DOCUMENTS])
def test_document_rule(
    rule: str, level: Level, change: Callable[[Any], None], reverse: tuple[str, Level] | None
) -> None:
    base = copy.deepcopy(BASE)
    if rule == "required-response-header-removed":
        post(base)["responses"]["200"]["headers"]["X-Thing"]["required"] = True
    old, new = change_of(change, base)
    told = found(compare_documents(old, new), rule)
    assert told.level is level
    if rule in OASDIFF and not any(part in rule for part in STRICTER):
        assert (told.level.word, told.direction) in (
            (OASDIFF[rule]["level"], OASDIFF[rule]["direction"]),
            (OASDIFF[rule]["level"], "request" if OASDIFF[rule]["direction"] == "none" else told.direction),
        )
    if reverse is not None:
        back = found(compare_documents(new, old), reverse[0])
        assert back.level is reverse[1]


def test_deprecated_endpoint_may_go() -> None:
    old = copy.deepcopy(BASE)
    post(old)["deprecated"] = True
    new = copy.deepcopy(old)
    del new["paths"]["/things/do"]["post"]
    assert found(compare_documents(old, new), "api-removed-with-deprecation").level is F


def test_deprecated_parameter_may_go() -> None:
    old = copy.deepcopy(BASE)
    post(old)["parameters"][0]["deprecated"] = True
    new = copy.deepcopy(old)
    post(new)["parameters"].clear()
    assert found(compare_documents(old, new), "request-parameter-removed-with-deprecation").level is F


def test_header_that_is_no_longer_promised_breaks() -> None:
    old = copy.deepcopy(BASE)
    post(old)["responses"]["200"]["headers"]["X-Thing"]["required"] = True
    assert found(compare_documents(old, BASE), "response-header-became-optional").level is B
    assert compare_documents(BASE, old) == []


def test_sunset_that_moves_to_an_earlier_day_breaks() -> None:
    old = copy.deepcopy(BASE)
    post(old).update({"deprecated": True, "x-sunset": "2027-06-01"})
    sooner, gone = copy.deepcopy(old), copy.deepcopy(old)
    post(sooner)["x-sunset"] = "2027-01-01"
    del post(gone)["x-sunset"]
    assert found(compare_documents(old, sooner), "api-sunset-date-changed-too-small").level is B
    assert compare_documents(sooner, old) == []
    assert found(compare_documents(old, gone), "sunset-deleted").level is B


def test_what_does_not_travel_does_not_break() -> None:
    hidden = within(S | {"readOnly": True, "maxLength": 9})
    assert (
        found(
            compare_documents(document(body=hidden), document(body=within(S | {"readOnly": True, "maxLength": 5}))),
            "request-property-max-length-decreased",
        ).level
        is F
    )
    hidden = within(S | {"writeOnly": True, "maxLength": 5})
    assert (
        found(
            compare_documents(
                document(answer=hidden), document(answer=within(S | {"writeOnly": True, "maxLength": 9}))
            ),
            "response-property-max-length-increased",
        ).level
        is F
    )


@pytest.mark.parametrize("keyword", ["items", "contains", "propertyNames", "contentSchema", "additionalProperties"])
def test_component_is_found_wherever_it_is_referred_to(keyword: str) -> None:
    old = document(body={keyword: {"$ref": "#/components/schemas/Thing"}})
    old["components"] = {"schemas": {"Thing": S}}
    new = copy.deepcopy(old)
    new["components"]["schemas"]["Thing"] = S | {"maxLength": 5}
    assert [(f.path, f.level) for f in compare_documents(old, new)] == [("Thing", B)]


def test_part_of_a_component_is_found_where_it_is_referred_to() -> None:
    old = document(body=within({"$ref": "#/components/schemas/Thing/properties/50%25"}))
    old["components"] = {"schemas": {"Thing": {"type": "object", "properties": {"50%": S}}}}
    new = copy.deepcopy(old)
    new["components"]["schemas"]["Thing"]["properties"]["50%"] = S | {"maxLength": 5}
    assert [(f.path, f.level) for f in compare_documents(old, new)] == [("body.value", B)]


def test_advice_is_for_the_direction() -> None:
    old, new = S | {"maxLength": 5}, S | {"maxLength": 9}
    told = found(
        compare_documents(document(answer=within(old)), document(answer=within(new))),
        "response-property-max-length-increased",
    )
    assert told.advice == "Be ready for values beyond the old bound."
    told = found(
        compare_documents(document(body=within(new)), document(body=within(old))),
        "request-property-max-length-decreased",
    )
    assert told.advice == "Keep values within the new bound."


def test_property_that_is_refused_from_now_on_breaks() -> None:
    old = document(body=within(S) | {"additionalProperties": False})
    new = document(body={"type": "object", "properties": {}, "additionalProperties": False})
    assert found(compare_documents(old, new), "request-property-removed").level is B
    assert found(compare_documents(new, old), "new-optional-request-property").level is F


def test_webhook_is_compared_the_other_way_round() -> None:
    old, new = change_of(
        lambda d: d["webhooks"]["done"]["post"]["requestBody"]["content"]["application/json"]["schema"][
            "properties"
        ].clear()
    )
    told = found(compare_documents(old, new), "response-optional-property-removed")
    assert (told.direction, told.operation) == ("response", "webhook done")


def test_finding_says_where_and_for_whom() -> None:
    old, new = change_of(both(put(lambda d: sent(d)["properties"], c=S), lambda d: sent(d)["required"].append("c")))
    told = found(compare_documents(old, new), "new-required-request-property")
    assert (told.operation, told.path, told.new) == ("POST /things/do", "body.c", "string")
    assert told.symbols == ("batch.things.do(c=…)", "ThingDoBody.c")
    assert told.advice == "Pass it in every call."
    assert told.fingerprint == found(compare_documents(old, new), told.rule).fingerprint


def test_shared_component_is_told_once_with_every_operation() -> None:
    old = document(body={"$ref": "#/components/schemas/Thing"}, answer=within({"$ref": "#/components/schemas/Thing"}))
    old["components"] = {
        "schemas": {"Thing": {"type": "object", "properties": {"a": S, "more": {"$ref": "#/components/schemas/Thing"}}}}
    }
    old["paths"]["/other"] = {"post": copy.deepcopy(post(old))}
    new = copy.deepcopy(old)
    new["components"]["schemas"]["Thing"]["properties"]["a"] = N
    findings = compare_documents(old, new)
    assert [(f.rule, f.path, f.operation, f.also_in) for f in findings] == [
        ("request-property-type-changed", "Thing.a", "POST /other", ("POST /things/do",)),
        ("response-property-type-changed", "Thing.a", "POST /other", ("POST /things/do",)),
    ]


UNTOLD = {
    "all-of": "allOf is merged: what a member asks for is told as what it means",
    "wrapped-in-one-of": "one schema is the same as a choice of one; what is added to the choice is told",
    "stability": "x-stability-level is not in use here",
    "extensible-enum": "x-extensible-enum is not in use here",
    "type-compatible": "a string that says its format is told as narrower",
    "sunset": "told of operations, where Batch could use it",
    "header-property": "headers in requests are parameters",
    "media-type-name": "a media type that gets another name is one removed and one added",
    "mediatype-enum": "told as response-body-enum-value-removed",
    "scope": "Batch uses no OAuth",
    "oauth": "Batch uses no OAuth",
    "version": "info.version says nothing about the API",
    "api-path-": "told as the removal of each operation",
    "api-global-security": "told of each operation that it matters to",
    "read-only-property": "told by the plain rule, at the level info",
    "response-write-only-property": "told by the plain rule, at the level info",
}
"""Rules of oasdiff that are not told, by a part of their names, and why."""


def test_every_rule_of_oasdiff_is_told_or_there_is_a_reason() -> None:
    told = {f"{subject}-{tail}" for subject, _, _ in SUBJECTS for case in SCHEMAS for tail in (case[0], case[4])}
    told |= {rule for case in DOCUMENTS for rule in (case[0], case[3][0] if case[3] else case[0])}
    # These have tests of their own.
    told |= {
        "api-removed-with-deprecation",
        "request-parameter-removed-with-deprecation",
        "response-header-became-optional",
    }
    missing = [rule for rule in OASDIFF if rule not in told and not any(part in rule for part in UNTOLD)]
    assert missing == []
