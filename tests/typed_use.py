"""Code as a user writes it. It never runs: type checkers read it, and fail where the client's types are not these."""

from __future__ import annotations

import datetime
from typing import assert_type

from batch_client import AsyncBatchClient, AsyncIndexingTask, BatchClient, IndexingTask, Page, Unset, wait_all
from batch_generated.api.audiences import audience_view
from batch_generated.models import AudienceIdUpdate, AudienceView, EditProfile, Error, ProfileUpdateResult, Segment


def sync(batch: BatchClient) -> None:
    task = batch.audiences.create(name="vip", type="custom_ids")
    assert_type(task, IndexingTask[AudienceView])
    audience = task.wait(timeout=10)
    assert_type(audience, AudienceView)
    assert_type(audience.nb_ids, int)
    assert_type(audience.created, datetime.datetime)
    assert_type(audience.display_name, str | Unset)
    assert_type(batch.audiences.remove(name="vip"), IndexingTask[None])
    assert_type(batch.audiences.list(limit=5), Page[AudienceView])
    assert_type(list(batch.segments.list()), list[Segment])
    assert_type(wait_all([task, batch.audiences.task("vip", "token")]), list[AudienceView])
    batch.audiences.update(name="vip", ids=[AudienceIdUpdate.from_dict({}), {"action": "add", "id": "ann"}])
    result = batch.profiles.update([{"identifiers": {"custom_id": "ann"}}])
    assert_type(result, ProfileUpdateResult)
    profiles: list[EditProfile] = []
    batch.profiles.mass_update(profiles)
    assert_type(batch.exports.download(id="file_1"), str)
    assert_type(batch.catalogs.remove(name="shoes"), None)
    batch.orchestrations.stats(orchestration_id="x", from_=datetime.date(2026, 1, 1))
    assert_type(audience_view.sync(client=batch.generated, name="vip"), AudienceView | Error | None)


async def asynchronous(batch: AsyncBatchClient) -> None:
    task = await batch.audiences.create(name="vip", type="custom_ids")
    assert_type(task, AsyncIndexingTask[AudienceView])
    assert_type(await task.wait(), AudienceView)
    async for segment in batch.segments.list():
        assert_type(segment, Segment)
    page = await batch.audiences.list()
    assert_type(page.items, list[AudienceView])
