"""The baseline: httpx as its documentation shows it, and `json.loads`."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import httpx

from benchmarks import payloads
from benchmarks.subjects import API, HEADERS, AsyncCall, Call, Site, expect, limited
from benchmarks.transports import AsyncInMemoryTransport, InMemoryTransport

TITLE, PACKAGE = "httpx", "httpx"


@contextmanager
def view_in_memory(site: Site) -> Iterator[Call]:
    with httpx.Client(base_url=API, headers=HEADERS, transport=InMemoryTransport()) as client:

        def call() -> Any:
            return client.get("/audiences/view", params={"name": "vip"}).json()

        expect(call()["name"], payloads.AUDIENCE_NAME)
        yield call


@asynccontextmanager
async def view_in_memory_async(site: Site) -> AsyncIterator[AsyncCall]:
    async with httpx.AsyncClient(base_url=API, headers=HEADERS, transport=AsyncInMemoryTransport()) as client:

        async def call() -> Any:
            return (await client.get("/audiences/view", params={"name": "vip"})).json()

        expect((await call())["name"], payloads.AUDIENCE_NAME)
        yield call


@contextmanager
def view_over_loopback(site: Site) -> Iterator[Call]:
    path, params = site.resource
    with httpx.Client(base_url=site.url, headers=HEADERS) as client:

        def call() -> Any:
            try:
                return client.get(path, params=params).json()
            except httpx.ReadError:  # threads that share more connections than the pool keeps can close each other's
                return client.get(path, params=params).json()

        expect(len(call()) > 3, True)
        yield call


@asynccontextmanager
async def view_over_loopback_async(site: Site) -> AsyncIterator[AsyncCall]:
    path, params = site.resource
    async with httpx.AsyncClient(base_url=site.url, headers=HEADERS) as client:

        async def call() -> Any:
            return (await client.get(path, params=params)).json()

        expect(len(await call()) > 3, True)
        yield call


@asynccontextmanager
async def view_concurrently(site: Site) -> AsyncIterator[AsyncCall]:
    async with view_over_loopback_async(site) as call:
        yield limited(call)


@contextmanager
def parse_audiences(site: Site) -> Iterator[Call]:
    yield lambda: json.loads(payloads.AUDIENCES)


@contextmanager
def parse_orchestrations(site: Site) -> Iterator[Call]:
    yield lambda: json.loads(payloads.ORCHESTRATIONS)


@contextmanager
def update_dicts(site: Site) -> Iterator[Call]:
    with httpx.Client(base_url=API, headers=HEADERS, transport=InMemoryTransport()) as client:

        def call() -> Any:
            return client.post("/profiles/update", json=payloads.PROFILES).json()

        expect(call()["code"], "SUCCESS")
        yield call


update_models = update_dicts  # httpx has no models: both send the same


def import_program(site: Site) -> str:
    return "import httpx"


def client_program(site: Site) -> str:
    return "import httpx\nhttpx.Client()"


def view_program(site: Site) -> str:
    path, params = site.resource
    return (
        f"import httpx\nclient = httpx.Client(base_url={site.url!r}, headers={HEADERS!r})\n"
        f"assert len(client.get({path!r}, params={params!r}).json()) > 3"
    )
