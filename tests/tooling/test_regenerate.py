"""Regeneration: reproducible, all or nothing, and a client that works whatever a page spells oddly."""

from __future__ import annotations

import copy
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scripts.codegen import __main__ as regenerate
from scripts.codegen.build import BUNDLE, CLIENT, FILES, check, make
from scripts.codegen.facts import plain_text
from scripts.codegen.generator import generate_client, readable
from scripts.errors import ToolError
from scripts.tree import Tree
from tests import frozen
from tests.tooling.test_bundle import FORGIVEN, edit, operation
from tests.tooling.test_names import add_view
from tests.tooling.test_overlay import overlay


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tree with the frozen documents and what they give; tests work on copies."""
    return frozen.tree(tmp_path_factory.mktemp("frozen"))


@pytest.fixture
def root(tree: Path, tmp_path: Path) -> Path:
    """A copy of the tree, to spoil."""
    return Path(shutil.copytree(tree, tmp_path / "root"))


def files(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_committed_files_are_what_the_sources_give(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make(Path(), tmp_path)
    assert check(tmp_path, Path()) == 0
    assert "are what the sources give" in capsys.readouterr().out


def test_second_run_changes_nothing(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = files(root)
    assert regenerate.main([], root) == 0
    assert files(root) == before
    assert capsys.readouterr().out.startswith("wrote openapi/batch.json")
    assert regenerate.main(["--check"], root) == 0


def test_check_names_every_file_that_differs(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    models = root / CLIENT / "models"
    (models / "audience_view.py").write_text("edited by hand")
    (models / "segment.py").unlink()
    (models / "left_over.py").touch()
    (root / "README.md").write_text((root / "README.md").read_text().replace("| reconstructed |", "| published |"))
    before = files(root)
    assert regenerate.main(["--check"], root) == 1
    changed = [*(f"{CLIENT}/models/{name}.py" for name in ("audience_view", "left_over", "segment")), "README.md"]
    assert capsys.readouterr().err.splitlines()[1:] == [f"  {name}" for name in sorted(changed)]
    assert files(root) == before


@pytest.mark.parametrize(
    ("spoil", "problem"),
    [
        (
            lambda root: overlay(
                root / "openapi",
                {
                    "target": "$.components.schemas.AudienceView.properties",
                    "description": "Two names that are one in Python.",
                    "update": {"nb-ids": {"type": "string"}, "nb.ids": {"type": "string"}},
                },
            ),
            "error: the client cannot be generated: schema AudienceView: the properties 'nb-ids' and 'nb.ids'",
        ),
        (
            lambda root: edit(root / "openapi", "audiences/view", lambda d: d["info"].pop("title")),
            "error: page audiences/view is not valid OpenAPI 3.1 at info",
        ),
        (
            lambda root: edit(
                root / "openapi",
                "audiences/create",
                lambda d: operation(d)["parameters"].append(
                    {"in": "query", "name": "limit", "schema": {"type": "integer", "default": "many"}}
                ),
            ),
            "error: the client cannot be generated: POST /audiences/create: ",
        ),
        (lambda root: (root / "README.md").write_text("# x\n"), "error: README.md has no place for the table"),
        (lambda root: (root / "openapi/contract.yaml").write_text("[]\n"), "error: contract.yaml: [] is not of type"),
    ],
)
def test_failure_is_one_line_and_an_untouched_tree(
    root: Path, spoil: Callable[[Path], Any], problem: str, capsys: pytest.CaptureFixture[str]
) -> None:
    spoil(root)
    before = files(root)
    assert regenerate.main([], root) == 1
    error = capsys.readouterr().err
    assert error.startswith(problem)
    assert len(error.splitlines()) == 1
    assert files(root) == before


def test_notes_are_printed(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edit(root / "openapi", "segments/list", add_view)
    (root / "openapi" / "names.yaml").write_text(
        (root / "openapi" / "names.yaml").read_text().replace("200.segments[]: Segment", "200.segments[]: TargetGroup")
    )
    overlay(
        root / "openapi",
        {
            "target": "$.components.schemas.Nothing",
            "x-kind": "ensure",
            "description": "x",
            "update": {"required": ["a"]},
        },
    )
    assert regenerate.main([], root) == 0
    notes = [line for line in capsys.readouterr().out.splitlines() if line.startswith("note: ")]
    assert "note: renamed: Segment → TargetGroup" in notes
    assert any("target $['components']['schemas']['Nothing'] selects nothing" in note for note in notes)


def everything(document: Any) -> None:
    """Put every slip that is forgiven, and every kind of parameter, into one page."""
    for change in FORGIVEN.values():
        if "security" in document:
            change(document)
    properties = document["components"]["schemas"]["oneAudience"]["properties"]
    properties |= {
        "level": {"type": "integer", "enum": [1, 2]},
        "ratio": {"type": "number", "enum": [0.5, 1.5]},
        "key": {"type": "string", "format": "uuid"},
        "day": {"type": "string", "format": "date"},
        "mixed": {"enum": [1, "a", None]},
        "class": {"type": "string"},
        "self": {"type": "string"},
        "anything": True,
    }
    ((path, item),) = document["paths"].items()
    node = next(iter(item.values()))
    node["parameters"] += [
        {"in": "header", "name": "X-Trace-Id", "schema": {"type": "string"}},
        {"in": "header", "name": "X-Dry-Run", "schema": {"type": "boolean"}},
        {"in": "query", "name": "tags", "schema": {"type": "array", "items": {"type": "string", "enum": ["a", "b"]}}},
        {"in": "query", "name": "request", "schema": {"type": "string"}},
        {"in": "path", "name": "folder-id", "required": True, "schema": {"type": "string"}},
    ]
    node["description"] = (
        "Reads.<br/>See the <strong>guide</strong>. {% hint style='info' %}Mind &amp; care{% endhint %}"
    )
    document["paths"] = {f"{path}/{{folder-id}}": {"get": node}, path: {"get": copy.deepcopy(node)}}
    document["paths"][path]["get"]["parameters"].pop()


CALLS = """
import httpx
from batch_client import AsyncBatchClient, BatchClient
from batch_client._calls.operations import operation_at
from batch_client.sandbox import Sandbox
from batch_generated.models import AudienceView

