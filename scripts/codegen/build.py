"""Makes all that the sources give: the bundle, the names in use, the client, and the README's table of documents."""

from __future__ import annotations

import filecmp
import shutil
import sys
from pathlib import Path

from scripts.codegen.bundle import RECORD, Bundle, build_bundle, render_bundle
from scripts.codegen.generator import generate_client
from scripts.codegen.readme import with_table
from scripts.codegen.records import compare_records, render_record
from scripts.errors import NOTE

ROOT = Path(__file__).resolve().parent.parent.parent
OPENAPI = Path("openapi")
BUNDLE = OPENAPI / "batch.json"
RECORD_FILE = OPENAPI / RECORD
CLIENT = Path("generated/batch_generated")
README = Path("README.md")
FILES = (BUNDLE, RECORD_FILE, README)


def make(root: Path, target: Path) -> Bundle:
    """Write what the sources of a tree give into a folder laid out like it."""
    bundle = build_bundle(root / OPENAPI)
    (target / OPENAPI).mkdir(parents=True, exist_ok=True)
    (target / BUNDLE).write_text(render_bundle(bundle.document), encoding="utf-8")
    (target / RECORD_FILE).write_text(render_record(bundle.record), encoding="utf-8")
    readme = (root / README).read_text(encoding="utf-8")
    (target / README).write_text(with_table(readme, bundle.sources), encoding="utf-8")
    (target / CLIENT).parent.mkdir(parents=True, exist_ok=True)
    generate_client(bundle.document, target / CLIENT, bundle.facts)
    return bundle


def summary(bundle: Bundle) -> list[str]:
    """Return what somebody should know of a bundle, a line for each."""
    changes = compare_records(bundle.before, bundle.record)
    return [f"{NOTE}{line}" for line in (*bundle.messages(), *changes.lines())]


def install(made: Path, root: Path) -> None:
    """Put what was made in its place; the old client goes only once the new one lies beside it."""
    replace_folder(made / CLIENT, root / CLIENT)
    for path in FILES:
        shutil.copyfile(made / path, root / path)


def replace_folder(new: Path, old: Path) -> None:
    """Put a copy of a folder in the place of another."""
    beside = old.with_name(f"{old.name}.new")
    shutil.rmtree(beside, ignore_errors=True)
    shutil.copytree(new, beside, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.rmtree(old, ignore_errors=True)
    beside.rename(old)


def check(made: Path, root: Path) -> int:
    """Report the files that are not what the sources give."""
    stale = sorted(str(path) for path in _differing(made, root))
    if stale:
        print("not what the sources give; run `make regenerate` and commit the result:", file=sys.stderr)
        print("\n".join(f"  {path}" for path in stale), file=sys.stderr)
        return 1
    print(f"{', '.join(map(str, FILES))} and {CLIENT} are what the sources give")
    return 0


def _differing(made: Path, root: Path) -> set[Path]:
    files = set(FILES)
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
