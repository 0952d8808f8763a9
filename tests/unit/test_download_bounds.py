"""Downloads from a storage that sends too much, too slowly, or from where it should not."""

from __future__ import annotations

import errno
import gzip
import io
import os
import pickle
import socket
import time
import zlib
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from batch_client import BatchError, DownloadError
from batch_client._settings import is_this_machine
from batch_client._tasks import downloads
from tests.calls import call_of
from tests.conftest import FakeClock, Twin
from tests.faults.run import KEYS
from tests.faults.server import FaultyServer
from tests.unit.test_exports import CONTENT, FILE, Storage, download

pytestmark = pytest.mark.any_documents

IN_TIME = 10.0


class Counted(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A body of many chunks, which counts those that were read."""

    def __init__(self, chunk: bytes, times: int) -> None:
        self._chunk = chunk
        self._times = times
        self.read = 0

    def __iter__(self) -> Iterator[bytes]:
        for _ in range(self._times):
            self.read += 1
            yield self._chunk

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for chunk in self:
            yield chunk


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The length of every piece that is written to disk."""
    lengths: list[int] = []
    fdopen = downloads.os.fdopen

    def opened(*arguments: Any) -> Any:
        file = fdopen(*arguments)

        class Recording:
            def write(self, piece: bytes) -> int:
                lengths.append(len(piece))
                return int(file.write(piece))

            def __getattr__(self, name: str) -> Any:
                return getattr(file, name)

        return Recording()

    monkeypatch.setattr(downloads.os, "fdopen", opened)
    return lengths


@pytest.mark.fault(
    "a storage sends more than the size that the API announced", "the download stops there, with an error"
)
@pytest.mark.parametrize("size", [None, 10], ids=["not announced", "announced"])
async def test_no_more_than_announced_is_written(
    size: int | None, twin: Twin, clock: FakeClock, tmp_path: Path, written: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(downloads, "LARGEST_FILE", 10_000)
    endless = Counted(b"x" * 1000, 10**9)
    storage = Storage(httpx.Response(200, stream=endless), files=[FILE | {"size": size}])
    with pytest.raises(DownloadError, match=f"more came than the {size or 10_000} bytes"):
        await download(twin, storage, tmp_path, max_retries=0)
    assert sum(written) <= (size or 10_000)
    assert endless.read <= 11
    assert list(tmp_path.iterdir()) == []


BOMB = gzip.compress(bytes(2**27), mtime=0)


@pytest.mark.fault("a few compressed bytes stand for gigabytes", "no more is decompressed than a body or file may have")
@pytest.mark.parametrize(
    ("content", "encoding", "says"),
    [
        (BOMB, "gzip", "more came than the 1000 bytes that were announced"),
        (gzip.compress(BOMB, mtime=0), "gzip, gzip", "compressed otherwise than by gzip, or more than once"),
        (
            gzip.compress(gzip.compress(BOMB)),
            "x-gzip, gzip,gzip",
            "compressed otherwise than by gzip, or more than once",
        ),
        (b"anything", "br", "compressed otherwise than by gzip"),
        (b"anything", "gzip", "not what gzip writes"),
        (gzip.compress(CONTENT)[:-9], "gzip", "the compressed file ends early"),
    ],
    ids=["once", "twice", "three times", "otherwise", "wrongly", "cut"],
)
async def test_compressed_file_is_bounded(
    content: bytes, encoding: str, says: str, twin: Twin, clock: FakeClock, tmp_path: Path, written: list[int]
) -> None:
    response = httpx.Response(200, stream=Counted(content, 1), headers={"Content-Encoding": encoding})
    with pytest.raises(DownloadError, match=says):
        await download(twin, Storage(response, files=[FILE | {"size": 1000}]), tmp_path, max_retries=0)
    assert sum(written) <= 1000


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (gzip.compress(CONTENT), "gzip"),
        (gzip.compress(CONTENT[:3]) + gzip.compress(CONTENT[3:]), "gzip"),
        (gzip.compress(CONTENT) + bytes(512), "gzip"),
        (zlib.compress(CONTENT), "deflate"),
        (zlib.compress(CONTENT)[2:-4], "deflate"),
        (CONTENT, "aws-chunked"),
    ],
    ids=["gzip", "two members", "padded", "deflate", "deflate without a header", "a name that is no compression"],
)
async def test_what_a_storage_keeps_compressed_is_decompressed(
    content: bytes, encoding: str, twin: Twin, clock: FakeClock, tmp_path: Path
) -> None:
    response = httpx.Response(200, stream=Counted(content, 1), headers={"Content-Encoding": encoding})
    (path,) = await download(twin, Storage(response), tmp_path)
    assert path.read_bytes() == CONTENT


@pytest.mark.fault("a storage sends a byte now and then", "the download ends when its time-out is over")
async def test_slow_storage_does_not_hold_a_download(twin: Twin, tmp_path: Path) -> None:
    def drip(connection: socket.socket, _: httpx.Response) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        for _ in range(1000):
            connection.sendall(b"x")
            time.sleep(0.02)

    storage = FaultyServer(call_of("audience_view").respond(), drip, 10)
    with storage.serve() as elsewhere:
        job = _job(twin, Storage(link=f"{elsewhere}/1", files=[FILE | {"size": 1000}]))
        await twin.finish(job.wait())
        started = time.monotonic()
        with pytest.raises(DownloadError, match="could not be downloaded: the deadline of the call is over"):
            await twin.finish(job.download(tmp_path, timeout=0.6))
    assert time.monotonic() - started < IN_TIME
    assert list(tmp_path.iterdir()) == []


