"""The benchmarks themselves: what they compute from pairs, and that each row can be measured for this client."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks import report
from benchmarks.isolation import Failure, in_new_process
from benchmarks.pairs import Budget, Series, Spread, interleave
from benchmarks.processes import ProgramFailedError, sample_of
from benchmarks.rows import ROWS, Row
from benchmarks.series import measure, subject_module
from benchmarks.server import serve
from benchmarks.subjects import Site, baseline

pytestmark = pytest.mark.any_documents

ONCE = Budget(pairs=1, warm_up=0)


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with serve() as url:
        yield Site(url, Path())


def test_ratio_is_taken_within_each_pair() -> None:
    series = Series(((1.0, 2.0), (10.0, 30.0), (2.0, 2.0)), calls=2)
    assert series.ratio == Spread(1.5, 2.0, 2.5)
    assert series.difference.median == 1.0
    assert (series.baseline, series.subject) == (1.0, 1.0)


def test_pairs_are_interleaved_and_those_that_warm_up_are_dropped() -> None:
    values, order = iter(range(100)), []

    def sample(side: str) -> float:
        order.append(side)
        return float(next(values))

    series = interleave([lambda: sample("baseline"), lambda: sample("subject")], Budget(pairs=2, warm_up=1))
    assert order == ["baseline", "subject"] * 3
    assert series.pairs == ((2.0, 3.0), (4.0, 5.0))


def test_series_without_time_left_has_the_fewest_pairs() -> None:
    series = interleave([lambda: 1.0, lambda: 1.0], Budget(pairs=1000, warm_up=0, seconds=0.0, fewest=3))
    assert len(series.pairs) == 3


@pytest.mark.parametrize("row", [row for row in ROWS if row.way not in ("program", "memory")], ids=lambda row: row.key)
def test_row_can_be_measured(row: Row, site: Site) -> None:
    series = measure(replace(row, budget=ONCE), "batch", site)
    assert len(series.pairs) == 1
    assert all(value > 0 for value in series.pairs[0])


@pytest.mark.parametrize("case", ["import_program", "client_program", "view_program"])
def test_program_can_be_measured(case: str, site: Site) -> None:
    program = getattr(subject_module("batch"), case)(site)
    environment = {"PYTHONPATH": os.pathsep.join(sys.path)}
    assert sample_of(program, environment, "cpu")() > 0
    if sys.platform == "linux":
        assert sample_of(program, environment, "memory")() > 1e6


def test_program_that_fails_gives_its_last_line() -> None:
    with pytest.raises(ProgramFailedError, match=r"^ValueError: no$"):
        sample_of("raise ValueError('no')", {}, "cpu")()


def test_error_becomes_one_line() -> None:
    assert in_new_process(int, "x\ny") == Failure("ValueError: invalid literal for int() with base 10: 'x\\ny'")
    assert str(in_new_process(os._exit, 1)) == "failed: the process that measured it crashed"


def test_every_row_has_a_baseline_and_this_client() -> None:
    for row in ROWS:
        assert hasattr(baseline, row.case)
        assert hasattr(subject_module("batch"), row.case)


def test_report_shows_each_result_in_its_column() -> None:
    rows = [row for row in ROWS if row.key in ("view", "memory")]
    series = Series(((2e-3, 3e-3),), calls=200)
    megabytes = Series(((30e6, 32.5e6),), calls=1)
    results = {("view", "batch"): series, ("view", "plain"): Failure("broken"), ("memory", "batch"): megabytes}
    text = report.document(rows, results, {"sandbox": "7 requests per second"})
    lines = text.splitlines()
    assert f"| {rows[0].what} | {rows[0].against} | 1.05 | 1.50 | failed | - | - | - |" in lines
    assert f"| {rows[1].what} | {rows[1].against} | 2.0 MB | 2.5 MB | - | - | - | - |" in lines
    assert "| view | batch-client | 10 µs | 15 µs | 1.50 to 1.50 | 1 | 200 |" in lines
    assert "7 requests per second" in text
