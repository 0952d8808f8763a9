"""A checkpoint that is unsound is refused before anything is sent; a sound one is private and holds no values."""

from __future__ import annotations

import os
import signal
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from batch_client import APIConnectionError
from batch_client.bulk import BulkReport, CheckpointError, UnreadableRecord
from batch_client.sandbox import Sandbox
from tests.calls import partly_saved
from tests.conftest import FakeClock, Twin
from tests.unit.test_bulk import profile

pytestmark = pytest.mark.any_documents

RECORDS: list[Any] = [profile(n) | {"events": [{"name": "e"}]} if n % 100 != 50 else {} for n in range(900)]


async def run(twin: Twin, batch: Any, path: Path, records: Any = RECORDS) -> BulkReport:
    report: BulkReport = await twin.finish(batch.bulk.update_profiles(records, mode="stream", checkpoint=path))
    return report


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "import.checkpoint"


@pytest.fixture
async def sound(twin: Twin, batch: Any, sandbox: Sandbox, path: Path) -> Path:
    """A checkpoint of a run of which some is sent, some rejected, and some of unknown outcome."""
    sandbox.fail_next("profile_update", 400)
    await run(twin, batch, path, RECORDS[:600])
    with sqlite3.connect(path) as database:
        database.execute("UPDATE run SET records = NULL")
        database.execute("UPDATE sent SET settled = 0, accepted = NULL, rejected = NULL WHERE start = 404")
        database.execute("DELETE FROM problem WHERE start = 404")
    database.close()
    return path


async def refused(twin: Twin, batch: Any, sandbox: Sandbox, path: Path) -> str:
    """Check that a checkpoint is refused and nothing is sent; return how it is said."""
    sent = len(sandbox.requests)
    with pytest.raises(CheckpointError) as raised:
        await run(twin, batch, path)
    assert len(sandbox.requests) == sent
    assert "\n" not in str(raised.value)
    assert str(path) in str(raised.value)
    return str(raised.value)


@pytest.mark.fault("a checkpoint is cut off, damaged or not a checkpoint", "it is refused and nothing is sent")
@pytest.mark.parametrize("length", [0, 1, 15, 16, 99, 100, 512, 4_096, 8_192, -1])
async def test_checkpoint_that_is_cut_off_is_refused(
    length: int, twin: Twin, batch: Any, sandbox: Sandbox, sound: Path
) -> None:
    os.truncate(sound, length if length >= 0 else sound.stat().st_size - 1)
    message = await refused(twin, batch, sandbox, sound)
    assert "delete it to start over" in message


async def test_sound_checkpoint_is_resumed(twin: Twin, batch: Any, sandbox: Sandbox, sound: Path) -> None:
    report = await run(twin, batch, sound)
    assert (report.records, report.error, report.unsettled) == (900, None, [])


STATEMENTS = [
    "UPDATE sent SET start = -5 WHERE start = 0",
    "UPDATE sent SET stop = 'many' WHERE start = 0",
    "UPDATE sent SET stop = 0 WHERE start = 202",
    "UPDATE sent SET stop = 300 WHERE start = 0",
    "UPDATE sent SET stop = 9223372036854775807 WHERE start = 404",
    "UPDATE sent SET stop = 1.5 WHERE start = 0",
    "UPDATE sent SET digest = 'x' WHERE start = 0",
    "UPDATE sent SET digest = x'00' WHERE start = 0",
    "UPDATE sent SET invalid = 'x' WHERE start = 0",
    "UPDATE sent SET invalid = '' WHERE start = 0",
    "UPDATE sent SET invalid = '{}' WHERE start = 0",
    "UPDATE sent SET invalid = '7' WHERE start = 0",
    "UPDATE sent SET invalid = 'null' WHERE start = 0",
    "UPDATE sent SET invalid = '[null]' WHERE start = 0",
    "UPDATE sent SET invalid = '[true]' WHERE start = 0",
    "UPDATE sent SET invalid = '[1e400]' WHERE start = 0",
    "UPDATE sent SET invalid = '[5000]' WHERE start = 0",
    "UPDATE sent SET invalid = '[7, 7]' WHERE start = 0",
    "UPDATE sent SET invalid = '[' || replace(hex(zeroblob(2500)), '00', '99') || ']' WHERE start = 0",
    "UPDATE sent SET invalid = replace(hex(zeroblob(50000)), '00', '[[') WHERE start = 0",
    "UPDATE sent SET invalid = x'ff00' WHERE start = 0",
    "UPDATE sent SET settled = 2 WHERE start = 0",
    "UPDATE sent SET settled = 'yes' WHERE start = 0",
    "UPDATE sent SET accepted = NULL WHERE start = 202",
    "UPDATE sent SET accepted = 'x' WHERE start = 202",
    "UPDATE sent SET accepted = -1 WHERE start = 202",
    "UPDATE sent SET accepted = 7 WHERE start = 202",
    "UPDATE sent SET rejected = 9223372036854775807 WHERE start = 202",
    "UPDATE sent SET unconfirmed = 'x' WHERE start = 202",
    "UPDATE sent SET token = x'00' WHERE start = 0",
    "UPDATE problem SET record = 'x'",
    "UPDATE problem SET record = 899 WHERE start = 0",
    "UPDATE problem SET kind = 'odd'",
    "UPDATE problem SET id = x'00'",
    "DELETE FROM problem",
    "UPDATE problem SET start = 7",
    "UPDATE run SET records = 'x'",
    "UPDATE run SET records = -1",
    "UPDATE run SET records = 100",
    "INSERT INTO sent (start, stop, digest, invalid) VALUES (0x7fffffffffffffff, 0x7fffffffffffffff, x'00', '[]')",
    "INSERT INTO sent (start, stop, digest, invalid) VALUES (-9223372036854775807, 5, x'00', '[]')",
    "UPDATE run SET records = 1.5",
    "UPDATE run SET identity = '{'",
    "UPDATE run SET identity = '[]'",
    "UPDATE run SET identity = '7'",
    "UPDATE run SET identity = x'ff'",
    "DELETE FROM run",
    "INSERT INTO run SELECT * FROM run",
    "DROP TABLE run",
    "DROP TABLE sent",
    "DROP TABLE problem",
    "DROP INDEX problem_start",
    "ALTER TABLE sent ADD COLUMN more TEXT",
    "ALTER TABLE sent DROP COLUMN token",
    "CREATE TRIGGER odd AFTER INSERT ON sent BEGIN DELETE FROM sent; END",
    "PRAGMA user_version = 0",
    "PRAGMA user_version = 99",
    "PRAGMA application_id = 0",
    "PRAGMA application_id = 7",
]


