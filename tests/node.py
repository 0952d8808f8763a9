"""Installs the tools of npm that tests use, once, whoever needs them first."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from filelock import FileLock

IN_CI = os.environ.get("CI") == "true"

needs_npm = pytest.mark.skipif(shutil.which("npm") is None and not IN_CI, reason="npm is not installed")
"""Skips on a developer's machine without npm; in CI the tests must run."""


def install(folder: Path, program: str) -> str:
    """Install what a folder's lock file names, if it is not there yet, and return the path of one of its programs."""
    path = folder.resolve() / "node_modules" / ".bin" / program
    with FileLock(folder / "node_modules.lock"):
        if not path.exists():
            npm = shutil.which("npm")
            assert npm is not None, "npm is not installed"
            subprocess.run([npm, "ci", "--no-audit", "--no-fund"], cwd=folder, check=True, capture_output=True)
    return str(path)
