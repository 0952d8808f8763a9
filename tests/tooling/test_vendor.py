"""Vendoring: what comes in, what is reported, and that anything wrong is one line and an untouched tree."""

from __future__ import annotations

import argparse
import copy
import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from scripts.codegen.bundle import build_bundle
from scripts.codegen.merge import merge_pages
from scripts.codegen.sources import Sources, read_sources
from scripts.documents import parse
from scripts.errors import ToolError
from scripts.vendor import __main__ as command
from scripts.vendor import fetch, vendoring
from scripts.vendor.extract import Source, extract
from scripts.vendor.incoming import Change
from tests import frozen
from tests.site import SECTION, SITE, load, markdown, names, serve, write_page, write_site


@pytest.fixture
def openapi(tmp_path: Path) -> Path:
    """The frozen documents, to vendor into."""
    return frozen.copy_of(tmp_path)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """The frozen pages as Markdown."""
    return write_site(tmp_path / "site")


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def options(*arguments: str | Path) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    vendoring.add_source_arguments(parser)
    return parser.parse_args([str(argument) for argument in arguments])


def vendor_into(openapi: Path, *arguments: str | Path) -> Change:
    return vendoring.vendor_into(options(*arguments), read_sources(openapi), openapi)


def refused(openapi: Path, *arguments: str | Path) -> list[str]:
    """Return the problems of what is refused, having checked that nothing was written."""
    before = files(openapi)
    with pytest.raises(ToolError) as caught:
        vendor_into(openapi, *arguments)
    assert files(openapi) == before
    assert all("\n" not in problem for problem in caught.value.problems)
    return list(caught.value.problems)


def reconstructed(sources: Sources) -> int:
    return sum(page.origin == "reconstructed" for page in sources.pages)


def test_all_pages_come_in_and_only_their_origin_changes(openapi: Path, site: Path) -> None:
    before = read_sources(openapi)
    change = vendor_into(openapi, "--from", site)
    after = read_sources(openapi)
    assert [page.name for page in after.pages] == [page.name for page in before.pages]
    assert all(page.is_published for page in after.pages)
    assert [page.first_seen for page in after.pages] == [page.first_seen for page in before.pages]
    assert [page.document for page in after.pages] == [page.document for page in before.pages]
    assert {page.url for page in after.pages} == {f"{SITE}{SECTION}{name}.md" for name in names()}
    assert (change.count("changed"), change.count("unchanged")) == (reconstructed(before), 1)
    assert build_bundle(openapi).document["paths"].keys() == frozen.bundle()["paths"].keys()


def test_second_run_changes_nothing(openapi: Path, site: Path) -> None:
    vendor_into(openapi, "--from", site)
    first = files(openapi)
    change = vendor_into(openapi, "--from", site)
    assert files(openapi) == first
    assert change.count("unchanged") == len(change.pages) == len(names())


def test_pages_of_the_site_come_in(openapi: Path, site: Path) -> None:
    with serve(site) as url:
        change = vendor_into(openapi, "--url", url)
    assert len(change.pages) == len(names())


def test_local_page_is_published_only_with_an_address_of_batch(openapi: Path, tmp_path: Path) -> None:
    folder = write_site(tmp_path / "plain", index=False)
    before = files(openapi)
    vendor_into(openapi, "--from", folder)
    assert files(openapi) == before  # a copy of what is there says nothing new
    other = load("audiences/view")
    other["info"]["title"] = "Another title"
    write_page(folder, "audiences/view.md", markdown(other))
    vendor_into(openapi, "--from", folder)
    page = read_sources(openapi).page("audiences/view")
    assert page is not None
    assert page.origin == "local"
    preamble = f"> This page is also available as [Markdown]({SITE}{SECTION}audiences/view.md).\n\n"
    write_page(folder, "audiences/view.md", preamble + markdown(other))
    vendor_into(openapi, "--from", folder)
    page = read_sources(openapi).page("audiences/view")
    assert page is not None
    assert (page.origin, page.url) == ("published", f"{SITE}{SECTION}audiences/view.md")


