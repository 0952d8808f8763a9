"""Brings files from where the API redirects to: streamed to disk, whole or not at all, and without the credentials."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import httpx
from attrs import frozen

from batch_client import _clock
from batch_client._settings import Settings, is_loopback
from batch_client.errors import DownloadError
from batch_generated.types import UNSET

_NEW_LINK = (403, 404, 410)
"""Statuses with which a storage refuses a link that has expired."""


@frozen
class FileToBring:
    """A file of an export, and where it goes."""

    id: str
    path: Path
    size: int | None


def prepare(export_id: str, files: Sequence[Any], directory: str | Path) -> list[FileToBring]:
    """Make the directory and return the files of an export with their places.

    Raises:
        DownloadError: the directory cannot be made.
    """
    directory = Path(directory)
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DownloadError(f"cannot write into {directory}: {error.strerror}") from error
    # Whatever the API says, only letters, digits and two signs make a name, so that no path leads elsewhere.
    name = re.sub(r"[^A-Za-z0-9_-]", "_", export_id)[:100]
    return [
        FileToBring(file.id, directory / f"{name}.{number:03}.json", None if file.size is UNSET else file.size)
        for number, file in enumerate(files, 1)
    ]


class _Transfer:
    """The tries to bring one file, the same for both twins."""

    def __init__(self, file: FileToBring, max_retries: int) -> None:
        self._file = file
        self._tries_left = max_retries
        self._delay = 0.5

    @contextmanager
    def target(self) -> Iterator[IO[bytes]]:
        """Give a file to write to, which takes its place when all is there."""
        path = self._file.path
        descriptor, unfinished = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
        try:
            with os.fdopen(descriptor, "wb") as target:
                yield target
                target.flush()
                os.fsync(descriptor)
                self._check_size(target.tell())
            Path(unfinished).replace(path)
        except BaseException:
            Path(unfinished).unlink(missing_ok=True)
            raise

    def check_link(self, link: str) -> str:
        """Return a link that may be followed; raise DownloadError if the data would travel unencrypted."""
        url = httpx.URL(link)
        if url.scheme != "https" and not is_loopback(url.host):
            raise DownloadError(f"{self._file.id} is offered unencrypted, at {url.scheme}://{url.host}; not brought")
        return link

    def check_status(self, response: httpx.Response) -> None:
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

    def _check_size(self, size: int) -> None:
        if self._file.size is not None and size != self._file.size:
            raise _Broken(f"{size} bytes came where {self._file.size} were announced")


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

    def bring(self, file: FileToBring) -> Path:
        """Bring a file, raise DownloadError if that cannot be done, and return its path."""
        transfer = _Transfer(file, self._max_retries)
        while True:
            link = transfer.check_link(self._locate(file.id))
            try:
                with transfer.target() as target, self._http.stream("GET", link, **self._options) as response:
                    transfer.check_status(response)
                    for chunk in response.iter_bytes():
                        target.write(chunk)
            except (httpx.RequestError, _Broken) as error:
                delay = transfer.delay_after(error)
            except OSError as error:
                raise DownloadError(f"cannot write {file.path}: {error.strerror}") from error
            else:
                return file.path
            _clock.sleep(delay)


class AsyncDownloader:
    """The twin of `Downloader` for asyncio. Writing to disk is short and done in the event loop."""

    def __init__(self, http: httpx.AsyncClient, locate: Callable[[str], Awaitable[str]], settings: Settings) -> None:
        self._http = http
        self._locate = locate
        self._max_retries = settings.max_retries
        self._options: dict[str, Any] = {"auth": None, "follow_redirects": False, "timeout": settings.timeout}

    async def bring(self, file: FileToBring) -> Path:
        """See `Downloader.bring`."""
        transfer = _Transfer(file, self._max_retries)
        while True:
            link = transfer.check_link(await self._locate(file.id))
            try:
                with transfer.target() as target:
                    async with self._http.stream("GET", link, **self._options) as response:
                        transfer.check_status(response)
                        async for chunk in response.aiter_bytes():
                            target.write(chunk)
            except (httpx.RequestError, _Broken) as error:
                delay = transfer.delay_after(error)
            except OSError as error:
                raise DownloadError(f"cannot write {file.path}: {error.strerror}") from error
            else:
                return file.path
            await _clock.async_sleep(delay)
