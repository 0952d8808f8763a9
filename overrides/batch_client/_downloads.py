"""Brings files from where the API redirects to: streamed to disk, whole or not at all, and without the credentials."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from threading import Event
from typing import Any, Self

import httpx
from attrs import frozen

from batch_client import _clock
from batch_client._settings import Settings, is_loopback
from batch_client.errors import DownloadError

_NEW_LINK = (403, 404, 410)
"""Statuses with which a storage refuses a link that has expired."""


@frozen
class FileToBring:
    """A file of an export, and where it goes."""

    id: str
    path: Path
    size: int | None

    def is_there(self) -> bool:
        """Return whether it was brought before: a file under its name is whole."""
        try:
            return self.size is not None and self.path.stat().st_size == self.size
        except OSError:
            return False


def prepare(export_id: str, export: Any, directory: str | Path) -> list[FileToBring]:
    """Make the directory and return the files of an export, as its view shows them, with their places.

    Raises:
        DownloadError: the directory cannot be made, or the API's answer names no files.
    """
    files = getattr(export, "files", None)
    if not isinstance(files, list) or not all(isinstance(getattr(file, "id", None), str) for file in files):
        raise DownloadError(f"the API does not name the files of the export {export_id!r}")
    directory = Path(directory)
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DownloadError(f"cannot write into {directory}: {error.strerror}") from error
    # Whatever the API says, only letters, digits and two signs make a name, so that no path leads elsewhere.
    name = re.sub(r"[^A-Za-z0-9_-]", "_", export_id)[:100]
    sizes = [getattr(file, "size", None) for file in files]
    return [
        FileToBring(file.id, directory / f"{name}.{number:03}.json", size if isinstance(size, int) else None)
        for number, (file, size) in enumerate(zip(files, sizes, strict=True), 1)
    ]


class _Transfer:
    """One file on its way, over any number of tries, the same for both twins. As a context it leaves nothing behind."""

    def __init__(self, file: FileToBring, max_retries: int, is_over: Event | None) -> None:
        self._file = file
        self._is_over = is_over
        self._tries_left = max_retries
        self._delay = 0.5
        self._version: str | None = None
        """What tells that the rest is of the same file; None if the rest alone cannot be asked for."""

    def __enter__(self) -> Self:
        path = self._file.path
        try:
            descriptor, unfinished = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
        except OSError as error:
            raise self.unwritable(error) from error
        self._unfinished = Path(unfinished)
        self._target = os.fdopen(descriptor, "wb")
        return self

    def __exit__(self, *_: object) -> None:
        self._target.close()
        self._unfinished.unlink(missing_ok=True)

    def headers(self) -> dict[str, str]:
        """Return what a try asks for: all, or the rest of what came before."""
        self._go_on()
        headers = {"Accept-Encoding": "identity"}
        if self._version is not None and self._target.tell() > 0:
            headers |= {"Range": f"bytes={self._target.tell()}-", "If-Range": self._version}
        return headers

    def begin(self, response: httpx.Response) -> None:
        """Take in the head of an answer: what follows is the rest, or all anew."""
        self._check_status(response)
        begins_at = re.match(rf"bytes {self._target.tell()}-", response.headers.get("Content-Range", ""))
        if response.status_code != httpx.codes.PARTIAL_CONTENT or begins_at is None:
            if response.status_code == httpx.codes.PARTIAL_CONTENT:
                self._version = None
                raise _Broken("another part came than was asked for")
            self._target.seek(0)
            self._target.truncate()
        tag = response.headers.get("ETag", "")
        # The places in what was decoded are not those in what travels, and a weak tag does not stand for bytes.
        is_plain = response.headers.get("Content-Encoding", "identity") == "identity"
        self._version = tag if is_plain and tag.startswith('"') else None

    def write(self, chunk: bytes) -> None:
        self._go_on()
        self._target.write(chunk)

    def _go_on(self) -> None:
        if self._is_over is not None and self._is_over.is_set():
            raise DownloadError(f"{self._file.id} was not brought: another file could not be")

    def finish(self) -> Path:
        """Put the file in its place and return that, if all is there."""
        size = self._target.tell()
        if self._file.size is not None and size != self._file.size:
            self._version = None
            raise _Broken(f"{size} bytes came where {self._file.size} were announced")
        self._target.flush()
        os.fsync(self._target.fileno())
        self._unfinished.replace(self._file.path)
        return self._file.path

    def check_link(self, link: str) -> str:
        """Return a link that may be followed; raise DownloadError if the data would travel unencrypted."""
        url = httpx.URL(link)
        if url.scheme != "https" and not is_loopback(url.host):
            raise DownloadError(f"{self._file.id} is offered unencrypted, at {url.scheme}://{url.host}; not brought")
        return link

    def _check_status(self, response: httpx.Response) -> None:
        if response.is_success:
            return
        if response.status_code in _NEW_LINK or response.status_code >= 500 or response.status_code == 429:
            raise _Broken(f"{response.url.host} answered {response.status_code}")
        raise DownloadError(f"{self._file.id} was refused by {response.url.host}: {response.status_code}")

    def delay_after(self, error: Exception) -> float:
        """Return the seconds to wait before the next try; raise DownloadError if there is none."""
        if self._tries_left == 0:
            raise DownloadError(
                f"{self._file.id} could not be brought: {str(error) or type(error).__name__}"
            ) from error
        self._tries_left -= 1
        self._delay *= 2
        return self._delay * _clock.jitter()

    def unwritable(self, error: OSError) -> DownloadError:
        """Return the error of a disk that does not take it."""
        return DownloadError(f"cannot write {self._file.path}: {error.strerror}")


class _Broken(Exception):
    """A try that failed in a way that another may not."""


class Downloader:
    """Brings files.

    Args:
        http: A client that adds no credentials.
        locate: Returns the link of a file's id, a new one each time.
    """

    def __init__(self, http: httpx.Client, locate: Callable[[str], str], settings: Settings) -> None:
        self._http = http
        self._locate = locate
        self._max_retries = settings.max_retries
        self._options: dict[str, Any] = {"auth": None, "follow_redirects": False, "timeout": settings.timeout}

    def bring(self, file: FileToBring, is_over: Event | None = None) -> Path:
        """Bring a file, raise DownloadError if that cannot be done, and return its path. One that is there stays.

        Args:
            is_over: Tells, once it is set, that nobody waits for the file any more.
        """
        if file.is_there():
            return file.path
        with _Transfer(file, self._max_retries, is_over) as transfer:
            while True:
                headers = transfer.headers()
                link = transfer.check_link(self._locate(file.id))
                try:
                    with self._http.stream("GET", link, headers=headers, **self._options) as response:
                        transfer.begin(response)
                        for chunk in response.iter_bytes():
                            transfer.write(chunk)
                    return transfer.finish()
                except (httpx.RequestError, _Broken) as error:
                    delay = transfer.delay_after(error)
                except OSError as error:
                    raise transfer.unwritable(error) from error
                _clock.sleep(delay)


class AsyncDownloader:
    """The twin of `Downloader` for asyncio. Writing to disk is short and done in the event loop."""

    def __init__(self, http: httpx.AsyncClient, locate: Callable[[str], Awaitable[str]], settings: Settings) -> None:
        self._http = http
        self._locate = locate
        self._max_retries = settings.max_retries
        self._options: dict[str, Any] = {"auth": None, "follow_redirects": False, "timeout": settings.timeout}

    async def bring(self, file: FileToBring, is_over: Event | None = None) -> Path:
        """See `Downloader.bring`."""
        if file.is_there():
            return file.path
        with _Transfer(file, self._max_retries, is_over) as transfer:
            while True:
                headers = transfer.headers()
                link = transfer.check_link(await self._locate(file.id))
                try:
                    async with self._http.stream("GET", link, headers=headers, **self._options) as response:
                        transfer.begin(response)
                        async for chunk in response.aiter_bytes():
                            transfer.write(chunk)
                    return transfer.finish()
                except (httpx.RequestError, _Broken) as error:
                    delay = transfer.delay_after(error)
                except OSError as error:
                    raise transfer.unwritable(error) from error
                await _clock.async_sleep(delay)
