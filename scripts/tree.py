"""A scratch copy of the repository, in which a change is tried before anything is written."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from attrs import frozen

from scripts.codegen.build import OPENAPI, install, make, replace_folder
from scripts.codegen.bundle import Bundle
from scripts.errors import ToolError

_NEEDED = ("openapi", "generated", "overrides", "README.md", "pyproject.toml")
_CHECKED = ("generated", "overrides")


@frozen
class Tree:
    """A copy of what the client is made of."""

    root: Path

    @classmethod
    def copy(cls, root: Path, scratch: Path) -> Tree:
        """Copy a tree into an empty folder."""
        for name in _NEEDED:
            source, target = root / name, scratch / name
            target.parent.mkdir(parents=True, exist_ok=True)
            if source.is_dir():
                shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
            elif source.is_file():
                shutil.copyfile(source, target)
        return cls(scratch)

    def regenerate(self) -> Bundle:
        """Make what the sources give, in place."""
        made = self.root / "made"
        bundle = make(self.root, made)
        install(made, self.root)
        shutil.rmtree(made)
        return bundle

    def type_check(self) -> None:
        """Check the types of the client and of the code that uses it; raise ToolError with what is wrong."""
        mypy = str(Path(sys.executable).parent / "mypy")
        command = [mypy, "--no-error-summary", "--no-pretty", *_CHECKED]
        run = subprocess.run(command, cwd=self.root, capture_output=True, text=True, check=False)
        if run.returncode != 0:
            lines = [line for line in run.stdout.splitlines() if ": error:" in line] or [run.stderr.strip()[:300]]
            raise ToolError(*(f"the client does not pass mypy: {line}" for line in lines[:10]))

    def run(self, module: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a module of the tooling with this tree's client."""
        paths = [str(self.root / folder) for folder in ("generated", "overrides")]
        environment = os.environ | {"PYTHONPATH": os.pathsep.join(paths)}
        here = Path(__file__).resolve().parent.parent
        command = [sys.executable, "-m", module, *arguments]
        return subprocess.run(command, cwd=here, env=environment, capture_output=True, text=True, check=False)

    def copy_sources(self, root: Path) -> None:
        """Put this tree's pages and register in the place of another tree's."""
        replace_folder(self.root / OPENAPI / "pages", root / OPENAPI / "pages")
        shutil.copyfile(self.root / OPENAPI / "sources.toml", root / OPENAPI / "sources.toml")

    def copy_all(self, root: Path) -> None:
        """Put all that is made from sources, and these, in the place of another tree's."""
        self.copy_sources(root)
        install(self.root, root)
