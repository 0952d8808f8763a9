"""However a bulk run ends, it ends at once, nothing leaves after, and its report is at hand."""

from __future__ import annotations

import _thread
import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

import batch_client
from batch_client import BatchClient, BatchError, errors
from batch_client.bulk import BulkError, BulkInterrupted, BulkReport, CheckpointError
from tests.calls import SAVED
from tests.conftest import KEYS, Twin
from tests.faults.server import render
from tests.unit.test_bulk import profile, report_of

pytestmark = pytest.mark.any_documents

ENOUGH = 5.0
"""Seconds in which a run that ends "within a second" has ended on any machine."""


class SoftTimeLimit(Exception):
    """What a queue's worker raises from a signal handler when a task takes too long."""


class Server:
    """Reads requests whole and never responds, until told to; counts those that are whole."""

    def __init__(self) -> None:
        self.whole = 0
        self.begun = threading.Event()
        self.answers = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._connections: list[socket.socket] = []
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self._connections.append(connection)
            threading.Thread(target=self._handle, args=(connection,), daemon=True).start()

    def _handle(self, connection: socket.socket) -> None:
        try:
            with connection.makefile("rb") as source:
                length = next(int(line.split(b":")[1]) for line in source if line.lower().startswith(b"content-length"))
                while source.readline().strip():
                    pass
                self.begun.set()
                self.receive(source, length)
                self.answers.wait(30)
                connection.sendall(render(httpx.Response(202, json=SAVED)))
        except (OSError, StopIteration):
            return

    def receive(self, source: Any, length: int) -> None:
        self.whole += len(source.read(length)) == length

    def close(self) -> None:
        self.answers.set()
        self._listener.close()
        for connection in self._connections:
            connection.close()


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()
    yield made
    made.close()


@contextmanager
def raising_on_a_signal(kind: type[BaseException]) -> Iterator[None]:
    def handle(*_: object) -> None:
        raise kind

    before = signal.signal(signal.SIGUSR1, handle)
    try:
        yield
    finally:
        signal.signal(signal.SIGUSR1, before)


def once_in_flight(server: Server, number: signal.Signals) -> None:
    def send() -> None:
        server.begun.wait(10)
        time.sleep(0.2)
        os.kill(os.getpid(), number)

    threading.Thread(target=send, daemon=True).start()


def client_of(server: Server, **options: Any) -> BatchClient:
    return BatchClient(**KEYS, base_url=server.url, rate_limits=None, **options)


def accounts(report: BulkReport) -> bool:
    return report.records == report.settled + sum(part.count for part in report.unsettled)


def raises_midway(error: BaseException, server: Server) -> Iterator[Any]:
    yield from (profile(number) for number in range(250))
    server.begun.wait(10)
    time.sleep(0.1)
    raise error


async def waiting_aside(records: Iterator[Any]) -> AsyncIterator[Any]:
    """Iterate in a thread, so that records that are waited for do not stop the event loop."""
    end = object()
    while (record := await asyncio.to_thread(next, records, end)) is not end:
        yield record


def assert_ended(error: BaseException, started: float, server: Server, path: Path) -> BulkReport:
    """Check the end of a run whose calls got no response: at once, with its report, and with no call after."""
    assert time.monotonic() - started < ENOUGH
    report: BulkReport = report_of(error)
    assert accounts(report)
    assert report.accepted == 0
    assert any(part.may_be_in for part in report.unsettled)
    whole = server.whole
    server.answers.set()  # late responses change nothing
    before = report.to_json()
    time.sleep(0.5)
    assert server.whole == whole
    assert report.to_json() == before
    return report


@pytest.mark.fault("a bulk run is ended from outside while calls get no response", "it ends at once, with its report")
@pytest.mark.parametrize("kind", [KeyboardInterrupt, SystemExit, SoftTimeLimit, GeneratorExit, TimeoutError])
def test_signal_ends_the_run_at_once(kind: type[BaseException], server: Server, tmp_path: Path) -> None:
    once_in_flight(server, signal.SIGUSR1)
    records = (profile(number) for number in range(100_000))
    with client_of(server) as batch, raising_on_a_signal(kind):
        started = time.monotonic()
        with pytest.raises(BulkInterrupted if kind is KeyboardInterrupt else kind) as raised:
            batch.bulk.update_profiles(records, mode="stream", checkpoint=tmp_path / "c")
        report = assert_ended(raised.value, started, server, tmp_path / "c")
        if kind is not KeyboardInterrupt:
            assert any("without an answer" in note for note in raised.value.__notes__)
        everything = [profile(number) for number in range(report.records)]
        resumed = batch.bulk.update_profiles(everything, mode="stream", checkpoint=tmp_path / "c")
    assert (resumed.accepted, resumed.records) == (report.records, report.records)


