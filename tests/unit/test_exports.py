"""Export jobs: waiting for them, and downloading their files whole, in place, and without the credentials."""

from __future__ import annotations

import asyncio
import gzip
import json
import pickle
import sys
import time
import tracemalloc
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest

from batch_client import (
    DownloadError,
    ExportFailedError,
    ExportTimeout,
    NotFoundError,
)
from batch_client._tasks.downloads import prepare
from batch_client._tasks.records import read_records
from batch_client.sandbox import Sandbox
from batch_generated.types import UNSET
from tests.calls import EXPORT, complete
from tests.conftest import KEYS, FakeClock, Twin

REQUEST = {"export_type": "ATTRIBUTES", "attributes": ["plan"]}
LINK = "https://files.example.com/1?signature=abc"
CONTENT = b'[{"custom_id": "ann"}]'


@pytest.fixture
def many_files(sandbox: Sandbox) -> Sandbox:
    sandbox.seed(profiles=100)
    sandbox._exports._file_size = 1000
    return sandbox


async def start(twin: Twin, batch: Any) -> Any:
    return await twin.finish(batch.profiles.export(REQUEST))


async def test_files_are_downloaded(twin: Twin, many_files: Sandbox, served: Any, tmp_path: Path) -> None:
    job = await start(twin, served)
    paths = await twin.finish(job.download(tmp_path / "new" / "folder"))
    assert len(paths) > 3
    assert [path.name for path in paths] == [f"{job.id}.{number:03}.json" for number in range(1, len(paths) + 1)]
    records = [record for path in paths for record in json.loads(path.read_text(encoding="utf-8"))]
    assert [record["custom_id"] for record in records] == list(many_files.profiles)
    assert sorted((tmp_path / "new" / "folder").iterdir()) == paths  # and nothing unfinished lies beside them


async def test_wait_reports_and_returns_the_view(twin: Twin, served: Any, sandbox: Sandbox) -> None:
    polls: list[Any] = []
    job = await start(twin, served)
    assert job.state is None
    view = await twin.finish(job.wait(on_poll=polls.append))
    assert (view.id, str(view.status), len(view.files)) == (job.id, "SUCCESS", 1)
    assert [poll.state for poll in polls] == ["RUNNING", "SUCCESS"]
    assert await twin.finish(job.done())
    assert repr(job) == f"{'' if twin.name == 'sync' else 'Async'}ExportJob(id={job.id!r}, state='SUCCESS')"


async def test_job_is_taken_up_by_its_id(twin: Twin, served: Any) -> None:
    job = await start(twin, served)
    resumed = served.exports.job(job.id)
    assert await twin.finish(resumed.status()) == "CREATED"
    assert (await twin.finish(resumed.wait())).id == job.id
    with pytest.raises(NotFoundError):
        await twin.finish(served.exports.job("none_such").wait())


async def test_time_that_is_over_carries_the_job(twin: Twin, served: Any) -> None:
    job = await start(twin, served)
    with pytest.raises(
        ExportTimeout, match=r"was not finished after 1 s; wait again, or resume with batch\.exports"
    ) as raised:
        await twin.finish(job.wait(timeout=1))
    assert raised.value.job is job
    assert pickle.loads(pickle.dumps(raised.value)).job.id == job.id
    assert (await twin.finish(job.wait())).id == job.id


FILE = {"id": "file_1", "size": len(CONTENT)}


class Storage:
    """The API with one export of one file, and the storage of that file elsewhere."""

    def __init__(self, *answers: Any, files: Any = (FILE,), **export: Any) -> None:
        self._answers = list(answers)
        self._export = complete("export_view", EXPORT | {"files": list(files)}) | export
        self.located = 0
        self.asked: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.host == "api.batch.com":
            if request.url.path.endswith("/download"):
                self.located += 1
                return httpx.Response(307, headers={"Location": self._export.get("link", LINK)})
            return httpx.Response(200, json={name: value for name, value in self._export.items() if name != "link"})
        self.asked.append(request)
        answer = self._answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, httpx.Response):
            return answer
        return httpx.Response(200, content=answer) if isinstance(answer, bytes) else httpx.Response(answer)


async def download(twin: Twin, storage: Storage, directory: Path, **options: Any) -> list[Path]:
    batch = twin.make(storage, **options)
    paths: list[Path] = await twin.finish(batch.exports.job("export_1").download(directory))
    return paths


