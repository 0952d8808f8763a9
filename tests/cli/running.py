"""Runs commands: within the process of the tests, or in one of their own."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

from typer.testing import CliRunner, Result

from batch_client.cli._app import app


def run(*arguments: str, input: str | bytes | None = None) -> Result:
    """Run a command in this process."""
    return CliRunner().invoke(app, list(arguments), input=input)


def execute(*arguments: str, redirect: str = "", input: str | None = "") -> subprocess.CompletedProcess[str]:
    """Run a command in a process of its own, with what a shell makes of its streams."""
    # The shell passes the arguments on as they are.
    command = ["/bin/bash", "-c", f'exec "$0" -m batch_client.cli "$@" {redirect}', sys.executable, *arguments]
    return subprocess.run(command, input=input, capture_output=True, text=True, errors="surrogateescape", timeout=120)


def assert_one_line(result: subprocess.CompletedProcess[str] | Result, code: int, says: str) -> None:
    """Check that a command ended with a code and one line."""
    found = result.exit_code if isinstance(result, Result) else result.returncode
    assert (found, result.stderr.count("\n")) == (code, 1), result.stderr
    assert result.stderr.startswith("error: ")
    assert says in result.stderr


def rejects(path: Path) -> dict[int, dict[str, str]]:
    """Return the rows of a file of rejects by their lines."""
    with path.open(encoding="utf-8", newline="") as source:
        return {int(row.get("line") or row["row"]): row for row in csv.DictReader(source)}