@pytest.mark.parametrize("kind", [ValueError, SystemExit, KeyboardInterrupt, GeneratorExit])
async def test_exception_of_the_records_ends_the_run_at_once(
    kind: type[BaseException], twin: Twin, server: Server, tmp_path: Path
) -> None:
    if twin.name == "async" and kind is not ValueError:
        pytest.skip("asyncio lets these through to whoever runs the loop")
    batch = twin.make(None, base_url=server.url, transport=None)
    records: Any = raises_midway(kind("x"), server)
    if twin.name == "async":
        records = waiting_aside(records)
    started = time.monotonic()
    with pytest.raises(BulkInterrupted if kind is KeyboardInterrupt else kind) as raised:
        await twin.finish(batch.bulk.update_profiles(records, mode="stream", checkpoint=tmp_path / "c"))
    assert_ended(raised.value, started, server, tmp_path / "c")


async def test_exception_of_the_progress_ends_the_run_at_once(twin: Twin, server: Server) -> None:
    calls = 0

    def handler(request: httpx.Request) -> httpx.Response:
        nonlocal calls
        calls += 1
        return httpx.Response(202, json=SAVED)

    def fail(_: object) -> None:
        raise LookupError("no bar")

    records = (profile(number) for number in range(10_000))
    with pytest.raises(LookupError) as raised:
        await twin.finish(twin.make(handler).bulk.update_profiles(records, mode="stream", on_progress=fail))
    assert calls <= 5
    assert accounts(report_of(raised.value))


async def test_cancellation_ends_the_run_at_once(server: Server, tmp_path: Path) -> None:
    records = (profile(number) for number in range(100_000))
    async with Twin("async").make(None, base_url=server.url, transport=None) as batch:
        started = time.monotonic()
        with pytest.raises(TimeoutError) as raised:
            async with asyncio.timeout(1):
                await batch.bulk.update_profiles(records, mode="stream", checkpoint=tmp_path / "c")
        cancelled = raised.value.__cause__
        assert cancelled is not None
        report = assert_ended(cancelled, started, server, tmp_path / "c")
        everything = [profile(number) for number in range(report.records)]
        resumed = await batch.bulk.update_profiles(everything, mode="stream", checkpoint=tmp_path / "c")
    assert (resumed.accepted, resumed.records) == (report.records, report.records)


async def test_coroutine_that_is_closed_leaves_its_checkpoint_free(server: Server, tmp_path: Path) -> None:
    records = [profile(number) for number in range(1_000)]
    batch = Twin("async").make(None, base_url=server.url, transport=None)
    run = batch.bulk.update_profiles(records, mode="stream", checkpoint=tmp_path / "c")
    waiting = run.send(None)
    for _ in range(20):
        await asyncio.sleep(0.05)
        if waiting.done():
            waiting = run.send(None) or waiting
    run.close()
    await asyncio.sleep(0.2)
    server.answers.set()
    report = await batch.bulk.update_profiles(records, mode="stream", checkpoint=tmp_path / "c")
    assert (report.accepted, report.error) == (1_000, None)


class SlowReader(Server):
    """Reads the body of a request only when it is told to answer."""

    def receive(self, source: Any, length: int) -> None:
        self.answers.wait(30)
        super().receive(source, length)


async def test_upload_is_not_finished_after_the_end(twin: Twin, tmp_path: Path) -> None:
    server = SlowReader()
    large = [
        profile(number, **{f"a{n}": f"{number}" + "x" * 250 for n in range(40)}) | {"events": [{"name": "e"}]}
        for number in range(1_500)
    ]

    def records() -> Iterator[Any]:
        yield from large
        server.begun.wait(10)
        time.sleep(0.3)
        raise ValueError("x")

    try:
        batch = twin.make(None, base_url=server.url, transport=None)
        made: Any = records() if twin.name == "sync" else waiting_aside(records())
        with pytest.raises(ValueError, match="x") as raised:
            await twin.finish(batch.bulk.update_profiles(made, checkpoint=tmp_path / "c"))
        report = report_of(raised.value)
        assert not any(part.may_be_in for part in report.unsettled)
        server.answers.set()
        await asyncio.sleep(1)
        assert server.whole == 0
        resumed = await twin.finish(batch.bulk.update_profiles(large, checkpoint=tmp_path / "c"))
        assert (resumed.accepted, resumed.unconfirmed_records) == (1_500, 0)
    finally:
        server.close()


@pytest.mark.parametrize("after", [0.0, 0.02, 0.05, 0.1, 0.2, 0.4, 0.6])
def test_soft_time_limit_at_any_point_leaves_a_run_that_can_be_resumed(after: float, tmp_path: Path) -> None:
    received: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        received.extend(record["identifiers"]["custom_id"] for record in json.loads(request.content))
        return httpx.Response(202, json=SAVED)

    records = [profile(number) | {"events": [{"name": "e"}]} for number in range(3_000)]
    with BatchClient(**KEYS, transport=httpx.MockTransport(handler), rate_limits=None) as batch:
        with raising_on_a_signal(SoftTimeLimit):
            timer = threading.Timer(after, os.kill, (os.getpid(), signal.SIGUSR1))
            with pytest.raises(SoftTimeLimit) as raised:  # noqa: PT012 - any of these is the point
                timer.start()
                batch.bulk.update_profiles(records, mode="stream", checkpoint=tmp_path / "c")
                timer.join()
            if "report" in vars(raised.value):  # else the run was over
                assert accounts(report_of(raised.value))
            left = len(received)
            time.sleep(0.1)
            assert len(received) == left
        resumed = batch.bulk.update_profiles(records, mode="stream", checkpoint=tmp_path / "c")
    assert (resumed.records, resumed.accepted + resumed.unconfirmed_records, resumed.error) == (3_000, 3_000, None)
    assert len(received) == len(set(received)) or resumed.unconfirmed_records >= len(received) - len(set(received))