seen = []

def answer(request):
    assert request.headers["X-Batch-Project"] == "project"
    seen.append(request)
    return httpx.Response(200, json={
        "name": "vip", "type": "NEW", "nb_ids": 1, "indexing_state": "NEW", "created": "2024-01-01T00:00:00",
        "updated": "2024-01-01T00:00:00Z", "level": 7, "ratio": 2.5, "mixed": 3, "anything": [1], "class": "c",
    })

batch = BatchClient("key", "project", transport=httpx.MockTransport(answer))
view = batch.audiences.view_folder_id(
    folder_id="a/b c", name="vip", x_trace_id="t1", x_dry_run=True, tags=["a", "z"], request="r", body={"name": "x"}
) if "body" in batch.audiences.view_folder_id.__annotations__ else batch.audiences.view_folder_id(
    folder_id="a/b c", name="vip", x_trace_id="t1", x_dry_run=True, tags=["a", "z"], request="r"
)
assert isinstance(view, AudienceView)
assert (view.level, view.ratio, view.mixed, view.class_, view.anything) == (7, 2.5, 3, "c", [1])
(request,) = seen
assert request.url.raw_path.startswith(b"/2.11/audiences/view/a%2Fb%20c?"), request.url
assert request.headers["X-Trace-Id"] == "t1" and request.headers["X-Dry-Run"] == "true"
assert request.url.params.get_list("tags") == ["a", "z"] and request.url.params["request"] == "r"
path = request.url.raw_path.decode().partition("?")[0].removeprefix("/2.11")
assert operation_at(request.method, path).id == "audience_view_folder_id"
for method in (batch.audiences.view, batch.audiences.view_folder_id):
    for sign in ("<", ">", "{%", "&amp;"):
        assert sign not in method.__doc__, method.__doc__
with Sandbox() as sandbox, sandbox.client() as client:
    try:
        client.audiences.view_folder_id(folder_id="x", name="vip")
    except Exception as error:
        assert error.status_code == 501 and error.error_code == "NOT_SIMULATED", error
    assert sandbox.requests[-1].operation == "audience_view_folder_id"
