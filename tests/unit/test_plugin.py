"""The pytest plugin, used by a project that knows nothing else of this repository."""

from __future__ import annotations

import shutil
import subprocess
import sys
import textwrap
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from tests.operations import needs

pytestmark = pytest.mark.any_documents

SAMPLE = Path(__file__).parent.parent / "sample_project"


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


def run_pytest(project: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-q", "-W", "error", "-p", "no:asyncio", "-p", "no:xdist", *options]
    return subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)


@pytest.mark.fault(
    "pytest run of a project that does not use the plugin", "nothing but the plugin's own module is imported"
)
def test_plugin_imports_nothing_into_a_run_that_does_not_use_it(tmp_path: Path) -> None:
    test = """
        import sys

        def test_what_is_imported():
            assert "pytest_batch_client" in sys.modules
            assert not {"attrs", "batch_client", "batch_generated", "httpx", "uvicorn"} & sys.modules.keys()
    """
    (tmp_path / "test_it.py").write_text(textwrap.dedent(test), encoding="utf-8")
    # Plugins of other packages in this environment may import them.
    others = [option for name in OTHER_PLUGINS for option in ("-p", f"no:{name}")]
    run = run_pytest(tmp_path, *others)
    assert run.returncode == 0, run.stdout + run.stderr


OTHER_PLUGINS = sorted({point.name for point in entry_points(group="pytest11")} - {"batch_sandbox"})


@pytest.mark.fault(
    "project with a batch_client.py of its own", "pytest runs; the fixture says in a line what hides the package"
)
@pytest.mark.parametrize("hiding", ["batch_client.py", "batch_client/__init__.py"])
def test_project_can_have_a_module_called_batch_client(hiding: str, tmp_path: Path) -> None:
    (tmp_path / hiding).parent.mkdir(exist_ok=True)
    (tmp_path / hiding).write_text("ours = True\n", encoding="utf-8")
    test = """
        import batch_client

        def test_own_module():
            assert batch_client.ours

        def test_fixture(batch_client):
            pass
    """
    (tmp_path / "test_it.py").write_text(textwrap.dedent(test), encoding="utf-8")
    assert run_pytest(tmp_path, "-k", "own_module").returncode == 0
    run = run_pytest(tmp_path)
    line = f"the fixture batch_sandbox is not available: {tmp_path / hiding} hides the installed package batch_client"
    assert f"{line}; rename it" in run.stdout.splitlines()
    assert "1 passed, 1 error" in run.stdout
    assert "Traceback" not in run.stdout
