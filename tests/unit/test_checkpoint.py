"""Checkpoints: a run that ended early goes on where it stopped, loses nothing and repeats no event."""

from __future__ import annotations

import json
import os
import resource
import signal
import socket
import sqlite3
import stat
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from batch_client import AuthenticationError, BatchClient, IndexingTimeout
from batch_client.bulk import BulkInterrupted, BulkReport, CheckpointError
from batch_client.bulk._checkpoint import Checkpoint
from batch_client.sandbox import Sandbox
from batch_client.sandbox._sandbox import PROJECT_KEY, REST_API_KEY
from tests import kills
from tests.calls import SAVED
from tests.conftest import KEYS, FakeClock, Twin
from tests.faults.server import render, reset
from tests.unit.test_bulk import profile, sizes


def with_event(number: int) -> dict[str, Any]:
    return profile(number) | {"events": [{"name": "purchase"}]}


async def stream(twin: Twin, batch: Any, records: Any, path: Path, **options: Any) -> BulkReport:
    report: BulkReport = await twin.finish(
        batch.bulk.update_profiles(records, mode="stream", checkpoint=path, **options)
    )
    return report


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "import.checkpoint"


async def test_run_goes_on_where_it_stopped(twin: Twin, batch: Any, sandbox: Sandbox, path: Path) -> None:
    records = [with_event(number) if number % 500 else {} for number in range(2_500)]
    sandbox.fail_next("profile_update", 401)
    first = await stream(twin, batch, records, path)
    assert isinstance(first.error, AuthenticationError)
    sent_before = len(sandbox.profiles)
    assert first.accepted == sent_before < 2_000
    second = await stream(twin, batch, records, path)
    assert (second.records, second.accepted, second.invalid_records, second.unsettled) == (2_500, 2_495, 5, [])
    assert second.resumed >= sent_before
    assert [problem.index for problem in second.invalid] == [0, 500, 1_000, 1_500, 2_000]
    assert {len(found.events) for found in sandbox.profiles.values()} == {1}
    assert len(sandbox.profiles) == 2_495


async def test_run_that_ended_well_sends_nothing_more(
    twin: Twin,
    batch: Any,
    sandbox: Sandbox,
    path: Path,
) -> None:
    records = [profile(number) for number in range(450)] + [{}]
    first = await stream(twin, batch, records, path)
    sent = len(sandbox.requests)
    second = await stream(twin, batch, iter(records), path)
    assert len(sandbox.requests) == sent
    assert (second.calls, second.resumed) == (0, 451)
    assert (second.accepted, second.invalid) == (first.accepted, first.invalid)


@pytest.mark.parametrize(
    ("change", "difference"),
    [
        (lambda records: [profile(999), *records[1:]], "those from index 0 to 199 differ"),
        (lambda records: [*records[:399], profile(999)], "those from index 200 to 399 differ"),
        (lambda records: [*records[:300]], "there are only 300"),
        (lambda records: records[::-1], "those from index 0 to 199 differ"),
        (lambda records: [*records, profile(999)], "there are more than its 400"),
        (lambda records: [*records, {}], "there are more than its 400"),
    ],
)
async def test_other_records_are_refused(
    change: Any,
    difference: str,
    twin: Twin,
    batch: Any,
    sandbox: Sandbox,
    path: Path,
) -> None:
    records = [profile(number) for number in range(400)]
    await stream(twin, batch, records, path)
    sent = len(sandbox.requests)
    with pytest.raises(CheckpointError, match=difference) as refused:
        await stream(twin, batch, change(records), path)
    assert "\n" not in str(refused.value)
    assert len(sandbox.requests) == sent


async def test_nothing_is_sent_before_all_records_are_known_again(
    twin: Twin,
    batch: Any,
    sandbox: Sandbox,
    path: Path,
) -> None:
    records = [profile(number) for number in range(3_000)]

    def broken_off() -> Iterator[Any]:
        yield from records[:1_000]
        raise OSError

    with pytest.raises(OSError):  # noqa: PT011 - it has no message
        await stream(twin, batch, broken_off(), path)
    sent = len(sandbox.requests)
    with pytest.raises(CheckpointError, match="those from index 200 to 399 differ"):
        await stream(twin, batch, [*records[:399], profile(9_999), *records[400:]], path)
    assert len(sandbox.requests) == sent


