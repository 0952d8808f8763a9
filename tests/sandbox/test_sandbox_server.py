"""The sandbox as a server: bounded memory, no body read for strangers, no connection kept that does nothing."""

from __future__ import annotations

import json
import logging
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from batch_client.sandbox import Sandbox, _asgi, _server
from batch_client.sandbox._requests import MAX_BODY_BYTES
from tests.contract import VERSION
from tests.sandbox.test_sandbox import HEADERS

pytestmark = pytest.mark.any_documents

UPDATE = f"/{VERSION}/audiences/update"


def connect(url: str) -> socket.socket:
    where = urlsplit(url)
    return socket.create_connection((where.hostname, where.port), timeout=60)


def head(path: str = UPDATE, headers: dict[str, str] | None = None) -> bytes:
    lines = "".join(f"{name}: {value}\r\n" for name, value in ({"Host": "x"} | HEADERS | (headers or {})).items())
    return f"POST {path} HTTP/1.1\r\n{lines}\r\n".encode()


def received(connection: socket.socket) -> bytes:
    """Return what comes until the connection is closed."""
    content = b""
    try:
        while chunk := connection.recv(65536):
            content += chunk
    except ConnectionResetError:
        pass
    return content


def error_of(response: bytes) -> tuple[int, str]:
    return int(response.split(b" ", 2)[1]), json.loads(response.partition(b"\r\n\r\n")[2])["error_code"]


STRANGER = {"Authorization": "Bearer wrong"}


@pytest.mark.fault("request with wrong keys and a large body to the sandbox", "401 before the body is read")
@pytest.mark.parametrize("framing", ["Content-Length: 100000000", "Transfer-Encoding: chunked"])
def test_strangers_are_refused_before_their_body_is_read(
    framing: str, monkeypatch: pytest.MonkeyPatch, sandbox: Sandbox, sandbox_url: str
) -> None:
    monkeypatch.setattr(_asgi, "LINGER_SECONDS", 0.3)
    name, _, value = framing.partition(": ")
    for path, answer in ((UPDATE, (401, "AUTHENTICATION_INVALID")), (f"/{VERSION}/nothing", (404, "ROUTE_NOT_FOUND"))):
        with connect(sandbox_url) as connection:
            connection.sendall(head(path, STRANGER | {name: value}))
            assert error_of(received(connection)) == answer
    assert [request.status for request in sandbox.requests] == [401, 404]


@pytest.mark.fault("body larger than the sandbox reads", "413, and the rest of the body is not read")
def test_body_beyond_the_bound_is_refused(monkeypatch: pytest.MonkeyPatch, sandbox_url: str) -> None:
    monkeypatch.setattr(_asgi, "LINGER_SECONDS", 0.3)
    with connect(sandbox_url) as connection:
        connection.sendall(head(headers={"Content-Length": "9" * 15}))
        assert error_of(received(connection)) == (413, "PAYLOAD_TOO_LARGE")
    sent = 0
    with connect(sandbox_url) as connection:
        connection.sendall(head(headers={"Transfer-Encoding": "chunked"}))
        try:
            while sent < 20 * MAX_BODY_BYTES:
                connection.sendall(b"100000\r\n" + b" " * 0x100000 + b"\r\n")
                sent += 0x100000
        except (BrokenPipeError, ConnectionResetError):
            pass
        answer = received(connection)
    # What lies in the buffers of the two sockets is sent too.
    assert sent < 5 * MAX_BODY_BYTES
    assert answer == b"" or error_of(answer) == (413, "PAYLOAD_TOO_LARGE")