async def test_neither_credential_travels(twin: Twin, clock: FakeClock, tmp_path: Path) -> None:
    storage = Storage(CONTENT)
    (path,) = await download(twin, storage, tmp_path)
    assert path.read_bytes() == CONTENT
    (asked,) = storage.asked
    assert str(asked.url) == LINK
    assert not any(key in f"{asked.headers.raw}" for key in KEYS.values())


@pytest.mark.parametrize("failure", [403, 404, 429, 500, 503, httpx.ReadError("gone"), CONTENT[:-1], CONTENT + b" "])
async def test_what_broke_off_is_downloaded_again_by_a_new_link(
    failure: Any, twin: Twin, clock: FakeClock, tmp_path: Path
) -> None:
    storage = Storage(failure, CONTENT)
    (path,) = await download(twin, storage, tmp_path, max_retries=1)
    assert path.read_bytes() == CONTENT
    assert storage.located == 2


class Breaking(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A body that breaks off."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def __iter__(self) -> Iterator[bytes]:
        yield self._content
        raise httpx.ReadError("gone")

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self._content
        raise httpx.ReadError("gone")


def part(start: int, tag: str = '"v1"', **headers: str) -> httpx.Response:
    place = {"Content-Range": f"bytes {start}-{len(CONTENT) - 1}/{len(CONTENT)}", "ETag": tag}
    return httpx.Response(206, content=CONTENT[start:], headers=place | headers)


async def test_of_what_broke_off_only_the_rest_is_fetched(twin: Twin, clock: FakeClock, tmp_path: Path) -> None:
    broken = [
        httpx.Response(status, stream=Breaking(CONTENT[at : at + 5]), headers={"ETag": '"v1"'} | place)
        for status, at, place in ((200, 0, {}), (206, 5, {"Content-Range": "bytes 5-9/22"}))
    ]
    storage = Storage(*broken, part(10))
    (path,) = await download(twin, storage, tmp_path, max_retries=2)
    assert path.read_bytes() == CONTENT
    assert [asked.headers.get("Range") for asked in storage.asked] == [None, "bytes=5-", "bytes=10-"]
    assert {asked.headers.get("If-Range") for asked in storage.asked[1:]} == {'"v1"'}


@pytest.mark.parametrize(
    "headers",
    [{}, {"ETag": 'W/"v1"'}, {"ETag": '"v1"', "Content-Encoding": "identity, br"}],
    ids=["none", "weak", "coded"],
)
async def test_without_a_sure_mark_all_is_fetched_again(
    headers: dict[str, str], twin: Twin, clock: FakeClock, tmp_path: Path
) -> None:
    storage = Storage(httpx.Response(200, stream=Breaking(CONTENT[:5]), headers=headers), CONTENT)
    (path,) = await download(twin, storage, tmp_path, max_retries=1)
    assert path.read_bytes() == CONTENT
    assert "Range" not in storage.asked[1].headers


@pytest.mark.parametrize("wrong", [[], [3]], ids=["changed", "another part"])
async def test_rest_of_another_file_is_not_taken(
    wrong: list[int], twin: Twin, clock: FakeClock, tmp_path: Path
) -> None:
    broken = httpx.Response(200, stream=Breaking(b"other"), headers={"ETag": '"v1"'})
    storage = Storage(broken, *[part(start) for start in wrong], CONTENT)
    (path,) = await download(twin, storage, tmp_path, max_retries=3)
    assert path.read_bytes() == CONTENT


async def test_files_that_are_there_are_not_downloaded_again(
    twin: Twin, many_files: Sandbox, served: Any, tmp_path: Path
) -> None:
    job = await start(twin, served)
    paths = await twin.finish(job.download(tmp_path))
    before = [path.stat().st_mtime_ns for path in paths]
    paths[1].write_bytes(b"cut off")
    again = await twin.finish(job.download(tmp_path))
    after = [path.stat().st_mtime_ns for path in paths]
    assert again == paths
    assert [then == now for then, now in zip(before, after, strict=True)] == [True, False] + [True] * (len(paths) - 2)


@pytest.mark.parametrize("export", [SimpleNamespace(), SimpleNamespace(files=UNSET)])
def test_export_that_names_no_files(export: Any, tmp_path: Path) -> None:
    """Documents to come may leave out what an export consists of, or say that it may be missing."""
    with pytest.raises(DownloadError, match="the API does not name the files of the export 'export_1'"):
        prepare("export_1", export, tmp_path / "there")
    assert not (tmp_path / "there").exists()


@pytest.mark.parametrize("concurrency", [1, 3])
async def test_several_files_are_downloaded_at_once(concurrency: int, twin: Twin, tmp_path: Path) -> None:
    under_way, most = 0, 0

    class Slow(httpx.SyncByteStream, httpx.AsyncByteStream):
        def __iter__(self) -> Iterator[bytes]:
            nonlocal under_way, most
            under_way, most = under_way + 1, max(most, under_way + 1)
            time.sleep(0.05)
            under_way -= 1
            yield CONTENT

        async def __aiter__(self) -> AsyncIterator[bytes]:
            nonlocal under_way, most
            under_way, most = under_way + 1, max(most, under_way + 1)
            await asyncio.sleep(0.05)
            under_way -= 1
            yield CONTENT

    files = [{"id": f"file_{number}", "size": len(CONTENT)} for number in range(8)]
    storage = Storage(*[httpx.Response(200, stream=Slow()) for _ in files], files=files)
    batch = twin.make(storage)
    paths = await twin.finish(batch.exports.job("export_1").download(tmp_path, concurrency=concurrency))
    assert (len(paths), most) == (8, concurrency)


async def test_file_that_cannot_be_downloaded_ends_the_others(twin: Twin, clock: FakeClock, tmp_path: Path) -> None:
    files = [{"id": f"file_{number}", "size": len(CONTENT)} for number in range(50)]
    storage = Storage(400, *[CONTENT] * 50, files=files)
    with pytest.raises(DownloadError, match="was refused"):
        await twin.finish(twin.make(storage).exports.job("export_1").download(tmp_path, concurrency=1))
    assert len(storage.asked) < 50
    assert not list(tmp_path.glob(".*"))


@pytest.mark.parametrize("library", ["pandas", "polars"])
async def test_records_become_a_data_frame(library: str, twin: Twin, clock: FakeClock, monkeypatch: Any) -> None:
    records = [{"custom_id": "ann", "n": 1}, {"custom_id": "ben", "n": "x", "plan": "gold"}]
    content = json.dumps(records).encode()

    def job() -> Any:
        return twin.make(Storage(content, files=[{"id": "file_1", "size": len(content)}])).exports.job("export_1")

    frame = await twin.finish(getattr(job(), f"to_{library}")())
    assert (type(frame).__module__.partition(".")[0], frame.shape) == (library, (2, 3))
    assert list(frame["custom_id"]) == ["ann", "ben"]
    empty = twin.make(Storage(b"[]", files=[{"id": "file_1", "size": 2}])).exports.job("export_1")
    assert (await twin.finish(getattr(empty, f"to_{library}")())).shape == (0, 0)
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(ModuleNotFoundError, match=f"a {library} data frame needs {library}: pip install {library}"):
        await twin.finish(getattr(job(), f"to_{library}")())


@pytest.mark.parametrize("failure", [403, httpx.ReadError("gone"), CONTENT[:-1]])
async def test_what_cannot_be_downloaded_leaves_nothing(
    failure: Any, twin: Twin, clock: FakeClock, tmp_path: Path
) -> None:
    with pytest.raises(DownloadError, match="file_1 could not be downloaded: "):
        await download(twin, Storage(*[failure] * 3), tmp_path, max_retries=2)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("answer", "says"),
    [(400, "file_1 was refused by files.example.com: 400"), (302, "refused by files.example.com: 302")],
)
async def test_refusal_is_not_repeated(answer: int, says: str, twin: Twin, clock: FakeClock, tmp_path: Path) -> None:
    storage = Storage(answer)
    with pytest.raises(DownloadError, match=says):
        await download(twin, storage, tmp_path, max_retries=3)
    assert len(storage.asked) == 1