@pytest.mark.parametrize("statement", STATEMENTS, ids=lambda statement: statement[:60])
async def test_damaged_row_is_refused(statement: str, twin: Twin, batch: Any, sandbox: Sandbox, sound: Path) -> None:
    with sqlite3.connect(sound) as database:
        database.execute(statement)
    database.close()
    await refused(twin, batch, sandbox, sound)


@pytest.mark.parametrize("place", [0, 20, 100, 4_100, 8_200, 12_300])
async def test_damaged_page_is_refused(place: int, twin: Twin, batch: Any, sandbox: Sandbox, sound: Path) -> None:
    with sound.open("r+b") as file:
        file.seek(place)
        file.write(b"\xff" * 64)
    await refused(twin, batch, sandbox, sound)


MAKERS: list[Callable[[Path], object]] = [
    lambda path: path.touch(),
    lambda path: path.write_bytes(b"\n"),
    lambda path: path.write_bytes(b"SQLite format 3\0"),
    lambda path: path.write_text("custom_id,plan\n" * 100),
    lambda path: path.write_bytes(os.urandom(20_000)),
    lambda path: path.mkdir(),
    lambda path: os.mkfifo(path),
    lambda path: path.symlink_to("/dev/null"),
    lambda path: sqlite3.connect(path).execute("CREATE TABLE sent (start)").connection.close(),
    lambda path: sqlite3.connect(path).execute("VACUUM").connection.close(),
]


@pytest.mark.parametrize("make", MAKERS)
async def test_other_file_is_refused_and_left_alone(
    make: Callable[[Path], object], twin: Twin, batch: Any, sandbox: Sandbox, path: Path
) -> None:
    make(path)
    content = path.read_bytes() if path.is_file() else b""
    await refused(twin, batch, sandbox, path)
    assert not path.is_file() or path.read_bytes() == content
    assert [other.name for other in path.parent.iterdir()] == [path.name]


async def test_odd_path_is_refused(twin: Twin, batch: Any) -> None:
    with pytest.raises(CheckpointError, match="cannot open the checkpoint"):
        await run(twin, batch, Path("a\0b"))


@pytest.mark.parametrize("mode", [0o644, 0o666, 0o640])
async def test_checkpoint_that_others_can_read_becomes_private(mode: int, twin: Twin, batch: Any, path: Path) -> None:
    real = path.with_name("real")
    path.symlink_to(real)
    await run(twin, batch, path, RECORDS[:600])
    assert stat.S_IMODE(real.stat().st_mode) == 0o600
    real.chmod(mode)
    await run(twin, batch, path, RECORDS[:600])
    assert stat.S_IMODE(real.stat().st_mode) == 0o600
    assert path.is_symlink()


@pytest.mark.parametrize("suffix", ["-wal", "-journal"])
async def test_remains_of_a_deleted_checkpoint_do_not_count(
    suffix: str, twin: Twin, batch: Any, sandbox: Sandbox, sound: Path
) -> None:
    database = sqlite3.connect(sound, isolation_level=None)
    database.execute(f"PRAGMA journal_mode = {'WAL' if suffix == '-wal' else 'PERSIST'}")
    database.execute("UPDATE run SET records = 600")
    beside = sound.with_name(f"{sound.name}{suffix}")
    kept = beside.read_bytes()
    database.close()
    beside.write_bytes(kept)
    sound.unlink()
    report = await run(twin, batch, sound)
    assert (report.resumed, report.accepted) == (0, 891)


