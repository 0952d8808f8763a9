"""Runs the tests that carry the marker `fault`, and says of each fault whether its tests passed."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import redirect_stdout

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
    recorder = _Recorder()
    with redirect_stdout(sys.stderr):  # the table alone is the output
        pytest.main(["-m", "fault", "-n", "auto", "-p", "no:cacheprovider"], plugins=[recorder])
    return list(recorder.rows.values())


class _Recorder:
    """A pytest plugin that notes the result of each marked test, of this process and of its workers."""

    def __init__(self) -> None:
        self.rows: dict[tuple[str, str], Row] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        for name, value in report.user_properties:
            if name == "fault" and isinstance(value, list | tuple):
                what, outcome = value
                row = self.rows.setdefault((what, outcome), Row(what, outcome))
                row.passed = row.passed and not report.failed


def faults_of(item: pytest.Item) -> Iterator[tuple[str, tuple[str, str]]]:
    """Yield what a test's report must carry for its row to be printed."""
    for mark in item.iter_markers("fault"):
        what, outcome = mark.args
        yield "fault", (what, outcome)