@pytest.mark.parametrize("fault", [500, "lost"])
async def test_events_of_unknown_outcome_are_listed_and_not_repeated(
    fault: Any,
    twin: Twin,
    batch: Any,
    sandbox: Sandbox,
    path: Path,
) -> None:
    records: list[dict[str, Any]] = [profile(number) for number in range(200)]
    records[7] = with_event(7)
    records[9] = {"identifiers": {"custom_id": "u9"}, "events": [{"name": "visit"}]}
    sandbox.fail_next("profile_update", fault)
    first = await stream(twin, batch, records, path)
    assert [part.may_be_in for part in first.unsettled] == [True]
    second = await stream(twin, batch, records, path)
    assert (second.accepted, second.unconfirmed_records, second.unsettled) == (198, 2, [])
    assert [(problem.index, problem.id, problem.field) for problem in second.unconfirmed] == [
        (7, "u7", "events"),
        (9, "u9", "events"),
    ]
    assert not second.complete
    events = {id_: len(found.events) for id_, found in sandbox.profiles.items() if found.events}
    assert events == ({"u7": 1, "u9": 1} if fault == "lost" else {})
    assert sandbox.profiles["u7"].attributes == {"n": 7}
    third = await stream(twin, batch, records, path)
    assert (third.calls, third.unconfirmed) == (0, second.unconfirmed)


@pytest.mark.parametrize(("fault", "tries"), [(401, 1), (429, 5)])
async def test_what_surely_did_nothing_is_sent_again_with_its_events(
    fault: int,
    tries: int,
    twin: Twin,
    batch: Any,
    sandbox: Sandbox,
    path: Path,
) -> None:
    records = [with_event(number) for number in range(200)]
    sandbox.fail_next("profile_update", fault, times=tries)
    first = await stream(twin, batch, records, path)
    assert first.error is not None
    assert [part.may_be_in for part in first.unsettled] == [False]
    second = await stream(twin, batch, records, path)
    assert (second.accepted, second.unconfirmed_records) == (200, 0)
    assert all(len(found.events) == 1 for found in sandbox.profiles.values())


def test_upload_that_breaks_off_is_made_again_with_its_events(clock: FakeClock, path: Path) -> None:
    # Sync only: asyncio may tell of a broken connection after the last byte was noted, which is on the safe side.
    whole: list[int] = []
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        connection, _ = listener.accept()
        connection.recv(1000)
        reset(connection)
        connection, _ = listener.accept()
        with connection, connection.makefile("rb") as source:
            length = next(int(line.split(b":")[1]) for line in source if line.lower().startswith(b"content-length"))
            while source.readline().strip():
                pass
            whole.append(len(json.loads(source.read(length))))
            connection.sendall(render(httpx.Response(202, json=SAVED)))

    server = threading.Thread(target=serve, daemon=True)
    server.start()
    records = [with_event(number) | {"attributes": {f"a{n}": "x" * 300 for n in range(5)}} for number in range(5_000)]
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    with BatchClient(**KEYS, base_url=url, max_retries=1, rate_limits=None) as client:
        report = client.bulk.update_profiles(records, checkpoint=path)
    server.join(10)
    listener.close()
    assert (report.accepted, report.unconfirmed, report.error, whole) == (5_000, [], None, [5_000])


async def test_replacement_goes_on_adding(twin: Twin, batch: Any, sandbox: Sandbox, path: Path) -> None:
    await twin.finish(batch.audiences.create(name="vip", type="custom_ids"))
    ids = [{"id": str(number)} for number in range(35_000)]
    sandbox.fail_next("audience_update", 401)
    first = await twin.finish(batch.bulk.replace_audience("vip", ids, checkpoint=path))
    assert first.accepted < 35_000
    second = await twin.finish(batch.bulk.replace_audience("vip", ids, checkpoint=path))
    assert second.complete
    assert len(sandbox.audiences["vip"].ids) == 35_000
    assert sizes(sandbox, "audience_replace") == [10_000]
    assert dict(second.indexing) == {"APPLIED": 3, "REPLACED": 1} or dict(second.indexing) == {"APPLIED": 4}


