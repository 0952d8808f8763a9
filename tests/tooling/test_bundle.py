"""From pages to bundle: what is refused, and what is merged by route and by meaning."""

from __future__ import annotations

import copy
import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from scripts.codegen.bundle import build_bundle, render_bundle
from scripts.codegen.sources import read_sources
from scripts.errors import ToolError
from tests import frozen, site

OPENAPI = Path("openapi")
PAGES = sorted((OPENAPI / "pages").rglob("*.json"))


@pytest.fixture
def openapi(tmp_path: Path) -> Path:
    """The frozen documents, to spoil."""
    return frozen.copy_of(tmp_path)


def edit(openapi: Path, page: str, change: Callable[[Any], Any]) -> None:
    """Change a page and its sha256 in the register, as vendoring would."""
    path = openapi / "pages" / f"{page}.json"
    document = json.loads(path.read_text())
    change(document)
    write(openapi, page, json.dumps(document))


def write(openapi: Path, page: str, text: str) -> None:
    """Replace the text of a page and its sha256 in the register."""
    path = openapi / "pages" / f"{page}.json"
    old = hashlib.sha256(path.read_bytes()).hexdigest()
    path.write_text(text)
    register = openapi / "sources.toml"
    register.write_text(register.read_text().replace(old, hashlib.sha256(path.read_bytes()).hexdigest()))


def operation(document: Any) -> Any:
    ((_, item),) = document["paths"].items()
    return next(iter(item.values()))


