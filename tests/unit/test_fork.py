"""What a forked process may use of a client that its parent made."""

from __future__ import annotations

import asyncio
import json
import os
import threading
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from batch_client import AsyncBatchClient, BatchClient, BatchError
from batch_client._transport import rates
from batch_client.sandbox import Sandbox
from tests.calls import AUDIENCE
from tests.conftest import KEYS

pytestmark = [
    pytest.mark.any_documents,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork"),
    pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning"),  # the tests' own servers
]
NAMES = [f"audience-{number}" for number in range(8)]


def in_child(job: Callable[[], Any]) -> Any:
    """Return what a job gives in a forked process."""
    readable, writable = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            result = {"value": job()}
        except BaseException as error:
            result = {"error": f"{type(error).__name__}: {error}"}
        os.write(writable, json.dumps(result).encode())
        os._exit(0)
    os.close(writable)
    with os.fdopen(readable, "rb") as pipe:
        result = json.loads(pipe.read())
    os.waitpid(child, 0)
    return result


@pytest.mark.fault(
    "a process forks after its first call", "each process has connections of its own, and its own responses"
)
def test_processes_never_get_each_others_responses(sandbox: Sandbox) -> None:
    with sandbox.serve(), sandbox.client() as batch:
        for name in NAMES:
            batch.audiences.create(name=name, type="custom_ids")

        def look() -> list[str]:
            return [batch.audiences.view(name=name).name for _ in range(5) for name in NAMES]

        results: list[Any] = []
        threads = [threading.Thread(target=lambda: results.append(in_child(look))) for _ in range(3)]
        for thread in threads:
            thread.start()
        here = look()
        for thread in threads:
            thread.join()
    assert here == NAMES * 5
    assert results == [{"value": NAMES * 5}] * 3


def test_async_client_has_connections_of_its_own_in_the_event_loop_of_a_child(sandbox: Sandbox) -> None:
    with sandbox.serve(), sandbox.client() as batch:
        batch.audiences.create(name="vip", type="custom_ids")
        async_batch = sandbox.async_client()

        async def look() -> str:
            return (await async_batch.audiences.view(name="vip")).name

        with asyncio.Runner() as runner:
            assert runner.run(look()) == "vip"
            assert in_child(lambda: asyncio.run(look())) == {"value": "vip"}
            runner.run(async_batch.aclose())


def test_locks_that_a_thread_of_the_parent_holds_do_not_hold_the_child() -> None:
    batch = BatchClient(**KEYS, max_retries=0, base_url="http://127.0.0.1:9")
    with pytest.raises(BatchError):
        batch.audiences.view(name="vip")
    buckets = list(rates._shared.buckets.values())
    for bucket in buckets:
        bucket._lock.acquire()
    rates._shared.lock.acquire()
    batch._sender._slots = threading.Semaphore(0)  # as if all were taken
    try:
        assert "APIConnectionError" in in_child(lambda: batch.audiences.view(name="vip").name)["error"]
    finally:
        rates._shared.lock.release()
        for bucket in buckets:
            bucket._lock.release()


@pytest.mark.parametrize(
    "own", [{"transport": httpx.MockTransport(lambda _: httpx.Response(200, json=AUDIENCE))}, {"http_client": None}]
)
@pytest.mark.parametrize("client", [BatchClient, AsyncBatchClient])
def test_what_the_caller_passed_is_refused_in_a_child(client: Any, own: dict[str, Any]) -> None:
    if "http_client" in own:
        own = {"http_client": httpx.Client() if client is BatchClient else httpx.AsyncClient()}
    batch = client(**KEYS, **own)

    def look() -> str:
        if client is BatchClient:
            return str(batch.audiences.view(name="vip").name)
        return str(asyncio.run(batch.audiences.view(name="vip")))

    error = in_child(look)["error"]
    assert error.startswith("BatchError: this client was made before a fork")
    assert "make a new client in each process" in error
