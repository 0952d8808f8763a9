"""Connections of a client's own: used again, as many as there are calls at once, closed when they are not needed."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from batch_client import APIConnectionError, AsyncBatchClient, BatchClient
from batch_client._transport import connections
from tests.calls import AUDIENCE
from tests.conftest import KEYS

pytestmark = pytest.mark.any_documents

BODY = json.dumps(AUDIENCE).encode()
HEAD = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(BODY)}\r\n\r\n".encode()


class CountingServer:
    """Answers every request with one audience, and counts connections."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self.made = 0
        self.open = 0
        self.at_once = threading.Barrier(1)
        self.breaks = False
        self._lock = threading.Lock()
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with self._lock:
                self.made += 1
                self.open += 1
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection:
            received = b""
            while chunk := connection.recv(2**16):
                received += chunk
                if not received.endswith(b"\r\n\r\n"):
                    continue
                received = b""
                if self.breaks:
                    break
                try:
                    self.at_once.wait(30)
                except threading.BrokenBarrierError:
                    break
                connection.sendall(HEAD + BODY)
        with self._lock:
            self.open -= 1

    def close(self) -> None:
        self._listener.close()


@pytest.fixture
def server() -> Iterator[CountingServer]:
    server = CountingServer()
    yield server
    server.close()


def options(server: CountingServer) -> dict[str, Any]:
    return {**KEYS, "base_url": server.url, "rate_limits": None, "max_retries": 0}


def test_calls_one_after_another_share_a_connection(server: CountingServer) -> None:
    with BatchClient(**options(server)) as batch:
        for _ in range(20):
            batch.audiences.view(name="vip")
    assert server.made == 1


async def test_calls_one_after_another_share_a_connection_in_asyncio(server: CountingServer) -> None:
    async with AsyncBatchClient(**options(server)) as batch:
        for _ in range(20):
            await batch.audiences.view(name="vip")
    assert server.made == 1


def test_calls_at_once_have_a_connection_each_and_keep_it(server: CountingServer) -> None:
    count = 32  # more than the 20 that httpx keeps alive
    server.at_once = threading.Barrier(count)
    with BatchClient(**options(server)) as batch, ThreadPoolExecutor(count) as threads:
        for _ in range(3):
            views = list(threads.map(lambda _: batch.audiences.view(name="vip"), range(count)))
            assert [view.name for view in views] == [AUDIENCE["name"]] * count
    assert server.made == count


async def test_calls_at_once_have_a_connection_each_and_keep_it_in_asyncio(server: CountingServer) -> None:
    count = 32
    server.at_once = threading.Barrier(count)
    async with AsyncBatchClient(**options(server)) as batch:
        for _ in range(3):
            await asyncio.gather(*(batch.audiences.view(name="vip") for _ in range(count)))
    assert server.made == count


def test_no_more_connections_than_calls_may_be_under_way(
    server: CountingServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("batch_client._transport.sender.MAX_CONNECTIONS", 4)
    with BatchClient(**options(server)) as batch, ThreadPoolExecutor(16) as threads:
        list(threads.map(lambda _: batch.audiences.view(name="vip"), range(200)))
    assert server.made <= 4


def test_connection_that_is_free_for_long_is_closed(server: CountingServer, monkeypatch: pytest.MonkeyPatch) -> None:
    count = 5
    server.at_once = threading.Barrier(count)
    with BatchClient(**options(server)) as batch, ThreadPoolExecutor(count) as threads:
        list(threads.map(lambda _: batch.audiences.view(name="vip"), range(count)))
        server.at_once = threading.Barrier(1)
        monkeypatch.setattr(connections, "KEEPALIVE_EXPIRY", -1.0)  # as if all had been free for longer
        batch.audiences.view(name="vip")
        assert wait_for_open(server, 0)


def test_connection_on_which_a_call_failed_is_not_used_again(server: CountingServer) -> None:
    with BatchClient(**options(server)) as batch:
        server.breaks = True
        with pytest.raises(APIConnectionError):
            batch.audiences.view(name="vip")
        server.breaks = False
        assert batch.audiences.view(name="vip").name == AUDIENCE["name"]
    assert server.made == 2


async def test_cancelled_calls_leave_no_connection_behind(server: CountingServer) -> None:
    count = connections.MAX_CONNECTIONS
    server.at_once = threading.Barrier(2 * count)  # nobody is answered
    async with AsyncBatchClient(**options(server)) as batch:
        calls = [asyncio.create_task(batch.audiences.view(name="vip")) for _ in range(count)]
        while server.made < count:  # noqa: ASYNC110 - threads of the server count
            await asyncio.sleep(0.01)
        for call in calls:
            call.cancel()
        await asyncio.gather(*calls, return_exceptions=True)
        server.at_once.abort()
        server.at_once = threading.Barrier(1)
        assert (await batch.audiences.view(name="vip")).name == AUDIENCE["name"]


def test_closing_closes_the_connections(server: CountingServer) -> None:
    with BatchClient(**options(server)) as batch:
        batch.audiences.view(name="vip")
        assert server.open == 1
    assert wait_for_open(server, 0)


def test_call_that_ends_after_closing_closes_its_connection(server: CountingServer) -> None:
    server.at_once = threading.Barrier(2)
    batch = BatchClient(**options(server))
    with ThreadPoolExecutor(1) as threads:
        call = threads.submit(batch.audiences.view, name="vip")
        assert wait_for_open(server, 1)
        batch.close()
        server.at_once.wait(30)
        assert call.result().name == AUDIENCE["name"]
    assert wait_for_open(server, 0)


def test_what_instruments_transports_sees_calls(server: CountingServer, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    original = httpx.HTTPTransport.handle_request

    def traced(self: httpx.HTTPTransport, request: httpx.Request) -> httpx.Response:
        seen.append(request.url.path)
        request.headers["traceparent"] = "00-1-2-01"
        return original(self, request)

    with BatchClient(**options(server)) as batch:
        monkeypatch.setattr(httpx.HTTPTransport, "handle_request", traced)
        batch.audiences.view(name="vip")
    assert len(seen) == 1


def wait_for_open(server: CountingServer, count: int) -> bool:
    """Return whether so many connections are open before long."""
    for _ in range(500):
        if server.open == count:
            return True
        threading.Event().wait(0.01)
    return False
