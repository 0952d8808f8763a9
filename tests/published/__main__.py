"""Adopts the published set in a copy of the repository, version by version, and tests what becomes of the client.

The client's tests must not know today's documents: what they call, send and expect, they read from the bundle.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.published import VERSIONS, write_set

_OWN_DOCUMENTS = re.compile(r"tests\.(frozen|published|site)\b|tests import .*\b(frozen|published|site)\b")
"""What is imported where the tooling is tested, with documents that no version of the API changes."""


def main(arguments: list[str] | None = None) -> int:
    """Adopt the versions asked for, check after each, and lint and test after the last; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.published", description=__doc__)
    parser.add_argument("versions", nargs="*", default=VERSIONS, metavar="version", help="default: all, in order")
    versions = parser.parse_args(arguments).versions
    with tempfile.TemporaryDirectory(prefix="batch-published-") as scratch:
        root = _copy(Path(), Path(scratch) / "root")
        for version in versions:
            print(f"== {version}", flush=True)
            pages = write_set(Path(scratch) / version, version)
            _run(root, "make", "adopt", f"FROM={pages}")
            _run(root, "make", "check-generated")
        _run(root, "make", "lint")
        _run(root, sys.executable, "-m", "pytest", "-n", "auto", "-m", "not any_documents", *_client_tests(root))
    return 0


def _copy(root: Path, copy: Path) -> Path:
    """Copy all that belongs to the repository, and refer to what was installed for it."""
    files = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],  # noqa: S607 - git of the machine
        cwd=root,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in filter(None, files.stdout.split("\0")):
        if (root / name).exists():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(root / name, copy / name)
    for name in (".git", ".venv", *(str(path.relative_to(root)) for path in root.glob("tests/*/node_modules"))):
        (copy / name).symlink_to((root / name).resolve())
    return copy


def _client_tests(root: Path) -> list[str]:
    tests = [path for path in sorted(root.glob("tests/**/test_*.py")) if "node_modules" not in path.parts]
    return [str(path.relative_to(root)) for path in tests if not _OWN_DOCUMENTS.search(path.read_text("utf-8"))]


def _run(root: Path, *command: str) -> None:
    paths = [str(root / folder) for folder in ("generated", "overrides")]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(paths)}
    if subprocess.run(command, cwd=root, env=environment, check=False).returncode != 0:
        sys.exit(f"failed: {' '.join(command)}")


if __name__ == "__main__":
    sys.exit(main())
