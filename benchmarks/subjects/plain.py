"""What openapi-python-client makes of the same bundle with its own templates."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from importlib import import_module  # what is generated is not there when types are checked
from pathlib import Path
from typing import Any

import httpx

from benchmarks import payloads
from benchmarks.subjects import API, PROJECT_KEY, REST_API_KEY, AsyncCall, Call, Site, expect, limited
from benchmarks.tools import BUNDLE, run_tool
from benchmarks.transports import AsyncInMemoryTransport, InMemoryTransport

TITLE, PACKAGE = "openapi-python-client", "openapi-python-client"
MODULE = "plain_client"


def generate(folder: Path) -> None:
    """Generate the package into a folder; raise GenerationFailedError if that fails."""
    settings = folder / "openapi-python-client.yaml"
    settings.write_text("post_hooks: []\n", encoding="ascii")  # how the code is formatted costs only time
    arguments = ("--meta", "none", "--config", settings, "--output-path", folder / MODULE)
    run_tool("openapi-python-client", "generate", "--path", BUNDLE, *arguments)


@contextmanager
def view_in_memory(site: Site) -> Iterator[Call]:
    with _client(API, transport=InMemoryTransport()) as client:
        yield _view(client)


@asynccontextmanager
async def view_in_memory_async(site: Site) -> AsyncIterator[AsyncCall]:
    async with _client(API, transport=AsyncInMemoryTransport()) as client:
        yield await _view_async(client)


@contextmanager
def view_over_loopback(site: Site) -> Iterator[Call]:
    with _client(f"{site.url}/2.11") as client:
        once = _view(client)

        def call() -> Any:
            try:
                return once()
            except httpx.ReadError:  # as the baseline
                return once()

        yield call


@asynccontextmanager
async def view_over_loopback_async(site: Site) -> AsyncIterator[AsyncCall]:
    async with _client(f"{site.url}/2.11") as client:
        yield await _view_async(client)


@asynccontextmanager
async def view_concurrently(site: Site) -> AsyncIterator[AsyncCall]:
    async with view_over_loopback_async(site) as call:
        yield limited(call)


@contextmanager
def parse_audiences(site: Site) -> Iterator[Call]:
    model = import_module(f"{MODULE}.models").AudienceList

    def call() -> Any:
        return model.from_dict(json.loads(payloads.AUDIENCES))

    expect(len(call().audiences), payloads.PAGE_SIZE)
    yield call


@contextmanager
def parse_orchestrations(site: Site) -> Iterator[Call]:
    model = import_module(f"{MODULE}.models").OrchestrationList

    def call() -> Any:
        return model.from_dict(json.loads(payloads.ORCHESTRATIONS))

    expect(len(call().orchestrations), payloads.PAGE_SIZE)
    yield call


@contextmanager
def update_models(site: Site) -> Iterator[Call]:
    update = import_module(f"{MODULE}.api.profiles.profile_update").sync
    model = import_module(f"{MODULE}.models").EditProfile
    profiles = [model.from_dict(profile) for profile in payloads.PROFILES]
    with _client(API, transport=InMemoryTransport()) as client:

        def call() -> Any:
            return update(client=client, body=profiles)

        expect(call().code, "SUCCESS")
        yield call


def import_program(site: Site) -> str:
    return f"import {MODULE}"


def client_program(site: Site) -> str:
    return f"import {MODULE}\n{_client_source(API)}"


def view_program(site: Site) -> str:
    return (
        f"import {MODULE}\nfrom {MODULE}.api.audiences import audience_view\n"
        f"client = {_client_source(f'{site.url}/2.11')}\n"
        "assert audience_view.sync(client=client, name='vip').name == 'vip'"
    )


def _client(url: str, **httpx_args: Any) -> Any:
    make = import_module(MODULE).AuthenticatedClient
    return make(base_url=url, token=REST_API_KEY, headers={"X-Batch-Project": PROJECT_KEY}, httpx_args=httpx_args)


def _client_source(url: str) -> str:
    arguments = {"base_url": url, "token": REST_API_KEY, "headers": {"X-Batch-Project": PROJECT_KEY}}
    return f"{MODULE}.AuthenticatedClient(**{arguments!r})"


def _view(client: Any) -> Call:
    view = import_module(f"{MODULE}.api.audiences.audience_view").sync

    def call() -> Any:
        return view(client=client, name="vip")

    expect(call().name, payloads.AUDIENCE_NAME)
    return call


async def _view_async(client: Any) -> AsyncCall:
    view = import_module(f"{MODULE}.api.audiences.audience_view").asyncio

    async def call() -> Any:
        return await view(client=client, name="vip")

    expect((await call()).name, payloads.AUDIENCE_NAME)
    return call
