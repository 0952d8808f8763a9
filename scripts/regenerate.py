"""Regenerates the bundle and the generated client from the sources, or checks that they are what the sources give."""

from __future__ import annotations

import argparse
import filecmp
import shutil
import sys
import tempfile
from pathlib import Path

from scripts.bundle import build_bundle, render_bundle
from scripts.errors import WorkshopError
from scripts.generator import generate_client

ROOT = Path(__file__).resolve().parent.parent
BUNDLE = Path("openapi/batch.json")
CLIENT = Path("generated/batch_generated")


def main() -> int:
    """Run the command line; return its exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail if a file is stale")
    arguments = parser.parse_args()
    try:
        with tempfile.TemporaryDirectory() as scratch:
            made = Path(scratch)
            make(ROOT / "openapi", made)
            return check(made) if arguments.check else install(made)
    except WorkshopError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1


def make(openapi: Path, target: Path) -> None:
    """Write the bundle and the client that a folder laid out as `openapi/` gives into a target laid out as the root."""
    bundle = build_bundle(openapi)
    (target / BUNDLE).parent.mkdir(parents=True)
    (target / BUNDLE).write_text(render_bundle(bundle), encoding="utf-8")
    (target / CLIENT).parent.mkdir(parents=True)
    generate_client(bundle, target / CLIENT)


def install(made: Path) -> int:
    """Put what was made in its place; the old client goes only once the new one lies beside it."""
    beside = (ROOT / CLIENT).with_suffix(".new")
    shutil.rmtree(beside, ignore_errors=True)
    shutil.copytree(made / CLIENT, beside)
    shutil.rmtree(ROOT / CLIENT, ignore_errors=True)
    beside.rename(ROOT / CLIENT)
    shutil.copyfile(made / BUNDLE, ROOT / BUNDLE)
    count = sum(1 for path in (ROOT / CLIENT).rglob("*.py"))
    print(f"wrote {BUNDLE} and {CLIENT} ({count} files)")
    return 0


def check(made: Path) -> int:
    """Report the files that are not what the sources give."""
    stale = sorted(str(path) for path in _differing(made, ROOT))
    if stale:
        print("not what the sources give; run `make regenerate` and commit the result:", file=sys.stderr)
        print("\n".join(f"  {path}" for path in stale), file=sys.stderr)
        return 1
    print(f"{BUNDLE} and {CLIENT} are what the sources give")
    return 0


def _differing(made: Path, root: Path) -> set[Path]:
    files = {BUNDLE}
    for folder in (made, root):
        files |= {path.relative_to(folder) for path in (folder / CLIENT).rglob("*") if path.is_file()}
    files = {path for path in files if "__pycache__" not in path.parts}
    return {
        path
        for path in files
        if not (made / path).is_file()
        or not (root / path).is_file()
        or not filecmp.cmp(made / path, root / path, shallow=False)
    }


if __name__ == "__main__":
    sys.exit(main())
