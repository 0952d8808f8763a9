"""The tables of a checkpoint: how they are created, and how every row is checked before a run relies on it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from typing import Any

from attrs import frozen

from batch_client.bulk._chunk import DIGEST_SIZE
from batch_client.bulk._outcome import Outcome
from batch_client.bulk._problems import RecordProblem

_APPLICATION_ID = 0x42436270
_VERSION = 1
"""Of the tables and what they mean. A checkpoint of another version is refused."""
_BEFORE_ALL = -(2**63)

_TABLES = (
    "CREATE TABLE run (identity TEXT NOT NULL, records INTEGER)",
    "CREATE TABLE sent (start INTEGER PRIMARY KEY, stop INTEGER NOT NULL, digest BLOB NOT NULL, "
    "invalid TEXT NOT NULL, settled INTEGER NOT NULL DEFAULT 0, accepted INTEGER, rejected INTEGER, "
    "unconfirmed INTEGER, token TEXT, indexing TEXT)",
    "CREATE TABLE problem (start INTEGER NOT NULL, kind TEXT NOT NULL, record INTEGER NOT NULL, id TEXT, "
    "field TEXT NOT NULL)",
    "CREATE INDEX problem_start ON problem (start)",
)
_REASONS = {
    "rejected": "rejected by the API in an earlier run; a checkpoint keeps no reasons, which may quote values",
    "unconfirmed": "outcome unknown: the run was interrupted while they were in flight, and they are not sent again",
}
UNCONFIRMED_REASON = _REASONS["unconfirmed"]

Execute = Callable[..., sqlite3.Cursor]


class ForeignDatabase(Exception):
    """The file is a sound database, but not one that this version can read."""


class Damage(Exception):
    """A row holds what no run writes."""


@frozen
class StoredRange:
    """Records that an earlier run sent, or began to send."""

    start: int
    stop: int
    """Index after the last of them."""
    digest: bytes
    invalid: frozenset[int]
    """Indexes of those that were invalid."""
    outcome: Outcome | None
    """None if the run ended before the response arrived."""


def new_database(identity: str) -> bytes:
    """Return the file of a checkpoint in which nothing was sent."""
    with closing(sqlite3.connect(":memory:")) as database:
        for statement in _TABLES:
            database.execute(statement)
        database.execute("INSERT INTO run VALUES (?, NULL)", (identity,))
        database.execute(f"PRAGMA application_id = {_APPLICATION_ID}")
        database.execute(f"PRAGMA user_version = {_VERSION}")
        database.commit()
        return database.serialize()


def check_database(execute: Execute) -> None:
    """Raise ForeignDatabase or Damage unless the tables are those of a checkpoint, and whole."""
    (application_id,) = execute("PRAGMA application_id").fetchone()
    (version,) = execute("PRAGMA user_version").fetchone()
    (tables,) = execute("SELECT count(*) FROM sqlite_master").fetchone()
    if application_id != _APPLICATION_ID:
        raise ForeignDatabase(f"is not a checkpoint but {'another' if tables else 'an empty'} SQLite database")
    if version != _VERSION:
        raise ForeignDatabase(f"is of another version of this client (format {version}, this one reads {_VERSION})")
    (verdict,) = execute("PRAGMA integrity_check(1)").fetchone()
    if verdict != "ok":
        raise Damage(f"database disk image is malformed ({' '.join(verdict.split())})")
    if {statement for (statement,) in execute("SELECT sql FROM sqlite_master")} != set(_TABLES):
        raise Damage("its tables are not those of a checkpoint")
    orphans = "SELECT 1 FROM problem WHERE start NOT IN (SELECT start FROM sent WHERE settled = 1)"
    if execute(orphans).fetchone() is not None:
        raise Damage("it has problems of no call")


def read_run(execute: Execute) -> tuple[dict[str, Any], int | None]:
    """Return what distinguishes the run from others, and how many records it had if it came to its end."""
    found = execute("SELECT identity, records FROM run LIMIT 2").fetchall()
    _check(len(found) == 1, "run")
    identity, records = _json(found[0][0], "run"), found[0][1]
    _check(isinstance(identity, dict) and (records is None or _is_count(records)), "run")
    return identity, records


def next_range(execute: Execute, last: StoredRange | None, records: int | None) -> StoredRange | None:
    """Return the range after another, or the first; None if there is none. Ranges do not overlap."""
    row = execute(
        "SELECT start, stop, digest, invalid, settled, accepted, rejected, unconfirmed, token, indexing FROM sent "
        "WHERE start > ? ORDER BY start LIMIT 1",
        (_BEFORE_ALL if last is None else last.start,),
    ).fetchone()
    if row is None:
        return None
    start, stop, digest, invalid, settled, accepted, rejected, unconfirmed, token, indexing = row
    where = f"call at {start}"
    _check(_is_count(start) and _is_count(stop) and (0 if last is None else last.stop) <= start, where)
    _check(start < stop or start == stop == 0, where)  # the call that empties an audience has no records
    _check(records is None or stop <= records, where)
    _check(isinstance(digest, bytes) and len(digest) == DIGEST_SIZE, where)
    _check(all(text is None or isinstance(text, str) for text in (token, indexing)), where)
    skipped = _json(invalid, where)
    _check(isinstance(skipped, list) and all(_is_count(at) and start <= at < stop for at in skipped), where)
    _check(len(set(skipped)) == len(skipped), where)
    _check(settled in (0, 1), where)
    if not settled:
        return StoredRange(start, stop, digest, frozenset(skipped), None)
    counts = (accepted, rejected, unconfirmed)
    _check(all(map(_is_count, counts)) and sum(counts) + len(skipped) == stop - start, where)
    problems = []
    listed: dict[str, set[int]] = {kind: set() for kind in _REASONS}
    for kind, index, id_, field in execute("SELECT kind, record, id, field FROM problem WHERE start = ?", (start,)):
        _check(kind in _REASONS and _is_count(index) and start <= index < stop, where)
        _check((id_ is None or isinstance(id_, str)) and isinstance(field, str), where)
        listed[kind].add(index)
        problems.append((kind, RecordProblem(index, id_, field, _REASONS[kind])))
    _check((len(listed["rejected"]), len(listed["unconfirmed"])) == (rejected, unconfirmed), where)
    _check(listed["rejected"].isdisjoint(listed["unconfirmed"]), where)
    _check(set(skipped).isdisjoint(listed["rejected"] | listed["unconfirmed"]), where)
    return StoredRange(start, stop, digest, frozenset(skipped), Outcome(*counts, problems, token))


def _is_count(value: object) -> bool:
    return type(value) is int and 0 <= value < 2**48


def _json(text: object, where: str) -> Any:
    try:
        return json.loads(text) if isinstance(text, str) else None
    except (ValueError, RecursionError):
        raise _damage(where) from None


def _check(is_sound: bool, where: str) -> None:
    if not is_sound:
        raise _damage(where)


def _damage(where: str) -> Damage:
    return Damage(f"it is damaged ({where})")
