"""Runs what measuring needs and what must not be installed beside the clients that are measured.

httpx imports click, pygments and rich where they are installed, which would hide what the clients import. So the
generators and the sandbox, which bring them, are in another environment: that of the variable BENCHMARK_TOOLS.
"""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

BUNDLE = Path(__file__).parents[1] / "openapi" / "batch.json"


class GenerationFailedError(Exception):
    """A client could not be generated; the message says why in one line."""


def tool(program: str) -> str:
    """Return the path of a program in the environment of the tools, by default the one that runs this."""
    return str(Path(os.environ.get("BENCHMARK_TOOLS", Path(sys.executable).parent)).absolute() / program)


def run_tool(program: str, *arguments: str | Path) -> None:
    """Run a generator.

    Raises:
        GenerationFailedError: it is not installed or fails.
    """
    try:
        run = subprocess.run([tool(program), *arguments], capture_output=True, text=True)
    except OSError as error:
        raise GenerationFailedError(f"cannot run {program}: {error.strerror}") from None
    if run.returncode != 0:
        lines = (run.stderr or run.stdout).strip().splitlines() or [f"exit code {run.returncode}"]
        raise GenerationFailedError(f"{program} failed: {lines[-1]}")


def version_of(package: str) -> str:
    """Return the name and the version of a package of this environment or of the tools; "" if neither has it."""
    program = f"from importlib.metadata import version; print(version({package!r}))"
    for python in (sys.executable, tool("python")):
        run = subprocess.run([python, "-c", program], capture_output=True, text=True)
        if run.returncode == 0:
            return f"{package} {run.stdout.strip()}"
    return ""


def check_environment() -> None:
    """Raise RuntimeError if something is installed that makes httpx import more than it needs."""
    if found := [name for name in ("click", "pygments", "rich") if find_spec(name) is not None]:
        raise RuntimeError(f"httpx also imports {' and '.join(found)} where installed; measure by `make bench`")