@pytest.mark.parametrize("path", PAGES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_page_is_valid_openapi_and_neatly_written(path: Path) -> None:
    document = json.loads(path.read_text())
    assert document["openapi"].startswith("3.1.")
    assert list(OpenAPIV31SpecValidator(document).iter_errors()) == []
    assert path.read_text() == json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def test_bundle_is_the_same_every_time() -> None:
    assert render_bundle(build_bundle(frozen.FROZEN).document) == render_bundle(build_bundle(frozen.FROZEN).document)


def test_bundle_asks_for_both_credentials_as_security_schemes() -> None:
    bundle = frozen.bundle()
    assert set(bundle["components"]["securitySchemes"]) == {"rest_key", "project_key"}
    assert "x-batch-project" not in json.dumps(bundle["paths"]).lower()


@pytest.mark.parametrize(
    "declare",
    [
        {"in": "header", "name": "X-Batch-Project", "required": True, "schema": {"type": "string"}},
        {"in": "header", "name": "x-batch-project", "schema": {"type": "string"}},
        {"$ref": "#/components/parameters/Other"},
    ],
    ids=["inline", "other case", "component of another name"],
)
def test_project_key_is_a_credential_however_a_page_declares_it(openapi: Path, declare: dict[str, Any]) -> None:
    def change(document: Any) -> None:
        parameter = document["components"]["parameters"].pop("HeaderProjectKey")
        document["components"]["parameters"]["Other"] = parameter
        operation(document)["parameters"] = [declare]

    edit(openapi, "audiences/create", change)
    bundle = build_bundle(openapi).document
    assert bundle["paths"]["/audiences/create"]["post"]["parameters"] == []


def test_project_key_may_be_declared_for_the_whole_path(openapi: Path) -> None:
    def change(document: Any) -> None:
        document["paths"]["/audiences/create"]["parameters"] = operation(document).pop("parameters")

    edit(openapi, "audiences/create", change)
    assert build_bundle(openapi).document["paths"] == frozen.bundle()["paths"]


def test_pages_may_call_different_schemas_alike(openapi: Path) -> None:
    def change(document: Any) -> None:
        document["components"]["schemas"]["ProfileEvent"] = document["components"]["schemas"].pop("catalog")
        document.update(json.loads(json.dumps(document).replace("/schemas/catalog", "/schemas/ProfileEvent")))

    edit(openapi, "catalogs/view", change)
    schemas = build_bundle(openapi).document["components"]["schemas"]
    assert schemas["ProfileEvent"] == frozen.bundle()["components"]["schemas"]["ProfileEvent"]
    assert schemas["CatalogView"]["properties"].keys() >= {"name", "fields", "items", "size"}


def test_responses_that_differ_from_page_to_page_are_one_class(openapi: Path) -> None:
    def change(document: Any) -> None:
        document["components"]["schemas"]["Error"]["properties"]["request_id"] = {"type": "string"}
        document["components"]["schemas"]["Error"]["required"].append("request_id")

    edit(openapi, "catalogs/view", change)
    error = build_bundle(openapi).document["components"]["schemas"]["Error"]
    assert error["properties"]["request_id"] == {"type": "string"}
    assert sorted(error["required"]) == ["error_code", "error_message"]


def test_schemas_that_differ_in_words_are_one_and_the_published_words_stand(openapi: Path) -> None:
    published = json.loads((openapi / "pages/audiences/remove.json").read_text())["components"]["schemas"]["Error"]
    other = json.loads((openapi / "pages/catalogs/view.json").read_text())["components"]["schemas"]["Error"]
    assert published["properties"] != other["properties"]
    assert build_bundle(openapi).document["components"]["schemas"]["Error"]["properties"] == published["properties"]


def test_property_named_like_an_annotation_is_no_annotation(openapi: Path) -> None:
    def change(document: Any) -> None:
        document["components"]["schemas"]["Error"]["properties"]["description"] = {"type": "string"}

    edit(openapi, "catalogs/view", change)
    assert "description" in build_bundle(openapi).document["components"]["schemas"]["Error"]["properties"]


def test_operation_on_two_pages_must_agree_in_meaning(openapi: Path) -> None:
    source = json.loads((openapi / "pages/profiles/update.json").read_text())

    def add(document: Any) -> None:
        document["paths"]["/profiles/update"] = copy.deepcopy(source["paths"]["/profiles/update"])
        document["components"]["schemas"] |= source["components"]["schemas"]
        document["paths"]["/profiles/update"]["post"] |= {"operationId": "other", "summary": "Other words"}

    edit(openapi, "profiles/mass-update", add)
    assert build_bundle(openapi).document["paths"].keys() == frozen.bundle()["paths"].keys()

    def spoil(document: Any) -> None:
        del document["paths"]["/profiles/update"]["post"]["responses"]["503"]

    edit(openapi, "profiles/mass-update", spoil)
    with pytest.raises(ToolError, match="pages profiles/update and profiles/mass-update disagree on POST"):
        build_bundle(openapi)


def parameter(place: str, name: str = "X-Trace") -> dict[str, Any]:
    return {"in": place, "name": name, "required": True, "schema": {"type": "string"}}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda d: operation(d)["parameters"].append(parameter("cookie", "session")), "parameter session is a cookie"),
        (
            lambda d: operation(d)["requestBody"].update(
                content={"multipart/form-data": {"schema": {"type": "object"}}}
            ),
            "its body is not JSON but multipart/form-data",
        ),
        (
            lambda d: operation(d)["responses"].update(
                {"202": {"description": "x", "content": {"text/csv": {"schema": {"type": "string"}}}}}
            ),
            "its response 202 is not JSON but text/csv",
        ),
        (
            lambda d: operation(d)["parameters"].append(parameter("query", "where") | {"schema": {"type": "object"}}),
            "parameter where is an object",
        ),
    ],
)
def test_operation_that_cannot_be_supported_is_skipped_and_named(
    openapi: Path, change: Callable[[Any], Any], reason: str
) -> None:
    edit(openapi, "audiences/create", change)
    bundle = build_bundle(openapi)
    assert bundle.skipped == {"POST /audiences/create": reason}
    assert f"skipped POST /audiences/create: {reason}" in bundle.messages()
    assert "/audiences/create" not in bundle.document["paths"]
    assert len(bundle.document["paths"]) == len(frozen.bundle()["paths"]) - 1


