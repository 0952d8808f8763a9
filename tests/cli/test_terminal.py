"""The command line in a pseudo-terminal: what people see, are asked, and interrupt."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pexpect
import pytest

from batch_client.sandbox import Sandbox
from batch_client.sandbox._sandbox import PROJECT_KEY, REST_API_KEY

pytestmark = pytest.mark.any_documents


@pytest.fixture
def served() -> Iterator[tuple[Sandbox, dict[str, str]]]:
    sandbox = Sandbox(indexing=0.0, latency=0.2)
    with sandbox.serve() as url:
        yield sandbox, {"BATCH_BASE_URL": url, "BATCH_REST_API_KEY": REST_API_KEY, "BATCH_PROJECT_KEY": PROJECT_KEY}


def spawn(folder: Path, environment: dict[str, str], *arguments: str) -> Any:
    return pexpect.spawn(
        sys.executable,
        ["-m", "batch_client.cli", *arguments],
        cwd=str(folder),
        env=os.environ | {"TERM": "xterm", "COLUMNS": "120", "XDG_CONFIG_HOME": str(folder)} | environment,
        encoding="utf-8",
        timeout=60,
        dimensions=(40, 120),
    )


def end(process: Any) -> int:
    process.expect(pexpect.EOF)
    process.close()
    return int(process.exitstatus)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_import_shows_a_bar_and_interruption_tells_how_to_go_on(
    number: signal.Signals, served: tuple[Sandbox, dict[str, str]], tmp_path: Path
) -> None:
    sandbox, environment = served
    rows = "".join(f"u{number},gold\n" for number in range(60_000))
    (tmp_path / "people.csv").write_text(f"custom_id,plan\n{rows}", encoding="utf-8")
    process = spawn(tmp_path, environment, "profiles", "import", "people.csv")
    process.expect(r"━")
    process.expect(r"[1-5]\d?,000 of 60,000 · [\d,]+/s · \d+ s left")
    process.sendintr() if number == signal.SIGINT else process.kill(number)
    process.expect("finishing the calls under way; Ctrl-C again leaves at once")
    process.expect(r"error: interrupted: [\d,]+ rows in \d+ s: [1-5]?\d,000 accepted, [\d,]+ not settled; to go on: ")
    assert end(process) == 130
    before = len(sandbox.profiles)
    assert 0 < before < 60_000
    process = spawn(tmp_path, environment, "profiles", "import", "people.csv")
    process.expect(r"goes on from people\.csv\.checkpoint")
    process.expect(r"60,000 rows in \d+ s: 60,000 accepted")
    assert end(process) == 0
    assert len(sandbox.profiles) == 60_000
    sent = [len(request.body) for request in sandbox.requests if request.operation == "profile_mass_update"]
    assert 60_000 <= sum(sent) <= 80_000  # only what was under way may go twice, which changes nothing


def test_second_ctrl_c_leaves_at_once(tmp_path: Path) -> None:
    sandbox = Sandbox(latency=12.0)
    with sandbox.serve() as url:
        environment = {"BATCH_BASE_URL": url, "BATCH_REST_API_KEY": REST_API_KEY, "BATCH_PROJECT_KEY": PROJECT_KEY}
        (tmp_path / "ids.txt").write_text("ann\n", encoding="utf-8")
        process = spawn(tmp_path, environment, "profiles", "import", "ids.txt")
        while not sandbox.requests:
            process.expect([r".", pexpect.TIMEOUT], timeout=0.05)
        process.sendintr()
        process.expect("finishing the calls under way")
        process.sendintr()
        process.expect(pexpect.EOF, timeout=9)  # less than the response takes
        assert end(process) == 130


def test_what_cannot_be_taken_back_is_asked(served: tuple[Sandbox, dict[str, str]], tmp_path: Path) -> None:
    sandbox, environment = served
    for answer, code, calls in (("n", 2, 0), ("", 2, 0), ("\x03", 130, 0), ("y", 3, 1)):
        process = spawn(tmp_path, environment, "catalogs", "remove", "--name", "shoes")
        process.expect(r"Deletes the catalog with all its items\.")
        process.expect(r"Go on\? \[y/N\]")
        process.sendline(answer)
        assert end(process) == code
        assert len(sandbox.requests) == calls


def test_keys_are_asked_and_not_shown(served: tuple[Sandbox, dict[str, str]], tmp_path: Path) -> None:
    _, environment = served
    process = spawn(tmp_path, {"BATCH_BASE_URL": environment["BATCH_BASE_URL"]}, "audiences", "list")
    for question, key in (("REST API key: ", REST_API_KEY), ("Project key: ", PROJECT_KEY)):
        process.expect_exact(question)
        process.sendline(key)
    assert REST_API_KEY not in process.before
    process.expect(pexpect.EOF)
    assert REST_API_KEY not in process.before
    assert PROJECT_KEY not in process.before
    process.close()
    assert process.exitstatus == 0


def test_lists_are_tables_and_waiting_is_shown(served: tuple[Sandbox, dict[str, str]], tmp_path: Path) -> None:
    _, environment = served
    process = spawn(tmp_path, environment, "audiences", "create", "--name", "vip", "--type", "custom_ids", "--wait")
    process.expect(r"name +vip")
    assert end(process) == 0
    process = spawn(tmp_path, environment, "audiences", "list")
    process.expect_exact("nb_ids")
    process.expect(r"vip +CUSTOM_ID +0")
    assert end(process) == 0
