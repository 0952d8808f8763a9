"""Replacing an audience: nothing is added unless the first call replaced what was there, and no ids empty it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from batch_client import BadRequestError, BatchError, InternalServerError, NotFoundError
from batch_client.bulk._target import target_of
from batch_client.sandbox import Sandbox
from tests.conftest import FakeClock, Twin
from tests.unit.test_bulk import sizes

IDS = [{"id": f"new{number}"} for number in range(25_000)]


@pytest.fixture
async def audience(twin: Twin, batch: Any) -> None:
    """Make an audience that holds an id."""
    await twin.finish(batch.audiences.create(name="vip", type="custom_ids"))
    await twin.finish(batch.bulk.update_audience("vip", [{"action": "add", "id": "old"}]))


def ids_of(sandbox: Sandbox) -> dict[str, Any]:
    """Return what the audience holds."""
    return sandbox.audiences["vip"].ids


def replacements(sandbox: Sandbox) -> list[int]:
    """Return how many ids each call had that replaced, or added after the first."""
    return sizes(sandbox, "audience_replace") + sizes(sandbox, "audience_update")[1:]


@pytest.mark.fault("the first call of a replacement is refused", "nothing is added; the error says so")
@pytest.mark.parametrize(
    ("status", "kind", "rejected"), [(400, BadRequestError, 10_000), (404, NotFoundError, 0), (429, BatchError, 0)]
)
async def test_nothing_follows_a_replacement_that_was_refused(
    status: int, kind: type[BatchError], rejected: int, twin: Twin, batch: Any, sandbox: Sandbox, audience: None
) -> None:
    sandbox.fail_next("audience_replace", status, times=5)
    report = await twin.finish(batch.bulk.replace_audience("vip", IDS))
    assert isinstance(report.error, kind)
    assert getattr(report.error, "status_code", None) == status
    assert "nothing was replaced" in str(report.error)
    assert set(ids_of(sandbox)) == {"old"}
    assert len(sizes(sandbox, "audience_update")) == 1  # that of the fixture
    assert (report.accepted, report.rejected_records) == (0, rejected)
    assert report.records == report.rejected_records + sum(part.count for part in report.unsettled)
    assert not any(part.may_be_in for part in report.unsettled)
    assert not report.complete


async def test_refusal_after_an_unknown_outcome_leaves_it_unknown(
    twin: Twin, sandbox: Sandbox, clock: FakeClock, tmp_path: Path
) -> None:
    batch = sandbox.client(max_retries=1) if twin.name == "sync" else sandbox.async_client(max_retries=1)
    await twin.finish(batch.audiences.create(name="vip", type="custom_ids"))
    sandbox.fail_next("audience_replace", 500)
    sandbox.fail_next("audience_replace", 400)
    report = await twin.finish(batch.bulk.replace_audience("vip", IDS, checkpoint=tmp_path / "c"))
    assert "it is not known whether the content was replaced" in str(report.error)
    assert (report.rejected_records, report.unsettled[0].may_be_in) == (0, True)
    resumed = await twin.finish(batch.bulk.replace_audience("vip", IDS, checkpoint=tmp_path / "c"))
    assert resumed.complete
    assert len(ids_of(sandbox)) == len(IDS)


async def test_resumed_replacement_that_was_refused_adds_nothing(
    twin: Twin, batch: Any, sandbox: Sandbox, audience: None, tmp_path: Path
) -> None:
    sandbox.fail_next("audience_replace", 400)
    await twin.finish(batch.bulk.replace_audience("vip", IDS, checkpoint=tmp_path / "c"))
    sent = len(sandbox.requests)
    report = await twin.finish(batch.bulk.replace_audience("vip", IDS, checkpoint=tmp_path / "c"))
    assert isinstance(report.error, BatchError)
    assert "nothing was replaced" in str(report.error)
    assert "delete" in str(report.error)
    assert report.rejected_records == 10_000
    assert set(ids_of(sandbox)) == {"old"}
    assert len(sandbox.requests) == sent


async def test_replacement_of_unknown_outcome_is_made_first_when_the_run_is_resumed(
    twin: Twin, batch: Any, sandbox: Sandbox, audience: None, tmp_path: Path
) -> None:
    sandbox.fail_next("audience_replace", 500, times=5)
    first = await twin.finish(batch.bulk.replace_audience("vip", IDS, checkpoint=tmp_path / "c"))
    assert isinstance(first.error, InternalServerError)
    assert "not known whether" in str(first.error)
    assert len(sizes(sandbox, "audience_update")) == 1  # that of the fixture
    second = await twin.finish(batch.bulk.replace_audience("vip", IDS, checkpoint=tmp_path / "c"))
    assert second.complete
    assert set(ids_of(sandbox)) == {entry["id"] for entry in IDS}


@pytest.mark.fault("an audience is replaced by no ids", "it is empty afterwards")
async def test_replacement_by_no_ids_empties_the_audience(
    twin: Twin, batch: Any, sandbox: Sandbox, audience: None, tmp_path: Path
) -> None:
    for resumed in (False, True):
        report = await twin.finish(batch.bulk.replace_audience("vip", [], checkpoint=tmp_path / "c"))
        assert (report.records, report.calls, report.error, report.complete) == (0, 1 - resumed, None, True)
        assert dict(report.indexing) == {"APPLIED": 1}
        assert ids_of(sandbox) == {}
    assert sizes(sandbox, "audience_replace") == [0]


async def test_checkpoint_of_an_emptied_audience_is_not_for_other_ids(
    twin: Twin, batch: Any, sandbox: Sandbox, audience: None, tmp_path: Path
) -> None:
    await twin.finish(batch.bulk.replace_audience("vip", [], checkpoint=tmp_path / "c"))
    with pytest.raises(BatchError, match="more than its 0"):
        await twin.finish(batch.bulk.replace_audience("vip", IDS, checkpoint=tmp_path / "c"))
    assert ids_of(sandbox) == {}


async def test_emptying_that_is_refused_is_an_error(twin: Twin, batch: Any, sandbox: Sandbox, audience: None) -> None:
    sandbox.fail_next("audience_replace", 400)
    report = await twin.finish(batch.bulk.replace_audience("vip", []))
    assert isinstance(report.error, BadRequestError)
    assert "nothing was replaced" in str(report.error)
    assert set(ids_of(sandbox)) == {"old"}


async def test_emptying_that_the_documents_do_not_allow_is_an_error(
    twin: Twin, batch: Any, sandbox: Sandbox, audience: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(target_of("audience_replace").array, "minItems", 1)
    report = await twin.finish(batch.bulk.replace_audience("vip", []))
    assert "nothing was replaced" in str(report.error)
    assert replacements(sandbox) == []


@pytest.mark.parametrize("on_invalid", ["report", "skip"])
async def test_replacement_of_which_every_id_is_invalid_replaces_nothing(
    on_invalid: str, twin: Twin, batch: Any, sandbox: Sandbox, audience: None
) -> None:
    report = await twin.finish(batch.bulk.replace_audience("vip", [{"id": 1}, {}], on_invalid=on_invalid))
    assert (report.invalid_records, report.calls) == (2, 0)
    assert "nothing was replaced" in str(report.error)
    assert set(ids_of(sandbox)) == {"old"}
    assert replacements(sandbox) == []


async def test_dry_run_of_an_emptying_sends_nothing(twin: Twin, batch: Any, sandbox: Sandbox, audience: None) -> None:
    report = await twin.finish(batch.bulk.replace_audience("vip", [], dry_run=True))
    assert (report.error, report.calls) == (None, 0)
    assert replacements(sandbox) == []
    assert set(ids_of(sandbox)) == {"old"}