def test_several_methods_on_one_path_are_operations_of_their_own(openapi: Path) -> None:
    def change(document: Any) -> None:
        item = document["paths"]["/segments/list"]
        item["put"] = copy.deepcopy(item["get"]) | {"operationId": "whatever"}

    edit(openapi, "segments/list", change)
    item = build_bundle(openapi).document["paths"]["/segments/list"]
    assert {method: node["operationId"] for method, node in item.items()} == {
        "get": "segment_list",
        "put": "segment_put_list",
    }


def test_identity_comes_from_the_route(openapi: Path) -> None:
    def change(document: Any) -> None:
        operation(document)["tags"] = ["Something", "Else"]
        operation(document).pop("operationId")

    for page in read_sources(openapi).pages:
        if not page.is_published:
            edit(openapi, page.name, change)
    assert build_bundle(openapi).document == frozen.bundle()


PAGE = "audiences/view"
VIEW = "/audiences/view"
INVALID: dict[str, tuple[Callable[[Any], Any], str]] = {
    "self-referencing schema": (
        lambda d: d["components"]["schemas"].update(
            oneAudience={"$ref": "#/components/schemas/oneAudience"},
        ),
        r"page audiences/view: schema oneAudience refers to itself",
    ),
    "schemas that refer to one another only": (
        lambda d: d["components"]["schemas"].update(
            oneAudience={"$ref": "#/components/schemas/B"}, B={"$ref": "#/components/schemas/oneAudience"}
        ),
        r"page audiences/view: schema \w+ refers to itself",
    ),
    "missing schema": (
        lambda d: d["components"]["schemas"].pop("oneAudience"),
        r"page audiences/view refers to #/components/schemas/oneAudience, which is not there",
    ),
    "schema in another document": (
        lambda d: d["components"]["schemas"]["oneAudience"]["properties"].update(x={"$ref": "other.json#/x"}),
        r"page audiences/view refers to other\.json#/x, another document",
    ),
    "unknown type": (
        lambda d: d["components"]["schemas"]["oneAudience"].update(type="thing"),
        r"page audiences/view is not valid OpenAPI 3\.1 at components/schemas/oneAudience/type",
    ),
    "openapi 3.0": (lambda d: d.update(openapi="3.0.3"), r"page audiences/view is OpenAPI 3\.0\.3; only 3\.1"),
    "other credentials": (
        lambda d: d.update(security=[{"other": []}]),
        r"page audiences/view asks for different credentials: 'other'",
    ),
    "other server": (
        lambda d: d["servers"][0].update(url="https://elsewhere.example/{version}"),
        r"page audiences/view names another server, https://elsewhere\.example/\{version\}, than most pages",
    ),
    "path parameter that is not declared": (
        lambda d: d["paths"].update({"/audiences/{name}/view": d["paths"].pop(VIEW)}),
        r"page audiences/view: GET /audiences/\{name\}/view does not declare its path parameter name",
    ),
    "allOf of itself": (
        lambda d: d["components"]["schemas"]["oneAudience"].update(
            allOf=[{"$ref": "#/components/schemas/oneAudience"}]
        ),
        r"schema oneAudience is part of itself",
    ),
}


@pytest.mark.parametrize("name", INVALID)
def test_invalid_page_is_one_line_that_names_it(openapi: Path, name: str) -> None:
    change, problem = INVALID[name]
    edit(openapi, PAGE, change)
    with pytest.raises(ToolError, match=problem) as caught:
        build_bundle(openapi)
    assert len(caught.value.problems) == 1
    assert "\n" not in caught.value.problems[0]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('{"openapi": "3.1.0", "x": NaN}', "page audiences/view is not JSON: NaN is not a JSON value"),
        ('{"openapi": "3.1.0", "openapi": "3.1.0"}', "page audiences/view is not JSON: the key 'openapi' occurs twice"),
        ("[1]", "page audiences/view is not an OpenAPI document with paths"),
        ("{", "page audiences/view is not JSON: line 1"),
    ],
)
def test_text_that_is_no_page_is_one_line_that_names_it(openapi: Path, text: str, problem: str) -> None:
    write(openapi, PAGE, text)
    with pytest.raises(ToolError) as caught:
        build_bundle(openapi)
    assert problem in str(caught.value)


