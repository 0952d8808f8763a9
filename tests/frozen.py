"""A frozen state of `openapi/`, for tests of the tooling: what they say must not change with the API's documents."""

from __future__ import annotations

import copy
import shutil
from functools import cache
from pathlib import Path
from typing import Any

from scripts.codegen.bundle import build_bundle

FROZEN = Path("tests/data/openapi")


@cache
def _bundle() -> dict[str, Any]:
    return build_bundle(FROZEN).document


def bundle() -> dict[str, Any]:
    """Return the bundle of the frozen documents, to change at will."""
    return copy.deepcopy(_bundle())


def copy_of(folder: Path) -> Path:
    """Copy the frozen documents to `openapi` in a folder; return that."""
    return Path(shutil.copytree(FROZEN, folder / "openapi"))


def tree(folder: Path) -> Path:
    """Lay out a folder like the repository, with the frozen documents and what they give; return it."""
    from scripts.codegen.build import install, make
    from scripts.tree import Tree

    root = folder / "tree"
    root.mkdir()
    Tree.copy(Path(), root)
    shutil.rmtree(root / "openapi")
    copy_of(root)
    made = folder / "made"
    make(root, made)
    install(made, root)
    return root
