"""Downloads files from where the API redirects to: streamed to disk, whole or not at all, without the credentials."""

from __future__ import annotations

import asyncio
import os
import re
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event
from typing import Any, Self

import httpx
from attrs import frozen

from batch_client._settings import Settings, check_address, is_this_machine
from batch_client._transport import clock
from batch_client._transport.call import NO_LIMITS, Limits
from batch_client._transport.connections import AsyncConnections, Connections
from batch_client._transport.deadlines import OVER, async_deadline, sync_deadline, with_deadline
from batch_client._transport.decoding import Decoder
from batch_client._transport.logs import without_httpx_lines
from batch_client._transport.signals import raise_from_signal
from batch_client.errors import DownloadError

_NEW_LINK = (403, 404, 410)
"""Statuses with which a storage refuses a link that has expired."""

LARGEST_FILE = 128 * 2**20
"""Bytes after which a file whose size was not announced is not read further: the documentation says 100 MB at most."""
_PIECE = 2**16


@frozen
class ExportFile:
    """A file of an export, and where it goes."""

    id: str
    path: Path
    size: int | None

    def is_there(self) -> bool:
        """Return whether it was downloaded before: a file under its name is whole."""
        try:
            return self.size is not None and self.path.stat().st_size == self.size
        except OSError:
            return False


def prepare(export_id: str, export: Any, directory: str | Path) -> list[ExportFile]:
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
        ExportFile(file.id, directory / f"{name}.{number:03}.json", size if isinstance(size, int) else None)
        for number, (file, size) in enumerate(zip(files, sizes, strict=True), 1)
    ]


class _Transfer:
    """One file on its way, over any number of tries, the same for both twins. As a context it leaves nothing behind."""

    def __init__(self, file: ExportFile, settings: Settings, deadline: float | None, is_over: Event | None) -> None:
        self._file = file
        self.limits = NO_LIMITS if deadline is None else Limits(deadline)
        self._is_over = is_over
        self._api_is_local = is_this_machine(httpx.URL(settings.base_url).host)
        self._timeouts = settings.timeout.as_dict()
        self._tries_left = settings.max_retries
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
        with suppress(OSError):  # a full disk, which takes not even what is buffered, was reported before
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
        # Storages may keep a file compressed, and send it so whatever was asked for.
        self._decoder = Decoder(response)
        # The places in what was decoded are not those in what travels, and a weak tag does not stand for bytes.
        self._version = tag if not self._decoder.is_compressed and tag.startswith('"') else None

    def write(self, chunk: bytes) -> None:
        """Write what a chunk, as it came, stands for."""
        for piece in self._decoder.decode(chunk):
            self.write_decoded(piece)

    def write_decoded(self, content: bytes) -> None:
        """Write a part of the file, in pieces; raise if that is more than was announced."""
        most = LARGEST_FILE if self._file.size is None else self._file.size
        for start in range(0, len(content), _PIECE):
            piece = content[start : start + _PIECE]
            self._go_on()
            if self._target.tell() + len(piece) > most:
                self._version = None
                announced = "a file may have" if self._file.size is None else "were announced"
                raise _Broken(f"more came than the {most} bytes that {announced}")
            self._target.write(piece)

    def _go_on(self) -> None:
        if self._is_over is not None and self._is_over.is_set():
            raise DownloadError(f"{self._file.id} was not downloaded: another file could not be")
        if clock.monotonic() >= self.limits.deadline:
            raise DownloadError(f"{self._file.id} could not be downloaded: {OVER}")

    def finish(self) -> Path:
        """Put the file in its place and return that, if all is there."""
        size = self._target.tell()
        if self._decoder.is_cut:
            raise _Broken("the compressed file ends early")
        if self._file.size is not None and size != self._file.size:
            self._version = None
            raise _Broken(f"{size} bytes came where {self._file.size} were announced")
        self._target.flush()
        os.fsync(self._target.fileno())
        self._unfinished.replace(self._file.path)
        return self._file.path

    def check_link(self, link: str) -> str:
        """Return a link that may be followed.

        Raises:
            DownloadError: the data would travel unencrypted, or the API sends this client to what listens on its own
                machine.
        """
        try:
            url = httpx.URL(link)
            check_address(url)
            is_local = is_this_machine(url.host)
        except (httpx.InvalidURL, ValueError):
            raise DownloadError(f"{self._file.id} is offered at an address that is not a valid URL") from None
        if url.scheme not in ("http", "https") or not url.host:
            raise DownloadError(f"{self._file.id} is offered at an address that is not https://; not downloaded")
        if is_local and not self._api_is_local:
            raise DownloadError(f"{self._file.id} is offered on this machine, at {url.host}; not downloaded")
        if url.scheme == "http" and not is_local:
            raise DownloadError(f"{self._file.id} is offered unencrypted, at http://{url.host}; not downloaded")
        return link

    @property
    def extensions(self) -> dict[str, Any]:
        """The extensions of a request."""
        return {"timeout": self._timeouts}

    def _check_status(self, response: httpx.Response) -> None:
        if response.is_success:
            return
        if response.status_code in _NEW_LINK or response.status_code >= 500 or response.status_code == 429:
            raise _Broken(f"{response.url.host} answered {response.status_code}")
        raise DownloadError(f"{self._file.id} was refused by {response.url.host}: {response.status_code}")

    def delay_after(self, error: Exception) -> float:
        """Return the seconds to wait before the next try; raise DownloadError if there is none."""
        delay = self._delay * 2 * clock.jitter()
        if self._tries_left == 0 or clock.monotonic() + delay > self.limits.deadline:
            raise DownloadError(
                f"{self._file.id} could not be downloaded: {str(error) or type(error).__name__}"
            ) from error
        self._tries_left -= 1
        self._delay *= 2
        return delay

    def unwritable(self, error: OSError) -> DownloadError:
        """Return the error of a disk that does not take it."""
        return DownloadError(f"cannot write {self._file.path}: {error.strerror}")