def test_every_invalid_page_is_reported_in_one_run(openapi: Path) -> None:
    for page in ("audiences/view", "catalogs/view"):
        edit(openapi, page, lambda d: d["info"].pop("title"))
    with pytest.raises(ToolError) as caught:
        build_bundle(openapi)
    assert [problem.split(" is ")[0] for problem in caught.value.problems] == [
        "page audiences/view",
        "page catalogs/view",
    ]


FORGIVEN: dict[str, Callable[[Any], Any]] = {
    "no security": lambda d: d.pop("security"),
    "no operationId": lambda d: operation(d).pop("operationId"),
    "no tags": lambda d: operation(d).pop("tags"),
    "no responses": lambda d: operation(d).pop("responses"),
    "empty responses": lambda d: operation(d).update(responses={}),
    "parameter with the schema true": lambda d: operation(d)["parameters"][1].update(schema=True),
    "property with the schema true": lambda d: d["components"]["schemas"]["oneAudience"]["properties"].update(x=True),
    "additional properties": lambda d: d["components"]["schemas"]["oneAudience"].update(additionalProperties=True),
    "enum of several types": lambda d: d["components"]["schemas"]["oneAudience"]["properties"].update(
        x={"enum": [1, "a", None, 2.5, True]}
    ),
    "enum of integers": lambda d: d["components"]["schemas"]["oneAudience"]["properties"].update(
        x={"type": "integer", "enum": [1, 2]}
    ),
    "enum that repeats a value": lambda d: d["components"]["schemas"]["oneAudience"]["properties"].update(
        x={"type": "string", "enum": ["a", "a"]}
    ),
    "required that repeats a name": lambda d: d["components"]["schemas"]["Error"]["required"].append("error_code"),
    "schema that holds itself": lambda d: d["components"]["schemas"]["oneAudience"]["properties"].update(
        parent={"$ref": "#/components/schemas/oneAudience"}
    ),
    "schema that refers into another": lambda d: d["components"]["schemas"]["oneAudience"]["properties"].update(
        x={"$ref": "#/components/schemas/Error/properties/error_code"}
    ),
    "summary beside a reference": lambda d: operation(d)["responses"]["400"].update(summary="x"),
    "words of OpenAPI 3.0": lambda d: d["components"]["schemas"]["oneAudience"]["properties"].update(
        x={"type": "string", "nullable": True}
    ),
    "body beside a parameter of the same name": lambda d: operation(d).update(
        requestBody={
            "content": {"application/json": {"schema": {"type": "object", "properties": {"name": {"type": "string"}}}}}
        }
    ),
}


@pytest.mark.parametrize("name", FORGIVEN)
def test_page_with_a_slip_still_gives_a_valid_bundle(openapi: Path, name: str) -> None:
    edit(openapi, PAGE, FORGIVEN[name])
    bundle = build_bundle(openapi)
    assert list(OpenAPIV31SpecValidator(bundle.document).iter_errors()) == []
    assert bundle.document["paths"].keys() == frozen.bundle()["paths"].keys()


def test_what_a_page_lacks_is_noted(openapi: Path) -> None:
    edit(openapi, PAGE, FORGIVEN["no security"])
    edit(openapi, "catalogs/view", FORGIVEN["required that repeats a name"])
    notes = build_bundle(openapi).messages()
    assert "page audiences/view does not say which credentials it takes; it gets both" in notes
    edit(openapi, PAGE, FORGIVEN["no responses"])
    note = "page audiences/view documents no responses of GET /audiences/view; its method returns None"
    assert note in build_bundle(openapi).messages()
    assert any(note.startswith("page catalogs/view repeats a value in required") for note in notes)


def test_page_edited_by_hand_is_refused(openapi: Path) -> None:
    path = openapi / "pages/audiences/view.json"
    path.write_text(path.read_text().replace("nb_ids", "number_of_ids"))
    with pytest.raises(ToolError, match=r"audiences/view differs from its sha256 .* openapi/overlays/"):
        build_bundle(openapi)


