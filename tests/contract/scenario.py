"""One run through every operation, the same for each client, and what it must leave in the sandbox."""

from __future__ import annotations

import asyncio
import datetime
import inspect
from collections.abc import Generator
from typing import Any

from batch_client import AsyncBatchClient, BatchClient
from batch_client.sandbox import Sandbox

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
    """Yield each call, to be sent in the twin's way; what it returned is sent in."""
    yield batch.audiences.create(name="vip", type="custom_ids")
    yield batch.audiences.update(name="vip", ids=[{"action": "add", "id": "ann"}, {"action": "add", "id": "ben"}])
    yield batch.audiences.replace(name="vip", ids=[{"id": "ann"}, {"id": "cat"}])
    yield batch.audiences.view(name="vip")
    yield batch.audiences.create(name="old", type="custom_ids", display_name="Old")
    yield batch.audiences.remove(name="old")
    yield batch.audiences.list(limit=1)
    yield batch.catalogs.create(name="shoes", fields=FIELDS)
    yield batch.catalogs.update(name="shoes", fields=[{"action": "add", "name": "price", "type": "float"}])
    yield batch.catalogs.items_edit(name="shoes", items=[{"action": "add", "id": "1", "attributes": {"title": "Boot"}}])
    yield batch.catalogs.view(name="shoes")
    yield batch.catalogs.create(name="hats", fields=FIELDS)
    yield batch.catalogs.remove(name="hats")
    yield batch.catalogs.list()
    yield batch.profiles.update(PROFILES)
    yield batch.profiles.mass_update(PROFILES[:1])
    export = yield batch.profiles.export({"export_type": "ATTRIBUTES", "attributes": ["plan"]})
    view = yield batch.exports.view(id=export.id)
    yield batch.exports.list()
    if redirects:
        yield batch.exports.download(id=view.files[0].id)
    campaign = yield batch.campaigns.create(**CAMPAIGN)
    yield batch.campaigns.update(id=campaign.id, campaign=CAMPAIGN | {"name": "Summer"})
    yield batch.orchestrations.list()
    yield batch.orchestrations.view(orchestration_id=campaign.id)
    yield batch.orchestrations.stats(orchestration_id=campaign.id, from_=TODAY, to=TODAY)
    other = yield batch.campaigns.create(**CAMPAIGN)
    yield batch.campaigns.delete(id=other.id)
    yield batch.segments.list()


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
