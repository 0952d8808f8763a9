"""Names of operations and classes: from routes and places, kept from one version to the next."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from batch_client import AsyncBatchClient, BatchClient
from scripts.codegen.bundle import build_bundle
from scripts.codegen.identity import RESERVED_METHODS, RESERVED_RESOURCES, Name, name_operations
from scripts.codegen.names import name_schemas, read_table
from scripts.codegen.places import PlaceError, find, parse_place
from scripts.codegen.records import Record, compare_records, read_record, render_record
from scripts.codegen.schemas import makes_class
from scripts.codegen.simplify import simplify
from scripts.errors import ToolError
from tests import frozen
from tests.tooling.test_bundle import edit, operation


@pytest.fixture
def openapi(tmp_path: Path) -> Path:
    return frozen.copy_of(tmp_path)


def names(*routes: str, recorded: dict[str, Name] | None = None) -> dict[str, str]:
    pairs = [(route.split(" ")[0].lower(), route.split(" ")[1]) for route in routes]
    found = name_operations(pairs, recorded or {})
    return {f"{m.upper()} {p}": f"{name.resource}.{name.method} {name.id}" for (m, p), name in found.items()}


@pytest.mark.parametrize(
    ("route", "name"),
    [
        ("POST /audiences/remove", "audiences.remove audience_remove"),
        ("POST /catalogs/items/edit", "catalogs.items_edit catalog_items_edit"),
        ("POST /profiles/mass-update", "profiles.mass_update profile_mass_update"),
        ("POST /in-app/create", "in_app.create in_app_create"),
        ("POST /inApp/createDraft", "in_app.create_draft in_app_create_draft"),
        ("GET /categories/list", "categories.list category_list"),
        ("GET /status", "status.get status_get"),
        ("DELETE /webhooks", "webhooks.delete webhook_delete"),
        ("GET /segments/{code}", "segments.code segment_code"),
        ("GET /segments/{segmentCode}/members", "segments.segment_code_members segment_segment_code_members"),
        ("POST /bulk/send", "api_bulk.send api_bulk_send"),
        ("POST /class/import", "class_.import_ class_import"),
        ("GET /exports/job", "exports.job_ export_job"),
        ("GET /2fa/codes", "api_2fa.codes api_2fa_codes"),
        ("GET /sms/2fa", "sms._2fa sm_2fa"),
    ],
)
def test_operation_is_named_after_its_route(route: str, name: str) -> None:
    assert names(route) == {route: name}


def test_operations_of_one_path_are_told_apart_by_method() -> None:
    assert names("GET /webhooks/settings", "PUT /webhooks/settings") == {
        "GET /webhooks/settings": "webhooks.get_settings webhook_get_settings",
        "PUT /webhooks/settings": "webhooks.put_settings webhook_put_settings",
    }


def test_operation_keeps_its_name_when_its_path_gets_another_method() -> None:
    recorded = {"GET /webhooks/settings": Name("webhooks", "settings", "webhook_settings")}
    assert names("GET /webhooks/settings", "PUT /webhooks/settings", recorded=recorded) == {
        "GET /webhooks/settings": "webhooks.settings webhook_settings",
        "PUT /webhooks/settings": "webhooks.put_settings webhook_put_settings",
    }


def test_ids_are_unique_whatever_the_paths() -> None:
    found = names("POST /catalog/items/edit", "POST /catalogs/items/edit", "GET /a/b-c", "GET /a/b/c")
    assert len({name.split()[1] for name in found.values()}) == 4
    assert found["POST /catalogs/items/edit"].startswith("catalogs.items_edit ")


def test_path_of_which_no_name_can_be_made_is_one_line() -> None:
    with pytest.raises(ToolError, match=r"the path /\.\./x has a part of which no Python name can be made"):
        names("GET /../x")


def test_reserved_names_cover_what_the_clients_have() -> None:
    for client in (BatchClient, AsyncBatchClient):
        own = {name for name in vars(client) if not name.startswith("_")}
        assert own | {"api_version", "base_url", "generated"} <= RESERVED_RESOURCES
    assert {"task", "job"} <= RESERVED_METHODS


@pytest.mark.parametrize(
    "text",
    [
        "POST /audiences/update body.ids[]",
        "GET /audiences/list 200.audiences[].indexing_state",
        "GET /orchestrations/list query.status[]",
        "POST /profiles/update body[].attributes.$email_marketing",
        "POST /profiles/update body[].attributes.*|object",
        "POST /profiles/export body|export_type=EVENTS",
        "GET /x header.X-Trace",
        'GET /x body."a.b[]".c',
        'GET /x body."a\\"b\\\\".c',
        'GET /x body|"v1.2".c',
        'GET /x query."filter[type]"',
        "* 4XX",
        "GET /x default",
    ],
)
def test_place_reads_as_it_is_written(text: str) -> None:
    assert str(parse_place(text)) == text


@pytest.mark.parametrize(
    "text",
    ["", "audiences", "POST /x", "POST /x body..a", "FETCH /x body", "GET /x 600", "GET /x query.", "GET x body"],
)
def test_text_that_is_no_place_is_refused(text: str) -> None:
    with pytest.raises(PlaceError, match="is not a place"):
        parse_place(text)


def test_every_place_of_the_table_is_there() -> None:
    bundle = frozen.bundle()
    table = read_table(frozen.FROZEN / "names.yaml")
    known = {name for text, name in table.items() if find(bundle, parse_place(text))}
    assert known == set(table.values())


SHAPES: dict[str, Callable[[Any], Any]] = {
    "component of another name": lambda d: rename_component(d, "oneAudience", "audience_item_V2"),
    "component with a title": lambda d: schema(d).update(title="Some Title"),
    "inline": lambda d: respond(d, schema(d)),
    "allOf of one": lambda d: respond(d, {"allOf": [{"$ref": "#/components/schemas/oneAudience"}]}),
    "allOf with words": lambda d: respond(
        d, {"description": "The audience", "allOf": [{"$ref": "#/components/schemas/oneAudience"}]}
    ),
    "anyOf of one": lambda d: respond(d, {"anyOf": [{"$ref": "#/components/schemas/oneAudience"}]}),
    "or null": lambda d: respond(d, {"oneOf": [{"$ref": "#/components/schemas/oneAudience"}, {"type": "null"}]}),
    "allOf of parts": lambda d: respond(
        d,
        {
            "allOf": [
                {"type": "object", "properties": {"name": schema(d)["properties"].pop("name")}},
                {"$ref": "#/components/schemas/oneAudience"},
            ]
        },
    ),
    "union that is one class": lambda d: respond(
        d,
        {
            "anyOf": [
                {"$ref": "#/components/schemas/oneAudience"},
                {"type": "object", "properties": {"name": {"type": "string"}, "more": {"type": "string"}}},
            ]
        },
    ),
    "other status": lambda d: operation(d)["responses"].update({"203": operation(d)["responses"].pop("200")}),
    "status range": lambda d: operation(d)["responses"].update({"2XX": operation(d)["responses"].pop("200")}),
    "other media type": lambda d: operation(d)["responses"]["200"].update(
        content={"application/json; charset=utf-8": operation(d)["responses"]["200"]["content"]["application/json"]}
    ),
}


def schema(document: Any) -> Any:
    return document["components"]["schemas"]["oneAudience"]


def respond(document: Any, node: Any) -> None:
    operation(document)["responses"]["200"]["content"]["application/json"]["schema"] = node


def rename_component(document: Any, old: str, new: str) -> None:
    text = json.dumps(document).replace(f'"#/components/schemas/{old}"', f'"#/components/schemas/{new}"')
    document.update(json.loads(text))
    document["components"]["schemas"][new] = document["components"]["schemas"].pop(old)


@pytest.mark.parametrize("shape", SHAPES)
def test_class_is_named_after_its_place_whatever_its_spelling(openapi: Path, shape: str) -> None:
    edit(openapi, "audiences/view", SHAPES[shape])
    bundle = build_bundle(openapi)
    content = next(
        response["content"]["application/json"]["schema"]
        for status, response in bundle.document["paths"]["/audiences/view"]["get"]["responses"].items()
        if status[0] == "2"
    )
    members = content.get("anyOf") or content.get("oneOf") or [content]
    assert members[0]["$ref"] == "#/components/schemas/AudienceView"
    schemas = bundle.document["components"]["schemas"]
    assert schemas["AudienceView"]["properties"]["indexing_state"] == {"$ref": "#/components/schemas/IndexingState"}
    assert set(frozen.bundle()["components"]["schemas"]) <= set(schemas)


def test_enums_of_one_name_become_one_enum(openapi: Path) -> None:
    def change(document: Any) -> None:
        states = document["components"]["schemas"]["catalog"]["properties"]["indexing_state"]
        states["enum"] = ["IN_PROGRESS", "APPLIED", "PAUSED"]

    edit(openapi, "catalogs/view", change)
    edit(openapi, "catalogs/list", change)
    values = build_bundle(openapi).document["components"]["schemas"]["IndexingState"]["enum"]
    assert sorted(values) == ["APPLIED", "IN_PROGRESS", "PAUSED", "REPLACED"]


def test_different_schemas_of_one_name_are_told_apart_and_noted(openapi: Path) -> None:
    def change(document: Any) -> None:
        document["components"]["schemas"]["EditProfile"]["properties"]["owner"] = {"type": "string"}

    edit(openapi, "profiles/mass-update", change)
    bundle = build_bundle(openapi)
    schemas = bundle.document["components"]["schemas"]
    assert "owner" not in schemas["EditProfile"]["properties"]
    assert "owner" in schemas["ProfileMassUpdateItem"]["properties"]
    note = (
        "POST /profiles/mass-update body[] is not named EditProfile, for its schema is another one than that of "
        "POST /profiles/update body[]: it is named after its place"
    )
    assert note in bundle.messages()


def test_response_of_one_name_has_the_members_of_all(openapi: Path) -> None:
    def change(document: Any) -> None:
        schema(document)["properties"]["owner"] = {"type": "string"}
        schema(document)["properties"]["nb_ids"] = {"type": "string"}
        del schema(document)["properties"]["created"]["format"]

    edit(openapi, "audiences/list", change)
    bundle = build_bundle(openapi)
    properties = bundle.document["components"]["schemas"]["AudienceView"]["properties"]
    assert properties["owner"] == {"type": "string"}
    assert len(properties["nb_ids"]["anyOf"]) == 2
    assert properties["created"]["format"] == "date-time"
    assert set(bundle.document["components"]["schemas"]) == set(frozen.bundle()["components"]["schemas"])


def test_successes_that_are_alike_are_one_class(openapi: Path) -> None:
    def change(document: Any) -> None:
        (node,) = document["paths"]["/audiences/create"].values()
        accepted = {
            "type": "object",
            "required": ["indexing_token"],
            "properties": {"indexing_token": {"type": "string"}},
        }
        for status in ("200", "202"):
            content = {"application/json": {"schema": copy.deepcopy(accepted)}}
            node["responses"][status] = {"description": status, "content": content}

    edit(openapi, "audiences/create", change)
    bundle = build_bundle(openapi)
    responses = bundle.document["paths"]["/audiences/create"]["post"]["responses"]
    shown = [responses[status]["content"]["application/json"]["schema"] for status in ("200", "202")]
    assert shown == [{"$ref": "#/components/schemas/IndexingAccepted"}] * 2


def test_limits_make_no_other_class(openapi: Path) -> None:
    def change(document: Any) -> None:
        document["components"]["schemas"]["EditProfile"]["properties"]["events"]["maxItems"] = 3

    edit(openapi, "profiles/mass-update", change)
    assert set(build_bundle(openapi).document["components"]["schemas"]) == set(frozen.bundle()["components"]["schemas"])


def test_union_in_a_body_stays_as_strict_as_it_is(openapi: Path) -> None:
    def change(document: Any) -> None:
        document["components"]["schemas"]["ProfileIdentifiers"] = {
            "oneOf": [
                {"type": "object", "required": ["custom_id"], "properties": {"custom_id": {"type": "string"}}},
                {"type": "object", "required": ["installation"], "properties": {"installation": {"type": "object"}}},
            ]
        }

    for page in ("profiles/update", "profiles/mass-update"):
        edit(openapi, page, change)
    identifiers = build_bundle(openapi).document["components"]["schemas"]["ProfileIdentifiers"]
    assert set(identifiers["properties"]) == {"custom_id", "installation"}
    assert "required" not in identifiers
    assert identifiers["allOf"] == [{"oneOf": [{"required": ["custom_id"]}, {"required": ["installation"]}]}]


def add_view(document: Any) -> None:
    """Add GET /segments/view, whose response has everything that needs a name."""
    part = {"type": "object", "properties": {"kind": {"type": "string", "enum": ["a", "b"]}}}
    response = {
        "type": "object",
        "properties": {
            "rules": {"type": "array", "items": part},
            "owner": copy.deepcopy(part),
            "extra": {"type": "object", "additionalProperties": copy.deepcopy(part)},
            "when": {
                "oneOf": [
                    {"type": "string"},
                    {"type": "object", "properties": {"day": {"type": "string"}}},
                    {"type": "array", "items": {"type": "object", "properties": {"hour": {"type": "string"}}}},
                ]
            },
            "source": {
                "anyOf": [
                    {"type": "object", "properties": {"type": {"const": "FILE"}, "path": {"type": "string"}}},
                    {"type": "object", "properties": {"type": {"const": "QUERY"}, "text": {"type": "string"}}},
                ]
            },
        },
    }
    node = copy.deepcopy(operation(document))
    node["responses"]["200"]["content"]["application/json"]["schema"] = response
    node["parameters"] = [{"in": "query", "name": "order", "schema": {"type": "string", "enum": ["up", "down"]}}]
    document["paths"]["/segments/view"] = {
        "get": node,
        "post": node | {"requestBody": {"content": {"application/json": {"schema": copy.deepcopy(response)}}}},
    }


def test_names_by_rule_are_readable(openapi: Path) -> None:
    edit(openapi, "segments/list", add_view)
    schemas = build_bundle(openapi).document["components"]["schemas"]
    known = frozen.bundle()["components"]["schemas"]
    new = [name for name in schemas if name not in known and makes_class(schemas[name])]
    assert [name for name in new if not name.startswith("SegmentPost")] == [
        "SegmentGetView",
        "SegmentGetViewExtra",
        "SegmentGetViewExtraValue",
        "SegmentGetViewExtraValueKind",
        "SegmentGetViewOwner",
        "SegmentGetViewOwnerKind",
        "SegmentGetViewRule",
        "SegmentGetViewRuleKind",
        "SegmentGetViewSourceFile",
        "SegmentGetViewSourceQuery",
        "SegmentGetViewWhenListItem",
        "SegmentGetViewWhenObject",
        "SegmentOrder",
    ]
    assert {"SegmentPostViewBody", "SegmentPostViewRule", "SegmentPostViewResult"} <= set(new)
    assert not [name for name in new if any(part in name for part in ("Type", "Response", *"0123456789"))]


def bump(openapi: Path) -> None:
    """Record the names in use, as regenerating does."""
    (openapi / "names.lock.json").write_text(render_record(build_bundle(openapi).record))


def test_name_by_rule_is_kept_when_the_schema_is_shared_by_an_earlier_operation(openapi: Path) -> None:
    edit(openapi, "segments/list", add_view)
    bump(openapi)

    def share(document: Any) -> None:
        view = document["paths"]["/segments/view"]["get"]
        rule = view["responses"]["200"]["content"]["application/json"]["schema"]["properties"]["rules"]["items"]
        document["components"]["schemas"]["SomeRule"] = copy.deepcopy(rule)
        view["responses"]["200"]["content"]["application/json"]["schema"]["properties"]["rules"]["items"] = {
            "$ref": "#/components/schemas/SomeRule"
        }
        first = copy.deepcopy(view)
        first["responses"]["200"]["content"]["application/json"]["schema"] = {"$ref": "#/components/schemas/SomeRule"}
        document["paths"]["/segments/any"] = {"get": first}

    edit(openapi, "segments/list", share)
    bundle = build_bundle(openapi)
    any_ = bundle.document["paths"]["/segments/any"]["get"]["responses"]["200"]
    assert any_["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/SegmentGetViewRule"}
    changes = compare_records(bundle.before, bundle.record)
    assert (changes.lost, changes.renamed, changes.reused) == ({}, {}, {})


def test_class_that_became_a_union_keeps_its_name(openapi: Path) -> None:
    edit(openapi, "segments/list", add_view)
    bump(openapi)

    def widen(document: Any) -> None:
        content = document["paths"]["/segments/view"]["get"]["responses"]["200"]["content"]["application/json"]
        content["schema"] = {
            "oneOf": [content["schema"], {"type": "object", "properties": {"error": {"type": "string"}}}]
        }

    edit(openapi, "segments/list", widen)
    schemas = build_bundle(openapi).document["components"]["schemas"]
    assert {"rules", "error"} <= set(schemas["SegmentGetView"]["properties"])


def test_lost_class_is_reported_with_its_likely_successor(openapi: Path) -> None:
    bump(openapi)

    def change(document: Any) -> None:
        schema = document["components"]["schemas"]["statistics"]["properties"]
        schema["days"] = schema.pop("details")

    edit(openapi, "orchestrations/stats", change)
    bundle = build_bundle(openapi)
    changes = compare_records(bundle.before, bundle.record)
    assert changes.lost["OrchestrationDayStats"] in ("OrchestrationStatsDay", "OrchestrationStatsDayVersion")
    assert changes.new == ["OrchestrationStatsDay", "OrchestrationStatsDayVersion"]


def test_name_that_stands_for_another_place_is_reported() -> None:
    old = Record({}, {"Thing": ("GET /a/view 200",), "Other": ("GET /a/view 200.x",)})
    new = Record({}, {"Thing": ("GET /b/view 200",), "Renamed": ("GET /a/view 200.x",)})
    changes = compare_records(old, new)
    assert changes.reused == {"Thing": "GET /b/view 2XX"}
    assert changes.renamed == {"Other": "Renamed"}


def test_place_that_gets_another_class_is_reported() -> None:
    old = Record({}, {"Thing": ("POST /a/edit body", "POST /b/edit body")})
    new = Record({}, {"Thing": ("POST /a/edit body",), "BEdit": ("POST /b/edit body",)})
    assert compare_records(old, new).moved == {"POST /b/edit body": ("Thing", "BEdit")}


def test_names_do_not_depend_on_what_was_in_use_before(openapi: Path) -> None:
    """Variants of an object that only a position tells apart are named as the next build names them."""

    def change(document: Any, kind: str) -> None:
        variants = [{"type": "object", "properties": {"kind": {"const": one}, "x": {"type": kind}}} for one in "ab"]
        error = document["components"]["schemas"]["Error"]
        error["properties"]["details"] = {"type": "array", "items": {"oneOf": variants}}

    edit(openapi, "audiences/create", lambda document: change(document, "string"))
    edit(openapi, "catalogs/list", lambda document: change(document, "integer"))
    first = build_bundle(openapi)
    (openapi / "names.lock.json").write_text(render_record(first.record))
    assert build_bundle(openapi).document == first.document


def test_record_reads_as_it_is_written(tmp_path: Path) -> None:
    record = build_bundle(frozen.FROZEN).record
    (tmp_path / "names.lock.json").write_text(render_record(record))
    assert read_record(tmp_path / "names.lock.json") == record
    assert read_record(tmp_path / "nothing.json") == Record()


@pytest.mark.parametrize(
    "text",
    [
        "[1",
        "[]",
        '{"operations": {}, "classes": 3}',
        '{"operations": {}, "classes": {"A": ["x"]}}',
        '{"operations": {"GET /a": {}}}',
    ],
)
def test_record_that_is_damaged_is_one_line(tmp_path: Path, text: str) -> None:
    (tmp_path / "names.lock.json").write_text(text)
    with pytest.raises(
        ToolError, match=r"names\.lock\.json cannot be read .* restore it from the last commit"
    ) as caught:
        read_record(tmp_path / "names.lock.json")
    assert len(caught.value.problems) == 1


@pytest.mark.parametrize(
    ("table", "problem"),
    [
        ("- a\n", "names.yaml must map places to class names"),
        ("a: [", "names.yaml cannot be read"),
        (
            "POST /a body: A\nPOST /a body: B\n",
            "names.yaml cannot be read: line 1: the key 'POST /a body' occurs twice",
        ),
        ("nowhere: A\n", "'nowhere' is not a place"),
        ("POST /a body: 5\n", "POST /a body: 5 is not a class name"),
        ("POST /a body: some_name\n", "POST /a body: 'some_name' is not a class name; write it as PascalCase"),
        ("POST /a body: '1A'\n", "'1A' is not a class name"),
        (
            "POST /a body: Thing\nPOST /b body: THing\n",
            "the class names Thing and THing differ only in case: rename one",
        ),
    ],
)
def test_wrong_table_is_one_clear_line(tmp_path: Path, table: str, problem: str) -> None:
    (tmp_path / "names.yaml").write_text(table)
    with pytest.raises(ToolError) as caught:
        read_table(tmp_path / "names.yaml")
    assert problem in str(caught.value)
    assert len(caught.value.problems) == 1


def test_table_that_names_one_schema_twice_is_one_clear_line(openapi: Path) -> None:
    table = openapi / "names.yaml"
    table.write_text(table.read_text() + "GET /audiences/list 200.audiences[]: AudienceItem\n")
    with pytest.raises(ToolError, match=r"occurs twice"):
        build_bundle(openapi)
    text = table.read_text().replace("GET /audiences/list 200.audiences[]: AudienceItem\n", "")
    table.write_text(
        text.replace(
            "GET /audiences/list 200.audiences[]: AudienceView", "GET /audiences/list 200.audiences[]: AudienceItem"
        )
    )
    with pytest.raises(
        ToolError, match=r"names\.yaml: .* is a schema that another place names AudienceView, not AudienceItem"
    ):
        build_bundle(openapi)


def test_entry_of_a_place_that_is_gone_changes_nothing(openapi: Path) -> None:
    table = openapi / "names.yaml"
    table.write_text(table.read_text() + "GET /audiences/view 200.nothing: Nothing\n")
    assert build_bundle(openapi).document == frozen.bundle()


def test_schemas_are_named_in_any_document() -> None:
    response = {
        "description": "x",
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/campaign"}}},
    }
    document: dict[str, Any] = {
        "paths": {"/a/view": {"get": {"operationId": "a_view", "tags": ["a"], "responses": {"200": response}}}},
        "components": {"schemas": {"campaign": {"type": "object", "properties": {"x": {"enum": ["a", "b"]}}}}},
    }
    simplify(document)
    name_schemas(document, {"GET /a/view 200": "Campaign"}, Record())
    assert document["components"]["schemas"] == {
        "Campaign": {"type": "object", "properties": {"x": {"$ref": "#/components/schemas/CampaignX"}}},
        "CampaignX": {"type": "string", "enum": ["a", "b"]},
    }
