"""Shows the client at work against the sandbox, or with LIVE=1 against the real API, from which it only reads."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Callable
from itertools import islice
from typing import Any

from batch_client import BatchClient, BatchError, NotFoundError, Poll, wait_all
from batch_client.sandbox import Sandbox
from batch_generated.api import OPERATIONS, RECORD_BODIES

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
                for part, needed in _PARTS.items():
                    if missing := needed - OPERATIONS.keys():
                        step(f"{part.__name__}: not shown, for the documents have no {', '.join(sorted(missing))}")
                    elif part is audiences_async:
                        asyncio.run(audiences_async(sandbox.async_client()))
                    else:
                        part(batch)
    except BatchError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    step("done")
    return 0


def audiences(batch: Any) -> None:
    """Walk an audience through its life."""
    step("create the audience demo_vip and wait until it is indexed")
    created = batch.audiences.create(name="demo_vip", type="custom_ids", display_name="Demo VIPs").wait(on_poll=show)
    detail(f"{created.indexing_state}, {created.nb_ids} ids")

    step("add 25,000 ids in three calls and wait for all three with one schedule")
    updates = [{"action": "add", "id": f"user-{n}"} for n in range(25_000)]
    limit = RECORD_BODIES["audience_update"].max_records
    starts = range(0, len(updates), limit)
    tasks = [batch.audiences.update(name="demo_vip", ids=updates[at : at + limit]) for at in starts]
    wait_all(tasks, on_poll=show)
    detail(f"{batch.audiences.view(name='demo_vip').nb_ids:,} ids")

    step("remove 100 of them")
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


async def audiences_async(batch: Any) -> None:
    """Do the same in short with the asyncio twin."""
    async with batch:
        step("asyncio: create the audience demo_async, wait, list")
        task = await batch.audiences.create(name="demo_async", type="custom_ids")
        await task.wait(on_poll=show)
        async for audience in batch.audiences.list():
            detail(f"{audience.name}: {audience.indexing_state}")


def catalogs(batch: Any) -> None:
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


def campaigns(batch: Any) -> None:
    """Make a draft, which reaches nobody, and delete it."""
    step("create a draft campaign and delete it")
    message = {"channel_type": "email", "subject": "Hello", "sender_identity_id": "1", "html": "<p>Hello</p>"}
    created = batch.campaigns.create(
        name="Demo", state="DRAFT", when={"start_time": "2030-03-01T08:30:00Z"}, messages=[message]
    )
    detail(created.id)
    batch.campaigns.delete(id=created.id)
    detail("deleted")


def profiles(batch: Any) -> None:
    """Update profiles, one attribute being invalid."""
    step("update two profiles, one with an invalid attribute: the call is accepted, the attribute dropped and reported")
    result = batch.profiles.update(
        [
            {"identifiers": {"custom_id": "ann"}, "attributes": {"$email_address": "ann@example.com", "plan": "gold"}},
            {"identifiers": {"custom_id": "ben"}, "attributes": {"plan": "silver", "Shoe Size": 43}},
        ]
    )
    detail(result.code)
    for error in result.errors or []:
        detail(f"profile {error.bulk_index}, attribute {error.attribute}: {error.reason}")


def read(batch: Any) -> None:
    """List what the project holds and view the first of each; write nothing."""
    for kind, describe in _LISTS.items():
        step(kind)
        if f"{kind[:-1]}_list" not in OPERATIONS:
            detail("the documents have no such list")
            continue
        resource = getattr(batch, kind)
        for item in islice(resource.list(), SHOWN):
            detail(describe(item))
            if kind in _VIEWED and f"{kind[:-1]}_view" in OPERATIONS:
                resource.view(name=item.name)


_VIEWED = ("audiences", "catalogs")
_LISTS: dict[str, Callable[[Any], str]] = {
    "audiences": lambda audience: f"{audience.name}: {audience.nb_ids:,} ids, {audience.indexing_state}",
    "catalogs": lambda catalog: f"{catalog.name}: {catalog.items:,} items",
    "orchestrations": lambda one: f"{one.id}: {one.name or 'no name'}, {one.status or 'no status'}",
    "exports": lambda export: f"{export.id}: {export.status}",
    "segments": lambda segment: f"{segment.code}: {segment.display_name or 'no name'}",
}
_PARTS: dict[Callable[[Any], Any], set[str]] = {
    audiences: {f"audience_{name}" for name in ("create", "update", "replace", "remove", "view", "list")},
    audiences_async: {"audience_create", "audience_view", "audience_list"},
    catalogs: {"catalog_create", "catalog_items_edit", "catalog_view"},
    campaigns: {"campaign_create", "campaign_delete"},
    profiles: {"profile_update"},
}
"""What is shown, each with the operations that it needs: documents to come may no longer have them."""


def step(text: str) -> None:
    print(f"{time.monotonic() - _started:6.1f} s  {text}", flush=True)


def detail(text: str) -> None:
    print(f"            {text}", flush=True)


def show(poll: Poll) -> None:
    following = "" if poll.next_in is None else f", next poll in {poll.next_in:.1f} s"
    detail(f"poll {poll.number} of {poll.token[:8]}…: {poll.state} after {poll.elapsed:.1f} s{following}")


if __name__ == "__main__":
    sys.exit(main())
