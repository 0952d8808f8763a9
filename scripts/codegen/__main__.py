"""Regenerates the bundle and the generated client from the sources, or checks that they are what the sources give."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from scripts.codegen.build import BUNDLE, CLIENT, RECORD_FILE, ROOT, check, install, make, summary
from scripts.errors import ToolError


def main(arguments: list[str] | None = None, root: Path = ROOT) -> int:
    """Run the command line on a tree; return its exit code."""
    parser = argparse.ArgumentParser(prog="make regenerate", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail if a file is stale")
    options = parser.parse_args(arguments)
    try:
        with tempfile.TemporaryDirectory() as scratch:
            made = Path(scratch)
            bundle = make(root, made)
            if options.check:
                return check(made, root)
            install(made, root)
    except ToolError as error:
        error.print()
        return 1
    for line in summary(bundle):
        print(line)
    count = sum(1 for path in (root / CLIENT).rglob("*.py"))
    print(f"wrote {BUNDLE}, {RECORD_FILE} and {CLIENT} ({count} files)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
