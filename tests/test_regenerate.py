"""Regeneration: reproducible, strict about warnings, and a check that names what is stale."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from scripts import regenerate
from scripts.errors import WorkshopError
from tests.test_bundle import edit, overlay


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the sources give."""
    target = tmp_path_factory.mktemp("made")
    regenerate.make(Path("openapi").resolve(), target)
    return target


def test_committed_files_are_what_the_sources_give(made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert regenerate.check(made) == 0
    assert "are what the sources give" in capsys.readouterr().out


def test_check_names_every_file_that_differs(
    made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for folder in ("openapi", "generated"):
        shutil.copytree(folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    client = tmp_path / regenerate.CLIENT
    (client / "models" / "audience_view.py").write_text("edited by hand")
    (client / "models" / "segment.py").unlink()
    (client / "models" / "left_over.py").touch()
    monkeypatch.setattr(regenerate, "ROOT", tmp_path)
    assert regenerate.check(made) == 1
    assert capsys.readouterr().err.splitlines()[1:] == [
        f"  {regenerate.CLIENT}/models/{name}.py" for name in ("audience_view", "left_over", "segment")
    ]


def test_generator_warning_fails(tmp_path: Path) -> None:
    openapi = Path(shutil.copytree("openapi", tmp_path / "openapi"))
    # Two schemas whose class names coincide: by itself the generator drops an endpoint and exits 0.
    schemas = {"audience_view": {"type": "object", "properties": {"other": {"type": "string"}}}}
    overlay(openapi, {"target": "$.components.schemas", "description": "A collision.", "update": schemas})
    with pytest.raises(WorkshopError, match="openapi-python-client failed"):
        regenerate.make(openapi, tmp_path / "made")


def test_body_that_templates_do_not_know_fails(tmp_path: Path) -> None:
    openapi = Path(shutil.copytree("openapi", tmp_path / "openapi"))

    def change(document: Any) -> None:
        content = document["paths"]["/audiences/create"]["post"]["requestBody"]["content"]
        content["multipart/form-data"] = content.pop("application/json")

    edit(openapi, "audiences/create", change)
    with pytest.raises(WorkshopError, match="/audiences/create takes a body that is not JSON"):
        regenerate.make(openapi, tmp_path / "made")


def test_new_operation_and_new_tag_appear_on_both_clients(tmp_path: Path) -> None:
    openapi = Path(shutil.copytree("openapi", tmp_path / "openapi"))

    def change(document: Any) -> None:
        operation = document["paths"]["/audiences/view"]["get"] | {"operationId": "thing_look", "tags": ["Things"]}
        document["paths"]["/things/look"] = {"get": operation}

    edit(openapi, "audiences/view", change)
    regenerate.make(openapi, tmp_path / "made")
    api = tmp_path / "made" / regenerate.CLIENT / "api"
    assert 'def things(self) -> "AsyncThings"' in (api / "__init__.py").read_text()
    resource = (api / "things" / "__init__.py").read_text()
    assert "    def look(" in resource
    assert "    async def look(" in resource


def test_command_reports_an_error_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree("openapi", tmp_path / "openapi")
    (tmp_path / "openapi/pages/audiences/view.json").write_text("{}")
    monkeypatch.setattr(regenerate, "ROOT", tmp_path)
    monkeypatch.setattr("sys.argv", ["regenerate"])
    assert regenerate.main() == 1
    assert capsys.readouterr().err.startswith("error: page audiences/view differs from its sha256")
    assert not (tmp_path / "generated").exists()


def test_parameters_that_are_shared_or_stand_on_the_path_are_arguments_too(tmp_path: Path) -> None:
    openapi = Path(shutil.copytree("openapi", tmp_path / "openapi"))

    def change(document: Any) -> None:
        operation = document["paths"]["/catalogs/view"]["get"]
        header, name, token = operation["parameters"]
        document["components"]["parameters"]["CatalogName"] = name
        operation["parameters"] = [header, {"$ref": "#/components/parameters/CatalogName"}]
        document["paths"]["/catalogs/view"]["parameters"] = [token]

    edit(openapi, "catalogs/view", change)
    regenerate.make(openapi, tmp_path / "made")
    module = tmp_path / "made" / regenerate.CLIENT / "api" / "catalogs" / "catalog_view.py"
    text = module.read_text()
    assert "    name: str,\n    indexing_token: str | Unset = UNSET," in text
    assert "indexing_token: Token answered by an edit of items." in text
