"""What commands show: nothing from the API, a file or an argument controls the terminal or deceives its reader."""

from __future__ import annotations

import json
import os
import re
import sys
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pexpect
import pytest
from rich.status import Status
from rich.text import Text

from batch_client import BatchClient
from batch_client.cli._session import Session
from batch_client.cli._terminal import printable, printable_json
from batch_client.sandbox import Sandbox
from tests.calls import AUDIENCE, CALLS, Call, call_of, partly_saved
from tests.cli.running import execute, run
from tests.cli.test_cli import answering, as_options, command_of
from tests.conftest import KEYS, FakeClock

pytestmark = pytest.mark.any_documents

HOSTILE = (
    "\x1b]0;owned\x07\x1b[2J\x9b31m\x85\u202e\u2066\u200e\u200f\u061c\u200b\u2028\u3164\ufeff\U000e0041\x7f\x00"
    "\r\n\tforged: [red]red[/red] :heart: é\ud800"
)
FAULT = pytest.mark.fault(
    "escape sequences, direction marks or markup in what the API or a file says",
    "they are shown as escapes; JSON output stands for the same values",
)


def assert_safe(text: str) -> None:
    """Check that a text has no character that a terminal or a reader takes for something else."""
    unsafe = {sign for sign in text if unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")} - {"\n"}
    assert unsafe == set()
    assert "❤" not in text
    assert "\nforged" not in text


def poisoned(value: Any) -> Any:
    """Return JSON with hostile text in each string that need not be a time or an address, and under a new name."""
    match value:
        case dict():
            return {name: poisoned(member) for name, member in value.items()} | {HOSTILE: HOSTILE}
        case list():
            return [poisoned(member) for member in value]
        case str() if re.match(r"\d{4}-|https?:", value) is None:
            return value + HOSTILE
    return value


def respond_with(body: Any, status: int = 200) -> httpx.Response:
    # Lone surrogates can come as escapes only.
    return httpx.Response(status, content=json.dumps(body).encode(), headers={"content-type": "application/json"})


@contextmanager
def client_of(monkeypatch: pytest.MonkeyPatch, *responses: httpx.Response) -> Iterator[None]:
    """Let commands get these responses, the last one again and again."""
    left = list(responses)

    @contextmanager
    def client(_: Session) -> Iterator[BatchClient]:
        transport = httpx.MockTransport(lambda _: left.pop(0) if len(left) > 1 else left[0])
        with BatchClient(**KEYS, transport=transport, rate_limits=None, max_retries=0) as batch:
            yield batch

    monkeypatch.setattr(Session, "client", client)
    yield


@FAULT
@pytest.mark.parametrize("output", ["json", "table"])
@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.operation)
def test_responses_are_shown_as_escapes(call: Call, output: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with answering(monkeypatch, call) as requests:
        command = [*command_of(call.operation), *as_options(requests[0], call.operation)]
    yes = ["--yes"] if "--yes" in run(*command_of(call.operation), "--help").output else []
    right = call.respond()
    body = poisoned(json.loads(right.content)) if right.content else {}
    with client_of(monkeypatch, respond_with(body, right.status_code)):
        result = run("--output", output, *command, *yes)
    assert result.exit_code in (0, 3), result.output
    assert_safe(result.stdout)
    assert_safe(result.stderr)
    if output == "json" and result.exit_code == 0 and result.stdout:
        json.loads(result.stdout)
    with client_of(monkeypatch, respond_with({"error_code": HOSTILE, "error_message": HOSTILE}, 400)):
        result = run("--output", output, *command, *yes)
    assert result.exit_code == 3
    assert_safe(result.stdout)
    assert_safe(result.stderr)
    assert result.stderr.count("\n") == 1 + result.stderr.startswith("export ")


def test_json_stands_for_the_same_values(monkeypatch: pytest.MonkeyPatch) -> None:
    body = AUDIENCE | {"display_name": HOSTILE, "\x9b": {HOSTILE: [HOSTILE]}}
    with client_of(monkeypatch, respond_with(body)):
        result = run("audiences", "view", "--name", "vip")
    shown = json.loads(result.stdout)
    assert (shown["display_name"], shown["\x9b"]) == (HOSTILE, {HOSTILE: [HOSTILE]})
    assert "\\u009b31m" in result.stdout
    assert "é" in result.stdout


def test_states_of_waiting_are_shown_as_escapes(clock: FakeClock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")  # a terminal, as far as messages go
    token = call_of("audience_create").respond()
    polls = [respond_with(AUDIENCE | {"indexing_state": state}) for state in (HOSTILE[:-2], "APPLIED")]
    shown: list[Any] = []
    monkeypatch.setattr(Status, "update", lambda _, status: shown.append(status))
    with client_of(monkeypatch, token, *polls):
        result = run("audiences", "create", "--name", "vip", "--type", "custom_ids", "--wait")
    assert result.exit_code == 0
    assert [type(status) for status in shown] == [Text, Text]  # which rich takes as it is
    assert "forged: [red]red[/red] :heart:" in shown[0].plain
    assert_safe(shown[0].plain)


@FAULT
def test_files_are_shown_as_escapes(served: Sandbox, home: Path) -> None:
    cell = HOSTILE.replace("\0", "").replace("\ud800", "")
    rows = [
        json.dumps({"custom_id": HOSTILE, "age": 1}),
        json.dumps({HOSTILE: 1}),
        json.dumps({"custom_id": 1, cell: []}),
    ]
    (home / "p.ndjson").write_text("\n".join(rows), encoding="utf-8")
    (home / "p.csv").write_text(f'"{cell}",custom_id,age\na,"{cell}",x\n', encoding="utf-8")
    commands = [
        ["profiles", "import", "p.ndjson"],
        ["profiles", "import", "p.csv", "--type", "age=integer"],
        ["profiles", "import", "p.csv", "--id-column", cell],
        ["profiles", "import", "p.csv", "--map", f"{HOSTILE}=x"],
        ["profiles", "import", HOSTILE.replace("\0", "")],
        ["profiles", "import", "p.csv", "--format", HOSTILE],
        ["profiles", "import", "p.csv", "--mode", HOSTILE],
        ["profiles", "import", "p.csv", "--rejects", f"none/{cell}"],
        ["profiles", "import", "p.csv", "--checkpoint", f"none/{cell}"],
        ["audiences", "create", "--body", cell],
        ["audiences", "create", "--body", json.dumps({HOSTILE: 1})],
        ["audiences", "create", "--body", f"@{cell}"],
        ["audiences", "view", "--name", cell],
        ["audiences", "view", f"--{cell}", "x"],
        ["audiences", "list", "--limit", cell],
        ["audiences", cell],
        [cell],
        ["--config", cell, "audiences", "list"],
        ["--profile", cell, "audiences", "list"],
        ["--base-url", cell, "audiences", "list"],
        ["--api-version", cell, "doctor"],
        ["--output", cell, "doctor"],
    ]
    for command in commands:
        result = run(*command)
        assert result.exit_code in (0, 1, 2, 3), command
        assert_safe(result.stdout)
        assert_safe(result.stderr)


def test_what_the_api_rejects_is_shown_as_escapes(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (home / "p.csv").write_text("custom_id,plan\nann,gold\nben,odd\n", encoding="utf-8")
    errors = [{"category": "attribute", "bulk_index": 1, "reason": HOSTILE[:-1], "attribute": HOSTILE[:-1]}]
    assert call_of("profile_mass_update")
    with client_of(monkeypatch, respond_with(partly_saved(errors), 202)):
        result = run("profiles", "import", "p.csv")
    assert result.exit_code == 1, result.stderr
    assert "line 3 (ben): rejected: " in result.stderr
    assert_safe(result.stderr)


def test_names_of_configuration_are_shown_as_escapes(home: Path) -> None:
    name = '"' + "".join(f"\\U{ord(sign):08x}" for sign in HOSTILE if sign != "\ud800") + '"'
    for text in (f"[profiles.{name}]", f"[profiles.default]\n{name} = 1", f"default_profile = {name}"):
        (home / "config.toml").write_text(text, encoding="utf-8")
        for command in (["audiences", "list"], ["doctor"]):
            result = run("--config", "config.toml", "--profile", "none", *command)
            assert result.exit_code == 2
            assert_safe(result.stderr)


@FAULT
def test_terminal_gets_no_escape_sequence_of_others(served: Sandbox, home: Path) -> None:
    cell = HOSTILE.replace("\0", "").replace("\ud800", "")
    with served.client() as batch:
        batch.audiences.create(name="vip", type="custom_ids", display_name=cell)
    process = pexpect.spawn(
        sys.executable,
        ["-m", "batch_client.cli", "audiences", "list"],
        env=os.environ | {"TERM": "xterm", "COLUMNS": "400"},
        encoding="utf-8",
        timeout=60,
        dimensions=(40, 400),
    )
    process.expect(pexpect.EOF)
    process.close()
    assert process.exitstatus == 0
    assert r"\x1b]0;owned\x07\x1b[2J\x9b31m\x85\u202e" in process.before
    assert "\x1b]0" not in process.before
    assert_safe(re.sub(r"\x1b\[[0-9;]*m", "", process.before).replace("\r", ""))


def test_printable_keeps_what_people_write() -> None:
    text = "Ægir Łukasz 東京 عربي हिन्दी 👍 a b\u00a0c “quoted” \\n"
    assert printable(text) == text
    assert printable("a\nb\tc") == r"a\nb\tc"
    assert json.loads(printable_json(json.dumps([HOSTILE, "\U000f0000"], ensure_ascii=False, indent=2))) == [
        HOSTILE,
        "\U000f0000",
    ]


@pytest.mark.fault("an old terminal, whose encoding has no form for a text", "an escape is shown")
def test_text_that_the_encoding_lacks_is_escaped(served: Sandbox, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with served.client() as batch:
        batch.audiences.create(name="vip", type="custom_ids", display_name="é东\u009b")
    for name, value in (
        ("PYTHONIOENCODING", "ascii"),
        ("LC_ALL", "C"),
        ("PYTHONUTF8", "0"),
        ("PYTHONCOERCECLOCALE", "0"),
    ):
        monkeypatch.setenv(name, value)
    result = execute("audiences", "view", "--name", "vip")
    assert (result.returncode, json.loads(result.stdout)["display_name"]) == (0, "é东\u009b"), result.stderr
    result = execute("--output", "table", "audiences", "view", "--name", "vip")
    assert (result.returncode, r"\xe9\u4e1c\x9b" in result.stdout) == (0, True)
    (home / "é.csv").write_text("custom_id\né\n", encoding="utf-8")
    result = execute("profiles", "import", "é.csv", "--dry-run")
    assert result.returncode == 0, result.stderr
    assert execute("--help").returncode == 0
