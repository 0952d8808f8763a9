"""A short soak; `make soak` is the long one."""

from __future__ import annotations

import subprocess
import sys

import pytest

pytestmark = pytest.mark.any_documents


def test_nothing_is_lost_or_doubled_when_a_fifth_of_all_calls_fails() -> None:
    command = [sys.executable, "-m", "tests.soak", "--calls", "4000"]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    assert "nothing lost, nothing doubled" in run.stdout
    assert run.stderr == ""
