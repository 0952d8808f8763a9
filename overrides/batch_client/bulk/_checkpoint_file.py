"""Finds the file of a checkpoint, or creates it whole: a file that is cut off is never mistaken for a new one."""

from __future__ import annotations

import os
import secrets
import stat
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

_MAGIC = b"SQLite format 3\0"
_HEADER_SIZE = 100
_SIDECARS = {"-journal": b"\xd9\xd5\x05\xf9", "-wal": b"\x37\x7f\x06"}
"""How the files begin that SQLite keeps beside a database within a transaction, or after the process died in one."""


class NotACheckpoint(Exception):
    """There is another kind of file."""


def find(path: Path, content: Callable[[], bytes]) -> Path:
    """Return where the file really is, after checking that it is a database; create it if it does not exist.

    Args:
        content: Returns the content of a new one.

    Raises:
        NotACheckpoint: it is not a database, or not a file.
        OSError, ValueError: it cannot be read or created.
    """
    real = Path(os.path.realpath(path))
    _check_sidecars(real)
    if not os.path.lexists(real):
        _make(real, content())
    if not stat.S_ISREG(real.stat().st_mode):
        raise NotACheckpoint("it is not a regular file")
    with real.open("rb") as file:
        header = file.read(_HEADER_SIZE)
    if not header:
        raise NotACheckpoint("it is empty, though a checkpoint never is")
    if len(header) < _HEADER_SIZE or not header.startswith(_MAGIC):
        raise NotACheckpoint("it is another kind of file, or cut off")
    # A machine that stopped may leave a part of a page, which the journal beside it undoes.
    if real.stat().st_size % _page_size(header) and not _size(_beside(real, "-journal")):
        raise NotACheckpoint("it is cut off")
    return real


def make_private(real: Path) -> None:
    """Let only the owner read the file and those beside it: it holds ids of records."""
    for file in (real, *(_beside(real, suffix) for suffix in _SIDECARS)):
        with suppress(FileNotFoundError):
            if stat.S_IMODE(file.stat().st_mode) & 0o077:
                file.chmod(0o600)


def _make(real: Path, content: bytes) -> None:
    """Create a file whole or not at all, even if the machine stops."""
    for suffix in _SIDECARS:
        # SQLite would apply the journal of a database that was deleted to the new one.
        _beside(real, suffix).unlink(missing_ok=True)
    scratch = real.with_name(f".{secrets.token_hex(8)}.checkpoint")
    try:
        with os.fdopen(os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(scratch, real)  # fails if another run created it first
        except FileExistsError:
            return
        except OSError:
            scratch.rename(real)  # a file system without links
    finally:
        scratch.unlink(missing_ok=True)
    _sync_directory(real.parent)


def _beside(real: Path, suffix: str) -> Path:
    return real.with_name(f"{real.name}{suffix}")


def _check_sidecars(real: Path) -> None:
    """Raise NotACheckpoint if another file has the name of one that SQLite would overwrite or delete."""
    for suffix, magic in _SIDECARS.items():
        file = _beside(real, suffix)
        with suppress(FileNotFoundError, NotADirectoryError), file.open("rb") as content:
            if content.read(len(magic)).strip(b"\0") not in (b"", magic):
                raise NotACheckpoint(f"another file has the name of its journal, {file.name}")


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _page_size(header: bytes) -> int:
    size = int.from_bytes(header[16:18])
    return 65_536 if size == 1 else max(size, 1)


def _sync_directory(directory: Path) -> None:
    with suppress(OSError):  # not every system can
        descriptor = os.open(directory, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
