"""Files that an import writes: none that it reads or that is not its own is overwritten, none is written by half."""

from __future__ import annotations

import csv
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from batch_client.bulk import BulkReport, RecordProblem
from batch_client.bulk._problems import Problems
from batch_client.sandbox import Sandbox
from tests.cli.running import assert_one_line, execute, rejects, run

pytestmark = pytest.mark.any_documents

TEXT = "custom_id,plan\nann,a\n,b\n"


def hard_link(to: Path) -> str:
    Path("other").hardlink_to(to)
    return "other"


def symbolic_link(to: Path) -> str:
    Path("other").symlink_to(to)
    return "other"


def link_to_folder(to: Path) -> str:
    Path("folder").symlink_to(to.resolve().parent, target_is_directory=True)
    return f"folder/{to.name}"


NAMES: list[Callable[[Path], str]] = [
    str,
    lambda to: f"./{to}",
    lambda to: f"none/../{to}",
    lambda to: str(to.resolve()),
    hard_link,
    symbolic_link,
    link_to_folder,
]


@pytest.mark.fault(
    "--rejects names the file to import, the checkpoint, the key file or the configuration",
    "it is refused before anything is read or sent, and nothing is overwritten",
)
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("read", ["people.csv", "my.key", "config.toml", "profile.key", "check"])
def test_rejects_overwrite_nothing_that_is_read(
    read: str, name: Callable[[Path], str], served: Sandbox, home: Path
) -> None:
    for file in ("people.csv", "my.key", "profile.key"):
        (home / file).write_text(TEXT, encoding="utf-8")
    (home / "none").mkdir()
    (home / "config.toml").write_text('[profiles.default]\nrest_api_key_file = "profile.key"\n', encoding="utf-8")
    (home / "check").write_bytes(b"")
    before = {path: path.read_bytes() for path in home.iterdir() if path.is_file()}
    options = ["--config", "config.toml", "--key-file", "my.key", "profiles", "import", "people.csv"]
    result = run(*options, "--checkpoint", "check", "--rejects", name(Path(read)))
    assert_one_line(result, 2, "which would be overwritten; pass another name")
    assert served.requests == []
    assert {path: path.read_bytes() for path in before} == before


@pytest.mark.parametrize("ending", ["", "-journal", "-wal"])
def test_rejects_are_not_the_checkpoint_to_come(ending: str, served: Sandbox, home: Path) -> None:
    (home / "people.csv").write_text(TEXT, encoding="utf-8")
    result = run("profiles", "import", "people.csv", "--rejects", f"./people.csv.checkpoint{ending}")
    assert_one_line(result, 2, "is the checkpoint, which would be overwritten")
    result = run("profiles", "import", "people.csv", "--checkpoint", "c", "--rejects", f"../{home.name}/c{ending}")
    assert_one_line(result, 2, "is the checkpoint, which would be overwritten")
    result = run("profiles", "import", "people.csv", "--checkpoint", "./people.csv")
    assert_one_line(result, 2, "is the file to import, which would be overwritten")
    assert [path.name for path in home.iterdir()] == ["people.csv"]


@pytest.mark.fault(
    "--checkpoint with a name whose journal is the file to import", "it is refused before anything is touched"
)
@pytest.mark.parametrize("ending", ["-journal", "-wal", "-shm"])
@pytest.mark.parametrize("name", ["ids", "link"])
def test_files_beside_a_checkpoint_are_not_read(ending: str, name: str, served: Sandbox, home: Path) -> None:
    (home / f"ids{ending}").write_text("a\nb\n", encoding="utf-8")
    (home / "other.txt").write_text("a\n", encoding="utf-8")
    (home / "link").symlink_to("ids")
    command = ["audiences", "sync", "vip", f"ids{ending}", "--format", "txt", "--checkpoint", name]
    assert_one_line(run(*command), 2, "is the file to import, which would be overwritten")
    command = ["--key-file", f"ids{ending}", "audiences", "sync", "vip", "other.txt", "--checkpoint", name]
    assert_one_line(run(*command), 2, "is the key file, which would be overwritten")
    assert served.requests == []
    assert (home / f"ids{ending}").read_text(encoding="utf-8") == "a\nb\n"
    assert not (home / "ids").exists()


def test_rejects_are_not_the_file_behind_standard_input(served: Sandbox, home: Path) -> None:
    (home / "people.csv").write_text(TEXT, encoding="utf-8")
    options = ["profiles", "import", "--format", "csv", "--rejects", "people.csv", "-"]
    result = execute(*options, redirect="< people.csv")
    assert_one_line(result, 2, "is the file to import, which would be overwritten")
    assert (home / "people.csv").read_text(encoding="utf-8") == TEXT