def test_link_to_another_page_is_not_the_address_of_this_one(openapi: Path, tmp_path: Path) -> None:
    text = markdown(load("audiences/view")).replace("Words.", f"See [create]({SITE}{SECTION}audiences/create).")
    write_page(tmp_path, "pages/audiences/view.md", text)
    (source,) = fetch.read_disk(tmp_path / "pages")
    assert source.url is None


def test_page_of_another_name_than_its_route_is_recognised(openapi: Path, site: Path) -> None:
    (site / "catalogs/items-edit.md").rename(site / "catalogs/edit-items.md")
    (site / "llms.txt").write_text((site / "llms.txt").read_text().replace("items-edit", "edit-items"))
    change = vendor_into(openapi, "--from", site)
    page = read_sources(openapi).page("catalogs/items-edit")
    assert page is not None
    assert page.url == f"{SITE}{SECTION}catalogs/edit-items.md"
    assert change.missing == []


def test_operation_on_two_pages_is_kept_once_with_its_own_address(openapi: Path, site: Path) -> None:
    vendor_into(openapi, "--from", site)
    page = read_sources(openapi).page("profiles/update")
    assert page is not None
    assert page.url.endswith("/profiles/update.md")


@pytest.mark.parametrize("form", ["yaml", "json"])
def test_whole_api_in_one_document_is_taken_apart(openapi: Path, tmp_path: Path, form: str) -> None:
    whole = merge_pages(read_sources(openapi))[0]
    whole["security"] = [{"rest_key": []}]
    whole["components"]["securitySchemes"] = load("audiences/remove")["components"]["securitySchemes"]
    path = tmp_path / f"batch-api.{form}"
    path.write_text(yaml.safe_dump(whole) if form == "yaml" else json.dumps(whole))
    vendor_into(openapi, "--from", path)
    for page in read_sources(openapi).pages:
        assert page.routes == [
            f"{method.upper()} {route}" for route, item in load(page.name)["paths"].items() for method in item
        ]
    assert build_bundle(openapi).document["paths"].keys() == frozen.bundle()["paths"].keys()


def test_one_page_alone_comes_in_and_says_nothing_of_the_others(openapi: Path, tmp_path: Path) -> None:
    write_page(tmp_path, "view.md", markdown(load("audiences/view")))
    change = vendor_into(openapi, "--from", tmp_path / "view.md")
    assert [page.name for page in change.pages] == ["audiences/view"]
    assert (change.missing, len(change.kept)) == ([], len(names()) - 1)


def test_part_of_the_pages_parks_none_of_the_others(openapi: Path, tmp_path: Path) -> None:
    for name in names()[:5]:
        write_page(tmp_path, f"part/{name}.md", markdown(load(name)))
    change = vendor_into(openapi, "--from", tmp_path / "part")
    assert change.missing == []
    assert f"{len(names()) - 5} of {len(names())} known pages did not come in" in change.notes[0]


def moved_segments(path: str = "/segments/view") -> Any:
    document = load("segments/list")
    document["paths"][path] = document["paths"].pop("/segments/list")
    return document


def test_new_page_comes_in_and_missing_one_is_parked(openapi: Path, site: Path) -> None:
    write_page(site, "segments/view.md", markdown(moved_segments()))
    (site / "orchestrations/view.md").unlink()
    change = vendor_into(openapi, "--from", site)
    assert [page.name for page in change.pages if page.state == "new"] == ["segments/view"]
    assert [page.name for page in change.missing] == ["orchestrations/view"]
    known = read_sources(openapi)
    added = known.page("segments/view")
    assert added is not None
    assert (added.first_seen, added.origin) == ("2.11", "local")
    assert [page.name for page in known.parked] == ["orchestrations/view"]
    assert (openapi / "pages/orchestrations/view.json").is_file()
    assert "/orchestrations/view" not in build_bundle(openapi).document["paths"]
    write_site(site)
    assert vendor_into(openapi, "--from", site).count("returned") == 1
    assert read_sources(openapi).parked == ()


