"""This client, with everything on: retries, and rate limits so wide that no call waits."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

from batch_client import RATE_LIMITS, AsyncBatchClient, BatchClient, RateLimit
from batch_generated.models import AudienceList, EditProfile, OrchestrationList
from benchmarks import payloads
from benchmarks.subjects import PROJECT_KEY, REST_API_KEY, AsyncCall, Call, Site, expect
from benchmarks.transports import AsyncInMemoryTransport, InMemoryTransport

TITLE, PACKAGE = "batch-client", "batch-client"

WIDE_LIMITS = {name: RateLimit(units=1e9, seconds=1, burst=1e9) for name in RATE_LIMITS}


@contextmanager
def view_in_memory(site: Site) -> Iterator[Call]:
    transport = InMemoryTransport()
    with BatchClient(REST_API_KEY, PROJECT_KEY, transport=transport, rate_limits=WIDE_LIMITS) as batch:
        yield _view(batch)


@asynccontextmanager
async def view_in_memory_async(site: Site) -> AsyncIterator[AsyncCall]:
    transport = AsyncInMemoryTransport()
    async with AsyncBatchClient(REST_API_KEY, PROJECT_KEY, transport=transport, rate_limits=WIDE_LIMITS) as batch:
        yield await _view_async(batch)


@contextmanager
def view_over_loopback(site: Site) -> Iterator[Call]:
    with BatchClient(REST_API_KEY, PROJECT_KEY, base_url=site.url, rate_limits=WIDE_LIMITS) as batch:
        yield _view(batch)


@asynccontextmanager
async def view_over_loopback_async(site: Site) -> AsyncIterator[AsyncCall]:
    async with AsyncBatchClient(REST_API_KEY, PROJECT_KEY, base_url=site.url, rate_limits=WIDE_LIMITS) as batch:
        yield await _view_async(batch)


view_concurrently = view_over_loopback_async  # it bounds its connections itself


@contextmanager
def parse_audiences(site: Site) -> Iterator[Call]:
    def call() -> AudienceList:
        return AudienceList.from_dict(json.loads(payloads.AUDIENCES))

    expect(len(call().audiences), payloads.PAGE_SIZE)
    yield call


@contextmanager
def parse_orchestrations(site: Site) -> Iterator[Call]:
    def call() -> OrchestrationList:
        return OrchestrationList.from_dict(json.loads(payloads.ORCHESTRATIONS))

    expect(len(call().orchestrations), payloads.PAGE_SIZE)
    yield call


@contextmanager
def update_dicts(site: Site) -> Iterator[Call]:
    with _updates(payloads.PROFILES) as call:
        yield call


@contextmanager
def update_models(site: Site) -> Iterator[Call]:
    with _updates([EditProfile.from_dict(profile) for profile in payloads.PROFILES]) as call:
        yield call


def import_program(site: Site) -> str:
    return "import batch_client"


def client_program(site: Site) -> str:
    return f"import batch_client\nbatch_client.BatchClient({REST_API_KEY!r}, {PROJECT_KEY!r})"


def view_program(site: Site) -> str:
    return (
        "import batch_client\n"
        f"client = batch_client.BatchClient({REST_API_KEY!r}, {PROJECT_KEY!r}, base_url={site.url!r})\n"
        "assert client.audiences.view(name='vip').name == 'vip'"
    )


def _view(batch: BatchClient) -> Call:
    def call() -> Any:
        return batch.audiences.view(name="vip")

    expect(call().name, payloads.AUDIENCE_NAME)
    return call


async def _view_async(batch: AsyncBatchClient) -> AsyncCall:
    async def call() -> Any:
        return await batch.audiences.view(name="vip")

    expect((await call()).name, payloads.AUDIENCE_NAME)
    return call


@contextmanager
def _updates(profiles: list[Any]) -> Iterator[Call]:
    transport = InMemoryTransport()
    with BatchClient(REST_API_KEY, PROJECT_KEY, transport=transport, rate_limits=WIDE_LIMITS) as batch:

        def call() -> Any:
            return batch.profiles.update(profiles)

        expect(call().code, "SUCCESS")
        yield call
