"""Keeps on disk which records of a run were sent and what became of them, so that the run can go on after any end.

One row a call: the range of records it covers, a digest of them, and its outcome. The row is on disk before the call
leaves, so a call that was under way when the process died is known to be of unknown outcome.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from attrs import frozen

from batch_client.bulk._problems import RecordProblem
from batch_client.errors import BatchError

_APPLICATION_ID = 0x42436270
_TABLES = """
CREATE TABLE run (identity TEXT NOT NULL, records INTEGER);
CREATE TABLE sent (
    start INTEGER PRIMARY KEY, stop INTEGER NOT NULL, digest BLOB NOT NULL, invalid TEXT NOT NULL,
    settled INTEGER NOT NULL DEFAULT 0, accepted INTEGER, rejected INTEGER, unconfirmed INTEGER,
    token TEXT, indexing TEXT
);
CREATE TABLE problem (
    start INTEGER NOT NULL, kind TEXT NOT NULL, record INTEGER NOT NULL, id TEXT, field TEXT, reason TEXT
);
CREATE INDEX problem_start ON problem (start);
"""

PROBLEM_KINDS = ("rejected", "invalid", "unconfirmed")


class CheckpointError(BatchError):
    """A checkpoint is of another run or of other records, is in use, is no checkpoint, or can no longer be written."""


@frozen
class Outcome:
    """What became of a call's records."""

    accepted: int
    rejected: int
    unconfirmed: int
    problems: list[tuple[str, RecordProblem]]
    token: str | None = None


@frozen
class StoredRange:
    """Records that an earlier run sent, or began to send."""

    start: int
    stop: int
    """Index after the last of them."""
    digest: bytes
    invalid: frozenset[int]
    """Indexes of those that were held back."""
    outcome: Outcome | None
    """None if the run ended before the answer came."""
    invalid_problems: list[RecordProblem]


class Digest:
    """Tells whether records are those of an earlier run."""

    def __init__(self) -> None:
        self._hash = hashlib.blake2b(digest_size=16)

    def add(self, body: bytes) -> None:
        self._hash.update(len(body).to_bytes(8) + body)

    def value(self) -> bytes:
        return self._hash.digest()


