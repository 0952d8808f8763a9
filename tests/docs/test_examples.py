"""The programs in `examples/` run as they stand, against the sandbox, and pass mypy."""

from __future__ import annotations

import json
import runpy
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from batch_client.sandbox import Sandbox
from tests.conftest import FakeClock
from tests.operations import missing, needs

EXAMPLES = Path("examples").resolve()

Run = Callable[..., object]


@pytest.fixture
def run(sandbox: Sandbox, sandbox_url: str, clock: FakeClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs an example as a program in an empty folder; returns what it ends with."""
    keys: dict[str, Any] = sandbox._keys
    monkeypatch.setenv("BATCH_REST_API_KEY", keys["rest_api_key"])
    monkeypatch.setenv("BATCH_PROJECT_KEY", keys["project_key"])
    monkeypatch.setenv("BATCH_BASE_URL", sandbox_url)
    monkeypatch.chdir(tmp_path)

    def run(name: str, *arguments: str) -> object:
        path = EXAMPLES / f"{name}.py"
        if gone := needs(path.read_text(encoding="utf-8")):
            pytest.skip(f"the documents no longer have {', '.join(gone)}")
        monkeypatch.setattr(sys, "argv", [str(path), *arguments])
        try:
            runpy.run_path(str(path), run_name="__main__")
        except SystemExit as end:
            return end.code
        return 0

    return run


PEOPLE = "custom_id,email,plan\nann,ann@example.com,gold\nben,,silver\n"


def test_profiles_of_a_csv_file_are_imported(run: Run, sandbox: Sandbox, capsys: pytest.CaptureFixture[str]) -> None:
    Path("people.csv").write_text(PEOPLE, encoding="utf-8")
    assert run("import_profiles", "people.csv") == 0
    assert sandbox.profiles["ann"].attributes == {"$email_address": "ann@example.com", "plan": "gold"}
    assert sandbox.profiles["ben"].attributes == {"plan": "silver"}
    assert "2 accepted" in capsys.readouterr().out
    assert [path.name for path in Path().iterdir()] == ["people.csv"]


def test_rows_that_are_not_accepted_are_written_to_a_file(run: Run, sandbox: Sandbox) -> None:
    Path("people.csv").write_text(PEOPLE.replace("gold", "x" * 1000), encoding="utf-8")
    assert run("import_profiles", "people.csv") == 1
    assert ",ann,attributes.plan," in Path("people.rejects.csv").read_text(encoding="utf-8")
    assert sandbox.profiles["ben"].attributes == {"plan": "silver"}


def test_import_that_stopped_resumes(run: Run, sandbox: Sandbox) -> None:
    Path("people.csv").write_text(PEOPLE, encoding="utf-8")
    sandbox.fail_next("profile_mass_update", 401)
    assert run("import_profiles", "people.csv") == 1
    assert Path("people.checkpoint").is_file()
    assert run("import_profiles", "people.csv") == 0
    assert sandbox.profiles.keys() == {"ann", "ben"}


def test_audience_holds_the_ids_of_a_file(run: Run, sandbox: Sandbox, capsys: pytest.CaptureFixture[str]) -> None:
    Path("ids.txt").write_text("ann\nben\n\neve\n", encoding="utf-8")
    assert run("fill_audience", "vip", "ids.txt") == 0
    assert sandbox.audiences["vip"].ids.keys() == {"ann", "ben", "eve"}
    shown = capsys.readouterr().out
    assert "IN_PROGRESS after" in shown
    assert "vip: 3 ids, APPLIED" in shown


def test_audience_that_takes_long_can_be_waited_for_later(
    run: Run, sandbox: Sandbox, clock: FakeClock, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("ids.txt").write_text("ann", encoding="utf-8")
    with sandbox.client() as batch:
        batch.audiences.create(name="vip", type="custom_ids").wait()
    monkeypatch.setattr(sandbox._audiences, "_indexing", lambda: 10_000.0)
    assert run("fill_audience", "vip", "ids.txt") == 1
    assert "to resume: batch.audiences.task('vip', '" in capsys.readouterr().out


def test_lists_are_counted_concurrently(run: Run, sandbox: Sandbox, capsys: pytest.CaptureFixture[str]) -> None:
    sandbox.seed(segments={"gold": ["ann"], "silver": ["ben"]})
    with sandbox.client() as batch:
        batch.audiences.create(name="vip", type="custom_ids").wait()
    assert run("count_async") == 0
    assert "1 audiences, 0 catalogs, 2 segments" in capsys.readouterr().out


def test_export_is_downloaded(run: Run, sandbox: Sandbox, capsys: pytest.CaptureFixture[str]) -> None:
    sandbox.seed(profiles=3)
    assert run("download_export", "exported", "plan", "age") == 0
    assert "to resume: batch.exports.job('" in capsys.readouterr().out
    (path,) = Path("exported").iterdir()
    assert [record["custom_id"] for record in json.loads(path.read_bytes())] == ["user-1", "user-2", "user-3"]


@pytest.mark.parametrize("name", sorted(path.stem for path in EXAMPLES.glob("*.py") if path.stem != "demo"))
def test_error_is_one_line(name: str, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BATCH_REST_API_KEY", "wrong")
    Path("input").write_text("", encoding="utf-8")
    ended = run(name, *{"count_async": [], "import_profiles": ["absent"]}.get(name, ["input", "input"]))
    assert isinstance(ended, str)
    assert ended.startswith("error: ")
    assert "\n" not in ended


@pytest.mark.parametrize("name", ["import_profiles", "fill_audience", "download_export"])
def test_missing_argument_shows_the_usage(name: str, run: Run) -> None:
    assert f"Usage: python examples/{name}.py" in str(run(name))


# They name operations, and so pass only with documents that have these.
@pytest.mark.skipif(bool(missing()), reason="the examples use what the documents no longer have")
def test_types_are_right() -> None:
    command = [sys.executable, "-m", "mypy", "--no-error-summary", str(EXAMPLES)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.stdout + run.stderr == ""