def _job(twin: Twin, storage: Callable[[httpx.Request], httpx.Response]) -> Any:
    """Return the export job of a client whose API is on the loopback."""

    def api(request: httpx.Request) -> httpx.Response:
        request.url = request.url.copy_with(host="api.batch.com")
        return storage(request)

    class Routed(httpx.MockTransport):
        """The API is answered here, the storage by its own server."""

        def handle_request(self, request: httpx.Request) -> httpx.Response:
            if request.url.path == "/1":
                return httpx.HTTPTransport().handle_request(request)
            return super().handle_request(request)

        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            if request.url.path == "/1":
                return await httpx.AsyncHTTPTransport().handle_async_request(request)
            return await super().handle_async_request(request)

    options = KEYS | {"base_url": "http://127.0.0.1:9", "transport": Routed(api)}
    return twin.make(None, **options).exports.job("export_1")


LOCAL = [
    "127.0.0.1",
    "127.0.0.1.",
    "127.1",
    "2130706433",
    "0x7f.1",
    "0",
    "localhost",
    "localhost.",
    "a.localhost",
    "[::1]",
]
LOCAL += ["[::]", "[::ffff:127.0.0.1]", "[::127.0.0.1]", "ip6-localhost", "localhost.localdomain", socket.gethostname()]


@pytest.mark.fault("a remote API redirects a download to this machine", "it is refused: nothing is requested there")
@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("host", LOCAL)
async def test_remote_api_does_not_lead_to_this_machine(
    host: str, scheme: str, twin: Twin, clock: FakeClock, tmp_path: Path
) -> None:
    storage = Storage(CONTENT, link=f"{scheme}://{host}/1")
    with pytest.raises(DownloadError, match="is offered on this machine"):
        await download(twin, storage, tmp_path)
    assert storage.asked == []


@pytest.mark.parametrize(
    "host", ["files.example.com", "10.0.0.1", "localhost.example.com", "128.0.0.1", "[2001:db8::1]"]
)
def test_other_hosts_are_not_this_machine(host: str) -> None:
    assert not is_this_machine(httpx.URL(f"https://{host}").host)


async def test_body_that_an_event_hook_has_read_is_not_decompressed_again(
    twin: Twin, clock: FakeClock, tmp_path: Path
) -> None:
    response = httpx.Response(200, content=gzip.compress(CONTENT), headers={"Content-Encoding": "gzip"})
    (path,) = await download(twin, Storage(response), tmp_path)
    assert path.read_bytes() == CONTENT


@pytest.mark.parametrize("location", ["mailto:ann@example.com", "urn:x:y", "https://xn--a/", "a:b:c", "https:x"])
async def test_storage_that_redirects_nowhere_is_one_clear_line(
    location: str, twin: Twin, clock: FakeClock, tmp_path: Path
) -> None:
    with pytest.raises(DownloadError):
        await download(twin, Storage(httpx.Response(307, headers={"Location": location})), tmp_path, max_retries=0)


async def test_disk_that_is_full_leaves_nothing(
    twin: Twin, clock: FakeClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Full(io.BytesIO):
        def flush(self) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        def close(self) -> None:
            self.flush()

    monkeypatch.setattr(downloads.os, "fdopen", lambda descriptor, _: os.close(descriptor) or Full())
    with pytest.raises(DownloadError, match=r"cannot write .*: No space left on device"):
        await download(twin, Storage(CONTENT), tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("concurrency", [0, -1])
async def test_no_file_at_once_is_refused(concurrency: int, twin: Twin, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=f"concurrency must be 1 or more, not {concurrency}"):
        await twin.finish(twin.make(Storage()).exports.job("export_1").download(tmp_path, concurrency=concurrency))


@pytest.mark.fault(
    "a few bytes of a file stand for one endless or deeply nested record", "records() stops with an error"
)
@pytest.mark.parametrize(
    ("content", "says"),
    [
        (gzip.compress(b'[{"a": "' + b"x" * 2**25), "a record is longer than 16,777,216 characters"),
        (b'{"a":' * 100_000, "nested too deeply"),
    ],
    ids=["endless", "deep"],
)
async def test_record_of_a_file_is_bounded(content: bytes, says: str, twin: Twin, clock: FakeClock) -> None:
    job = twin.make(Storage(content, files=[FILE | {"size": len(content)}])).exports.job("export_1")
    with pytest.raises(DownloadError, match=says):
        await twin.items(job.records())


@pytest.mark.parametrize(
    "link",
    [
        "https://files.example.com:65979/1",
        "mailto:ann@example.com",
        "ftp://files.example.com/1",
        "https://",
        "https://a..b/1",
    ],
)
async def test_link_that_leads_nowhere_is_one_clear_line(
    link: str, twin: Twin, clock: FakeClock, tmp_path: Path
) -> None:
    with pytest.raises(BatchError) as raised:
        await download(twin, Storage(CONTENT, link=link), tmp_path, max_retries=0)
    assert "\n" not in str(raised.value)


@pytest.mark.fault("an export job is unpickled in another process", "its methods say how to resume it")
@pytest.mark.parametrize("method", ["wait", "status", "done"])
async def test_job_without_its_client_says_how_to_resume(method: str, twin: Twin, clock: FakeClock) -> None:
    job = pickle.loads(pickle.dumps(twin.make(Storage()).exports.job("export_1")))
    with pytest.raises(BatchError, match=r"resume it with batch\.exports\.job\('export_1'\)"):
        await twin.finish(getattr(job, method)())


async def test_finished_job_without_its_client_says_how_to_resume(twin: Twin, clock: FakeClock, tmp_path: Path) -> None:
    job = twin.make(Storage()).exports.job("export_1")
    await twin.finish(job.wait())
    with pytest.raises(BatchError, match=r"resume it with batch\.exports\.job"):
        await twin.finish(pickle.loads(pickle.dumps(job)).download(tmp_path))
