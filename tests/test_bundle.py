"""From pages to bundle: what is refused, what is merged, what overlays may do."""

from __future__ import annotations

import copy
import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from oas_patch.overlay import apply_overlay as second_opinion
from openapi_spec_validator import OpenAPIV31SpecValidator

from scripts.bundle import build_bundle, name_schemas, render_bundle
from scripts.errors import WorkshopError
from scripts.overlay import apply_overlay, read_overlay
from scripts.sources import read_sources

OPENAPI = Path("openapi")
PAGES = sorted((OPENAPI / "pages").rglob("*.json"))


@pytest.fixture
def openapi(tmp_path: Path) -> Path:
    """A copy of openapi/ to spoil."""
    return Path(shutil.copytree(OPENAPI, tmp_path / "openapi"))


def edit(openapi: Path, page: str, change: Callable[[Any], None]) -> None:
    """Change a page and its sha256 in the register, as vendoring would."""
    path = openapi / "pages" / f"{page}.json"
    old = hashlib.sha256(path.read_bytes()).hexdigest()
    document = json.loads(path.read_text())
    change(document)
    path.write_text(json.dumps(document))
    register = openapi / "sources.toml"
    register.write_text(register.read_text().replace(old, hashlib.sha256(path.read_bytes()).hexdigest()))


def overlay(openapi: Path, *actions: dict[str, Any]) -> None:
    """Add an overlay with the actions."""
    document = {"overlay": "1.0.0", "info": {"title": "test", "version": "1.0.0"}, "actions": list(actions)}
    (openapi / "overlays" / "99-test.yaml").write_text(json.dumps(document))


def test_there_is_a_page_for_each_of_the_25_operations() -> None:
    assert len(PAGES) == 25
    counts = {"audiences": 6, "profiles": 3, "exports": 3, "campaigns": 3, "catalogs": 6, "orchestrations": 3}
    for group, count in (counts | {"segments": 1}).items():
        assert len([path for path in PAGES if path.parent.name == group]) == count


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_page_is_valid_openapi_and_neatly_written(path: Path) -> None:
    document = json.loads(path.read_text())
    assert document["openapi"] == "3.1.0"
    assert list(OpenAPIV31SpecValidator(document).iter_errors()) == []
    assert path.read_text() == json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def test_one_page_is_published_and_the_register_says_so() -> None:
    pages = read_sources(OPENAPI).pages
    assert [page.name for page in pages if page.published] == ["audiences/remove"]
    assert {page.origin for page in pages} == {"published", "reconstructed"}


def test_bundle_is_the_same_every_time() -> None:
    assert render_bundle(build_bundle(OPENAPI)) == render_bundle(build_bundle(OPENAPI))
    assert render_bundle(build_bundle(OPENAPI)) == (OPENAPI / "batch.json").read_text()


def test_bundle_asks_for_both_credentials_as_security_schemes() -> None:
    bundle = build_bundle(OPENAPI)
    assert set(bundle["components"]["securitySchemes"]) == {"rest_key", "project_key"}
    assert "X-Batch-Project" not in json.dumps(bundle["paths"])


def test_component_that_differs_in_meaning_names_both_pages(openapi: Path) -> None:
    def change(document: Any) -> None:
        document["components"]["schemas"]["Error"]["required"] = ["error_code"]

    edit(openapi, "catalogs/view", change)
    with pytest.raises(WorkshopError, match=r"pages audiences/remove and catalogs/view disagree on .*schemas/Error"):
        build_bundle(openapi)


def test_component_that_differs_in_words_is_one_and_the_published_words_stand(openapi: Path) -> None:
    bundle = build_bundle(openapi)
    published = json.loads((openapi / "pages/audiences/remove.json").read_text())
    assert bundle["components"]["responses"]["401"] == published["components"]["responses"]["401"]


def test_property_named_like_an_annotation_is_no_annotation(openapi: Path) -> None:
    def change(document: Any) -> None:
        document["components"]["schemas"]["Error"]["properties"]["description"] = {"type": "string"}

    edit(openapi, "catalogs/view", change)
    with pytest.raises(WorkshopError, match="disagree"):
        build_bundle(openapi)


def test_operation_on_two_pages_must_agree(openapi: Path) -> None:
    source = json.loads((openapi / "pages/profiles/update.json").read_text())

    def change(document: Any) -> None:
        document["paths"]["/profiles/update"] = copy.deepcopy(source["paths"]["/profiles/update"])
        document["components"]["schemas"] |= source["components"]["schemas"]

    edit(openapi, "profiles/mass-update", change)
    assert "/profiles/update" in build_bundle(openapi)["paths"]

    def spoil(document: Any) -> None:
        document["paths"]["/profiles/update"]["post"]["operationId"] = "other"

    edit(openapi, "profiles/mass-update", spoil)
    with pytest.raises(WorkshopError, match="pages profiles/update and profiles/mass-update disagree"):
        build_bundle(openapi)


