"""The list of problems behaves as one, and takes little memory."""

from __future__ import annotations

import copy
import pickle
import resource
import tempfile
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from batch_client import BatchError
from batch_client.bulk import BulkError, BulkReport, RecordProblem
from batch_client.bulk._problems import Problems
from tests.calls import partly_saved
from tests.conftest import FakeClock, Twin
from tests.unit.test_bulk import profile

pytestmark = pytest.mark.any_documents


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


@contextmanager
def full_disk(room: int) -> Iterator[None]:
    """Let no file grow beyond so many bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def many_rejections(_: httpx.Request) -> httpx.Response:
    errors = [{"category": "event", "bulk_index": number, "reason": "odd"} for number in range(200)]
    return httpx.Response(202, json=partly_saved(errors))


def invalid(number: int) -> dict[str, Any]:
    return profile(number, plan=["x"] * 26)


@pytest.mark.fault("the disk for a report's temporary file is full", "the run stops with an error; its report is right")
@pytest.mark.parametrize("room", [0, 100, 5_000, 20_000])
@pytest.mark.parametrize("make", [invalid, profile])
async def test_full_disk_ends_the_run_with_a_report_that_is_right(
    make: Any, room: int, twin: Twin, clock: FakeClock
) -> None:
    records = [make(number) for number in range(6_000)]
    batch = twin.make(many_rejections)
    with full_disk(room):
        report: BulkReport = await twin.finish(batch.bulk.update_profiles(records, mode="stream"))
        listed = [*report.invalid, *report.rejected]
    assert type(report.error) is BatchError
    assert "temporary" in str(report.error)
    assert report.records == report.settled + sum(part.count for part in report.unsettled) < 6_000
    assert len(listed) == report.invalid_records + report.rejected_records > 0
    assert len({problem.index for problem in listed}) == len(listed)
    assert all(problem.id == f"u{problem.index}" for problem in listed)


async def test_no_directory_for_temporary_files_ends_the_run_with_a_report_that_is_right(
    twin: Twin, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(Path("/nowhere")))
    report = await twin.finish(twin.make(many_rejections).bulk.update_profiles([invalid(n) for n in range(6_000)]))
    assert type(report.error) is BatchError
    assert "TMPDIR" in str(report.error)
    assert 0 < len(report.invalid) == report.invalid_records == report.records < 6_000
