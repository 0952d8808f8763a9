"""Runs the tests that carry the marker `fault`, and says of each fault whether its tests passed."""

from __future__ import annotations

import ast
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from attrs import define


@define
class Row:
    """One fault: what goes wrong, what a user gets, and whether every test of it passed."""

    what: str
    outcome: str
    passed: bool = True


def run_marked() -> list[Row]:
    """Return the faults in the order of the tests."""
    with tempfile.TemporaryDirectory(prefix="batch-faults-") as scratch:
        report = Path(scratch) / "report.xml"
        command = [sys.executable, "-m", "pytest", "-m", "fault", "-n", "auto", f"--junitxml={report}"]
        subprocess.run(command, stdout=sys.stderr, check=False)  # the table alone is the output
        return read_report(report)


def read_report(report: Path) -> list[Row]:
    """Return the faults in a report that pytest wrote as JUnit XML; none if it wrote none."""
    rows: dict[str, Row] = {}
    if not report.exists():
        return []
    for case in ElementTree.parse(report).iter("testcase"):  # noqa: S314 - pytest of this run wrote it
        for known in case.iterfind("properties/property[@name='fault']"):
            value = known.get("value", "")
            row = rows.setdefault(value, Row(*ast.literal_eval(value)))
            row.passed = row.passed and case.find("failure") is None and case.find("error") is None
    return list(rows.values())


def faults_of(item: pytest.Item) -> Iterator[tuple[str, tuple[str, str]]]:
    """Yield what a test's report must carry for its row to be printed."""
    for mark in item.iter_markers("fault"):
        what, outcome = mark.args
        yield "fault", (what, outcome)