def test_page_edited_by_hand_is_refused(openapi: Path) -> None:
    path = openapi / "pages/audiences/view.json"
    path.write_text(path.read_text().replace("nb_ids", "number_of_ids"))
    with pytest.raises(WorkshopError, match=r"audiences/view differs from its sha256 .* openapi/overlays/"):
        build_bundle(openapi)


def test_page_without_an_entry_is_refused(openapi: Path) -> None:
    shutil.copy(openapi / "pages/audiences/view.json", openapi / "pages/audiences/look.json")
    with pytest.raises(WorkshopError, match=r"pages without an entry in sources\.toml: audiences/look"):
        build_bundle(openapi)


def test_entry_without_a_page_is_refused(openapi: Path) -> None:
    (openapi / "pages/audiences/view.json").unlink()
    with pytest.raises(WorkshopError, match=r"audiences/view is registered in sources\.toml but cannot be read"):
        build_bundle(openapi)


def test_page_of_openapi_3_0_is_refused(openapi: Path) -> None:
    edit(openapi, "audiences/view", lambda document: document.update(openapi="3.0.3"))
    with pytest.raises(WorkshopError, match=r"audiences/view is not OpenAPI 3\.1"):
        build_bundle(openapi)


@pytest.mark.parametrize(
    ("action", "problem"),
    [
        ({"target": "$.paths['/nowhere']", "description": "x", "remove": True}, "selects nothing"),
        ({"target": "$.paths[?", "description": "x", "remove": True}, "is no JSONPath"),
        ({"target": "$.info", "update": {"title": "x"}}, "gives no reason"),
        ({"target": "$.info", "description": "x"}, "must either update or remove"),
        ({"target": "$.info", "description": "x", "update": {}, "remove": True}, "must either update or remove"),
        ({"target": "$.info.title", "description": "x", "update": "y"}, "neither an object nor an array"),
        ({"target": "$", "description": "x", "remove": True}, "would remove the whole document"),
        (
            {"target": "$.components.schemas.Error", "description": "x", "update": {"type": "thing"}},
            r"no valid OpenAPI 3\.1 .* 'thing' is not valid",
        ),
        (
            {"target": "$.components.schemas.Error", "description": "x", "update": {"x-schema-name": "EditProfile"}},
            "would both be named EditProfile",
        ),
        (
            {
                "target": "$.components.schemas.oneAudience.properties.name",
                "description": "x",
                "update": {"x-schema-name": "Error"},
            },
            "two different schemas would both be named Error",
        ),
    ],
)
def test_wrong_overlay_is_one_clear_error(openapi: Path, action: dict[str, Any], problem: str) -> None:
    overlay(openapi, action)
    with pytest.raises(WorkshopError, match=problem):
        build_bundle(openapi)


def test_text_that_is_no_overlay_is_one_clear_error(openapi: Path) -> None:
    (openapi / "overlays/99-test.yaml").write_text("a: [")
    with pytest.raises(WorkshopError, match=r"overlay 99-test\.yaml cannot be read"):
        build_bundle(openapi)
    (openapi / "overlays/99-test.yaml").write_text("overlay: 2.0.0\n")
    with pytest.raises(WorkshopError, match=r"no Overlay 1\.0\.0 document"):
        build_bundle(openapi)


def test_several_elements_are_removed_from_one_array() -> None:
    document = {"tags": [{"name": name} for name in "abcd"]}
    action = {"target": "$.tags[?@.name == 'a' || @.name == 'c']", "description": "x", "remove": True}
    assert apply_overlay(document, {"actions": [action]}, "test") == {"tags": [{"name": "b"}, {"name": "d"}]}
    assert len(document["tags"]) == 4


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
    document = build_bundle(OPENAPI)
    ours = {"overlay": "1.0.0", "actions": [action | {"description": "x"}]}
    assert apply_overlay(document, ours, "test") == second_opinion(copy.deepcopy(document), copy.deepcopy(ours))


def test_every_overlay_gives_its_reasons() -> None:
    for path in (OPENAPI / "overlays").glob("*.yaml"):
        assert read_overlay(path)["actions"]


def test_schemas_are_named_wherever_they_stand() -> None:
    inline = {"type": "object", "title": "A title", "x-schema-name": "Thing"}
    document = {
        "paths": {"/a": {"get": {"schema": copy.deepcopy(inline)}}, "/b": {"get": {"schema": copy.deepcopy(inline)}}},
        "components": {
            "schemas": {
                "campaign": {"x-schema-name": "Campaign", "type": "string"},
                "Campaign": {"x-schema-name": "Other", "items": {"$ref": "#/components/schemas/campaign"}},
            }
        },
    }
    named = name_schemas(document)
    assert named["paths"]["/a"]["get"]["schema"] == {"$ref": "#/components/schemas/Thing"}
    assert named["components"]["schemas"] == {
        "Campaign": {"type": "string"},
        "Other": {"items": {"$ref": "#/components/schemas/Campaign"}},
        "Thing": {"type": "object"},
    }
