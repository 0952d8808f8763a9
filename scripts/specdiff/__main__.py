"""Compares two states of the bundle, or two documents, and reports what that means for Python callers."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from scripts.errors import ToolError
from scripts.specdiff.diff import diff
from scripts.specdiff.findings import Level
from scripts.specdiff.inputs import read_files, read_states
from scripts.specdiff.report import to_json, to_markdown, to_text

_FORMATS = {"text": to_text, "markdown": to_markdown, "json": to_json}
_FAIL_ON = {"breaking": Level.BREAKING, "warning": Level.WARNING, "never": None}


def main(arguments: list[str] | None = None) -> int:
    """Run the command line: 0, or 1 if a change is of the level to fail on, or 2 if the input is no good."""
    parser = argparse.ArgumentParser(prog="make diff", description=__doc__)
    parser.add_argument("documents", nargs="*", type=Path, metavar="OLD NEW", help="two documents to compare")
    parser.add_argument("--base", help="git revision whose bundle is the old one (default: the merge base with main)")
    parser.add_argument("--format", choices=_FORMATS, default="text", help="(default: %(default)s)")
    parser.add_argument("--fail-on", choices=_FAIL_ON, default="never", help="exit with 1 (default: %(default)s)")
    options = parser.parse_args(arguments)
    if len(options.documents) not in (0, 2) or (options.documents and options.base):
        parser.error("give two documents (A=old B=new), or a revision (BASE=…), or nothing")
    try:
        old, new = read_files(*options.documents) if options.documents else read_states(options.base)
        report = diff(old, new)
    except ToolError as error:
        error.print()
        return 2
    try:
        print(_FORMATS[options.format](report).rstrip("\n"), flush=True)
    except BrokenPipeError:
        # The reader, `head` say, has seen enough; without this Python complains once more when it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    limit = _FAIL_ON[options.fail_on]
    return int(limit is not None and any(finding.worst >= limit for finding in report.findings))


if __name__ == "__main__":
    sys.exit(main())
