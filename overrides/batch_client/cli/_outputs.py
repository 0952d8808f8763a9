"""Sees before an import that what it writes overwrites nothing that it reads or that is not its own."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Mapping
from pathlib import Path

from batch_client.bulk.rejects import header
from batch_client.cli._exits import InputError

_BESIDE = ("-journal", "-wal", "-shm")
"""A checkpoint is a database, which has files with these endings beside it while it is open, and removes them."""


def check_outputs(inputs: Mapping[str, Path], checkpoint: Path | None, rejects: Path | None) -> None:
    """Raise InputError if a file that will be written is one that is read, or holds something else.

    Args:
        inputs: The files that are read, by what they are.
    """
    database = [] if checkpoint is None else [checkpoint, *(Path(_resolve(checkpoint) + end) for end in _BESIDE)]
    for path in database:
        _check_apart("--checkpoint", path, inputs)
    if checkpoint is not None:
        _place(checkpoint)
    if rejects is None:
        return
    _check_apart("--rejects", rejects, inputs)
    for path in database:
        _check_apart("--rejects", rejects, {"the checkpoint": path})
    check_writable(rejects)
    if not _is_free(rejects):
        raise InputError(f"--rejects: {rejects} holds something else than rejects; pass another name, or remove it")


def check_writable(path: Path, fix: str = "") -> None:
    """Raise InputError if a file cannot be written."""
    if not os.access(_place(path), os.W_OK):
        raise InputError(f"cannot write {path}{fix}")


def _place(path: Path) -> Path:
    """Return a file if it is there, else its folder."""
    try:
        return path if path.exists() else path.absolute().parent
    except OSError as error:
        raise InputError(f"cannot write {path}: {error.strerror}") from None


def _check_apart(option: str, path: Path, inputs: Mapping[str, Path]) -> None:
    for what, read in inputs.items():
        if _is_same(path, read):
            raise InputError(f"{option}: {path} is {what}, which would be overwritten; pass another name")


def _is_same(one: Path, other: Path) -> bool:
    """Return whether two names are one file, through links too and even if it is not there yet."""
    try:
        status = _status(other)
        return stat.S_ISREG(status.st_mode) and os.path.samestat(one.stat(), status)
    except (OSError, ValueError):
        return _resolve(one) == _resolve(other)


def _resolve(path: Path) -> str:
    try:
        return os.path.normcase(os.path.realpath(path))
    except ValueError:  # of a name that no file can have
        return str(path)


def _status(path: Path) -> os.stat_result:
    return os.fstat(sys.stdin.fileno()) if str(path) == "-" else path.stat()


def _is_free(path: Path) -> bool:
    """Return whether a file may be overwritten: it is not there, empty, a device, or has rejects of an earlier run."""
    if not path.is_file() or path.stat().st_size == 0:
        return True
    try:
        with path.open("rb") as source:
            start = source.read(100)
    except OSError as error:
        raise InputError(f"--rejects: cannot read {path}: {error.strerror}") from None
    starts = (",".join(header(place)).encode() for place in ("line", "row", "index"))
    return start.startswith(tuple(starts))
