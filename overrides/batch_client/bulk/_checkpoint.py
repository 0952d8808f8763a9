"""Keeps on disk which records of a run were sent and what became of them, so that it can be resumed after any end.

One row per call: the range of records it covers, a digest of them, and its outcome. The row is on disk before the call
is sent, so the outcome of a call that was in flight when the process died is known to be unknown. No row holds a value
of a record. Reasons may quote one, so only ids and names of fields are kept of what was not accepted.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from batch_client._transport.signals import is_from_signal
from batch_client.bulk import _checkpoint_file as files
from batch_client.bulk import _checkpoint_rows as rows
from batch_client.bulk._checkpoint_rows import StoredRange
from batch_client.bulk._outcome import Outcome
from batch_client.errors import CheckpointError

T = TypeVar("T")

Execute = Callable[..., sqlite3.Cursor]

_START_OVER = "pass another path, or delete it to start over, which sends everything again"


class Checkpoint:
    """The file of one run. It is locked while open, and safe against the end of the process or of the machine.

    Any thread may use it. An interrupt of the main thread never leaves it locked: a lock is only ever taken by a `with`
    statement of its own, and a transaction that was cut off is rolled back by the next.

    Args:
        path: Where it is; created if it does not exist.
        identity: What distinguishes this run from others: operation, project, and so on.

    Raises:
        CheckpointError: it is of another run, in use, damaged, or not a checkpoint, or it cannot be read or written.
    """

    def __init__(self, path: str | Path, identity: Mapping[str, Any]) -> None:
        self.path = Path(path)
        self.records: int | None
        """How many records the run had, if it came to its end before."""
        self._lock = threading.Lock()
        self._is_open = True
        known = json.dumps(identity, sort_keys=True)
        try:
            self._file = files.find(self.path, lambda: rows.new_database(known))
            self._database = sqlite3.connect(self._file, check_same_thread=False, isolation_level=None, timeout=0)
        except files.NotACheckpoint as error:
            raise CheckpointError(f"{path} is not a checkpoint: {error}; {_START_OVER}") from None
        except (OSError, ValueError, sqlite3.Error) as error:
            if is_from_signal(error):
                raise
            raise CheckpointError(f"cannot open the checkpoint {path}: {error}") from error
        try:
            self._open(known)
        except BaseException:
            self._database.close()
            raise

    def _open(self, identity: str) -> None:
        try:
            self._database.execute("PRAGMA locking_mode = EXCLUSIVE")
            self._transact(lambda execute: rows.check_database(execute))
            files.make_private(self._file)
            # Not a write-ahead log: if it is lost when the file is moved, the file is sound but lacks the latest calls.
            self._database.execute("PRAGMA journal_mode = DELETE")
            self._database.execute("PRAGMA synchronous = FULL")
            known, self.records = self._transact(rows.read_run)
        except rows.ForeignDatabase as error:
            raise CheckpointError(f"{self.path} {error}; {_START_OVER}") from None
        except rows.Damage as error:
            raise self._unusable(error) from None
        except OSError as error:
            if is_from_signal(error):
                raise
            raise CheckpointError(f"cannot keep the checkpoint {self.path} from others: {error}") from error
        except (sqlite3.Error, UnicodeError) as error:  # whose own text may be what is damaged
            if "locked" in str(error):
                raise CheckpointError(f"the checkpoint {self.path} is in use by another run") from error
            raise self._unusable(error) from error
        if known != json.loads(identity):
            raise CheckpointError(
                f"the checkpoint {self.path} belongs to another run ({_differences(known, json.loads(identity))}); "
                "give this run its own, or delete it"
            )

    def ranges(self) -> Iterator[StoredRange]:
        """Yield what earlier runs stored, in order."""
        last: StoredRange | None = None
        while (last := self._use(partial(rows.next_range, last=last, records=self.records))) is not None:
            yield last

    def sending(self, start: int, stop: int, digest: bytes, invalid: list[int]) -> None:
        """Store a call that is sent now.

        Args:
            start, stop: The range of records, from the first to the one after the last.
            digest: Of these records.
            invalid: Indexes of those that are not sent.
        """
        self._change(
            lambda execute: execute(
                "INSERT OR IGNORE INTO sent (start, stop, digest, invalid) VALUES (?, ?, ?, ?)",
                (start, stop, digest, json.dumps(invalid)),
            )
        )

    def not_processed(self, start: int) -> None:
        """Remove a call that was not processed."""
        self._change(lambda execute: execute("DELETE FROM sent WHERE start = ?", (start,)))

    def settled(self, start: int, outcome: Outcome) -> None:
        """Store the outcome of a call."""

        def write(execute: Execute) -> None:
            execute(
                "UPDATE sent SET settled = 1, accepted = ?, rejected = ?, unconfirmed = ?, token = ? WHERE start = ?",
                (outcome.accepted, outcome.rejected, outcome.unconfirmed, outcome.token, start),
            )
            for kind, at in outcome.problems:
                execute("INSERT INTO problem VALUES (?, ?, ?, ?, ?)", (start, kind, at.index, at.id, at.field))

        self._change(write)

    def tokens(self) -> list[tuple[str, str | None]]:
        """Return each indexing token with the state in which it ended, or None."""
        query = "SELECT token, indexing FROM sent WHERE token IS NOT NULL ORDER BY start"
        return self._use(lambda execute: execute(query).fetchall())

    def indexed(self, token: str, state: str) -> None:
        """Store the state in which indexing ended."""
        self._change(lambda execute: execute("UPDATE sent SET indexing = ? WHERE token = ?", (state, token)))

    def finished(self, records: int) -> None:
        """Store that all records were read and settled."""
        self._change(lambda execute: execute("UPDATE run SET records = ?", (records,)))

    def other_records(self, difference: str) -> CheckpointError:
        """Return the error that says how the records differ from those of earlier runs."""
        return CheckpointError(
            f"these are not the records that the checkpoint {self.path} was made with: {difference}. "
            "Pass the same, in the same order, or give this run a checkpoint of its own"
        )

    def close(self) -> None:
        """Close the file. From then on its methods raise CheckpointError."""
        with self._lock:
            self._is_open = False
            with suppress(sqlite3.Error):
                self._database.close()

    def _change(self, work: Callable[[Execute], object]) -> None:
        self._use(lambda _: self._transact(work))

    def _use(self, work: Callable[[Execute], T]) -> T:
        with self._lock:
            if not self._is_open:
                raise CheckpointError(f"the checkpoint {self.path} is closed: its run has ended")
            try:
                return work(self._database.execute)
            except rows.Damage as error:
                raise self._unusable(error) from None
            except (sqlite3.Error, UnicodeError) as error:
                raise CheckpointError(f"cannot use the checkpoint {self.path}: {error}") from error

    def _transact(self, work: Callable[[Execute], T]) -> T:
        if self._database.in_transaction:
            self._database.execute("ROLLBACK")
        self._database.execute("BEGIN IMMEDIATE")
        try:
            done = work(self._database.execute)
        except BaseException:
            # SQLite may have rolled back by itself, as it does when the disk is full.
            with suppress(sqlite3.Error):
                self._database.execute("ROLLBACK")
            raise
        self._database.execute("COMMIT")
        return done

    def _unusable(self, error: Exception) -> CheckpointError:
        return CheckpointError(f"cannot use the checkpoint {self.path}: {error}; {_START_OVER}")


def _differences(known: dict[str, Any], now: dict[str, Any]) -> str:
    differing = [name for name in now if name in known and known[name] != now[name]]
    # What distinguishes projects is not meant for people.
    shown = (
        "another project" if name == "project" else f"{name} {known[name]!r}, not {now[name]!r}" for name in differing
    )
    return ", ".join(shown) or "of another kind"