KILLED = """
import os, sys
from batch_client import BatchClient
import httpx
calls = []
def handler(request):
    calls.append(1)
    if len(calls) == 3 and sys.argv[2] == "killed":
        os.kill(os.getpid(), 9)
    return httpx.Response(202, json={"code": "SUCCESS"})
records = [{"identifiers": {"custom_id": f"u{n % 200}"}, "events": [{"name": "e"}]} for n in range(900)]
with BatchClient("key", "project", transport=httpx.MockTransport(handler), rate_limits=None) as batch:
    report = batch.bulk.update_profiles(records, mode="stream", checkpoint=sys.argv[1])
    print(report.accepted, report.unconfirmed_records, len(calls))
"""


def test_checkpoint_of_a_killed_run_is_whole_in_its_file(path: Path) -> None:
    def start(file: Path, end: str) -> subprocess.CompletedProcess[str]:
        arguments = [sys.executable, "-c", KILLED, str(file), end]
        return subprocess.run(arguments, capture_output=True, text=True, check=False)

    assert start(path, "killed").returncode == -signal.SIGKILL
    moved = path.with_name("moved")
    path.rename(moved)
    assert start(moved, "finished").stdout.split() == ["700", "200", "2"]


SECRET = "ann.secret"
"""Stands in each value that a checkpoint must not hold."""


@pytest.mark.fault("records are rejected in a run with a checkpoint", "the checkpoint holds no values of records")
@pytest.mark.parametrize("status", [202, 400])
async def test_checkpoint_holds_no_values(status: int, twin: Twin, clock: FakeClock, path: Path) -> None:
    odd = f"{SECRET}@example.com"
    rejections = [
        {"category": "attribute", "bulk_index": 0, "reason": f"{odd!r} is not a plan", "attribute": "plan"},
        {"category": "event", "bulk_index": 1, "reason": f"no event {odd}"},
    ]
    refusal = {"error_code": "MALFORMED", "error_message": f"what is {odd}?"}

    def handler(request: httpx.Request) -> httpx.Response:
        return httpx.Response(status, json=partly_saved(rejections) if status == 202 else refusal)

    class Failing:
        def to_dict(self) -> Any:
            raise ValueError(odd)

    records = [
        profile(0, plan=odd),
        profile(1) | {"events": [{"name": "visit", "attributes": {"a": odd}}]},
        profile(2, **{"$email_address": [odd]}),
        profile(3) | {"events": [{"name": odd}]},
        profile(4) | {"events": [{"name": "e", "time": odd}]},
        UnreadableRecord(f"{odd!r} is not a number", "u5", "age"),
        Failing(),
        profile(7, x=odd + "\ud800"),
    ]
    batch = twin.make(handler)
    first = await run(twin, batch, path, records)
    assert first.invalid_records == 6
    assert any(SECRET in problem.reason for problem in first.invalid)
    content = b"".join(file.read_bytes() for file in path.parent.iterdir())
    assert SECRET.encode() not in content
    second = await run(twin, batch, path, records)
    assert second.invalid == first.invalid
    assert [(p.index, p.id) for p in second.rejected] == [(p.index, p.id) for p in first.rejected]
    assert all(problem.reason for problem in second.rejected)


async def test_values_of_a_call_that_failed_are_not_kept(twin: Twin, clock: FakeClock, path: Path) -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadError(SECRET)

    report = await run(twin, twin.make(handler), path, [profile(1, plan=SECRET)])
    assert isinstance(report.error, APIConnectionError)
    assert SECRET.encode() not in b"".join(file.read_bytes() for file in path.parent.iterdir())


@pytest.mark.fault("another file has the name of a checkpoint's journal", "it is left alone; the checkpoint is refused")
@pytest.mark.parametrize("suffix", ["-journal", "-wal"])
@pytest.mark.parametrize("exists", [True, False])
async def test_file_with_the_name_of_the_journal_is_left_alone(
    exists: bool, suffix: str, twin: Twin, batch: Any, sandbox: Sandbox, path: Path
) -> None:
    if exists:
        await run(twin, batch, path, RECORDS[:200])
    other = path.with_name(f"{path.name}{suffix}")
    other.write_text("ann\nben\n", encoding="utf-8")
    assert f"another file has the name of its journal, {other.name}" in await refused(twin, batch, sandbox, path)
    assert other.read_text(encoding="utf-8") == "ann\nben\n"


async def test_damaged_names_of_tables_are_refused(twin: Twin, batch: Any, sandbox: Sandbox, sound: Path) -> None:
    sound.write_bytes(sound.read_bytes().replace(b"CREATE TABLE problem", b"CREATE \xfe\xffBLE problem"))
    assert "damaged" in await refused(twin, batch, sandbox, sound)
