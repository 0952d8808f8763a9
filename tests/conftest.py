"""Fixtures: clients over a transport, a served sandbox, and a clock that tests turn."""

from __future__ import annotations

import inspect
import os
import signal
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import httpx
import pytest
from attrs import define, field
from hypothesis import settings
from jsonschema.exceptions import ValidationError

from batch_client import AsyncBatchClient, BatchClient
from batch_client._transport import clock as client_clock
from batch_client.sandbox import Sandbox
from batch_client.sandbox._answers import Answer
from batch_client.sandbox._dispatch import FILES, Dispatcher
from batch_client.sandbox._requests import Request
from tests.contract import check_answer
from tests.faults.marked import faults_of
from tests.operations import missing, needs, source_of

# CI judges a change by the same examples every time; a developer's machine looks for new ones.
settings.register_profile("ci", derandomize=True)
if os.environ.get("CI") == "true":
    settings.load_profile("ci")

collect_ignore = ["sample_project"]  # test_plugin runs it by itself

KEYS = {"rest_api_key": "canary-rest-key-0123456789", "project_key": "project_canary0123456789abcdefghijklm"}


def pytest_configure() -> None:
    """Let Ctrl-C mean what it means on a terminal: who runs the tests in the background may ignore it."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_xdist_auto_num_workers() -> int:
    """Run twice as many tests at once as there are cores: they wait more than they compute."""
    return 2 * (os.cpu_count() or 1)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let reports carry their faults, and skip what needs an operation whose page is parked or was dropped."""
    for item in items:
        item.user_properties.extend(faults_of(item))
    if not missing():
        return
    for item in items:
        if isinstance(item, pytest.Function) and not hasattr(item.module, "frozen"):
            gone = needs(source_of(item))
            if gone:
                # A page that Batch withdraws takes its operation from the client; the rest must still be tested.
                item.add_marker(pytest.mark.skip(reason=f"the documents no longer have {', '.join(gone)}"))


Handler = Callable[[httpx.Request], httpx.Response]


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("BATCH_REST_API_KEY", "BATCH_PROJECT_KEY", "BATCH_API_VERSION", "BATCH_BASE_URL", "LIVE"):
        monkeypatch.delenv(name, raising=False)


class Twin:
    """Either client, driven alike: `await twin.run(lambda batch: ...)` awaits what the asyncio client returns."""

    def __init__(self, name: str) -> None:
        self.name = name

    def make(self, handler: Handler, **options: Any) -> Any:
        cls = BatchClient if self.name == "sync" else AsyncBatchClient
        # What is tried again is the subject of test_retry, what waits that of test_rates; elsewhere each answer counts.
        options = {"max_retries": 0, "rate_limits": None} | options
        if "http_client" not in options:
            options = {"transport": httpx.MockTransport(handler)} | options
        return cls(**(KEYS | options))

    def http_client(self, batch: Any) -> Any:
        """Return the httpx client of `batch.generated`."""
        client = batch.generated
        return client.get_httpx_client() if self.name == "sync" else client.get_async_httpx_client()

    @staticmethod
    async def finish(value: Any) -> Any:
        """Return the value, awaited if it is to be."""
        return await value if inspect.isawaitable(value) else value

    async def items(self, pages: Any) -> list[Any]:
        """Walk a list to its end."""
        return list(pages) if self.name == "sync" else [item async for item in pages]


@pytest.fixture(params=["sync", "async"])
def twin(request: pytest.FixtureRequest) -> Twin:
    return Twin(request.param)


@define
class FakeClock:
    """Time that passes only in sleeps."""

    now: float = 1000.0
    slept: list[float] = field(factory=list)

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    async def async_sleep(self, seconds: float) -> None:
        self.sleep(seconds)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> FakeClock:
    """Replaces the client's clock; jitter is neutral."""
    fake = FakeClock()
    monkeypatch.setattr(client_clock, "monotonic", fake.monotonic)
    monkeypatch.setattr(client_clock, "sleep", fake.sleep)
    monkeypatch.setattr(client_clock, "async_sleep", fake.async_sleep)
    monkeypatch.setattr(client_clock, "jitter", lambda: 1.0)
    return fake


@pytest.fixture
def sandbox(clock: FakeClock) -> Sandbox:
    """A sandbox that shares the client's clock: indexing takes 2 of its seconds."""
    return Sandbox(indexing=2.0, clock=lambda: clock.now)


@pytest.fixture(autouse=True)
def sandbox_keeps_to_the_bundle(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Checks every answer of every sandbox, in whatever thread it is made."""
    violations: list[str] = []
    respond = Dispatcher.respond

    def checked(self: Dispatcher, request: Request) -> Answer:
        with self.lock:  # so that the last request is this one
            answer = respond(self, request)
            operation = self.requests[-1].operation if self.requests else None
        if operation is not None and not request.path.startswith(FILES):
            try:
                check_answer(operation, answer.status, answer.body)
            except (AssertionError, ValidationError) as error:
                violations.append(f"{operation} {answer.status}: {error}")
        return answer

    monkeypatch.setattr(Dispatcher, "respond", checked)
    yield
    assert violations == []


@pytest.fixture
def sandbox_url(sandbox: Sandbox) -> Iterator[str]:
    with sandbox.serve() as url:
        yield url


@pytest.fixture
async def served(twin: Twin, sandbox: Sandbox) -> AsyncIterator[Any]:
    """A client of the served sandbox, over real HTTP, of either kind."""
    with sandbox.serve():
        if twin.name == "sync":
            with sandbox.client() as batch:
                yield batch
        else:
            async with sandbox.async_client() as batch:
                yield batch


@pytest.fixture
async def batch(twin: Twin, sandbox: Sandbox, clock: FakeClock) -> AsyncIterator[Any]:
    """A client of the sandbox, without a network, of either kind."""
    if twin.name == "sync":
        with sandbox.client() as client:
            yield client
    else:
        async with sandbox.async_client() as client:
            yield client
