"""The list of problems behaves as one, and takes little memory."""

from __future__ import annotations

import copy
import pickle
import tracemalloc

import pytest

from batch_client.bulk import BulkError, BulkReport, RecordProblem
from batch_client.bulk._problems import Problems


@pytest.fixture(params=[0, 2, 1_000], ids=lambda most: f"{most} in memory", autouse=True)
def most_in_memory(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("batch_client.bulk._problems.MOST_IN_MEMORY", request.param)


LISTED = [RecordProblem(number, f"u{number}", "plan", 'too "long"\n…') for number in range(5)]


def test_it_reads_as_a_list() -> None:
    problems = Problems(LISTED)
    assert (len(problems), problems[0], problems[-1], problems[1:3]) == (5, LISTED[0], LISTED[-1], LISTED[1:3])
    assert problems == LISTED
    assert problems == Problems(LISTED)
    assert problems != LISTED[1:]
    assert problems != tuple(LISTED)
    assert LISTED[3] in problems
    assert not Problems()
    for outside in (5, -6):
        with pytest.raises(IndexError):
            problems[outside]
    assert repr(Problems(LISTED[:1])) == repr(LISTED[:1])
    assert repr(problems) == f"{repr(LISTED[:3])[:-1]}, …]"


def test_it_can_grow_while_it_is_walked() -> None:
    problems = Problems(LISTED[:2])
    pairs = []
    for problem in problems:
        if len(problems) < 4:
            problems.extend([LISTED[2]])
        pairs.append((problem.index, [other.index for other in problems]))
    assert pairs[0] == (0, [0, 1, 2])
    assert pairs[-1] == (2, [0, 1, 2, 2])


def test_copies_are_apart() -> None:
    problems = Problems(LISTED)
    for other in (copy.deepcopy(problems), pickle.loads(pickle.dumps(problems))):
        other.extend(LISTED)
        assert (len(other), len(problems)) == (10, 5)


def test_error_with_a_report_reaches_another_process() -> None:
    error = pickle.loads(pickle.dumps(BulkError(BulkReport(records=5, invalid=Problems(LISTED)))))
    assert error.report.invalid == LISTED


def test_memory_stays_small() -> None:
    tracemalloc.start()
    try:
        problems = Problems(RecordProblem(number, f"u{number}", "plan", "x" * 100) for number in range(100_000))
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 5_000_000  # of 15 MB in all
    assert problems[99_999].id == "u99999"
