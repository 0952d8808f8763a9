"""Adopting new documents: one command and one report, whatever changed, and nothing written unless all of it works."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from scripts.adopt.__main__ import main
from scripts.codegen import __main__ as regenerate
from scripts.codegen.build import CLIENT
from scripts.codegen.records import read_record
from scripts.codegen.sources import read_sources
from scripts.tree import Tree
from tests import frozen, published
from tests.site import SITE, markdown, write_page, write_site


def files(root: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(root)): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and ".mypy_cache" not in path.parts
    }


def changed(before: dict[str, bytes], after: dict[str, bytes]) -> set[str]:
    return {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}


def section(report: str, title: str) -> list[str]:
    """Return the lines of a part of a report."""
    (text,) = re.findall(rf"^## {title}\n\n(.*?)(?=^## |\Z)", report, re.MULTILINE | re.DOTALL)
    return [line.removeprefix("- ") for line in text.strip().splitlines()]


class Adopted:
    """A tree that has adopted the versions of the published set, one after the other."""

    def __init__(self, folder: Path) -> None:
        self.root = frozen.tree(folder)
        self.reports: dict[str, str] = {}
        self.names = {"before": self._names()}
        for version in published.VERSIONS:
            source, report = published.write_set(folder / version, version), folder / f"{version}.md"
            self.code = main(["--from", str(source), "--report", str(report)], self.root)
            self.reports[version] = report.read_text(encoding="utf-8")
            self.names[version] = self._names()

    def _names(self) -> set[str]:
        """Return every public method and every class."""
        api = (self.root / CLIENT / "api").glob("*/__init__.py")
        methods = {
            f"{path.parent.name}.{name}"
            for path in api
            for name in re.findall(r"    def (\w+)", path.read_text("utf-8"))
        }
        record = read_record(self.root / "openapi/names.lock.json")
        models = (self.root / CLIENT / "models/__init__.py").read_text("utf-8")
        return methods | {name for name in record.classes if f'"{name}"' in models}


pytestmark = pytest.mark.timeout(900)
"""Whichever test comes first adopts three versions, each with a type check."""


@pytest.fixture(scope="module")
def adopted(tmp_path_factory: pytest.TempPathFactory) -> Adopted:
    return Adopted(tmp_path_factory.mktemp("adopt"))


@pytest.mark.parametrize("version", published.VERSIONS)
def test_every_version_of_the_published_set_is_adopted(adopted: Adopted, version: str) -> None:
    lines = adopted.reports[version].splitlines()
    assert lines[0] == "# Adopted"
    assert lines[2:7] == [f"- {step}: done" for step in ("vendor", "regenerate", "type check", "smoke run", "diff")]


def test_public_names_are_kept(adopted: Adopted) -> None:
    before, first, second, third = adopted.names.values()
    assert before <= first <= second
    gone = {"orchestrations.view", "OrchestrationSource", "PushCampaignDetails", "PushCampaignType"}
    assert second - third == gone
    made = re.compile(r"(Type|Response|Body|Item)\d+|Response2xx", re.IGNORECASE)
    assert [name for name in third if made.search(name)] == []


def test_report_tells_of_pages(adopted: Adopted) -> None:
    first, second, third = (section(report, "Pages") for report in adopted.reports.values())
    reconstructed = [page for page in read_sources(frozen.FROZEN).pages if page.origin == "reconstructed"]
    assert "\n".join(first).count("(reconstructed → published)") == len(reconstructed)
    assert first[-1] == "API versions: 2.8, 2.9, 2.10, 2.11"
    assert second[0].startswith("new: in-app/create, segments/view, segments/code, webhooks/login, ")
    assert "missing, parked now: orchestrations/view" in third
    assert third[-1] == "API versions: 2.8, 2.9, 2.10, 2.11, 2.12, 2.13"


def test_report_tells_of_corrections_names_and_limits(adopted: Adopted) -> None:
    first, second, third = adopted.reports.values()
    assert any(line.endswith("1 obsolete, 1 stale, 0 parked") for line in section(first, "Corrections"))
    assert any("delete this action" in line for line in section(first, "Corrections"))
    assert section(first, "Names")[0] == f"kept: {sum(name[0].isupper() for name in adopted.names['before'])} classes"
    assert "new: InAppCreateBody, InAppCreateResult, " in "\n".join(section(second, "Names"))
    assert "lost: PushCampaignType" in section(third, "Names")
    assert "lost method: orchestrations.view (GET /orchestrations/view)" in section(third, "Names")
    limits = section(first, "Missing limits and other notes")
    assert "POST /audiences/update body.ids states no limit: the client sends at most 10000 records per call" in limits
    assert 'page audiences/create repeats a value in required ["name", "type", "name"]; it counts once' in limits
    assert len(limits) == len(set(limits))
    assert "skipped POST /webhooks/login: parameter session is a cookie" in second


def test_report_ends_with_the_verdict_of_the_diff(adopted: Adopted) -> None:
    verdicts = [re.findall(r"## Spec change: next release is \*\*(\w+)", text) for text in adopted.reports.values()]
    assert verdicts == [["major"], ["minor"], ["major"]]


def test_adopted_tree_is_what_its_sources_give(adopted: Adopted, capsys: pytest.CaptureFixture[str]) -> None:
    assert regenerate.main(["--check"], adopted.root) == 0, capsys.readouterr().err


def test_documents_that_are_there_already_change_nothing_but_origins(tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    Tree.copy(Path(), root)
    before, sources = files(root), read_sources(root / "openapi")
    links = []
    for page in sources.pages:
        path = page.url.removeprefix(SITE)
        write_page(tmp_path / "set", path.strip("/"), markdown(page.document))
        links.append(f"- [{page.name}]({page.url})")
    write_page(tmp_path / "set", "llms.txt", "\n".join(["# Docs", "", *links]))
    assert main(["--from", str(tmp_path / "set")], root) == 0
    assert changed(before, files(root)) <= {"openapi/sources.toml", "README.md"}
    assert all(page.is_published for page in read_sources(root / "openapi").pages)


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return frozen.tree(tmp_path_factory.mktemp("frozen"))


def with_two_names_that_are_one(name: str, document: Any) -> None:
    if name == "audiences/view":
        properties = document["components"]["schemas"]["oneAudience"]["properties"]
        properties |= {"nb-ids": {"type": "string"}, "nb.ids": {"type": "string"}}


def with_a_parameter_nobody_sends(name: str, document: Any) -> None:
    """Require of an operation, with which the client waits, what the client does not know."""
    if name == "audiences/view":
        parameter = {"in": "query", "name": "region", "required": True, "schema": {"type": "string"}}
        document["paths"]["/audiences/view"]["get"]["parameters"].append(parameter)


def with_a_cycle(name: str, document: Any) -> None:
    if name == "segments/list":
        document["components"]["schemas"]["oneSegment"] = {"$ref": "#/components/schemas/oneSegment"}


@pytest.mark.parametrize(
    ("change", "failed", "problem"),
    [
        (with_a_cycle, "vendor", "segments/list.md"),
        (with_two_names_that_are_one, "regenerate", "the properties 'nb-ids' and 'nb.ids' have the same name"),
        (with_a_parameter_nobody_sends, "smoke run", "the smoke run failed: "),
    ],
)
def test_failed_step_is_reported_and_nothing_is_written(
    tree: Path, tmp_path: Path, change: Any, failed: str, problem: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = files(tree)
    source, report = write_site(tmp_path / "site", change), tmp_path / "report.md"
    assert main(["--from", str(source), "--report", str(report)], tree) == 1
    assert changed(before, files(tree)) == set()
    output = capsys.readouterr()
    assert all(line.startswith(("error: ", "note: ")) for line in output.err.splitlines())
    assert problem in output.err
    text = report.read_text(encoding="utf-8")
    assert text.strip() == output.out.strip()
    assert text.startswith("# Not adopted: nothing was written\n")
    assert f"- {failed}: failed" in text
    assert any(problem in line for line in section(text, "What is wrong"))


def test_source_that_is_not_there_is_one_line(tree: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--from", str(tmp_path / "nothing")], tree) == 1
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_report_needs_a_folder(tree: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--from", str(tmp_path), "--report", str(tmp_path / "no/report.md")], tree)
    assert "there is no folder" in capsys.readouterr().err
