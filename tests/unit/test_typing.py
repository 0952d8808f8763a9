"""Types as a user sees them: mypy reads each line, and fails where the client's types are not these."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.operations import needs

USES = [
    'assert_type(batch.audiences.create(name="vip", type="custom_ids"), IndexingTask[models.AudienceView])',
    'assert_type(batch.audiences.create(name="vip", type="custom_ids").wait(timeout=10), models.AudienceView)',
    'assert_type(batch.audiences.view(name="vip").nb_ids, int)',
    'assert_type(batch.audiences.view(name="vip").created, datetime.datetime)',
    'assert_type(batch.audiences.view(name="vip").display_name, str | Unset)',
    'assert_type(batch.audiences.remove(name="vip"), IndexingTask[None])',
    "assert_type(batch.audiences.list(limit=5), Page[models.AudienceView])",
    "assert_type(list(batch.segments.list()), list[models.Segment])",
    'assert_type(wait_all([batch.audiences.task("vip", "token")]), list[models.AudienceView])',
    'batch.audiences.update(name="vip", ids=[models.AudienceIdUpdate.from_dict({}), {"action": "add", "id": "ann"}])',
    'assert_type(batch.profiles.update([{"identifiers": {"custom_id": "ann"}}]), models.ProfileUpdateResult)',
    "batch.profiles.mass_update(list[models.EditProfile]())",
    'assert_type(batch.exports.download(id="file_1"), str)',
    'assert_type(batch.exports.view(id="x").request_date, datetime.datetime)',
    'assert_type(batch.catalogs.remove(name="shoes"), None)',
    'batch.orchestrations.stats(orchestration_id="x", from_=DAY, to=DAY)',
    "from batch_generated.api.audiences import audience_view; "
    'assert_type(audience_view.sync(client=batch.generated, name="vip"), models.AudienceView | models.Error | None)',
]
ASYNC_USES = [
    'assert_type(await batch.audiences.create(name="vip", type="custom_ids"), AsyncIndexingTask[models.AudienceView])',
    'assert_type(await (await batch.audiences.create(name="vip", type="custom_ids")).wait(), models.AudienceView)',
    "assert_type([segment async for segment in batch.segments.list()], list[models.Segment])",
    "assert_type((await batch.audiences.list()).items, list[models.AudienceView])",
]
WRONG = [
    ("batch.audiences.view()", 'Missing named argument "name"'),
    ('batch.audiences.view(nme="vip")', 'Unexpected keyword argument "nme"'),
    ("batch.audiences.list(limit=[])", "incompatible type"),
    ("batch.audiences.forget()", "has no attribute"),
]
HEAD = """
import datetime
from typing import assert_type
from batch_client import AsyncBatchClient, AsyncIndexingTask, BatchClient, IndexingTask, Page, Unset, wait_all
from batch_generated import models

DAY = datetime.date(2026, 1, 1)

"""


def check(folder: Path, uses: list[str], *, is_async: bool = False) -> list[str]:
    """Return what mypy says against lines of code that use a client called `batch`."""
    file = folder / "uses.py"
    signature = "async def use(batch: AsyncBatchClient)" if is_async else "def use(batch: BatchClient)"
    lines = [f"    {use}" for use in uses if not needs(use)]
    file.write_text(HEAD + f"{signature} -> None:\n" + "\n".join(lines) + "\n", encoding="utf-8")
    command = [sys.executable, "-m", "mypy", "--strict", "--no-error-summary", "--cache-dir", str(folder), str(file)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    return [line for line in run.stdout.splitlines() if "error:" in line]


def test_types_are_what_callers_expect(tmp_path: Path) -> None:
    assert check(tmp_path, USES) == []


def test_types_of_the_twin_are_what_callers_expect(tmp_path: Path) -> None:
    assert check(tmp_path, ASYNC_USES, is_async=True) == []


def test_wrong_use_is_noticed(tmp_path: Path) -> None:
    wrong = [(use, problem) for use, problem in WRONG if not needs(use)]
    noticed = check(tmp_path, [use for use, _ in wrong])
    assert len(noticed) == len(wrong)
    for line, (_, problem) in zip(noticed, wrong, strict=True):
        assert problem in line