class _Broken(Exception):
    """A try that failed in a way that another may not."""


@contextmanager
def _checks_redirect() -> Iterator[None]:
    """Turn what httpx raises about an address that a storage redirects to."""
    try:
        yield
    except (httpx.InvalidURL, UnicodeError):
        raise _Broken("the storage redirects to an address that is not a valid URL") from None


class Downloader:
    """Downloads files.

    Args:
        connections: What to send through, without credentials.
        locate: Returns the link of a file's id, a new one each time.
    """

    def __init__(self, connections: Connections, locate: Callable[[str, Limits], str], settings: Settings) -> None:
        self._connections = connections
        self._locate = locate
        self._settings = settings

    def download(self, file: ExportFile, deadline: float | None, is_over: Event | None = None) -> Path:
        """Download a file and return its path; one that is there stays.

        Args:
            deadline: Time of the monotonic clock after which it is given up; None for never.
            is_over: Set when nobody waits for the file any more.

        Raises:
            DownloadError: it cannot be downloaded; nothing of it is left on disk.
        """
        if file.is_there():
            return file.path
        with _Transfer(file, self._settings, deadline, is_over) as transfer:
            while True:
                headers = transfer.headers()
                link = transfer.check_link(self._locate(file.id, transfer.limits))
                try:
                    self._receive(transfer, link, headers)
                    return transfer.finish()
                except (httpx.RequestError, _Broken) as error:
                    raise_from_signal(error)
                    delay = transfer.delay_after(error)
                except OSError as error:
                    raise_from_signal(error)
                    raise transfer.unwritable(error) from error
                clock.sleep(delay)

    def _receive(self, transfer: _Transfer, link: str, headers: dict[str, str]) -> None:
        options: dict[str, Any] = {"auth": None, "follow_redirects": False}
        extensions = with_deadline(transfer.extensions, transfer.limits.deadline)
        stream = self._connections.client().stream("GET", link, headers=headers, extensions=extensions, **options)
        with without_httpx_lines(), sync_deadline(transfer.limits.deadline), _checks_redirect(), stream as response:
            transfer.begin(response)
            if response.is_stream_consumed:  # by an event hook of the caller's
                transfer.write_decoded(response.content)
                return
            for chunk in response.iter_raw():
                transfer.write(chunk)


class AsyncDownloader:
    """The twin of `Downloader` for asyncio. Writing to disk is short and done in the event loop, but for the last."""

    def __init__(
        self, connections: AsyncConnections, locate: Callable[[str, Limits], Awaitable[str]], settings: Settings
    ) -> None:
        self._connections = connections
        self._locate = locate
        self._settings = settings

    async def download(self, file: ExportFile, deadline: float | None, is_over: Event | None = None) -> Path:
        """See `Downloader.download`."""
        if file.is_there():
            return file.path
        with _Transfer(file, self._settings, deadline, is_over) as transfer:
            while True:
                headers = transfer.headers()
                link = transfer.check_link(await self._locate(file.id, transfer.limits))
                try:
                    await self._receive(transfer, link, headers)
                    return await asyncio.to_thread(transfer.finish)
                except (httpx.RequestError, _Broken) as error:
                    raise_from_signal(error)
                    delay = transfer.delay_after(error)
                except OSError as error:
                    raise_from_signal(error)
                    raise transfer.unwritable(error) from error
                await clock.async_sleep(delay)

    async def _receive(self, transfer: _Transfer, link: str, headers: dict[str, str]) -> None:
        options: dict[str, Any] = {"extensions": transfer.extensions, "auth": None, "follow_redirects": False}
        stream = self._connections.client().stream("GET", link, headers=headers, **options)
        with without_httpx_lines(), _checks_redirect():
            async with async_deadline(transfer.limits.deadline), stream as response:
                transfer.begin(response)
                if response.is_stream_consumed:
                    transfer.write_decoded(response.content)
                    return
                async for chunk in response.aiter_raw():
                    transfer.write(chunk)