@pytest.mark.parametrize("content", [b"name,plan\n", b"outcome\n", b"\0"])
def test_rejects_replace_no_file_but_rejects(content: bytes, served: Sandbox, home: Path) -> None:
    (home / "people.csv").write_text(TEXT, encoding="utf-8")
    (home / "other.csv").write_bytes(content)
    command = ["profiles", "import", "people.csv", "--rejects"]
    assert_one_line(run(*command, "other.csv"), 2, "--rejects: other.csv holds something else than rejects")
    assert (served.requests, (home / "other.csv").read_bytes()) == ([], content)
    (home / "empty").touch(0o600)
    for _ in range(2):  # the second replaces that of the first
        assert run(*command, "empty").exit_code == 1
        assert list(rejects(home / "empty")) == [3]
    assert (home / "empty").stat().st_mode & 0o777 == 0o600
    (home / "people.csv").write_text("custom_id\nann\n", encoding="utf-8")
    assert run(*command, "empty").exit_code == 0
    assert rejects(home / "empty") == {}


def test_rejects_are_written_when_there_is_something_to_write(served: Sandbox, home: Path) -> None:
    (home / "people.csv").write_text("custom_id,custom_id\n", encoding="utf-8")
    assert run("profiles", "import", "people.csv", "--rejects", "rejects.csv").exit_code == 2
    assert not (home / "rejects.csv").exists()


@pytest.mark.fault(
    "a disk that is full when an import has ended",
    "the summary is shown, the checkpoint stays, and the "
    "same command writes the rejects without sending anything again",
)
def test_rejects_that_cannot_be_written_lose_nothing(
    served: Sandbox, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "people.csv").write_text(TEXT, encoding="utf-8")
    (home / "rejects.csv").write_text("outcome,line,id,field,reason\r\n", encoding="utf-8")

    def is_full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as full:
        full.setattr("batch_client.bulk.rejects.csv.writer", is_full)
        result = run("profiles", "import", "people.csv", "--rejects", "rejects.csv")
    assert result.exit_code == 3
    assert (
        "error: cannot write rejects.csv: No space left on device; to write it, sending nothing again: "
        in result.stderr
    )
    assert "1 accepted, 1 invalid" in result.stderr
    assert '"accepted": 1' in result.stdout
    assert {path.name for path in home.iterdir()} == {"people.csv", "rejects.csv", "people.csv.checkpoint"}
    assert rejects(home / "rejects.csv") == {}
    sent = len(served.requests)
    assert run("profiles", "import", "people.csv", "--rejects", "rejects.csv").exit_code == 1
    assert (len(served.requests), list(rejects(home / "rejects.csv"))) == (sent, [3])
    assert not (home / "people.csv.checkpoint").exists()


@pytest.mark.parametrize("count", [1, 30])
def test_rejects_on_a_full_device_are_shown_if_nothing_else_keeps_them(count: int, served: Sandbox, home: Path) -> None:
    rows = "".join(f",{number}\n" for number in range(count))
    options = ["profiles", "import", "--format", "csv", "--rejects", "/dev/full", "-"]
    result = execute(*options, input=f"custom_id,plan\nann,a\n{rows}")
    assert result.returncode == 3
    assert "error: cannot write /dev/full: No space left on device\n" in result.stderr
    assert result.stderr.count(": invalid: custom_id: is empty") == count
    assert f"1 accepted, {count} invalid" in result.stderr


