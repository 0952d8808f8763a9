"""One run through every operation, the same for each client, and what it must leave in the sandbox."""

from __future__ import annotations

import asyncio
import datetime
import inspect
from collections.abc import Callable, Generator, Iterator
from typing import Any

from batch_client import AsyncBatchClient, BatchClient
from batch_client.sandbox import Sandbox
from tests.operations import has

PROFILES: list[dict[str, Any]] = [
    {"identifiers": {"custom_id": "ann"}, "attributes": {"$language": "en", "plan": "gold", "visits": 3}},
    {"identifiers": {"custom_id": "ben"}, "attributes": {"plan": "free"}, "events": [{"name": "purchase"}]},
]
CAMPAIGN: dict[str, Any] = {
    "name": "Spring",
    "state": "DRAFT",
    "when": {"local_time": False, "start_time": "2040-03-01T08:30:00Z"},
    "messages": [{"channel_type": "push", "platform_type": ["ios"], "body": "Hello"}],
}
TODAY = datetime.datetime.now(datetime.UTC).date()
FIELDS = [{"name": "title", "type": "string"}]


def steps(batch: Any, redirects: bool) -> Generator[Any, Any, None]:
    """Yield each call that the documents have, to be sent in the twin's way; what it returned is sent in."""
    for operation, call in _first(batch):
        if has(operation):
            yield call()
    if has("profile_export"):
        export = yield batch.profiles.export({"export_type": "ATTRIBUTES", "attributes": ["plan"]})
        if has("export_view"):
            view = yield batch.exports.view(id=export.id)
            if redirects and has("export_download"):
                yield batch.exports.download(id=view.files[0].id)
    if has("export_list"):
        yield batch.exports.list()
    if has("campaign_create"):
        campaign = yield batch.campaigns.create(**CAMPAIGN)
        for operation, call in _of_campaign(batch, campaign.id):
            if has(operation):
                yield call()
        if has("campaign_delete"):
            other = yield batch.campaigns.create(**CAMPAIGN)
            yield batch.campaigns.delete(id=other.id)
    if has("segment_list"):
        yield batch.segments.list()


def _first(batch: Any) -> Iterator[tuple[str, Callable[[], Any]]]:
    audiences, catalogs, profiles = batch.audiences, batch.catalogs, batch.profiles
    ids = [{"action": "add", "id": "ann"}, {"action": "add", "id": "ben"}]
    yield "audience_create", lambda: audiences.create(name="vip", type="custom_ids")
    yield "audience_update", lambda: audiences.update(name="vip", ids=ids)
    yield "audience_replace", lambda: audiences.replace(name="vip", ids=[{"id": "ann"}, {"id": "cat"}])
    yield "audience_view", lambda: audiences.view(name="vip")
    yield "audience_create", lambda: audiences.create(name="old", type="custom_ids", display_name="Old")
    yield "audience_remove", lambda: audiences.remove(name="old")
    yield "audience_list", lambda: audiences.list(limit=1)
    added = {"action": "add", "name": "price", "type": "float"}
    items = [{"action": "add", "id": "1", "attributes": {"title": "Boot"}}]
    yield "catalog_create", lambda: catalogs.create(name="shoes", fields=FIELDS)
    yield "catalog_update", lambda: catalogs.update(name="shoes", fields=[added])
    yield "catalog_items_edit", lambda: catalogs.items_edit(name="shoes", items=items)
    yield "catalog_view", lambda: catalogs.view(name="shoes")
    yield "catalog_create", lambda: catalogs.create(name="hats", fields=FIELDS)
    yield "catalog_remove", lambda: catalogs.remove(name="hats")
    yield "catalog_list", lambda: catalogs.list()
    yield "profile_update", lambda: profiles.update(PROFILES)
    yield "profile_mass_update", lambda: profiles.mass_update(PROFILES[:1])


def _of_campaign(batch: Any, id_: str) -> Iterator[tuple[str, Callable[[], Any]]]:
    yield "campaign_update", lambda: batch.campaigns.update(id=id_, campaign=CAMPAIGN | {"name": "Summer"})
    yield "orchestration_list", lambda: batch.orchestrations.list()
    yield "orchestration_view", lambda: batch.orchestrations.view(orchestration_id=id_)
    yield "orchestration_stats", lambda: batch.orchestrations.stats(orchestration_id=id_, from_=TODAY, to=TODAY)


def run(batch: BatchClient, *, redirects: bool = True) -> None:
    """Run through all steps."""
    asyncio.run(_drive(steps(batch, redirects)))


async def run_async(options: dict[str, Any], *, redirects: bool = True) -> None:
    """Run through all steps by a client for asyncio."""
    async with AsyncBatchClient(**options) as batch:
        await _drive(steps(batch, redirects))


async def _drive(driven: Generator[Any, Any, None]) -> None:
    value = None
    try:
        while True:
            value = driven.send(value)
            if inspect.isawaitable(value):
                value = await value
    except StopIteration:
        return


def state_of(sandbox: Sandbox) -> dict[str, Any]:
    """Return what a run leaves, without ids and times, which differ from run to run."""
    return {
        "audiences": {name: sorted(audience.ids) for name, audience in sandbox.audiences.items()},
        "catalogs": {name: (catalog.fields, catalog.items) for name, catalog in sandbox.catalogs.items()},
        "campaigns": [campaign.definition for campaign in sandbox.campaigns.values()],
        "profiles": {
            custom_id: (profile.attributes, [event["name"] for event in profile.events])
            for custom_id, profile in sandbox.profiles.items()
        },
        "exports": [export.request for export in sandbox.exports.values()],
    }