async def test_indexing_is_waited_for_again(twin: Twin, clock: FakeClock, path: Path) -> None:
    sandbox = Sandbox(indexing=1_000.0, clock=lambda: clock.now)
    with sandbox.client() as setup:
        setup.audiences.create(name="vip", type="custom_ids")
    client: Any = sandbox.client() if twin.name == "sync" else sandbox.async_client()
    actions = [{"action": "add", "id": "ann"}]
    first = await twin.finish(client.bulk.update_audience("vip", actions, checkpoint=path, timeout=10))
    assert isinstance(first.error, IndexingTimeout)
    assert (first.accepted, first.complete, dict(first.indexing)) == (1, False, {})
    second = await twin.finish(client.bulk.update_audience("vip", actions, checkpoint=path, timeout=None))
    assert (second.complete, second.calls, dict(second.indexing)) == (True, 0, {"APPLIED": 1})
    looks = len(sandbox.requests)
    third = await twin.finish(client.bulk.update_audience("vip", actions, checkpoint=path))
    assert (len(sandbox.requests), dict(third.indexing)) == (looks, {"APPLIED": 1})


async def test_checkpoint_of_another_run_is_refused(
    twin: Twin,
    batch: Any,
    sandbox: Sandbox,
    path: Path,
) -> None:
    await stream(twin, batch, [profile(1)], path)
    with pytest.raises(CheckpointError, match=r"another run \(operation 'profile_update', not 'audience_update'\)"):
        await twin.finish(batch.bulk.update_audience("vip", [], checkpoint=path))
    other = Sandbox(project_key="project_other")
    client: Any = other.client() if twin.name == "sync" else other.async_client()
    with pytest.raises(CheckpointError, match=r"\(another project\)"):
        await stream(twin, client, [profile(1)], path)


async def test_what_is_no_checkpoint_is_refused(twin: Twin, batch: Any, path: Path) -> None:
    path.write_text("custom_id,plan\n" * 100, encoding="utf-8")
    with pytest.raises(CheckpointError, match="is not a checkpoint"):
        await stream(twin, batch, [profile(1)], path)
    assert path.read_text(encoding="utf-8").startswith("custom_id")
    database = path.with_name("other.sqlite")
    with sqlite3.connect(database) as other:
        other.execute("CREATE TABLE notes (text)")
    other.close()
    with pytest.raises(CheckpointError, match="is not a checkpoint but another SQLite database"):
        await stream(twin, batch, [profile(1)], database)
    with pytest.raises(CheckpointError, match=r"cannot open the checkpoint .* Not a directory"):
        await stream(twin, batch, [profile(1)], path / "deep")


async def test_checkpoint_in_use_is_refused(twin: Twin, batch: Any, path: Path) -> None:
    other = Checkpoint(path, {"operation": "x"})
    try:
        with pytest.raises(CheckpointError, match="in use by another run"):
            await stream(twin, batch, [profile(1)], path)
    finally:
        other.close()