"""


def test_client_of_odd_pages_works_and_type_checks(root: Path) -> None:
    edit(root / "openapi", "audiences/view", everything)
    edit(root / "openapi", "segments/list", add_view)
    tree = Tree(root)
    tree.regenerate()
    tree.type_check()
    environment = os.environ | {"PYTHONPATH": f"{root / 'generated'}{os.pathsep}{root / 'overrides'}"}
    run = subprocess.run([sys.executable, "-c", CALLS], env=environment, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr


TEXT = {"type": "string"}
STATES = ["in-app", "in_app", "ARCHIVED", "archived", "1", "1.", "", "-"]
"""Values whose names in Python coincide."""

NAMES = ["list", "from", "dict", "str", "datetime", "self", "cls", "d", "to_dict", "additional_properties", "$x", "1"]
"""Names of properties that mean something in Python or in a model."""

SHAPES: dict[str, Any] = {
    "texts": {"type": "array", "items": TEXT},
    "objects": {"type": "array", "items": {"type": "object", "properties": {"a": TEXT}}},
    "times": {"type": "array", "items": {"type": "string", "format": "date-time"}},
    "lists": {"type": "array", "items": {"type": "array", "items": {"type": "integer"}}},
    "text": TEXT,
    "time": {"type": "string", "format": "date-time"},
    "day": {"type": "string", "format": "date"},
    "number": {"type": "number"},
    "flag": {"type": "boolean"},
    "kind": {"type": "string", "enum": ["a", "b"]},
    "level": {"type": "integer", "enum": [1, 2]},
    "constant": {"const": "x"},
    "nothing": {"type": "null"},
    "anything": True,
    "empty": {},
    "bare": {"type": "object"},
    "map": {"type": "object", "additionalProperties": {"type": "integer"}},
    "map-of-objects": {"type": "object", "additionalProperties": {"type": "object", "properties": {"a": TEXT}}},
    "closed": {"type": "object", "properties": {"a": TEXT}, "additionalProperties": False},
    "either": {"oneOf": [{"type": "object", "properties": {"a": TEXT}}, {"type": "array", "items": TEXT}]},
    "any-of": {"anyOf": [{"type": "object", "properties": {name: TEXT}} for name in "ab"]},
    "all-of": {"allOf": [{"type": "object", "properties": {name: TEXT}} for name in "ab"]},
    "nullable": {"type": ["object", "null"], "properties": {"a": TEXT}},
    "two-types": {"type": ["string", "integer"]},
    "states": {"type": "object", "properties": {"state": {"type": "string", "enum": STATES}}},
    "names": {
        "type": "object",
        "properties": dict.fromkeys(NAMES, TEXT),
    },
}
"""Every kind of schema that an answer, a body or a parameter may have."""


def add_every_shape(document: Any) -> None:
    """Add operations that have each shape in each place."""
    (listing,) = document["paths"].values()
    for name, schema in SHAPES.items():
        content = {"application/json": {"schema": schema}}
        for place in ("answer", "body", "query", "header", "path"):
            operation = copy.deepcopy(listing["get"])
            path = f"/segments/{name}-{place}"
            if place == "answer":
                operation["responses"] |= {
                    status: {"description": "x", "content": content} for status in ("200", "202")
                }
            elif place == "body":
                operation["requestBody"] = {"content": content}
            else:
                parameter = {"in": place, "name": "X-Some", "required": place == "path", "schema": schema}
                operation["parameters"].append(parameter)
                path += "/{X-Some}" if place == "path" else ""
            document["paths"][path] = {"post" if place == "body" else "get": operation}


def test_every_shape_in_every_place_makes_a_client(root: Path) -> None:
    edit(root / "openapi", "segments/list", add_every_shape)
    tree = Tree(root)
    bundle = tree.regenerate()
    tree.type_check()
    smoke = tree.run("scripts.adopt.smoke")
    assert smoke.returncode == 0, smoke.stdout
    lines = [f"{route}: {reason}" for route, reason in bundle.skipped.items()]
    assert all(re.search(r"parameter X-Some (is an object|in \w+ is an array)", line) for line in lines), lines
    resource = (root / CLIENT / "api/segments/__init__.py").read_text(encoding="utf-8")
    answers = dict(re.findall(r" {4}def (\w+)_answer\([^)]*\) -> (.+):", resource))
    assert answers.keys() == {name.replace("-", "_") for name in SHAPES}
    assert answers["texts"] == "builtins.list[str]"  # `list` is a method there
    assert answers["map"] == "SegmentMapAnswer"
    assert answers["anything"] == "Any"
    assert answers["bare"] == answers["nothing"] == "None"
    code = """