def test_page_without_an_entry_is_refused(openapi: Path) -> None:
    shutil.copy(openapi / "pages/audiences/view.json", openapi / "pages/audiences/look.json")
    with pytest.raises(ToolError, match=r"pages without an entry in sources\.toml: audiences/look"):
        build_bundle(openapi)


def test_entry_without_a_page_is_refused(openapi: Path) -> None:
    (openapi / "pages/audiences/view.json").unlink()
    with pytest.raises(ToolError, match=r"audiences/view is registered in sources\.toml but cannot be read"):
        build_bundle(openapi)


REGISTER = 'api_versions = ["2.10", "2.11"]\n[pages."audiences/view"]\n'
ENTRY = 'url = "https://x"\norigin = "published"\nfirst_seen = "2.1"\nsha256 = "0"\n'


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('[pages."a/b"]\n', "sources.toml has no api_versions"),
        ("api_versions = []\n", "sources.toml has no api_versions"),
        ("api_versions = [2.11]\n", "2.11 in api_versions is not a version"),
        ('api_versions = ["2.11", "2.9"]\n', "api_versions must go from the oldest to the newest"),
        ('api_versions = ["2.11", "2.11"]\n', "api_versions must go from the oldest to the newest"),
        ('api_versions = ["2.11"]\n', "sources.toml registers no page"),
        ('api_versions = ["2.11"]\npages = 3\n', "sources.toml registers no page"),
        ('api_versions = ["2.11"]\n[pages]\nx = 3\n', "the entry of page x is not a table"),
        (REGISTER + ENTRY.replace('sha256 = "0"\n', ""), "page audiences/view has no sha256"),
        (
            REGISTER + ENTRY.replace('"published"', '"invented"'),
            "origin 'invented' of page audiences/view is not one of",
        ),
        (REGISTER + ENTRY.replace('"2.1"', '"two"'), "first_seen 'two' of page audiences/view is not a version"),
        (REGISTER + ENTRY.replace('"0"', "0"), "sha256 of page audiences/view is not a string"),
        ("dropped = 3\n" + REGISTER + ENTRY, "dropped must be a list of operations"),
        ("api_versions = [", "sources.toml cannot be read"),
    ],
)
def test_wrong_register_is_one_clear_line(openapi: Path, text: str, problem: str) -> None:
    (openapi / "sources.toml").write_text(text)
    with pytest.raises(ToolError) as caught:
        read_sources(openapi)
    assert problem in str(caught.value)
    assert len(caught.value.problems) == 1


def park(openapi: Path, page: str) -> None:
    register = openapi / "sources.toml"
    register.write_text(register.read_text().replace(f'[pages."{page}"]\n', f'[pages."{page}"]\nparked = 2026-11-24\n'))


@pytest.mark.parametrize("page", site.names())
def test_corrections_of_a_parked_page_are_not_stale(page: str, openapi: Path) -> None:
    park(openapi, page)
    assert [outcome.text for outcome in build_bundle(openapi).outcomes if outcome.state == "stale"] == []


def test_parked_page_is_not_merged(openapi: Path) -> None:
    park(openapi, "segments/list")
    bundle = build_bundle(openapi)
    assert "/segments/list" not in bundle.document["paths"]
    assert "Segment" not in bundle.document["components"]["schemas"]
    assert "segments" not in [tag["name"] for tag in bundle.document["tags"]]
    assert "GET /segments/list is not in the bundle: the sandbox does without it" in bundle.messages()
    assert not [outcome for outcome in bundle.outcomes if outcome.state == "stale"]


def test_missing_operation_that_is_not_parked_is_an_error(openapi: Path) -> None:
    edit(openapi, "segments/list", lambda d: d.update(paths={"/segments/all": d["paths"].pop("/segments/list")}))
    with pytest.raises(ToolError) as caught:
        build_bundle(openapi)
    assert "contract.yaml names GET /segments/list (the sandbox), which no page documents; the nearest is" in str(
        caught.value
    )
