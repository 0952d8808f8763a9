"""Stripe's SDK: it retrieves a customer, where the others view an audience."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from importlib import import_module  # a package that only benchmarks need
from typing import Any

from benchmarks import payloads
from benchmarks.subjects import AsyncCall, Call, Site, expect, limited

TITLE, PACKAGE = "stripe", "stripe"
RESOURCE: tuple[str, dict[str, str]] = ("/v1/customers/vip", {})
API_KEY = "sk_test_benchmark"


@contextmanager
def view_over_loopback(site: Site) -> Iterator[Call]:
    client = import_module("stripe").StripeClient(API_KEY, base_addresses={"api": site.url})

    def call() -> Any:
        return client.v1.customers.retrieve("vip")

    expect(call().id, payloads.AUDIENCE_NAME)
    yield call


@asynccontextmanager
async def view_over_loopback_async(site: Site) -> AsyncIterator[AsyncCall]:
    client = import_module("stripe").StripeClient(API_KEY, base_addresses={"api": site.url})

    async def call() -> Any:
        return await client.v1.customers.retrieve_async("vip")

    expect((await call()).id, payloads.AUDIENCE_NAME)
    yield call


@asynccontextmanager
async def view_concurrently(site: Site) -> AsyncIterator[AsyncCall]:
    async with view_over_loopback_async(site) as call:
        yield limited(call)


def import_program(site: Site) -> str:
    return "import stripe"


def client_program(site: Site) -> str:
    return f"import stripe\nstripe.StripeClient({API_KEY!r})"


def view_program(site: Site) -> str:
    return (
        f"import stripe\nclient = stripe.StripeClient({API_KEY!r}, base_addresses={{'api': {site.url!r}}})\n"
        "assert client.v1.customers.retrieve('vip').id == 'vip'"
    )