def test_fresh_page_wins_over_one_that_disappeared(openapi: Path, tmp_path: Path) -> None:
    def change(name: str, document: Any) -> None:
        document["components"]["schemas"]["Error"]["properties"]["request_id"] = {"type": "string"}
        document["components"]["schemas"]["Error"]["required"].append("request_id")

    site = write_site(tmp_path / "site", change)
    (site / "orchestrations/view.md").unlink()
    vendor_into(openapi, "--from", site)
    error = build_bundle(openapi).document["components"]["schemas"]["Error"]
    assert "request_id" in error["required"]


def test_parked_page_can_be_dropped(
    tmp_path: Path, openapi: Path, site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (site / "orchestrations/view.md").unlink()
    vendor_into(openapi, "--from", site)
    assert command.main(["--drop", "orchestrations/view"], openapi.parent) == 0
    assert "dropped orchestrations/view: GET /orchestrations/view" in capsys.readouterr().out
    known = read_sources(openapi)
    assert known.page("orchestrations/view") is None
    assert known.dropped == ("GET /orchestrations/view",)
    assert not (openapi / "pages/orchestrations/view.json").exists()
    assert "/orchestrations/view" not in build_bundle(openapi).document["paths"]
    write_site(site)
    vendor_into(openapi, "--from", site)
    assert read_sources(openapi).dropped == ()


@pytest.mark.parametrize(
    ("name", "problem"), [("audiences/view", "is not parked"), ("audiences/nothing", "is not a page")]
)
def test_only_a_parked_page_can_be_dropped(
    openapi: Path, name: str, problem: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = files(openapi)
    assert command.main(["--drop", name], openapi.parent) == 1
    assert f"error: {name} {problem}" in capsys.readouterr().err
    assert files(openapi) == before


def test_new_page_that_looks_like_a_missing_one_is_pointed_out(openapi: Path, site: Path) -> None:
    document = load("catalogs/items-edit")
    document["paths"] = {"/catalog/items/edit": document["paths"].pop("/catalogs/items/edit")}
    write_page(site, "catalogs/items-edit.md", markdown(document))
    change = vendor_into(openapi, "--from", site)
    assert change.lookalikes == [("POST /catalog/items/edit", "POST /catalogs/items/edit")]
    assert (
        "note: new POST /catalog/items/edit looks like POST /catalogs/items/edit, which is missing"
        in command.lines_of(change)
    )


def bump(version: str, only: str | None = None) -> Any:
    def change(name: str, document: Any) -> None:
        if only in (None, name):
            document["servers"][0]["variables"]["version"]["default"] = version

    return change


@pytest.mark.parametrize("version", ["2.12", "2.13", "3.0"])
def test_new_api_version_is_supported_by_vendoring_alone(openapi: Path, tmp_path: Path, version: str) -> None:
    vendor_into(openapi, "--from", write_site(tmp_path / "site", bump(version)))
    register = tomllib.loads((openapi / "sources.toml").read_text())
    assert register["api_versions"] == ["2.8", "2.9", "2.10", "2.11", version]
    served = build_bundle(openapi).document["servers"][0]["variables"]["version"]
    assert (served["default"], served["enum"][-1]) == (version, version)
    assert (openapi / "sources.toml").read_text().startswith("# The register of the vendored documents")


def test_single_page_of_an_outlying_version_must_be_accepted(openapi: Path, tmp_path: Path) -> None:
    site = write_site(tmp_path / "site", bump("99.0", "segments/list"))
    (problem,) = refused(openapi, "--from", site)
    assert problem == (
        "page segments/list is of API version 99.0, all others of 2.11 at most: "
        "ACCEPT_VERSION=99.0 takes it as it is, SKIP=segments/list continues without it"
    )
    vendor_into(openapi, "--from", site, "--accept-version", "99.0")
    assert read_sources(openapi).api_versions[-1] == "99.0"


def test_single_page_that_comes_in_alone_is_no_new_version_either(openapi: Path, tmp_path: Path) -> None:
    document = load("audiences/view")
    bump("2.12")("", document)
    write_page(tmp_path, "view.md", markdown(document))
    assert "page audiences/view is of API version 2.12" in refused(openapi, "--from", tmp_path / "view.md")[0]


def test_info_version_is_not_the_api_version(openapi: Path, site: Path) -> None:
    vendor_into(openapi, "--from", site)
    assert load("audiences/view")["info"]["version"] == "2.9"
    register = tomllib.loads((openapi / "sources.toml").read_text())
    assert {page["api_version"] for page in register["pages"].values()} == {"2.11"}


@pytest.mark.parametrize("skip", ["audiences/view", "audiences/view.md", "catalogs/view, audiences/view"])
def test_bad_page_is_named_and_can_be_skipped(openapi: Path, site: Path, skip: str) -> None:
    write_page(site, "audiences/view.md", b"\xff\xfe\x00")
    (problem,) = refused(openapi, "--from", site)
    assert "audiences/view.md cannot be read" in problem
    before = read_sources(openapi).page("audiences/view")
    change = vendor_into(openapi, "--from", site, "--skip", skip)
    assert "audiences/view" in [page.name for page in change.kept]
    assert read_sources(openapi).page("audiences/view") == before


def test_page_can_be_skipped_by_the_name_of_its_address(openapi: Path, site: Path) -> None:
    (site / "catalogs/items-edit.md").rename(site / "catalogs/edit-items.md")
    (site / "llms.txt").write_text((site / "llms.txt").read_text().replace("items-edit", "edit-items"))
    vendor_into(openapi, "--from", site)
    write_page(site, "catalogs/edit-items.md", "<html></html>")
    change = vendor_into(openapi, "--from", site, "--skip", "catalogs/edit-items")
    assert [page.name for page in change.kept] == ["catalogs/items-edit"]


def test_skip_that_names_nothing_is_refused(openapi: Path, site: Path) -> None:
    (problem,) = refused(openapi, "--from", site, "--skip", "audiences/veiw")
    assert problem == "SKIP names audiences/veiw, which is neither among the pages nor known"


def test_every_bad_page_is_named_in_one_run(openapi: Path, site: Path) -> None:
    write_page(site, "audiences/view.md", "<html></html>")
    write_page(site, "catalogs/view.md", "")
    first, second = refused(openapi, "--from", site)
    assert "audiences/view.md is HTML" in first
    assert "SKIP=audiences/view continues without it" in first
    assert "catalogs/view.md is empty" in second


def test_document_without_paths_is_passed_over(openapi: Path, site: Path) -> None:
    schemas = load("audiences/view")
    del schemas["paths"]
    write_page(site, "audiences/models.md", markdown(schemas))
    write_page(site, "segments/list.md", markdown(schemas, load("segments/list"), schemas | {"paths": {}}))
    assert len(vendor_into(openapi, "--from", site).pages) == len(names())


ESCAPED = {
    "escaped in a fence": lambda text: f"```json\n{escape(text)}\n```",
    "escaped twice": lambda text: f"```json\n{escape(escape(text))}\n```",
    "preformatted": lambda text: f'<pre class="language-json"><code class="lang-json">{escape(text)}\n</code></pre>',
    "preformatted as it is": lambda text: f"<pre><code>{text.replace('<', '&lt;')}</code></pre>",
    "indented": lambda text: f"    {text}",
    "in a list": lambda text: f"- An item\n\n  ```json\n  {text}\n  ```",
    "tildes and a title": lambda text: f'~~~json title="x"\n{text}\n~~~',
    "in a GitBook tag": lambda text: f"{{% code %}}\n```json\n{text}\n```\n{{% endcode %}}",
    "after a byte order mark": lambda text: f"\ufeff```json\n{text}\n```",
    "after HTML": lambda text: f"<div>\nWords\n</div>\n\n```json\n{text}\n```",
}


def escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


@pytest.mark.parametrize("form", ESCAPED)
def test_block_is_read_however_it_is_written(form: str) -> None:
    document = load("audiences/remove")
    (operation,) = extract(Source("page.md", ESCAPED[form](json.dumps(document))))
    assert operation.document == document
    assert "<br/>" in json.dumps(operation.document)


def test_two_methods_of_one_path_are_two_pages(openapi: Path, site: Path) -> None:
    document = moved_segments("/webhooks/settings")
    other = copy.deepcopy(document)
    other["paths"]["/webhooks/settings"]["put"] = other["paths"]["/webhooks/settings"].pop("get")
    write_page(site, "webhooks/read.md", markdown(document))
    write_page(site, "webhooks/write.md", markdown(other))
    change = vendor_into(openapi, "--from", site)
    assert {page.name for page in change.pages if page.state == "new"} == {
        "webhooks/settings",
        "webhooks/settings-put",
    }
    assert set(build_bundle(openapi).document["paths"]["/webhooks/settings"]) == {"get", "put"}


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
    ("no info", view("info"), "not valid OpenAPI"),
    ("no title", view("info|title"), "not valid OpenAPI"),
    ("no paths", view("paths"), "names no operation"),
    ("empty paths", view("paths", {}), "names no operation"),
    ("path without operation", view("paths|/audiences/view|get"), "names no operation"),
    ("paths is a list", view("paths", [1]), "not valid OpenAPI"),
    ("no responses", view("paths|/audiences/view|get|responses", 3), "not valid OpenAPI"),
    ("path without slash", view("paths", {"audiences": {"get": {}}}), "not valid OpenAPI"),
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
    ("no components", view("components"), "different credentials"),
    (
        "unknown type",
        view("components|schemas|oneAudience|type", "thing"),
        "not valid OpenAPI",
    ),
    (
        "required is a word",
        view("components|schemas|oneAudience|required", "name"),
        "not valid OpenAPI",
    ),
    (
        "parameter without place",
        view("components|parameters|HeaderProjectKey|in"),
        "not valid OpenAPI",
    ),
    (
        "other server",
        view("servers|0|url", "https://evil.example/{version}"),
        "another server",
    ),
    ("other credentials", view("security", [{"other": []}]), "different credentials"),
    ("NaN", VIEW.replace('"openapi": "3.1.0",', '"openapi": "3.1.0", "x-a": NaN,'), "NaN is not a JSON value"),
    ("a key twice", VIEW.replace('"openapi": "3.1.0",', '"openapi": "3.1.0", "openapi": "3.1.0",'), "occurs twice"),
    ("yaml key twice", "openapi: 3.1.0\nopenapi: 3.1.0\n", "occurs twice"),
    ("yaml tab", "openapi: 3.1.0\n\tinfo: x\n", "cut off"),
    ("yaml anchor", "openapi: 3.1.0\ninfo: *nothing\n", "cut off"),
    ("yaml list", "openapi: 3.1.0\n- a\n", "cut off"),
    ("yaml number", "openapi: 3.1\n", "OpenAPI 3.1; only"),
    ("deep", '{"openapi": ' + "[" * 200_000, "nested too deep"),
]


@pytest.mark.parametrize(("text", "problem"), [spoilt[1:] for spoilt in SPOILT], ids=[spoilt[0] for spoilt in SPOILT])
def test_spoilt_page_is_one_line_and_an_untouched_tree(
    openapi: Path, site: Path, text: str | bytes, problem: str
) -> None:
    write_page(site, "audiences/view.md", text)
    (line,) = refused(openapi, "--from", site)
    assert "audiences/view" in line
    assert problem in line


def test_there_are_at_least_fifty_ways_to_spoil_a_page() -> None:
    assert len({spoilt[0] for spoilt in SPOILT}) >= 50


def test_two_pages_that_disagree_are_both_named(openapi: Path, site: Path) -> None:
    document = copy.deepcopy(load("audiences/view"))
    document["paths"]["/audiences/view"]["get"]["parameters"].pop()
    write_page(site, "audiences/view-again.md", markdown(document))
    (line,) = refused(openapi, "--from", site)
    assert "audiences/view.md" in line
    assert "audiences/view-again.md" in line


@pytest.mark.parametrize("name", ["audiences/view", "catalogs/edit-items"])
def test_own_page_of_an_operation_wins_over_another_that_shows_it(openapi: Path, site: Path, name: str) -> None:
    known = "catalogs/items-edit" if name == "catalogs/edit-items" else name
    if name != known:
        (site / f"{known}.md").rename(site / f"{name}.md")
        (site / "llms.txt").write_text((site / "llms.txt").read_text().replace(known, name))
        vendor_into(openapi, "--from", site)
    older = copy.deepcopy(load(known))
    older["paths"][next(iter(older["paths"]))] |= {"parameters": [{"in": "query", "name": "x", "schema": {}}]}
    write_page(site, "audiences/guide.md", markdown(older))
    change = vendor_into(openapi, "--from", site)
    page = read_sources(openapi).page(known)
    assert page is not None
    assert page.document == load(known)
    (note,) = [note for note in change.notes if "otherwise" in note]
    assert note.startswith("audiences/guide.md shows ")
    assert note.endswith(f"otherwise than its own page {name}.md, which is taken")


def test_two_pages_agree_whatever_they_call_their_schemas(openapi: Path, site: Path) -> None:
    text = markdown(load("audiences/view")).replace("oneAudience", "theAudience")
    write_page(site, "audiences/view-again.md", text)
    assert len(vendor_into(openapi, "--from", site).pages) == len(names())


@pytest.mark.parametrize(
    ("fault", "problem"),
    [(404, "answered 404"), (500, "answered 500"), ("slow", "did not respond in 0.2 s"), ("cut", "cannot be read")],
)
def test_site_that_fails_is_one_line_and_an_untouched_tree(
    openapi: Path, site: Path, fault: int | str, problem: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetch, "_TIMEOUT", 0.2)
    with serve(site, {"campaigns/update": fault}) as url:
        (line,) = refused(openapi, "--url", url)
        assert "campaigns/update.md" in line
        assert problem in line
        assert len(vendor_into(openapi, "--url", url, "--skip", "campaigns/update").kept) == 1


def test_page_that_lost_its_document_is_noticed(openapi: Path, site: Path) -> None:
    vendor_into(openapi, "--from", site)
    write_page(site, "catalogs/view.md", "# View\n\nThis page moved.\n")
    (line,) = refused(openapi, "--from", site)
    assert "names no operation, but held the document of catalogs/view" in line


@pytest.mark.parametrize(
    ("make", "problem"),
    [
        (lambda path: None, "cannot be read"),
        (lambda path: path.mkdir(), "holds no Markdown, JSON or YAML file"),
        (lambda path: path.write_text("# Prose\n"), "no OpenAPI document in"),
    ],
)
def test_wrong_place_is_one_line(openapi: Path, tmp_path: Path, make: Any, problem: str) -> None:
    make(tmp_path / "place")
    (line,) = refused(openapi, "--from", tmp_path / "place")
    assert problem in line


def test_index_without_pages_is_one_line(openapi: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with serve(tmp_path / "empty") as url:
        (line,) = refused(openapi, "--url", url)
    assert "lists no page below /developer/api/cep/" in line


def test_site_that_is_not_there_is_one_line(openapi: Path) -> None:
    (line,) = refused(openapi, "--url", "http://127.0.0.1:9/llms.txt")
    assert "try again, or use FROM" in line


def test_command_writes_only_what_a_client_can_be_made_of(
    tmp_path: Path, site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = frozen.tree(tmp_path)
    assert command.main(["--from", str(site)], root) == 0
    out = capsys.readouterr().out
    assert "reconstructed → published" in out
    assert "next: make regenerate, then make diff" in out
    before = files(root)
    document = load("audiences/create")
    schema = document["paths"]["/audiences/create"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    schema["properties"]["na-me"] = {"type": "string"}
    write_page(site, "audiences/create.md", markdown(document))
    assert command.main(["--from", str(site)], root) == 1
    error = capsys.readouterr().err
    assert error == (
        "error: the client cannot be generated: schema AudienceCreateBody: "
        "the properties 'name' and 'na-me' have the same name in Python\n"
    )
    assert files(root) == before


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
