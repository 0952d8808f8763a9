"""The command: its formats, its exit codes, what it says of Python, and that bad input is one clear line."""

from __future__ import annotations

import copy
import json
import re
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scripts.codegen.bundle import build_bundle, render_bundle
from scripts.specdiff import __main__ as command
from scripts.specdiff import inputs, surface
from scripts.specdiff.diff import diff
from scripts.specdiff.findings import Level
from scripts.specdiff.report import to_json, to_markdown
from scripts.specdiff.surface import compare_clients
from scripts.specdiff.symbols import Names
from tests import frozen
from tests.tooling.test_bundle import edit

BUNDLE = frozen.bundle()

_surfaces: dict[str, surface.Surface] = {}


@pytest.fixture(autouse=True)
def generate_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Generating takes a second; every test compares with the same bundle."""
    read = surface.read_surface

    def read_once(document: dict[str, Any]) -> surface.Surface:
        key = json.dumps(document)
        if key not in _surfaces:
            _surfaces[key] = read(document)
        return _surfaces[key]

    monkeypatch.setattr(surface, "read_surface", read_once)


Change = Callable[[dict[str, Any]], None]


def changed(*changes: Change) -> dict[str, Any]:
    document = copy.deepcopy(BUNDLE)
    for change in changes:
        change(document)
    return document


def schema(name: str) -> Callable[[dict[str, Any]], Any]:
    return lambda document: document["components"]["schemas"][name]


def rename(old: str, new: str) -> Change:
    def change(document: dict[str, Any]) -> None:
        document["components"]["schemas"][new] = document["components"]["schemas"].pop(old)
        text = json.dumps(document).replace(f'schemas/{old}"', f'schemas/{new}"')
        document.clear()
        document.update(json.loads(text))

    return change


def create_operation(document: dict[str, Any]) -> Any:
    return document["paths"]["/audiences/create"]["post"]


def create_body(document: dict[str, Any]) -> Any:
    return document["components"]["schemas"]["AudienceCreateBody"]


def write(folder: Path, **documents: Any) -> list[str]:
    paths = []
    for name, document in documents.items():
        path = folder / f"{name}.json"
        path.write_text(document if isinstance(document, str) else json.dumps(document))
        paths.append(str(path))
    return paths


def report(old: Any, new: Any) -> dict[str, Any]:
    made = diff(("old", json.dumps(old)), ("new", json.dumps(new)))
    result: dict[str, Any] = json.loads(to_json(made))
    return result


def rules(found: dict[str, Any], level: str = "python_level") -> dict[str, str]:
    return {finding["rule"]: finding[level] for finding in found["findings"]}


def test_nothing_changed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main([*write(tmp_path, old=BUNDLE, new=BUNDLE), "--fail-on", "warning"]) == 0
    assert "next release: patch (nothing changed for callers)" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("change", "verdict"),
    [
        (lambda d: schema("AudienceView")(d)["properties"].pop("nb_ids"), "major"),
        (lambda d: create_body(d)["required"].append("display_name"), "major"),
        (lambda d: d["paths"].pop("/segments/list"), "major"),
        (lambda d: create_body(d)["properties"].update(owner={"type": "string"}), "minor"),
        (lambda d: schema("IndexingState")(d)["enum"].append("PAUSED"), "minor"),
        (lambda d: create_body(d)["properties"]["name"].update(maxLength=300), "patch"),
        (lambda d: create_body(d)["properties"]["name"].update(description="Other words."), "patch"),
    ],
)
def test_verdict(change: Change, verdict: str) -> None:
    assert report(BUNDLE, changed(change))["verdict"] == verdict


@pytest.mark.parametrize(("fail_on", "code"), [("breaking", 0), ("warning", 1), ("never", 0)])
def test_exit_code(tmp_path: Path, fail_on: str, code: int) -> None:
    new = changed(lambda d: schema("IndexingState")(d)["enum"].append("PAUSED"))
    assert command.main([*write(tmp_path, old=BUNDLE, new=new), "--fail-on", fail_on]) == code
    breaking = changed(lambda d: d["paths"].pop("/segments/list"))
    expected = 0 if fail_on == "never" else 1
    assert command.main([*write(tmp_path, old=BUNDLE, new=breaking), "--fail-on", fail_on]) == expected


def test_finding_names_what_a_caller_writes_and_must_do() -> None:
    found = report(
        BUNDLE,
        changed(
            lambda d: create_body(d)["required"].append("owner"),
            lambda d: create_body(d)["properties"].update(owner={"type": "string"}),
            lambda d: schema("AudienceView")(d)["properties"]["nb_ids"].update(type="string"),
        ),
    )
    by_rule = {finding["rule"]: finding for finding in found["findings"]}
    added = by_rule["new-required-request-property"]
    assert added["symbols"] == ["batch.audiences.create(owner=…)", "AudienceCreateBody.owner"]
    assert (added["wire_level"], added["python_level"]) == ("breaking", "breaking")
    assert added["advice"] == "Pass it in every call."
    assert by_rule["response-property-type-changed"]["symbols"] == ["AudienceView.nb_ids"]
    assert by_rule["response-property-type-changed"]["also_in"]
    assert "- `AudienceView.nb_ids`: type changed: integer → string." in found["changelog"]


def test_symbols_are_those_of_the_generated_client() -> None:
    """The differ names methods and arguments by the rules of the templates; here they are held together."""
    known = surface.read_surface(BUNDLE).symbols
    for item in BUNDLE["paths"].values():
        for operation in item.values():
            names = Names(operation)
            assert set(names.symbols()) <= known.keys()
            for parameter in operation.get("parameters", []):
                assert names.argument(parameter["name"]) in known
    assert Names(create_operation(BUNDLE)).argument("type") == "batch.audiences.create(type=…)"
    assert Names(create_operation(BUNDLE)).argument("type") in known


def test_same_wire_other_client() -> None:
    """What the wire does not show: names."""
    found = report(BUNDLE, changed(rename("AudienceView", "AudienceDetails")))
    assert found["verdict"] == "major"
    assert rules(found, "wire_level")["python-class-removed"] == "info"
    assert rules(found)["python-class-removed"] == "breaking"
    removed = [f["symbols"] for f in found["findings"] if f["rule"] == "python-class-removed"]
    assert removed == [["AudienceView"]]


def test_tag_and_operation_id_break_imports_and_a_title_does_not() -> None:
    titled = report(BUNDLE, changed(lambda d: schema("Segment")(d).update(title="Target group")))
    assert titled["verdict"] == "patch"

    def retag(document: dict[str, Any]) -> None:
        document["paths"]["/segments/list"]["get"]["tags"] = ["Groups"]

    tagged = report(BUNDLE, changed(retag))
    assert ["batch.segments"] in [f["symbols"] for f in tagged["findings"] if f["python_level"] == "breaking"]

    def rename_operation(document: dict[str, Any]) -> None:
        document["paths"]["/segments/list"]["get"] |= {"operationId": "segment_search", "x-method": "search"}

    renamed = report(BUNDLE, changed(rename_operation))
    assert ["batch.segments.list"] in [f["symbols"] for f in renamed["findings"] if f["python_level"] == "breaking"]


def test_body_under_another_name_breaks_imports() -> None:
    found = report(BUNDLE, changed(rename("AudienceCreateBody", "NewAudience")))
    assert {f["wire_level"] for f in found["findings"]} == {"info"}
    assert ["AudienceCreateBody"] in [f["symbols"] for f in found["findings"] if f["python_level"] == "breaking"]


def test_other_wire_same_client() -> None:
    def style(document: dict[str, Any]) -> None:
        document["paths"]["/audiences/list"]["get"]["parameters"][1]["explode"] = False

    finding = report(BUNDLE, changed(style))["findings"][0]
    assert (finding["rule"], finding["wire_level"], finding["python_level"]) == (
        "request-parameter-explode-changed",
        "breaking",
        "info",
    )


@pytest.mark.parametrize(
    ("change", "rule", "level"),
    [
        (lambda d: schema("AudienceView")(d)["required"].remove("nb_ids"), "python-field-type-changed", Level.BREAKING),
        (
            lambda d: schema("AudienceView")(d)["required"].append("display_name"),
            "python-field-type-changed",
            Level.INFO,
        ),
        (
            lambda d: schema("EditProfile")(d)["required"].append("events"),
            "python-field-became-required",
            Level.BREAKING,
        ),
        (
            lambda d: schema("Segment")(d)["properties"].update(size={"type": "integer"}),
            "python-field-added",
            Level.INFO,
        ),
        (lambda d: schema("IndexingState")(d)["enum"].remove("REPLACED"), "python-value-removed", Level.BREAKING),
        (lambda d: create_body(d)["properties"].update(x={"type": "string"}), "python-argument-added", Level.INFO),
    ],
)
def test_surface(change: Change, rule: str, level: Level) -> None:
    levels = {found.rule: found.level for found in compare_clients(BUNDLE, changed(change))}
    assert levels[rule] is level


def test_client_that_cannot_be_generated_is_said() -> None:
    collision = changed(lambda d: d["components"]["schemas"].update(audience_view={"type": "object", "properties": {}}))
    found = report(BUNDLE, collision)
    assert (
        "the client cannot be generated: schema audience_view: Attempted to generate duplicate"
        in found["python_skipped"]
    )


@pytest.mark.parametrize(
    ("reference", "why"),
    [
        ("#/components/schemas/Gone", "#/components/schemas/Gone, which is not there"),
        ("other.json#/x", "other.json#/x, another document; only its own parts can be read"),
    ],
)
def test_reference_that_leads_nowhere_is_why_no_client_was_compared(reference: str, why: str) -> None:
    parameter = {"in": "query", "name": "x", "schema": {"$ref": reference}}
    new = changed(lambda d: d["paths"]["/audiences/view"]["get"]["parameters"].append(parameter))
    assert report(BUNDLE, new)["python_skipped"] == f"the client cannot be generated: UnresolvableReference: {why}"


def test_markdown_begins_with_the_verdict_and_folds_the_rest() -> None:
    new = changed(
        lambda d: schema("AudienceView")(d)["properties"]["nb_ids"].update(type="string"),
        lambda d: schema("IndexingState")(d)["enum"].append("PAUSED|<b>@team</b>"),
        lambda d: create_body(d)["properties"].update(owner={"type": "string"}),
    )
    text = to_markdown(diff(("old", json.dumps(BUNDLE)), ("new", json.dumps(new))))
    lines = text.splitlines()
    assert lines[0] == "## Spec change: next release is **major**"
    assert re.fullmatch(r"\d+ breaking, \d+ warning, \d+ info", lines[2])
    assert lines.index("### Breaking") < next(n for n, line in enumerate(lines) if line.startswith("<details>"))
    assert "| `integer` | `string` |" in text
    assert text.count("<details>") == text.count("</details>") == 3
    rows = [line for line in lines if line.startswith("| ")]
    assert all(len(re.findall(r"(?<!\\)\|", row)) == 7 for row in rows)
    outside_of_code = re.sub(r"```.*?```|`[^`]*`", "", text, flags=re.DOTALL)
    assert "@team" not in outside_of_code
    assert "<b>" not in outside_of_code


def test_text_is_for_a_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    new = changed(lambda d: schema("AudienceView")(d)["properties"]["nb_ids"].update(type="string"))
    assert command.main(write(tmp_path, old=BUNDLE, new=new)) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("next release: major (")
    assert "BREAKING  response-property-type-changed" in shown
    assert "AudienceView.nb_ids: Pass or read the new type." in shown
    assert "### Breaking" in shown


def test_reader_that_stops_reading_is_no_error(tmp_path: Path) -> None:
    paths = write(tmp_path, old=BUNDLE, new={"openapi": "3.1.0", "info": {"title": "x", "version": "1"}, "paths": {}})
    command = [sys.executable, "-m", "scripts.specdiff", *paths, "--format", "json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0


def test_openapi_3_0_and_yaml_are_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old = "openapi: 3.0.3\ninfo: {title: x, version: '1'}\npaths:\n  /a:\n    get: {responses: {}}\n"
    paths = write(tmp_path, old=old, new=old.replace("/a:", "/b:"))
    assert command.main([*paths, "--fail-on", "breaking"]) == 1
    assert "api-removed-without-deprecation" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "is not an OpenAPI document"),
        ("{", "is neither JSON nor YAML: line 1"),
        ("a: [", "is neither JSON nor YAML: line"),
        ("[]", "is not an OpenAPI document"),
        ("just words", "is not an OpenAPI document"),
        ('{"openapi": "2.0"}', "is not an OpenAPI document of version 3.0 or 3.1"),
        ('{"swagger": "2.0", "paths": {}}', "is not an OpenAPI document of version 3.0 or 3.1"),
        ('{"openapi": "3.1.0", "paths": []}', "is not valid OpenAPI"),
        ('{"openapi": "3.1.0", "paths": {"/a": {"get": {"responses": 3}}}}', "is not valid OpenAPI"),
        ('{"openapi": "3.1.0", "paths": {}, "components": {"schemas": 7}}', "is not valid OpenAPI"),
        ('{"openapi": ' + "[" * 100_000, "nested too deep"),
    ],
)
def test_bad_input_is_one_line(tmp_path: Path, text: str, problem: str, capsys: pytest.CaptureFixture[str]) -> None:
    old, new = write(tmp_path, old=BUNDLE, new=text)
    assert command.main([old, new]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert len(captured.err.splitlines()) == 1
    assert "new.json" in captured.err
    assert problem in captured.err


def test_missing_and_huge_files_are_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (old,) = write(tmp_path, old=BUNDLE)
    assert command.main([old, str(tmp_path / "nothing.json")]) == 2
    assert "nothing.json cannot be read" in capsys.readouterr().err
    monkeypatch.setattr(inputs, "LARGEST", 1000)
    assert command.main([old, old]) == 2
    assert "is larger than" in capsys.readouterr().err


@pytest.mark.parametrize("base", ["no-such-revision", "--output=x"])
def test_wrong_revision_is_one_line(base: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main([f"--base={base}"]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """A repository whose one commit holds the frozen documents and their bundle; gives its git."""

    def git(*arguments: str) -> None:
        identity = ["-c", "user.name=x", "-c", "user.email=x@example.org"]
        subprocess.run(["git", *identity, *arguments], cwd=tmp_path, check=True)  # noqa: S607 - the machine's git

    git("init", "--quiet", "--initial-branch=main")
    frozen.copy_of(tmp_path)
    rebundle(tmp_path)
    git("add", ".")
    git("commit", "--quiet", "--message=one")
    monkeypatch.setattr(inputs, "ROOT", tmp_path)
    return git


def rebundle(root: Path) -> None:
    """Write the bundle that the documents of a tree give."""
    text = render_bundle(build_bundle(root / "openapi").document)
    (root / "openapi/batch.json").write_text(text, encoding="utf-8")


def park(root: Path, page: str) -> None:
    """Say in the register that a page has disappeared."""
    register = root / "openapi/sources.toml"
    head = f'[pages."{page}"]\n'
    register.write_text(register.read_text("utf-8").replace(head, f"{head}parked = 2026-01-31\n"), encoding="utf-8")


def test_revision_is_compared_with_the_working_tree(
    repository: Callable[..., None], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    park(tmp_path, "segments/list")
    rebundle(tmp_path)
    assert command.main(["--fail-on", "breaking"]) == 1
    assert "batch.segments.list" in capsys.readouterr().out
    repository("switch", "--quiet", "--create", "topic")
    repository("commit", "--quiet", "--all", "--message=two")
    assert command.main(["--fail-on", "breaking"]) == 1
    assert command.main(["--base", "topic", "--fail-on", "breaking"]) == 0


@pytest.mark.parametrize(
    ("spoil", "problem"),
    [
        (lambda root: park(root, "segments/list"), "its sources have changed since; run `make regenerate`"),
        (lambda root: edit(root / "openapi", "segments/list", lambda d: d.pop("paths")), "`make regenerate` fails on"),
    ],
)
@pytest.mark.usefixtures("repository")
def test_stale_bundle_is_said(
    spoil: Callable[[Path], None], problem: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spoil(tmp_path)
    assert command.main([]) == 2
    output = capsys.readouterr()
    assert output.err.splitlines()[0].startswith(f"error: openapi/batch.json is stale: {problem}")
    assert output.out == ""


def big(limit: int) -> dict[str, Any]:
    """Return a document of 1,000 operations whose components refer to each other in circles."""
    words = "word " * 30
    schemas = {
        f"S{n}": {
            "type": "object",
            "required": ["next"],
            "properties": {
                **{
                    f"p{m}": {"type": "string", "maxLength": limit if n % 50 == 0 else 7, "description": words}
                    for m in range(25)
                },
                "next": {"$ref": f"#/components/schemas/S{(n * 7 + 1) % 1000}"},
                "all": {"type": "array", "items": {"$ref": f"#/components/schemas/S{(n + 1) % 1000}"}},
            },
        }
        for n in range(1000)
    }
    paths = {
        f"/r{n}/do": {
            "post": {
                "operationId": f"r{n}_do",
                "description": words * 20,
                "requestBody": {"content": {"application/json": {"schema": {"$ref": f"#/components/schemas/S{n}"}}}},
                "responses": {
                    "200": {"description": "x", "content": {"application/json": {"schema": schemas[f"S{n}"]}}}
                },
            }
        }
        for n in range(1000)
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": "x", "version": "1"},
        "paths": paths,
        "components": {"schemas": schemas},
    }


_CPU_UNIT = "import json, sys; [json.dumps(json.load(open(path)), indent=2) for path in sys.argv[1:] * 3]"


def cpu_seconds(command: list[str]) -> tuple[float, str]:
    """Return the CPU time that a command takes, and what it prints."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, run.stdout


def test_twelve_megabytes_take_bounded_time_and_under_one_gigabyte(tmp_path: Path) -> None:
    old, new = write(tmp_path, old=big(9), new=big(5))
    assert Path(old).stat().st_size > 12_000_000
    unit, _ = cpu_seconds([sys.executable, "-c", _CPU_UNIT, old, new])
    seconds, printed = cpu_seconds([sys.executable, "-m", "scripts.specdiff", old, new, "--format", "json"])
    assert seconds < 4 * unit  # a ratio, which is the same on a busy machine
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_maxrss < 1_000_000
    found = json.loads(printed)
    assert found["verdict"] == "major"
    assert "larger than 3 MB" in found["python_skipped"]