async def test_data_does_not_travel_unencrypted(twin: Twin, clock: FakeClock, tmp_path: Path) -> None:
    storage = Storage(link="http://files.example.com/1")
    with pytest.raises(DownloadError, match=r"file_1 is offered unencrypted, at http://files\.example\.com"):
        await download(twin, storage, tmp_path)
    assert storage.asked == []


@pytest.mark.parametrize("id_", ["../../etc/passwd", "/etc/passwd", "..", "a\\b", "x" * 500, "nul\x00", ".ssh"])
async def test_names_cannot_escape_the_directory(id_: str, twin: Twin, clock: FakeClock, tmp_path: Path) -> None:
    storage = Storage(CONTENT, id=id_, files=[{"id": id_, "size": len(CONTENT)}])
    batch = twin.make(storage)
    inside = tmp_path / "inside"
    (path,) = await twin.finish(batch.exports.job(id_).download(inside))
    assert path.parent == inside
    assert list(inside.iterdir()) == [path]
    assert sorted(tmp_path.iterdir()) == [inside]


async def test_directory_that_cannot_be_made_is_one_clear_line(twin: Twin, clock: FakeClock, tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    taken.write_text("", encoding="utf-8")
    with pytest.raises(DownloadError, match=f"cannot write into {taken}: File exists"):
        await download(twin, Storage(CONTENT), taken)


async def test_export_that_failed_says_so(twin: Twin, clock: FakeClock, tmp_path: Path) -> None:
    with pytest.raises(ExportFailedError, match="the API could not make the export 'export_1'") as raised:
        await download(twin, Storage(status="ERROR", files=[]), tmp_path)
    assert raised.value.export.id == "export_1"


async def test_unknown_status_goes_on(twin: Twin, clock: FakeClock, tmp_path: Path, caplog: Any) -> None:
    with pytest.raises(ExportTimeout):
        await twin.finish(twin.make(Storage(status="QUEUED")).exports.job("export_1").wait(timeout=5))
    assert caplog.text.count("export status 'QUEUED' is not documented; waiting goes on") == 1


FORMS = {
    "array": b'[{"custom_id": "ann", "n": [1, {"a": "]}"}]},\n{"custom_id": "ben"}]',
    "lines": b'{"custom_id": "ann", "n": [1, {"a": "]}"}]}\n{"custom_id": "ben"}\n',
    "array with a byte order mark": b'\xef\xbb\xbf[{"custom_id": "ann", "n": [1, {"a": "]}"}]}, {"custom_id": "ben"}]',
    "array by gzip": gzip.compress(b'[{"custom_id": "ann", "n": [1, {"a": "]}"}]}, {"custom_id": "ben"}]'),
}


@pytest.mark.parametrize("content", FORMS.values(), ids=FORMS)
async def test_records_are_walked_in_either_form(content: bytes, twin: Twin, clock: FakeClock) -> None:
    storage = Storage(content, files=[{"id": "file_1", "size": len(content)}])
    records = await twin.items(twin.make(storage).exports.job("export_1").records())
    assert records == [{"custom_id": "ann", "n": [1, {"a": "]}"}]}, {"custom_id": "ben"}]


async def test_records_of_all_files_are_walked(twin: Twin, many_files: Sandbox, served: Any) -> None:
    records = await twin.items((await start(twin, served)).records())
    assert [record["custom_id"] for record in records] == list(many_files.profiles)


async def test_export_of_nothing_has_no_records(twin: Twin, served: Any) -> None:
    assert await twin.items((await start(twin, served)).records()) == []


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"<html>", "'<html>' is no object"),
        (b'[{"a": 1}, {"b": ', "within a record"),
        (b'[{"a": 1}, {"b": 2}', "its brackets do not match"),
        (b'{"a": 1}]', "its brackets do not match"),
        (b"[1]", "is no object"),
        (gzip.compress(b"[]", mtime=0)[:10] + b"\xff" * 9, "while decompressing"),
        (b"\xff{", "utf-8"),
    ],
)
async def test_file_of_something_else_is_told(content: bytes, says: str, twin: Twin, clock: FakeClock) -> None:
    storage = Storage(content, files=[{"id": "file_1", "size": len(content)}])
    with pytest.raises(DownloadError, match=rf"export_1\.001\.json is no JSON array of objects.*{says}"):
        await twin.items(twin.make(storage).exports.job("export_1").records())


def test_large_file_is_read_in_flat_memory(tmp_path: Path) -> None:
    path = tmp_path / "large.json"
    record = json.dumps({"custom_id": "x" * 80, "attributes": {"plan": "gold"}}).encode()
    with path.open("wb") as target:
        target.write(b"[")
        for _ in range(40):
            target.write((record + b",\n") * 10_000)
        target.write(record + b"]")
    tracemalloc.start()
    try:
        assert sum(1 for _ in read_records(path)) == 400_001
        assert tracemalloc.get_traced_memory()[1] < 16 * 2**20  # of a file of some 50 MB
    finally:
        tracemalloc.stop()