class Checkpoint:
    """The file of one run. It is locked while open, and safe against the end of the process or of the machine.

    Args:
        path: Where it is; made if it is not there.
        identity: What tells this run from others: operation, project, and so on.

    Raises:
        CheckpointError: see there.
    """

    def __init__(self, path: str | Path, identity: Mapping[str, Any]) -> None:
        self.path = Path(path)
        self.records: int | None
        """How many records the run had, if it came to its end before."""
        # The main thread must not take it while calls are under way: an interrupt could leave it locked.
        self._lock = threading.Lock()
        try:
            # It names ids of profiles, so nobody else may read it.
            self.path.touch(mode=0o600)
            self._database = sqlite3.connect(self.path, check_same_thread=False, isolation_level=None, timeout=0)
        except (OSError, sqlite3.Error) as error:
            raise CheckpointError(f"cannot open the checkpoint {self.path}: {error}") from error
        try:
            self._open(json.dumps(identity, sort_keys=True))
        except sqlite3.DatabaseError as error:
            self._database.close()
            if "locked" in str(error):
                raise CheckpointError(f"the checkpoint {self.path} is in use by another run") from error
            raise CheckpointError(f"{self.path} is no checkpoint: {error}") from error
        except CheckpointError:
            self._database.close()
            raise

    def _open(self, identity: str) -> None:
        run = self._database.execute
        run("PRAGMA locking_mode = EXCLUSIVE")
        run("PRAGMA journal_mode = WAL")
        run("PRAGMA synchronous = FULL")
        with self._transaction():
            (application_id,) = run("PRAGMA application_id").fetchone()
            (tables,) = run("SELECT count(*) FROM sqlite_master").fetchone()
            if application_id != _APPLICATION_ID and tables:
                raise CheckpointError(f"{self.path} is no checkpoint but another SQLite database")
            if not tables:
                for statement in _TABLES.split(";"):
                    run(statement)
                run(f"PRAGMA application_id = {_APPLICATION_ID}")
                run("INSERT INTO run VALUES (?, NULL)", (identity,))
        known, self.records = run("SELECT identity, records FROM run").fetchone()
        if known != identity:
            raise CheckpointError(
                f"the checkpoint {self.path} belongs to another run ({_differences(known, identity)}); "
                "give this run its own, or delete it"
            )

    def ranges(self) -> Iterator[StoredRange]:
        """Yield what earlier runs stored, in order."""
        at = -1
        query = (
            "SELECT start, stop, digest, invalid, settled, accepted, rejected, unconfirmed, token "
            "FROM sent WHERE start > ? ORDER BY start LIMIT 1"
        )
        while True:
            with self._using() as run:
                row = run(query, (at,)).fetchone()
                if row is None:
                    return
                at, stop, digest, invalid, settled, accepted, rejected, unconfirmed, token = row
                problems = [
                    (kind, RecordProblem(*problem))
                    for kind, *problem in run(
                        "SELECT kind, record, id, field, reason FROM problem WHERE start = ?", (at,)
                    )
                ]
            held_back = [problem for kind, problem in problems if kind == "invalid"]
            others = [(kind, problem) for kind, problem in problems if kind != "invalid"]
            outcome = Outcome(accepted, rejected, unconfirmed, others, token) if settled else None
            yield StoredRange(at, stop, digest, frozenset(json.loads(invalid)), outcome, held_back)

    def sending(self, start: int, stop: int, digest: bytes, invalid: list[int], problems: list[RecordProblem]) -> None:
        """Note that a call leaves."""
        with self._changing() as run:
            known = run("SELECT 1 FROM sent WHERE start = ?", (start,)).fetchone()
            if known is None:
                run(
                    "INSERT INTO sent (start, stop, digest, invalid) VALUES (?, ?, ?, ?)",
                    (start, stop, digest, json.dumps(invalid)),
                )
                self._add_problems(start, [("invalid", problem) for problem in problems])

    def not_sent(self, start: int) -> None:
        """Note that a call surely did nothing."""
        with self._changing() as run:
            run("DELETE FROM sent WHERE start = ?", (start,))
            run("DELETE FROM problem WHERE start = ?", (start,))

    def settled(self, start: int, outcome: Outcome) -> None:
        """Note the answer of a call."""
        with self._changing() as run:
            run(
                "UPDATE sent SET settled = 1, accepted = ?, rejected = ?, unconfirmed = ?, token = ? WHERE start = ?",
                (outcome.accepted, outcome.rejected, outcome.unconfirmed, outcome.token, start),
            )
            self._add_problems(start, outcome.problems)

    def tokens(self) -> list[tuple[str, str | None]]:
        """Return each indexing token with the state in which it ended, or None."""
        with self._using() as run:
            query = "SELECT token, indexing FROM sent WHERE token IS NOT NULL ORDER BY start"
            tokens: list[tuple[str, str | None]] = run(query).fetchall()
        return tokens

    def indexed(self, token: str, state: str) -> None:
        """Note the state in which indexing ended."""
        with self._changing() as run:
            run("UPDATE sent SET indexing = ? WHERE token = ?", (state, token))

    def finished(self, records: int) -> None:
        """Note that all records were read and settled."""
        with self._changing() as run:
            run("UPDATE run SET records = ?", (records,))

    def close(self) -> None:
        self._database.close()

    def _add_problems(self, start: int, problems: list[tuple[str, RecordProblem]]) -> None:
        self._database.executemany(
            "INSERT INTO problem VALUES (?, ?, ?, ?, ?, ?)",
            [(start, kind, at.index, at.id, at.field, at.reason) for kind, at in problems],
        )

    @contextmanager
    def _using(self) -> Iterator[Any]:
        with self._lock:
            try:
                yield self._database.execute
            except sqlite3.Error as error:
                raise CheckpointError(f"cannot use the checkpoint {self.path}: {error}") from error

    @contextmanager
    def _changing(self) -> Iterator[Any]:
        with self._using() as run, self._transaction():
            yield run

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._database.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._database.execute("ROLLBACK")
            raise
        self._database.execute("COMMIT")


def _differences(known: str, identity: str) -> str:
    before, now = json.loads(known), json.loads(identity)
    differing = [name for name in now if name in before and before[name] != now[name]]
    # What tells projects apart says nothing to people.
    return ", ".join(
        "another project" if name == "project" else f"{name} {before[name]!r}, not {now[name]!r}" for name in differing
    )