import sys, httpx
from batch_client import BatchClient
body = {name: name.upper() for name in sys.argv[1].split()} | {"unknown": 1}
batch = BatchClient("key", "project", transport=httpx.MockTransport(lambda request: httpx.Response(203, json=body)))
answer = batch.segments.names_answer()
assert answer.to_dict() == body, answer
assert (answer.additional_properties, answer.d_, answer.to_dict_) == ({"unknown": 1}, "D", "TO_DICT")
batch.segments.names_body({"additional_properties": "A", "d": "D"})
"""
    environment = os.environ | {"PYTHONPATH": f"{root / 'generated'}{os.pathsep}{root / 'overrides'}"}
    command = [sys.executable, "-c", code, " ".join(NAMES)]
    run = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    states = (root / CLIENT / "models/segment_states_answer_state.py").read_text(encoding="utf-8")
    assert dict(re.findall(r' {4}(\w+) = "(.*)"', states)) == {
        "IN_APP": "in-app",
        "IN_APP_2": "in_app",
        "ARCHIVED": "ARCHIVED",
        "ARCHIVED_2": "archived",
        "VALUE_1": "1",
        "VALUE_1_2": "1.",
        "VALUE_EMPTY": "",
        "VALUE_EMPTY_2": "-",
    }


def test_state_of_a_token_is_read_and_never_written(tmp_path: Path) -> None:
    document = frozen.bundle()
    view = document["paths"]["/audiences/view"]["get"]
    document["paths"]["/audiences/view"]["patch"] = view | {
        "operationId": "audience_patch_view",
        "x-method": "patch_view",
    }
    generate_client(document, tmp_path / "client")
    resource = (tmp_path / "client/api/audiences/__init__.py").read_text(encoding="utf-8")
    assert set(re.findall(r"\.task\(.*token, (\w+)", resource)) == {"audience_view"}


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("a<br/>b", "a\nb"),
        ("a <strong>b</strong> c", "a b c"),
        ("<p>a</p><p>b</p>", "a\n\nb"),
        ("<ul><li>a</li><li>b</li></ul>", "- a\n- b"),
        ("x &lt; y &amp; z", "x < y & z"),
        ("{% hint style='info' %}\na\n{% endhint %}", "a"),
        ("a < b and b > c", "a < b and b > c"),
        ("date(<key>)", "date(<key>)"),
        ("<!-- a -->b", "b"),
        (None, None),
    ],
)
def test_description_is_plain_text(text: str | None, plain: str | None) -> None:
    assert plain_text(text) == plain


def test_docstrings_hold_no_markup() -> None:
    for path in sorted(CLIENT.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"<(br|p|strong|em|a|code|ul|li)\b[^>]*>|\{%|&[a-z]+;", text), path


def test_what_the_generator_reads_is_the_bundle_in_plain_words() -> None:
    document = frozen.bundle()
    document["components"]["schemas"]["Segment"]["title"] = "Other"
    document["components"]["schemas"]["Segment"]["description"] = "A<br/>b"
    read = readable(document)
    assert read["components"]["schemas"]["Segment"]["description"] == "A\nb"
    assert "title" not in read["components"]["schemas"]["Segment"]
    assert document["components"]["schemas"]["Segment"]["title"] == "Other"


def test_table_of_documents_is_in_the_first_third_of_the_readme() -> None:
    lines = Path("README.md").read_text(encoding="utf-8").splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith("| document | origin |"))
    assert start < len(lines) / 3
    assert json.loads(Path(BUNDLE).read_text())["info"]["title"]


def test_files_that_are_made_are_listed() -> None:
    assert set(map(str, FILES)) == {"openapi/batch.json", "openapi/names.lock.json", "README.md"}


def test_error_of_several_problems_prints_a_line_for_each(capsys: pytest.CaptureFixture[str]) -> None:
    ToolError("one", "two\nlines", notes=["a note"]).print()
    assert capsys.readouterr().err.splitlines() == ["note: a note", "error: one", "error: two lines"]
