"""Commands that messages tell to run: each can be pasted into a shell as it is."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from batch_client.cli._shell import command_line, same_command
from batch_client.sandbox import Sandbox
from tests.cli.running import execute, run

pytestmark = pytest.mark.any_documents

ODD_NAMES = [
    "plain.csv",
    "two  spaces   here.csv",
    'it\'s "quoted".csv',
    "line\nbreak.csv",
    "tab\tand \x1b[2J.csv",
    "back\\slash $HOME `id` !x.csv",
    "right\u202eto left.csv",
    "not utf-8 \udcff\udc9b.csv",
    "'\n'.csv",
    "-dash.csv",
    "* ?.csv",
    "é 東京.csv",
    "",
]


def pasted(command: str) -> list[str]:
    """Return the arguments that bash makes of a command."""
    shell = 'batch-client() { for argument in "$@"; do printf "%s\\0" "$argument"; done; }\n'
    result = subprocess.run(["/bin/bash"], input=(shell + command).encode(), capture_output=True, check=True)
    return [part.decode("utf-8", "surrogateescape") for part in result.stdout.split(b"\0")[:-1]]


@pytest.mark.parametrize("name", ODD_NAMES, ids=ascii)
def test_command_can_be_pasted(name: str) -> None:
    command = command_line(["profiles", "import", name])
    assert command.isprintable()
    assert pasted(command) == ["profiles", "import", name]


@pytest.mark.fault("a failed import of a file with an odd name", "the command that resumes it can be pasted as it is")
@pytest.mark.parametrize(
    "name", [name for name in ODD_NAMES if not name.startswith(("-", "not utf-8")) and name], ids=ascii
)
def test_command_that_resumes_an_import_can_be_pasted(
    name: str, served: Sandbox, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / name).write_text("custom_id\nann\n", encoding="utf-8")
    served.fail_next("profile_mass_update", 401)
    arguments = ["profiles", "import", name, "--map", "custom_id=a  b"]
    monkeypatch.setattr(sys, "argv", ["/usr/bin/batch-client", *arguments])
    result = run(*arguments)
    assert (result.exit_code, result.stderr.count("\n")) == (3, 2), result.stderr
    command = re.search("; to go on: (batch-client .*)$", result.stderr, re.MULTILINE)
    assert command is not None
    assert pasted(command[1]) == arguments


def test_file_whose_name_is_not_utf_8_is_imported(served: Sandbox, home: Path) -> None:
    (home / "f\udcff.csv").write_text("custom_id\nann\n", encoding="utf-8")
    served.fail_next("profile_mass_update", 401)
    result = execute("profiles", "import", "f\udcff.csv")
    assert result.stderr.endswith("; to go on: batch-client profiles import $'f\\xff.csv'\n")
    assert execute("profiles", "import", "f\udcff.csv").returncode == 0


@pytest.mark.fault(
    "a failed import where the encoding of messages has no form for the file's name", "the command can be pasted too"
)
@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_command_can_be_pasted_from_a_terminal_of_any_encoding(
    encoding: str, served: Sandbox, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONIOENCODING", encoding)
    name = "möhre  東京'.csv"
    (home / name).write_text("custom_id\nann\n", encoding="utf-8")
    served.fail_next("profile_mass_update", 401)
    command = [sys.executable, "-m", "batch_client.cli", "profiles", "import", name]
    shown = subprocess.run(command, capture_output=True, check=False).stderr.decode(encoding)
    found = re.search("; to go on: (batch-client .*)$", shown, re.MULTILINE)
    assert found is not None
    assert pasted(found[1]) == ["profiles", "import", name]


def test_command_that_resumes_an_export_can_be_pasted(served: Sandbox, home: Path) -> None:
    served.seed(profiles=1)
    body = json.dumps({"export_type": "ATTRIBUTES", "attributes": ["plan"]})
    (home / "my  key").write_text("0", encoding="utf-8")
    result = run("--api-version", "2.11", "profiles", "export", "--body", body, "--to", "out  dir")
    command = re.search("; to resume: (batch-client .*)$", result.stderr, re.MULTILINE)
    assert command is not None
    (id_,) = served.exports
    assert pasted(command[1]) == ["--api-version", "2.11", "exports", "fetch", id_, "--to", "out  dir"]


@pytest.mark.parametrize(
    ("argument", "expected"),
    [
        ("plain.csv", "plain.csv"),
        (r"C:\data\people.csv", r"C:\data\people.csv"),
        ("two  spaces.csv", '"two  spaces.csv"'),
        ('a "b"', r'"a \"b\""'),
        ("it's", '"it\'s"'),
        ("a&b|c", '"a&b|c"'),
        ("email=$email_address", '"email=$email_address"'),
        ("", '""'),
    ],
)
def test_windows_has_its_own_quotes(argument: str, expected: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(sys, "argv", ["batch-client", "profiles", "import", argument])
    assert same_command() == f"batch-client profiles import {expected}"