ABANDONED = """
import sys, threading, time
from batch_client import BatchClient
def records():
    yield from ({"identifiers": {"custom_id": f"u{n}"}, "attributes": {"n": n}} for n in range(700))
    time.sleep(0.5)
    raise SystemExit(7)
batch = BatchClient("key", "project", base_url=sys.argv[1], rate_limits=None)
batch.bulk.update_profiles(records(), mode="stream")
"""


def test_interpreter_ends_although_calls_are_in_flight(server: Server) -> None:
    started = time.monotonic()
    ended = subprocess.run(
        [sys.executable, "-c", ABANDONED, server.url], capture_output=True, text=True, timeout=60, check=False
    )
    assert (ended.returncode, ended.stderr) == (7, "")
    assert time.monotonic() - started < 20


Refuse = Callable[[int], None]


@pytest.fixture
def refuse_threads(monkeypatch: pytest.MonkeyPatch) -> Refuse:
    """Lets only so many threads of bulk start."""

    def refuse(most: int) -> None:
        started = 0
        start = _thread.start_new_thread

        def limited(*arguments: Any) -> int:
            nonlocal started
            if started >= most:
                raise RuntimeError("can't start new thread")
            started += 1
            return start(*arguments)

        monkeypatch.setattr(_thread, "start_new_thread", limited)
        monkeypatch.setattr(threading, "_start_new_thread", limited)

    return refuse


def answer_at_once(_: httpx.Request) -> httpx.Response:
    return httpx.Response(202, json=SAVED)


@pytest.mark.fault("the operating system refuses threads", "a bulk run goes on with fewer; with none, an error says so")
@pytest.mark.timeout(60)
@pytest.mark.parametrize("most", [1, 3])
async def test_run_continues_with_fewer_threads(most: int, twin: Twin, refuse_threads: Refuse, tmp_path: Path) -> None:
    batch = twin.make(answer_at_once)
    refuse_threads(most)
    records = [profile(number) for number in range(2_000)]
    report = await twin.finish(batch.bulk.update_profiles(records, mode="stream", checkpoint=tmp_path / "c"))
    assert (report.accepted, report.error) == (2_000, None)


@pytest.mark.timeout(60)
def test_no_thread_at_all_is_an_error(refuse_threads: Refuse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with BatchClient(**KEYS, transport=httpx.MockTransport(answer_at_once), rate_limits=None) as batch:
        records = [profile(number) for number in range(1_000)]
        refuse_threads(0)
        report = batch.bulk.update_profiles(records, mode="stream", checkpoint=tmp_path / "c")
        monkeypatch.undo()
        assert type(report.error) is BatchError
        assert "thread" in str(report.error)
        assert accounts(report)
        assert not any(part.may_be_in for part in report.unsettled)
        assert batch.bulk.update_profiles(records, mode="stream", checkpoint=tmp_path / "c").accepted == 1_000


async def test_asyncio_needs_no_thread(refuse_threads: Refuse, tmp_path: Path) -> None:
    batch = Twin("async").make(answer_at_once)
    refuse_threads(0)
    records = [profile(number) for number in range(1_000)]
    assert (await batch.bulk.update_profiles(records, mode="stream", checkpoint=tmp_path / "c")).accepted == 1_000


def test_errors_of_bulk_are_with_the_others() -> None:
    for error in (BulkError, BulkInterrupted, CheckpointError):
        assert getattr(batch_client, error.__name__) is error
        assert getattr(errors, error.__name__) is error
        assert error.__name__ in batch_client.__all__


def test_errors_of_bulk_need_no_extra() -> None:
    code = (
        "import sys; sys.modules['jsonschema_rs'] = None\n"
        "from batch_client import BulkError, BulkInterrupted, CheckpointError\n"
        "from batch_client.errors import BulkError, BulkInterrupted, CheckpointError\n"
        "assert 'batch_client.bulk' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize("raised", [ValueError, TypeError, SoftTimeLimit])
def test_exception_of_a_signal_handler_is_not_taken_for_a_fault_of_a_record(
    raised: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    def handle(*_: object) -> None:
        raise raised("soft limit")

    def problems(*_: object) -> Iterator[tuple[str, str]]:
        signal.raise_signal(signal.SIGALRM)
        yield from ()

    monkeypatch.setattr("batch_client.bulk._preflight.Preflight.problems", problems)
    before = signal.signal(signal.SIGALRM, handle)
    try:
        with BatchClient(**KEYS) as batch, pytest.raises(raised, match="soft limit") as caught:
            batch.bulk.update_profiles([profile(1)], dry_run=True)
    finally:
        signal.signal(signal.SIGALRM, before)
    assert report_of(caught.value).records == 1