@pytest.mark.parametrize("way", ["socket", "memory"])
@pytest.mark.parametrize("twin", ["sync", "async"])
async def test_client_sees_why_its_body_is_refused(way: str, twin: str, sandbox: Sandbox, sandbox_url: str) -> None:
    pieces = [b" " * 0x100000] * (MAX_BODY_BYTES // 0x100000 + 1)

    async def chunks() -> AsyncIterator[bytes]:
        for piece in pieces:
            yield piece

    calls: list[tuple[Any, dict[str, str]]] = [
        (b"".join(pieces), HEADERS),
        (iter(pieces) if twin == "sync" else chunks(), HEADERS),
        (b"".join(pieces), HEADERS | STRANGER),
    ]
    if twin == "sync":
        send_each(calls, {} if way == "socket" else {"transport": sandbox.transport()}, sandbox_url)
    else:
        transport = None if way == "socket" else sandbox.async_transport()
        async with httpx.AsyncClient(base_url=sandbox_url, transport=transport) as http:
            for content, headers in calls:
                await http.post(UPDATE, content=content, headers=headers)
    assert [request.status for request in sandbox.requests] == [413, 413, 401]


def send_each(calls: list[tuple[Any, dict[str, str]]], options: dict[str, Any], url: str) -> None:
    with httpx.Client(base_url=url, **options) as http:
        for content, headers in calls:
            http.post(UPDATE, content=content, headers=headers)


@pytest.mark.fault(
    "connection to the sandbox that is idle, or stops in the middle of a request", "closed after a while"
)
@pytest.mark.parametrize("sent", ["nothing", "a line", "a response, then a line", "an unread body"])
def test_connection_without_a_request_is_closed(sent: str, monkeypatch: pytest.MonkeyPatch, sandbox: Sandbox) -> None:
    monkeypatch.setattr(_server, "HEAD_SECONDS", 0.3)
    monkeypatch.setattr(_asgi, "LINGER_SECONDS", 0.3)
    whole = head(headers={"Content-Length": "2"}) + b"{}"
    content = {"nothing": b"", "a line": whole[:20], "a response, then a line": whole + whole[:20]}
    content["an unread body"] = head("/files/x", {"Content-Length": "1000"}) + b"x"
    with sandbox.serve() as url, connect(url) as connection:
        connection.sendall(content[sent])
        assert len(received(connection)) in range(0 if "response" not in sent else 1, 2000)


@pytest.mark.fault("body that stops arriving at the sandbox", "408, and the request is not carried out")
@pytest.mark.parametrize("framing", [{"Content-Length": "100"}, {"Transfer-Encoding": "chunked"}])
def test_body_that_stops_arriving_ends(
    framing: dict[str, str], monkeypatch: pytest.MonkeyPatch, sandbox: Sandbox
) -> None:
    monkeypatch.setattr(_asgi, "BODY_SECONDS", 0.3)
    with sandbox.serve() as url, connect(url) as connection:
        connection.sendall(head(headers=framing) + b"5\r\n{}   \r\n")
        assert error_of(received(connection)) == (408, "REQUEST_TIMEOUT")
    assert [request.status for request in sandbox.requests] == [408]


def test_connection_is_kept_for_the_next_request(sandbox_url: str) -> None:
    with connect(sandbox_url) as connection:
        for _ in range(3):
            connection.sendall(head(headers={"Content-Length": "2"}) + b"{}")
            answer = b""
            while not answer.endswith(b"}"):
                answer += connection.recv(65536)
            assert error_of(answer) == (400, "MISSING_PARAMETER")


@pytest.mark.fault("sandbox that serves many large bodies", "flat memory: the bodies of the latest requests are kept")
def test_bodies_of_the_latest_requests_are_kept() -> None:
    sandbox = Sandbox(indexing=0.0, keep_bytes=1000, keep_requests=20)
    ids = [{"action": "add", "id": "x" * 64}]
    with sandbox.client() as batch:
        batch.audiences.create(name="vip", type="custom_ids")
        for _ in range(30):
            batch.audiences.update(name="vip", ids=ids)
        kept = [request.body for request in sandbox.requests]
        assert len(kept) == 20
        assert kept[-1] == {"name": "vip", "ids": ids}
        assert sum(request.size for request in sandbox.requests if request.body is not None) <= 1000
        assert kept.index(kept[-1]) == kept.count(None) == 20 - 1000 // sandbox.requests[-1].size
        batch.audiences.update(name="vip", ids=ids * 20)
        assert [request.body for request in sandbox.requests] == [None] * 20
        for _ in range(30):
            batch.audiences.list()
        batch.audiences.update(name="vip", ids=ids)
        assert [request.body for request in sandbox.requests] == [None] * 19 + [{"name": "vip", "ids": ids}]


def test_memory_stays_flat_under_large_bodies() -> None:
    resource = pytest.importorskip("resource", reason="tells how much memory a process used; not on Windows")
    code = f"""
import json, resource, httpx
from batch_client.sandbox import Sandbox
attributes = {{"a": "b", "c": "d"}}
ids = [{{"action": "add", "id": f"user-{{n:050}}", "attributes": attributes}} for n in range(10_000)]
body = json.dumps({{"name": "vip", "ids": ids}}).encode()
sandbox = Sandbox(indexing=0.0)
with httpx.Client(transport=sandbox.transport(), base_url="http://localhost", headers={HEADERS!r}) as http:
    http.post("/{VERSION}/audiences/create", json={{"name": "vip", "type": "custom_ids"}})
    for number in range(60):
        if number == 30:
            before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        assert http.post("{UPDATE}", content=body).is_success
print(len(body), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    size, growth = map(int, run.stdout.split())
    assert resource is not None
    kibibytes = growth / (1024 if sys.platform == "darwin" else 1)
    # 30 bodies as Python keeps them once read take some four times as much.
    assert kibibytes < 30 * size / 1024


def test_servers_leave_no_filters_behind(sandbox: Sandbox) -> None:
    loggers = [
        logging.getLogger(name) for name in ("uvicorn", "uvicorn.error", "uvicorn.access", "batch_client.sandbox")
    ]
    with sandbox.serve():
        pass
    before = [(list(logger.filters), list(logger.handlers)) for logger in loggers]
    for _ in range(3):
        with sandbox.serve():
            pass
    assert [(logger.filters, logger.handlers) for logger in loggers] == before
    assert loggers[1].filters == []