@pytest.mark.fault(
    "a file of rejects in a folder that others may write to", "what they put there is neither followed nor overwritten"
)
def test_name_of_the_scratch_file_cannot_be_guessed(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (home / "other").write_text("kept", encoding="utf-8")
    (home / f".rejects.csv.{os.getpid()}").symlink_to("other")
    BulkReport().to_csv(home / "rejects.csv")
    assert (home / "other").read_text(encoding="utf-8") == "kept"
    assert rejects(home / "rejects.csv") == {}
    monkeypatch.setattr("batch_client.bulk.rejects.secrets.token_hex", lambda _: "guessed")
    (home / ".guessed.rejects").symlink_to("other")
    with pytest.raises(FileExistsError):
        BulkReport().to_csv(home / "rejects.csv")
    assert (home / "other").read_text(encoding="utf-8") == "kept"
    assert (home / ".guessed.rejects").is_symlink()


@pytest.mark.fault(
    "a file that turns out to be damaged after rows that are invalid", "these are reported, and written as rejects"
)
@pytest.mark.parametrize(
    ("name", "text", "place"),
    [
        ("damaged.json", '[{"custom_id":""},{"custom_id":"a"} oops', 1),
        ("damaged.csv", 'custom_id,a\n,1\nben,"x"y\n', 2),
    ],
)
@pytest.mark.parametrize("options", [[], ["--dry-run"]])
def test_rows_before_the_damage_are_reported(
    name: str, text: str, place: int, options: list[str], served: Sandbox, home: Path
) -> None:
    (home / name).write_text(text, encoding="utf-8")
    result = run("profiles", "import", name, "--rejects", "r.csv", *options)
    assert result.exit_code == 2
    assert f" {place}: invalid: custom_id: is empty\n" in result.stderr
    with (home / "r.csv").open(encoding="utf-8", newline="") as source:
        first = next(csv.DictReader(source))
    assert (first["outcome"], first.get("line") or first.get("row")) == ("invalid", str(place))


# Cells


FORMULAS = {
    text: f"'{text}" for text in ("=1+1", "+1", "-1", "@SUM(A1)", "\ta", "\ra", "\na", "'=1", "''-1", "\uff1d1")
}
FORMULAS |= {"\t=1": "'\t'=1", "\r=1": "'\r'=1", "\n=1": "'\n'=1", "=a;=b": "'=a;'=b", "=a;'=b": "'=a;''=b"}
FORMULAS |= {"x;=HYPERLINK(1)": "x;'=HYPERLINK(1)", "x|+1": "x|'+1", "x\t@a": "x\t'@a", 'x;"=1"': 'x;"\'=1"'}
FORMULAS |= {"x\r\n-1": "x\r\n'-1", "x;;\uff0b1": "x;;'\uff0b1"}
HARMLESS = ["ann", "'t Hooft", "''", "a=1", "", " =1", "a;b", "a, -1", "x\ny"]


@pytest.mark.fault(
    "a value that a spreadsheet runs as a formula", "it has an apostrophe in front in the file of rejects"
)
@pytest.mark.parametrize("value", [*FORMULAS, *HARMLESS], ids=ascii)
def test_formulas_in_rejects_are_inert(value: str, tmp_path: Path) -> None:
    problem = RecordProblem(0, value, value, value)
    BulkReport(invalid=Problems([problem])).to_csv(tmp_path / "rejects.csv")
    with (tmp_path / "rejects.csv").open(encoding="utf-8", newline="") as source:
        (row,) = csv.DictReader(source)
    for column in ("id", "field", "reason"):
        assert row[column] == (FORMULAS.get(value, value))
        assert row[column][:1] not in ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d")
    for separator in ";\t|":
        text = (tmp_path / "rejects.csv").read_text(encoding="utf-8")
        for line in text.splitlines():
            assert not any(cell.lstrip('"').startswith(("=", "+", "-", "@")) for cell in line.split(separator))


def test_formulas_of_a_file_are_inert(served: Sandbox, home: Path) -> None:
    (home / "people.csv").write_text('custom_id,"=cmd|x",age\n=2+5,1,x\n@b,2,y\n', encoding="utf-8")
    types = ["--type", "age=integer", "--type", "=cmd|x=integer"]
    assert run("profiles", "import", "people.csv", "--rejects", "rejects.csv", *types).exit_code == 1
    found = rejects(home / "rejects.csv")
    assert [row["id"] for row in found.values()] == ["'=2+5", "'@b"]


# Replacing an audience


@pytest.mark.fault(
    "audiences sync --replace with a file that has no ids",
    "the audience is empty, after a confirmation",
)
@pytest.mark.parametrize(
    ("name", "text"), [("ids.csv", "id\n"), ("ids.txt", "\n"), ("ids.json", "[]"), ("ids.ndjson", "")]
)
def test_replacing_by_nothing_empties_the_audience(name: str, text: str, served: Sandbox, home: Path) -> None:
    (home / "some.txt").write_text("ann\n", encoding="utf-8")
    assert run("audiences", "sync", "vip", "some.txt").exit_code == 0
    (home / name).write_text(text, encoding="utf-8")
    command = ["audiences", "sync", "vip", name, "--replace"]
    assert run(*command).exit_code == 2  # it asks first
    result = run(*command, "--yes")
    assert (result.exit_code, list(served.audiences["vip"].ids)) == (0, [])
    (home / name).write_text(
        {"ids.json": '[{"custom_id": "b"}]', "ids.ndjson": '{"custom_id": "b"}'}.get(name, "id\nb\n")
    )
    assert run(*command, "--yes").exit_code == 0
    assert "b" in served.audiences["vip"].ids


def test_replacing_by_rejected_rows_empties_nothing(served: Sandbox, home: Path) -> None:
    (home / "some.txt").write_text("ann\n", encoding="utf-8")
    assert run("audiences", "sync", "vip", "some.txt").exit_code == 0
    (home / "ids.csv").write_text("id,level\nx,y\n,1\n", encoding="utf-8")
    result = run("audiences", "sync", "vip", "ids.csv", "--replace", "--yes", "--type", "level=integer")
    assert (result.exit_code, list(served.audiences["vip"].ids)) == (1, ["ann"])
    assert "2 invalid" in result.stderr
