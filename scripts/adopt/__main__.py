"""Adopts new documents: vendors them, makes the client and tries it in a scratch copy, and only then writes it."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scripts.adopt.report import AdoptReport
from scripts.codegen.build import BUNDLE, OPENAPI, ROOT
from scripts.codegen.sources import read_sources
from scripts.errors import NOTE, ToolError
from scripts.specdiff.diff import diff
from scripts.tree import Tree
from scripts.vendor.vendoring import add_source_arguments, vendor_into

_STEPS = ("vendor", "regenerate", "type check", "smoke run", "diff")


class _StopError(Exception):
    """A step failed, so those that need it are not run."""


def main(arguments: list[str] | None = None, root: Path = ROOT) -> int:
    """Run the command line on a tree; return its exit code."""
    parser = argparse.ArgumentParser(prog="make adopt", description=__doc__)
    add_source_arguments(parser)
    parser.add_argument("--report", type=Path, help="write the report to a file as well (REPORT=)")
    options = parser.parse_args(arguments)
    if options.report is not None and not options.report.parent.is_dir():
        parser.error(f"there is no folder {options.report.parent} for the report")
    report = adopt(options, root)
    text = report.to_markdown()
    if options.report is not None:
        options.report.write_text(text, encoding="utf-8")
    print(text)
    if report.is_adopted:
        return 0
    ToolError(*report.problems).print()
    return 1


def adopt(options: argparse.Namespace, root: Path) -> AdoptReport:
    """Run all steps in a scratch copy; on success update the tree."""
    report = AdoptReport(steps=dict.fromkeys(_STEPS, "not run"))
    with tempfile.TemporaryDirectory() as scratch:
        tree = Tree.copy(root, Path(scratch))
        try:
            with _step(report, "vendor"):
                report.change = vendor_into(options, read_sources(tree.root / OPENAPI), tree.root / OPENAPI)
            with _step(report, "regenerate"):
                report.bundle = tree.regenerate()
            with _step(report, "diff", stops=False):
                _diff(report, tree, root)
            with _step(report, "type check", stops=False):
                tree.type_check()
            with _step(report, "smoke run", stops=False):
                run = tree.run("scripts.adopt.smoke")
                lines = run.stdout.splitlines()
                report.smoke = [line.removeprefix(NOTE) for line in lines if line.startswith(NOTE)]
                if run.returncode != 0:
                    failures = [line for line in lines if not line.startswith(NOTE)]
                    failures = failures or run.stderr.strip().splitlines()[-1:]
                    raise ToolError(*(f"the smoke run failed: {line}" for line in failures[:20]))
        except _StopError:
            return report
        if report.is_adopted:
            tree.copy_all(root)
    return report


@contextmanager
def _step(report: AdoptReport, name: str, *, stops: bool = True) -> Iterator[None]:
    try:
        yield
    except ToolError as error:
        report.steps[name] = "failed"
        report.problems += [*error.problems, *error.notes]
        if stops:
            raise _StopError from None
    else:
        report.steps[name] = "done"


def _diff(report: AdoptReport, tree: Tree, root: Path) -> None:
    old, new = ((root / BUNDLE).read_text(encoding="utf-8"), (tree.root / BUNDLE).read_text(encoding="utf-8"))
    report.diff = diff(("before", old), ("after", new))


if __name__ == "__main__":
    sys.exit(main())
