"""The pytest plugin, used by a project that knows nothing else of this repository."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.operations import needs

SAMPLE = Path(__file__).parent / "sample_project"


MISSING = [id_ for file in SAMPLE.glob("*.py") for id_ in needs(file.read_text(encoding="utf-8"))]


# The project stands for a user's: it calls operations by name, so it needs them all.
@pytest.mark.skipif(bool(MISSING), reason="the documents no longer have what the sample project uses")
@pytest.mark.parametrize("options", [[], ["-n", "2"]], ids=["alone", "with xdist"])
def test_sample_project_passes(options: list[str], tmp_path: Path) -> None:
    project = shutil.copytree(SAMPLE, tmp_path / "project", ignore=shutil.ignore_patterns("__pycache__"))
    (project / "pytest.ini").write_text("[pytest]\naddopts = --strict-markers\n", encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-W", "error", "-p", "no:asyncio", *options]
    run = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    assert "5 passed" in run.stdout


def test_plugin_is_told_in_the_help(tmp_path: Path) -> None:
    for option, told in (("--markers", "batch_sandbox(**options)"), ("--fixtures", "async_batch_client")):
        command = [sys.executable, "-m", "pytest", option]
        run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert told in run.stdout


def test_plugin_costs_others_nothing() -> None:
    code = (
        "import sys, batch_client.pytest_plugin as plugin; "
        "assert 'jsonschema' not in sys.modules and 'uvicorn' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
