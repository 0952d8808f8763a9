"""The log: one line per call at INFO, which shows no parameter, no link and nothing that a server made up."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from batch_client import APIStatusError, ExportTimeout
from tests.calls import ACCEPTED, AUDIENCE, TOKEN, complete
from tests.conftest import FakeClock, Twin
from tests.unit.test_exports import CONTENT, Storage, download

pytestmark = pytest.mark.any_documents

SECRETS = ["vip-audience", TOKEN, "signature", "forged", "api.batch.com", "files.example.com"]
FORGED = "QUEUED\nERROR forged line\x1b[2J"


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Iterator[list[str]]:
    """What every logger says at INFO and above, while the test runs."""
    shown: list[str] = []

    class Collector(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            shown.append(f"{record.levelname} {record.name} {record.getMessage()}")

    handler = Collector(logging.INFO)
    logging.getLogger().addHandler(handler)
    caplog.set_level(logging.INFO)
    yield shown
    logging.getLogger().removeHandler(handler)


def check(lines: list[str]) -> None:
    assert not [line for line in lines if any(secret in line for secret in SECRETS)]
    assert not [line for line in lines if not line.isprintable()]
    assert {line.split()[1] for line in lines} <= {"batch_client"}


@pytest.mark.fault("parameters, tokens and signed links are in URLs", "one line of ours per call, with none of them")
async def test_call_is_one_line(twin: Twin, clock: FakeClock, lines: list[str]) -> None:
    batch = twin.make(lambda _: httpx.Response(200, json=AUDIENCE))
    await twin.finish(batch.audiences.view(name="vip-audience", indexing_token=TOKEN))
    assert lines == ["INFO batch_client GET /audiences/view: 200 in 0.000 s"]


async def test_calls_by_generated_functions_are_one_line_too(twin: Twin, clock: FakeClock, lines: list[str]) -> None:
    from batch_generated.api.audiences import audience_view

    batch = twin.make(lambda _: httpx.Response(400, json={"error_code": FORGED, "error_message": FORGED}))
    function = audience_view.sync_detailed if twin.name == "sync" else audience_view.asyncio_detailed
    await twin.finish(function(client=batch.generated, name="vip-audience"))
    assert lines == ["INFO batch_client GET /audiences/view: 400 in 0.000 s"]


async def test_path_that_no_document_knows_is_not_shown(twin: Twin, clock: FakeClock, lines: list[str]) -> None:
    batch = twin.make(lambda _: httpx.Response(200))
    http = batch.generated.get_httpx_client() if twin.name == "sync" else batch.generated.get_async_httpx_client()
    await twin.finish(http.get("/new%0AERROR/route?name=vip-audience"))
    assert lines == ["INFO batch_client GET (a path that is not documented): 200 in 0.000 s"]


async def test_retries_are_warnings_and_the_call_is_one_line(twin: Twin, clock: FakeClock, lines: list[str]) -> None:
    answers = iter([httpx.Response(503, text=FORGED), httpx.Response(200, json=AUDIENCE)])
    batch = twin.make(lambda _: next(answers), max_retries=1)
    await twin.finish(batch.audiences.view(name="vip-audience"))
    assert [line.split()[0] for line in lines] == ["WARNING", "INFO"]
    assert lines[1].endswith(", 2 tries")
    check(lines)


async def test_refusals_do_not_reach_the_log(twin: Twin, clock: FakeClock, lines: list[str]) -> None:
    batch = twin.make(lambda _: httpx.Response(400, json={"error_code": FORGED, "error_message": FORGED}))
    with pytest.raises(APIStatusError):
        await twin.finish(batch.audiences.view(name="vip-audience"))
    check(lines)


@pytest.mark.fault("the API answers a state with line breaks in it", "warnings show it escaped, and no name")
async def test_unknown_states_are_escaped(twin: Twin, clock: FakeClock, lines: list[str]) -> None:
    views = iter([FORGED, FORGED * 1000, "APPLIED"])

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/create"):
            return httpx.Response(202, json=ACCEPTED)
        return httpx.Response(200, json=complete("audience_view", AUDIENCE | {"indexing_state": next(views)}))

    task = await twin.finish(twin.make(answer).audiences.create(name="vip-audience", type="custom_ids"))
    await twin.finish(task.wait())
    warnings = [line for line in lines if line.startswith("WARNING")]
    assert len(warnings) == 2
    assert all(line.isprintable() and len(line) < 200 for line in warnings)
    assert not any("vip-audience" in line or TOKEN in line for line in lines)


async def test_downloads_log_no_link(twin: Twin, clock: FakeClock, lines: list[str], tmp_path: Path) -> None:
    await download(twin, Storage(CONTENT), tmp_path)
    assert len(lines) == 2
    check(lines)
    with pytest.raises(ExportTimeout):
        await twin.finish(twin.make(Storage(status=FORGED)).exports.job("export_1").wait(timeout=2))
    assert all(line.isprintable() for line in lines)


def test_other_users_of_httpx_keep_their_lines(lines: list[str]) -> None:
    transport: Any = httpx.MockTransport(lambda _: httpx.Response(200))
    with httpx.Client(transport=transport) as other:
        other.get("https://elsewhere.example/")
    assert any(line.startswith("INFO httpx HTTP Request: GET https://elsewhere.example/") for line in lines)
