"""Shows the client at work against the sandbox, or with LIVE=1 against the real API, from which it only reads."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from itertools import islice

from batch_client import AsyncBatchClient, BatchClient, BatchError, NotFoundError, Poll, wait_all
from batch_client.sandbox import Sandbox
from batch_generated.api import RECORD_BODIES
from batch_generated.models import (
    AudienceIdUpdate,
    CampaignWhen,
    EditProfile,
    EmailMessage,
    ProfileAttributes,
    ProfileIdentifiers,
    ReplyTo,
)

_started = time.monotonic()

SHOWN = 5


def main() -> int:
    """Run the demo; return its exit code."""
    try:
        if os.environ.get("LIVE") == "1":
            with BatchClient() as batch:
                step(f"read only, from {batch.base_url} in API version {batch.api_version}")
                read(batch)
        else:
            sandbox = Sandbox(indexing=2.0)
            with sandbox.serve() as url, sandbox.client() as batch:
                step(f"the sandbox serves at {url}; the client speaks API version {batch.api_version}")
                audiences(batch)
                asyncio.run(audiences_async(sandbox.async_client()))
                catalogs(batch)
                campaigns(batch)
                profiles(batch)
    except BatchError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    step("done")
    return 0


def audiences(batch: BatchClient) -> None:
    """Walk an audience through its life."""
    step("create the audience demo_vip and wait until it is indexed")
    created = batch.audiences.create(name="demo_vip", type="custom_ids", display_name="Demo VIPs").wait(on_poll=show)
    detail(f"{created.indexing_state}, {created.nb_ids} ids")

    step("add 25,000 ids in three calls and wait for all three with one schedule")
    updates = [AudienceIdUpdate.from_dict({"action": "add", "id": f"user-{n}"}) for n in range(25_000)]
    limit = RECORD_BODIES["audience_update"].max_records
    starts = range(0, len(updates), limit)
    tasks = [batch.audiences.update(name="demo_vip", ids=updates[at : at + limit]) for at in starts]
    wait_all(tasks, on_poll=show)
    detail(f"{batch.audiences.view(name='demo_vip').nb_ids:,} ids")

    step("remove 100 of them; this time as plain dicts")
    removals = [{"action": "remove", "id": f"user-{n}"} for n in range(100)]
    removed = batch.audiences.update(name="demo_vip", ids=removals).wait(on_poll=show)
    detail(f"{removed.nb_ids:,} ids")

    step("replace the whole content by 3 ids; the token of an earlier update then reads REPLACED")
    replaced = batch.audiences.replace(name="demo_vip", ids=[{"id": "ann"}, {"id": "ben"}, {"id": "eve"}]).wait(
        on_poll=show
    )
    detail(f"{replaced.nb_ids} ids; the first update is {tasks[0].status()}")

    step("list the audiences")
    for audience in batch.audiences.list():
        detail(f"{audience.name}: {audience.nb_ids} ids, created {audience.created:%Y-%m-%d %H:%M:%S} UTC")

    step("delete it; once that is applied there is nothing left to view")
    batch.audiences.remove(name="demo_vip").wait(on_poll=show)
    try:
        batch.audiences.view(name="demo_vip")
    except NotFoundError as error:
        detail(f"{type(error).__name__}: {error}")


async def audiences_async(batch: AsyncBatchClient) -> None:
    """Do the same in short with the asyncio twin."""
    async with batch:
        step("asyncio: create the audience demo_async, wait, list")
        task = await batch.audiences.create(name="demo_async", type="custom_ids")
        await task.wait(on_poll=show)
        async for audience in batch.audiences.list():
            detail(f"{audience.name}: {audience.indexing_state}")


def catalogs(batch: BatchClient) -> None:
    """Fill a catalog."""
    step("create the catalog demo_shoes and edit its items")
    batch.catalogs.create(
        name="demo_shoes", fields=[{"name": "title", "type": "string"}, {"name": "price", "type": "float"}]
    )
    items = [
        {"id": f"sku-{n}", "action": "add", "attributes": {"title": f"Shoe {n}", "price": 9.5 * n}} for n in range(3)
    ]
    catalog = batch.catalogs.items_edit(name="demo_shoes", items=items).wait(on_poll=show)
    detail(f"{catalog.items} items, {catalog.size} bytes, fields {', '.join(field.name for field in catalog.fields)}")


def campaigns(batch: BatchClient) -> None:
    """Make a draft, which reaches nobody, and delete it."""
    step("create a draft campaign and delete it")
    message = EmailMessage(
        subject="Hello", sender_identity_id="1", reply_to=ReplyTo(email_address="team@example.com"), html="<p>Hello</p>"
    )
    created = batch.campaigns.create(
        name="Demo", state="DRAFT", when=CampaignWhen(start_time="2030-03-01T08:30:00Z"), messages=[message]
    )
    detail(created.id)
    batch.campaigns.delete(id=created.id)
    detail("deleted")


def profiles(batch: BatchClient) -> None:
    """Update profiles, one attribute being invalid."""
    step("update two profiles, one with an invalid attribute: the call is accepted, the attribute dropped and reported")
    result = batch.profiles.update(
        [
            EditProfile(
                identifiers=ProfileIdentifiers(custom_id="ann"),
                attributes=ProfileAttributes(email_address="ann@example.com", additional_properties={"plan": "gold"}),
            ),
            {"identifiers": {"custom_id": "ben"}, "attributes": {"plan": "silver", "Shoe Size": 43}},
        ]
    )
    detail(result.code)
    for error in result.errors or []:
        detail(f"profile {error.bulk_index}, attribute {error.attribute}: {error.reason}")


def read(batch: BatchClient) -> None:
    """List what the project holds and view the first of each; write nothing."""
    step("audiences")
    for audience in islice(batch.audiences.list(), SHOWN):
        detail(f"{audience.name}: {audience.nb_ids:,} ids, {audience.indexing_state}")
        batch.audiences.view(name=audience.name)
    step("catalogs")
    for catalog in islice(batch.catalogs.list(), SHOWN):
        detail(f"{catalog.name}: {catalog.items:,} items")
        batch.catalogs.view(name=catalog.name)
    step("orchestrations")
    for orchestration in islice(batch.orchestrations.list(), SHOWN):
        detail(f"{orchestration.id}: {orchestration.name or 'no name'}, {orchestration.status or 'no status'}")
    step("exports")
    for export in islice(batch.exports.list(), SHOWN):
        detail(f"{export.id}: {export.status}")
    step("segments")
    for segment in islice(batch.segments.list(), SHOWN):
        detail(f"{segment.code}: {segment.display_name or 'no name'}")


def step(text: str) -> None:
    print(f"{time.monotonic() - _started:6.1f} s  {text}", flush=True)


def detail(text: str) -> None:
    print(f"            {text}", flush=True)


def show(poll: Poll) -> None:
    following = "" if poll.next_in is None else f", next look in {poll.next_in:.1f} s"
    detail(f"look {poll.number} at {poll.token[:8]}…: {poll.state} after {poll.elapsed:.1f} s{following}")


if __name__ == "__main__":
    sys.exit(main())
