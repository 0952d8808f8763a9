"""The deadline of a call ends it in every phase; a time-out of httpx starts again with each byte."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import pytest

from batch_client import APITimeoutError, BatchClient, IndexingTimeout
from batch_client._tasks import waiting
from batch_client._transport import sender
from batch_client._transport.signals import is_from_signal
from tests.calls import AUDIENCE, TOKEN, call_of, complete
from tests.conftest import Twin
from tests.faults.run import KEYS
from tests.faults.server import FaultyServer, render

pytestmark = pytest.mark.any_documents

VIEW = call_of("audience_view")
DEADLINE = 0.6
IN_TIME = 10.0
"""Seconds within which a call has ended whose deadline is over: generous, since machines can be slow."""

Act = Callable[[socket.socket], None]


@pytest.fixture
def short_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sender, "DEADLINE", DEADLINE)


@contextmanager
def listening(act: Act) -> Iterator[str]:
    """Give the URL of a server that treats each connection as an act does, without reading what it says."""
    listener = socket.create_server(("127.0.0.1", 0))
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)

    def accept() -> None:
        with suppress(OSError):
            while True:
                connection, _ = listener.accept()
                threading.Thread(target=serve, args=(connection,), daemon=True).start()

    def serve(connection: socket.socket) -> None:
        with suppress(OSError), connection:
            act(connection)

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()
        listener.close()


def drip(connection: socket.socket) -> None:
    for part in [b"HTTP/1.1 200 OK\r\nX-Long: ", *[b"x"] * 1000]:
        connection.sendall(part)
        time.sleep(0.02)


def sip(connection: socket.socket) -> None:
    while connection.recv(512):
        time.sleep(0.02)


async def seconds_until_timeout(twin: Twin, url: str, call: Callable[[Any], Any], **options: Any) -> float:
    batch = twin.make(None, **KEYS, base_url=url, transport=None, **options)
    started = time.monotonic()
    with pytest.raises(APITimeoutError, match="the deadline of the call is over"):
        await twin.finish(call(batch))
    return time.monotonic() - started


@pytest.mark.fault("a server sends or reads a byte now and then", "the call ends at its deadline, in every phase")
@pytest.mark.usefixtures("short_deadline")
async def test_slow_reader_does_not_hold_an_upload(twin: Twin) -> None:
    ids = [{"action": "add", "id": f"{number:0500}"} for number in range(20_000)]
    with listening(sip) as url:
        seconds = await seconds_until_timeout(twin, url, lambda batch: batch.audiences.update(name="vip", ids=ids))
    assert DEADLINE <= seconds < IN_TIME


@pytest.mark.usefixtures("short_deadline")
async def test_connection_that_is_used_again_keeps_the_deadline_of_its_call(twin: Twin) -> None:
    def well_then_drip(connection: socket.socket) -> None:
        connection.recv(65536)
        answer = httpx.Response(200, json=AUDIENCE, headers={"Connection": "keep-alive"})
        connection.sendall(render(answer))
        connection.recv(65536)
        drip(connection)

    with listening(well_then_drip) as url:
        batch = twin.make(None, **KEYS, base_url=url, transport=None)
        await twin.finish(batch.audiences.view(name="vip"))
        await asyncio.sleep(DEADLINE)  # the deadline of the first call is over, that of the second is not
        started = time.monotonic()
        with pytest.raises(APITimeoutError, match="the deadline of the call is over"):
            await twin.finish(batch.audiences.view(name="vip"))
        assert DEADLINE <= time.monotonic() - started < IN_TIME


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for localhost, and its key."""
    openssl = shutil.which("openssl")
    if openssl is None:
        if os.environ.get("CI") == "true":
            pytest.fail("openssl is missing")
        pytest.skip("needs openssl")  # the deadline is the same without TLS, which every machine tests
    certificate, key = (tmp_path_factory.mktemp("tls") / name for name in ("certificate.pem", "key.pem"))
    names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    command = [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *names]
    subprocess.run([*command, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    return certificate, key


@pytest.mark.usefixtures("short_deadline")
async def test_deadline_holds_over_tls(twin: Twin, certificate: tuple[Path, Path]) -> None:
    served = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    served.load_cert_chain(*certificate)

    def drip_encrypted(connection: socket.socket) -> None:
        with served.wrap_socket(connection, server_side=True) as encrypted:
            encrypted.recv(65536)
            drip(encrypted)

    trusted = ssl.create_default_context(cafile=str(certificate[0]))
    with listening(drip_encrypted) as url:
        url = url.replace("http://127.0.0.1", "https://localhost")
        seconds = await seconds_until_timeout(twin, url, lambda batch: batch.audiences.view(name="vip"), verify=trusted)
    assert DEADLINE <= seconds < IN_TIME


@pytest.mark.usefixtures("short_deadline")
async def test_deadline_holds_with_an_http_client_of_the_caller(twin: Twin) -> None:
    traced: list[str] = []
    own: Any = httpx.Client() if twin.name == "sync" else httpx.AsyncClient()
    server = FaultyServer(VIEW.respond(), lambda connection, _: drip(connection), 1)
    with server.serve() as url:
        batch = twin.make(None, **KEYS, base_url=url, transport=None, http_client=own)
        with pytest.raises(APITimeoutError):
            await twin.finish(batch.audiences.view(name="vip"))
        if twin.name == "sync":  # a trace of the caller's own goes on as before
            batch.generated.get_httpx_client().get("/x", extensions={"trace": lambda event, _: traced.append(event)})
            assert "connection.connect_tcp.complete" in traced


async def test_wait_ends_soon_after_its_timeout_whatever_the_server_does(
    twin: Twin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "_LAST_POLL", 0.3)
    monkeypatch.setattr("batch_client._tasks.schedule.FIRST_DELAY", 0.1)
    server = FaultyServer(VIEW.respond(), lambda connection, _: drip(connection), 1000)
    with server.serve() as url:
        task = twin.make(None, **KEYS, base_url=url, transport=None).audiences.task("vip", TOKEN)
        started = time.monotonic()
        with pytest.raises(IndexingTimeout, match=r"was not finished after 0\.3 s"):
            await twin.finish(task.wait(timeout=0.3))
    assert time.monotonic() - started < IN_TIME


async def test_last_look_of_a_wait_may_take_its_time(twin: Twin) -> None:
    indexed = complete("audience_view", AUDIENCE | {"indexing_state": "APPLIED"})

    def slow(connection: socket.socket, _: httpx.Response) -> None:
        time.sleep(0.2)
        connection.sendall(render(httpx.Response(200, json=indexed)))

    with FaultyServer(VIEW.respond(), slow, 1).serve() as url:
        task = twin.make(None, **KEYS, base_url=url, transport=None).audiences.task("vip", TOKEN)
        assert (await twin.finish(task.wait(timeout=0))).indexing_state == "APPLIED"


@pytest.mark.fault("a signal handler raises TimeoutError in a call", "it reaches the caller; nothing is sent again")
@pytest.mark.parametrize("raised", [TimeoutError, OSError, ConnectionResetError, ValueError])
@pytest.mark.parametrize("waits", [False, True], ids=["call", "wait"])
def test_exception_of_a_signal_handler_is_not_taken_for_a_failure(waits: bool, raised: type[Exception]) -> None:
    def handle(*_: object) -> None:
        raise raised("soft limit")

    received = threading.Event()

    def silent(connection: socket.socket) -> None:
        connection.recv(65536)
        assert not received.is_set(), "a second request"
        received.set()
        connection.recv(65536)

    before = signal.signal(signal.SIGALRM, handle)
    try:
        with listening(silent) as url, BatchClient(**KEYS, base_url=url, rate_limits=None) as batch:
            signal.setitimer(signal.ITIMER_REAL, 1.5)
            with pytest.raises(raised, match="soft limit"):
                batch.audiences.task("vip", TOKEN).wait() if waits else batch.audiences.view(name="vip")
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert received.is_set()


def test_failed_enum_lookup_is_not_from_a_signal_handler() -> None:
    with pytest.raises(ValueError, match="99 is not a valid") as caught:
        signal.Handlers(99)
    assert not is_from_signal(caught.value)
