"""OpenAI's SDK: it retrieves a model, where the others view an audience."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from importlib import import_module  # a package that only benchmarks need
from typing import Any

from benchmarks import payloads
from benchmarks.subjects import REST_API_KEY, AsyncCall, Call, Site, expect, limited

TITLE, PACKAGE = "openai", "openai"
RESOURCE: tuple[str, dict[str, str]] = ("/v1/models/vip", {})


@contextmanager
def view_over_loopback(site: Site) -> Iterator[Call]:
    with import_module("openai").OpenAI(api_key=REST_API_KEY, base_url=f"{site.url}/v1") as client:

        def call() -> Any:
            return client.models.retrieve("vip")

        expect(call().id, payloads.AUDIENCE_NAME)
        yield call


@asynccontextmanager
async def view_over_loopback_async(site: Site) -> AsyncIterator[AsyncCall]:
    async with import_module("openai").AsyncOpenAI(api_key=REST_API_KEY, base_url=f"{site.url}/v1") as client:

        async def call() -> Any:
            return await client.models.retrieve("vip")

        expect((await call()).id, payloads.AUDIENCE_NAME)
        yield call


@asynccontextmanager
async def view_concurrently(site: Site) -> AsyncIterator[AsyncCall]:
    async with view_over_loopback_async(site) as call:
        yield limited(call)


def import_program(site: Site) -> str:
    return "import openai"


def client_program(site: Site) -> str:
    return f"import openai\nopenai.OpenAI(api_key={REST_API_KEY!r})"


def view_program(site: Site) -> str:
    return (
        f"import openai\nclient = openai.OpenAI(api_key={REST_API_KEY!r}, base_url='{site.url}/v1')\n"
        "assert client.models.retrieve('vip').id == 'vip'"
    )