async def test_checkpoint_that_cannot_be_written_ends_the_run(
    twin: Twin,
    batch: Any,
    sandbox: Sandbox,
    path: Path,
) -> None:
    records = [with_event(number) for number in range(40_000)]
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (22_000, before[1]))
    try:
        report = await stream(twin, batch, records, path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert isinstance(report.error, CheckpointError)
    assert 0 < report.accepted < 40_000
    assert report.records == report.accepted + sum(part.count for part in report.unsettled)
    report = await stream(twin, batch, records, path)
    assert (report.accepted + report.unconfirmed_records, report.error) == (40_000, None)
    assert len(sandbox.profiles) == 40_000
    assert {len(found.events) for found in sandbox.profiles.values()} == {1}


def test_damaged_checkpoint_is_refused(sandbox: Sandbox, clock: FakeClock, path: Path) -> None:
    records = [profile(0), *([{}] * 9_000), profile(1)]
    with sandbox.client() as client:
        client.bulk.update_profiles(records, checkpoint=path)
        with path.open("r+b") as file:
            file.seek(4096 * 2)
            file.write(b"\xff" * 4096 * 20)
        with pytest.raises(CheckpointError, match=r"cannot use the checkpoint .*: database disk image is malformed"):
            client.bulk.update_profiles(records, checkpoint=path)


async def test_dry_run_leaves_no_checkpoint(twin: Twin, batch: Any, path: Path) -> None:
    await stream(twin, batch, [profile(1)], path, dry_run=True)
    assert not path.exists()


async def test_checkpoint_holds_no_key_and_no_attribute_and_is_private(
    twin: Twin,
    batch: Any,
    sandbox: Sandbox,
    path: Path,
) -> None:
    await stream(twin, batch, [profile(1, **{"$email_address": "ann@example.com"}), {}], path)
    content = b"".join(file.read_bytes() for file in path.parent.iterdir())
    assert not any(key.encode() in content for key in (REST_API_KEY, PROJECT_KEY))
    assert b"ann@example.com" not in content
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_interrupt_waits_for_what_is_under_way_and_reports(path: Path) -> None:
    leaving = threading.Event()
    received: list[int] = []

    def answer_slowly(request: httpx.Request) -> httpx.Response:
        received.append(1)
        leaving.set()
        time.sleep(0.3)
        return httpx.Response(202, json=SAVED)

    def interrupt() -> None:
        leaving.wait()
        os.kill(os.getpid(), signal.SIGINT)

    threading.Thread(target=interrupt, daemon=True).start()
    with (
        BatchClient(**KEYS, transport=httpx.MockTransport(answer_slowly), rate_limits=None) as client,
        pytest.raises(BulkInterrupted) as interrupted,
    ):
        client.bulk.update_profiles((profile(number) for number in range(100_000)), mode="stream", checkpoint=path)
    report = interrupted.value.report
    assert not isinstance(interrupted.value, Exception)
    assert report.accepted == 200 * len(received)
    assert report.records == report.accepted + sum(part.count for part in report.unsettled)
    assert not any(part.may_be_in for part in report.unsettled)


@pytest.mark.timeout(90)  # less than the wait
def test_interrupt_ends_a_long_wait() -> None:
    refused = threading.Event()

    def refuse(request: httpx.Request) -> httpx.Response:
        refused.set()
        return httpx.Response(429, headers={"Retry-After": "100"})

    def interrupt() -> None:
        refused.wait()
        time.sleep(0.2)
        os.kill(os.getpid(), signal.SIGINT)

    threading.Thread(target=interrupt, daemon=True).start()
    with (
        BatchClient(**KEYS, transport=httpx.MockTransport(refuse), rate_limits=None) as client,
        pytest.raises(BulkInterrupted) as interrupted,
    ):
        client.bulk.update_profiles([profile(1)])
    assert [part.may_be_in for part in interrupted.value.report.unsettled] == [False]


@pytest.mark.timeout(90)  # less than the wait
async def test_error_ends_the_waits_of_other_calls(twin: Twin) -> None:
    waiting = threading.Event()

    def handler(request: httpx.Request) -> httpx.Response:
        if b'"u0"' in request.content:
            waiting.set()
            return httpx.Response(429, headers={"Retry-After": "100"})
        return httpx.Response(401 if waiting.is_set() else 202, json=SAVED)

    batch: Any = twin.make(handler, rate_limits=None, max_retries=1)
    report = await twin.finish(batch.bulk.update_profiles((profile(n) for n in range(5_000)), mode="stream"))
    assert isinstance(report.error, AuthenticationError)
    assert report.unsettled[0].first == 0
    assert not any(part.may_be_in for part in report.unsettled)


async def test_error_of_the_records_comes_through_with_the_account(
    twin: Twin,
    batch: Any,
    sandbox: Sandbox,
) -> None:
    def records() -> Iterator[Any]:
        yield from (profile(number) for number in range(300))
        raise UnicodeError("line 301")

    with pytest.raises(UnicodeError, match="line 301") as raised:
        await twin.finish(batch.bulk.update_profiles(records(), mode="stream"))
    assert any("300 records" in note and "100 without an answer" in note for note in raised.value.__notes__)
    assert len(sandbox.profiles) == 200


def test_killed_imports_lose_nothing_and_repeat_no_event() -> None:
    tally = kills.run(kills=12, seed=6)
    assert tally.kills == 12
    assert tally.imports >= 1
