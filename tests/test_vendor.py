"""Vendoring: what comes in, what is reported, and that anything wrong is one line and an untouched tree."""

from __future__ import annotations

import copy
import json
import shutil
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from scripts import fetch, vendor
from scripts.bundle import build_bundle, merge_pages
from scripts.documents import parse
from scripts.sources import read_sources
from tests.site import load, markdown, names, serve, write_page, write_site


@pytest.fixture
def openapi(tmp_path: Path) -> Path:
    """A copy of openapi/ to vendor into."""
    return Path(shutil.copytree("openapi", tmp_path / "openapi"))


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """The repository's pages as Markdown."""
    return write_site(tmp_path / "site")


def tree(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def run(openapi: Path, *arguments: str | Path) -> int:
    return vendor.main(["--openapi", str(openapi), *map(str, arguments)])


def test_all_pages_come_in_and_change_their_origin(
    openapi: Path, site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = read_sources(openapi)
    assert run(openapi, "--from", site) == 0
    after = read_sources(openapi)
    assert [page.name for page in after.pages] == [page.name for page in before.pages]
    assert all(page.published for page in after.pages)
    assert [page.url for page in after.pages] == [page.url for page in before.pages]
    assert [page.first_seen for page in after.pages] == [page.first_seen for page in before.pages]
    assert [page.document for page in after.pages] == [page.document for page in before.pages]
    shown = capsys.readouterr().out
    assert "24 changed, 1 unchanged" in shown
    assert build_bundle(openapi)["paths"].keys() == build_bundle(Path("openapi"))["paths"].keys()


def test_second_run_changes_nothing(openapi: Path, site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(openapi, "--from", site)
    first = tree(openapi)
    assert run(openapi, "--from", site) == 0
    assert tree(openapi) == first
    assert "0 new, 0 changed, 25 unchanged" in capsys.readouterr().out


def test_pages_of_the_site_come_in(openapi: Path, site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with serve(site) as url:
        assert run(openapi, "--url", url) == 0
        expected = url.replace("/llms.txt", "/developer/api/cep/audiences/view.md")
    assert "24 changed, 1 unchanged" in capsys.readouterr().out
    page = read_sources(openapi).page("audiences/view")
    assert page is not None
    assert (page.origin, page.url) == ("published", expected)


def test_operation_on_two_pages_is_kept_once_with_its_own_address(openapi: Path, site: Path) -> None:
    with serve(site) as url:
        run(openapi, "--url", url)
    page = read_sources(openapi).page("profiles/update")
    assert page is not None
    assert page.url.endswith("/profiles/update.md")


@pytest.mark.parametrize("form", ["yaml", "json"])
def test_whole_api_in_one_document_is_taken_apart(openapi: Path, tmp_path: Path, form: str) -> None:
    whole = merge_pages(read_sources(openapi))
    path = tmp_path / f"batch-api.{form}"
    path.write_text(yaml.safe_dump(whole) if form == "yaml" else json.dumps(whole))
    assert run(openapi, "--from", path) == 0
    for page in read_sources(openapi).pages:
        assert len(page.document["paths"]) == 1
        original = load(page.name)
        assert page.document["paths"].keys() == original["paths"].keys()
        for kind in ("schemas", "responses"):
            assert page.document["components"].get(kind, {}).keys() == original["components"].get(kind, {}).keys()
    assert build_bundle(openapi)["paths"].keys() == build_bundle(Path("openapi"))["paths"].keys()


def test_one_page_alone_comes_in(openapi: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_page(tmp_path, "view.md", markdown(load("audiences/view")))
    before = tree(openapi)
    assert run(openapi, "--from", tmp_path / "view.md") == 0
    assert {name for name, content in tree(openapi).items() if before.get(name) != content} == {"sources.toml"}
    shown = capsys.readouterr().out
    assert "audiences/view" in shown
    assert "gone" not in shown


def test_new_page_and_gone_page_are_reported(openapi: Path, site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    document = load("segments/list")
    document["paths"]["/segments/view"] = document["paths"].pop("/segments/list")
    document["paths"]["/segments/view"]["get"]["operationId"] = "segment_view"
    write_page(site, "segments/view.md", markdown(document))
    (site / "orchestrations/view.md").unlink()
    assert run(openapi, "--from", site) == 0
    lines = {line.split()[0]: line for line in capsys.readouterr().out.splitlines() if line}
    assert " new " in lines["segments/view"]
    assert "gone (kept)" in lines["orchestrations/view"]
    added = read_sources(openapi).page("segments/view")
    assert added is not None
    assert (added.first_seen, added.origin) == ("2.11", "published")
    assert (openapi / "pages/orchestrations/view.json").is_file()


def test_new_api_version_is_supported_by_vendoring_alone(openapi: Path, tmp_path: Path) -> None:
    def bump(name: str, document: Any) -> None:
        document["servers"][0]["variables"]["version"]["default"] = "2.12"

    assert run(openapi, "--from", write_site(tmp_path / "site", bump)) == 0
    register = tomllib.loads((openapi / "sources.toml").read_text())
    assert register["api_versions"] == ["2.8", "2.9", "2.10", "2.11", "2.12"]
    version = build_bundle(openapi)["servers"][0]["variables"]["version"]
    assert (version["default"], version["enum"][-1]) == ("2.12", "2.12")
    assert (openapi / "sources.toml").read_text().startswith("# The register of the vendored documents")


def test_info_version_is_not_the_api_version(openapi: Path, site: Path) -> None:
    run(openapi, "--from", site)
    assert load("audiences/view")["info"]["version"] == "2.9"
    register = tomllib.loads((openapi / "sources.toml").read_text())
    assert {page["api_version"] for page in register["pages"].values()} == {"2.11"}


def changed(name: str, change: Any) -> str:
    document = load(name)
    change(document)
    return markdown(document)


def other(path: str, value: Any = None) -> Any:
    """Return a change of the document: set the member at a path, or delete it."""

    def change(document: Any) -> None:
        *parents, last = path.split("|")
        node = document
        for parent in parents:
            node = node[int(parent)] if isinstance(node, list) else node[parent]
        if value is None:
            del node[int(last) if isinstance(node, list) else last]
        else:
            node[last] = value

    return change


def view(path: str, value: Any = None) -> str:
    return changed("audiences/view", other(path, value))


def moved(path: str) -> str:
    return changed("audiences/view", lambda document: document.update(paths={path: document["paths"].popitem()[1]}))


NO_VERSION = "does not say its API version"
VIEW = markdown(load("audiences/view"))
ONE_LINE = json.dumps(load("audiences/view"))
SPOILT: list[tuple[str, str | bytes, str]] = [
    *[(f"cut after {part}%", VIEW[: len(VIEW) * part // 100], "cut off") for part in (5, 10, 25, 40, 55, 70, 85)],
    ("cut one brace short", VIEW.replace("}}\n```", "}\n```"), "cut off"),
    ("html", "<!DOCTYPE html><html><body>Audiences</body></html>", "is HTML"),
    ("html after blanks", "\n  <html></html>", "is HTML"),
    ("xml", "<?xml version='1.0'?><a/>", "is HTML"),
    ("empty", "", "is empty"),
    ("blank", " \n\n", "is empty"),
    ("no text", b"\xff\xfe\x00\x01", "cannot be read"),
    ("latin-1", b"# Mots cl\xe9s", "cannot be read"),
    ("trailing comma", VIEW.replace('"openapi": "3.1.0",', '"openapi": "3.1.0",,'), "cut off"),
    (
        "single quotes",
        "```json\n{\"openapi\": '3.1.0'}\n```",
        "cut off",
    ),
    ("openapi 3.0", view("openapi", "3.0.3"), "OpenAPI 3.0.3; only 3.1"),
    ("openapi 3.2", view("openapi", "3.2.0"), "OpenAPI 3.2.0; only 3.1"),
    ("openapi 4", view("openapi", "4"), "OpenAPI 4; only 3.1"),
    (
        "swagger 2",
        '```json\n{"swagger": "2.0", "info": {"title": "x", "version": "1"}, "paths": {}}\n```',
        "OpenAPI 2.0",
    ),
    ("no info", view("info"), "no valid OpenAPI"),
    ("no title", view("info|title"), "no valid OpenAPI"),
    ("no paths", view("paths"), "names no operation"),
    ("empty paths", view("paths", {}), "names no operation"),
    ("path without operation", view("paths|/audiences/view|get"), "names no operation"),
    ("paths is a list", view("paths", [1]), "no valid OpenAPI"),
    ("no responses", view("paths|/audiences/view|get|responses", 3), "no valid OpenAPI"),
    ("path without slash", view("paths", {"audiences": {}}), "no valid OpenAPI"),
    (
        "dots in the path",
        moved("/../x"),
        "file name",
    ),
    (
        "blank in the path",
        moved("/a b/c"),
        "file name",
    ),
    ("no servers", view("servers"), NO_VERSION),
    ("empty servers", view("servers", []), NO_VERSION),
    ("no variables", view("servers|0|variables"), NO_VERSION),
    (
        "version is a word",
        view("servers|0|variables|version|default", "latest"),
        "does not say its API version",
    ),
    (
        "version is v2",
        view("servers|0|variables|version|default", "v2.11"),
        "does not say its API version",
    ),
    ("no schema", view("components|schemas|oneAudience"), "refers to"),
    ("no response", view("components|responses|404"), "refers to"),
    ("no components", view("components"), "refers to"),
    (
        "unknown type",
        view("components|schemas|oneAudience|type", "thing"),
        "no valid OpenAPI",
    ),
    (
        "required is a word",
        view("components|schemas|oneAudience|required", "name"),
        "no valid OpenAPI",
    ),
    (
        "parameter without place",
        view("components|parameters|HeaderProjectKey|in"),
        "no valid OpenAPI",
    ),
    (
        "other server",
        view("servers|0|url", "https://evil.example/{version}"),
        "different servers",
    ),
    ("other credentials", view("security", [{"other": []}]), "different credentials"),
    (
        "other error",
        view("components|schemas|Error|required", ["error_code"]),
        "disagree on components/schemas/Error",
    ),
    (
        "other audience",
        view("components|schemas|oneAudience|properties|nb_ids", {"type": "string"}),
        "disagree on components/schemas/oneAudience",
    ),
    ("yaml tab", "openapi: 3.1.0\n\tinfo: x\n", "cut off"),
    ("yaml anchor", "openapi: 3.1.0\ninfo: *nothing\n", "cut off"),
    ("yaml list", "openapi: 3.1.0\n- a\n", "cut off"),
    ("yaml number", "openapi: 3.1\n", "OpenAPI 3.1; only"),
    ("deep", '{"openapi": ' + "[" * 200_000, "nested too deep"),
]


@pytest.mark.parametrize(("text", "problem"), [spoilt[1:] for spoilt in SPOILT], ids=[spoilt[0] for spoilt in SPOILT])
def test_spoilt_page_is_one_line_and_an_untouched_tree(
    openapi: Path, site: Path, text: str | bytes, problem: str, capsys: pytest.CaptureFixture[str]
) -> None:
    write_page(site, "audiences/view.md", text)
    before = tree(openapi)
    assert run(openapi, "--from", site) == 1
    error = capsys.readouterr().err
    assert len(error.splitlines()) == 1
    assert error.startswith("error: ")
    assert "audiences/view" in error
    assert problem in error
    assert tree(openapi) == before


def test_there_are_at_least_fifty_ways_to_spoil_a_page() -> None:
    assert len({spoilt[0] for spoilt in SPOILT}) >= 50


def test_two_pages_that_disagree_are_both_named(openapi: Path, site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    document = copy.deepcopy(load("audiences/view"))
    document["paths"]["/audiences/view"]["get"]["parameters"].pop()
    write_page(site, "audiences/view-again.md", markdown(document))
    before = tree(openapi)
    assert run(openapi, "--from", site) == 1
    error = capsys.readouterr().err
    assert "audiences/view.md" in error
    assert "audiences/view-again.md" in error
    assert tree(openapi) == before


@pytest.mark.parametrize(
    ("fault", "problem"),
    [(404, "answered 404"), (500, "answered 500"), ("slow", "did not answer in 0.2 s"), ("cut", "cannot be read")],
)
def test_site_that_fails_is_one_line_and_an_untouched_tree(
    openapi: Path,
    site: Path,
    fault: int | str,
    problem: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(fetch, "_TIMEOUT", 0.2)
    before = tree(openapi)
    with serve(site, {"campaigns/update": fault}) as url:
        assert run(openapi, "--url", url) == 1
    error = capsys.readouterr().err
    assert len(error.splitlines()) == 1
    assert "campaigns/update.md" in error
    assert problem in error
    assert tree(openapi) == before


def test_page_that_lost_its_document_is_noticed(openapi: Path, site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with serve(site) as url:
        assert run(openapi, "--url", url) == 0
        write_page(site, "catalogs/view.md", "# View\n\nThis page moved.\n")
        before = tree(openapi)
        assert run(openapi, "--url", url) == 1
    assert "holds no document, but held that of catalogs/view" in capsys.readouterr().err
    assert tree(openapi) == before


@pytest.mark.parametrize(
    ("make", "problem"),
    [
        (lambda path: None, "cannot be read"),
        (lambda path: path.mkdir(), "holds no Markdown, JSON or YAML file"),
        (lambda path: path.write_text("# Prose\n"), "no OpenAPI document in"),
    ],
)
def test_wrong_place_is_one_line(
    openapi: Path, tmp_path: Path, make: Any, problem: str, capsys: pytest.CaptureFixture[str]
) -> None:
    make(tmp_path / "place")
    assert run(openapi, "--from", tmp_path / "place") == 1
    error = capsys.readouterr().err
    assert len(error.splitlines()) == 1
    assert problem in error


def test_index_without_pages_is_one_line(openapi: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "empty").mkdir()
    with serve(tmp_path / "empty") as url:
        assert run(openapi, "--url", url) == 1
    assert "lists no page below /developer/api/cep/" in capsys.readouterr().err


def test_site_that_is_not_there_is_one_line(openapi: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(openapi, "--url", "http://127.0.0.1:9/llms.txt") == 1
    error = capsys.readouterr().err
    assert len(error.splitlines()) == 1
    assert "try again, or use --from" in error


def test_every_page_has_the_name_of_its_path() -> None:
    for name in names():
        (path,) = load(name)["paths"]
        group, *rest = path.strip("/").split("/")
        assert name == f"{group}/{'-'.join(rest)}"


def test_yaml_is_read_by_the_core_schema() -> None:
    assert parse("a: no\nb: 2024-01-01\nc: ~\nd: 1e3\ne: true\nf: '2.10'\ng: 2.10\n") == {
        "a": "no",
        "b": "2024-01-01",
        "c": None,
        "d": 1000.0,
        "e": True,
        "f": "2.10",
        "g": 2.1,
    }
