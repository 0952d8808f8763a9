"""The demo: all of its steps against the sandbox, and nothing but reading with LIVE=1."""

from __future__ import annotations

import httpx
import pytest

from batch_client import BatchClient
from batch_client.sandbox import Sandbox
from examples import demo
from tests.calls import AUDIENCE, CATALOG, EXPORT, ORCHESTRATION, SEGMENT, complete
from tests.conftest import FakeClock
from tests.operations import has, missing

ITEMS = {
    "audiences": AUDIENCE,
    "catalogs": CATALOG,
    "exports": EXPORT,
    "orchestrations": ORCHESTRATION,
    "segments": SEGMENT,
}


# With every operation there, as here, it runs; test_live_only_reads also tests a demo that leaves something out.
@pytest.mark.skipif(bool(missing()), reason="the demo leaves out what the documents no longer have")
def test_demo_shows_every_step(
    clock: FakeClock, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(demo, "Sandbox", lambda indexing: sandbox)
    assert demo.main() == 0
    shown = capsys.readouterr().out
    for part in (
        "IN_PROGRESS after 1.0 s, next poll in 1.5 s",
        "25,000 ids",
        "24,900 ids",
        "3 ids; the first update is REPLACED",
        "404 NOT_FOUND: no audience 'demo_vip'",
        "demo_async: APPLIED",
        "3 items",
        "orchestration_",
        "SUCCESS_WITH_PARTIAL_ERRORS",
        "attribute Shoe Size",
        "done",
    ):
        assert part in shown


def test_live_only_reads(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    seen: list[tuple[str, str]] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append((request.method, request.url.path))
        tag, operation = request.url.path.split("/")[2:]
        if operation == "view":
            return httpx.Response(200, json=ITEMS[tag])
        return httpx.Response(
            200, json=complete(f"{tag.removesuffix('s')}_list", {tag: [ITEMS[tag]], "has_more": False})
        )

    monkeypatch.setenv("LIVE", "1")
    monkeypatch.setattr(
        demo, "BatchClient", lambda: BatchClient("key", "project", transport=httpx.MockTransport(handler))
    )
    assert demo.main() == 0
    assert {method for method, _ in seen} == {"GET"}
    lists = [[f"{tag[:-1]}_list"] for tag in ITEMS]
    views = [["audience_list", "audience_view"], ["catalog_list", "catalog_view"]]
    assert len(seen) == sum(has(*needed) for needed in [*lists, *views])
    assert "read only, from https://api.batch.com" in capsys.readouterr().out


def test_live_without_keys_is_one_clear_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LIVE", "1")
    assert demo.main() == 1
    assert capsys.readouterr().err.startswith("error: no rest_api_key: pass it to the client or set")
