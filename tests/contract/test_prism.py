"""Prism judges the client: what it sends must be accepted, and what Prism refuses the sandbox must refuse too."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, Phase, given, settings

from batch_client import AsyncBatchClient, BatchClient
from batch_client.sandbox import Sandbox
from batch_generated.api import OPERATIONS
from tests.calls import CALLS, Call
from tests.conftest import Twin
from tests.contract import VERSION
from tests.contract.arguments import calls, wrong_requests
from tests.contract.conftest import prism, violations
from tests.contract.scenario import run, run_async, state_of
from tests.node import needs_npm
from tests.operations import SIMULATED
from tests.sandbox.test_sandbox import HEADERS

pytestmark = needs_npm

# A failure is not made smaller, which would take minutes over HTTP.
made = settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    database=None,
    phases=[Phase.explicit, Phase.generate],
)


def options(url: str) -> dict[str, Any]:
    return {
        "rest_api_key": "sandbox-rest-api-key",
        "project_key": "project_00000000000000000000000000sandbx",
        "base_url": url,
        "rate_limits": None,
        "max_retries": 0,
    }


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.operation)
async def test_examples_are_accepted(call: Call, twin: Twin, mock: str) -> None:
    batch = twin.make(None, **options(mock), transport=None)
    await twin.finish(call.make(batch))  # a refusal would be an error, and so would an answer that cannot be read
    await twin.finish(batch.close() if twin.name == "sync" else batch.aclose())


@pytest.mark.parametrize("operation", OPERATIONS)
def test_made_arguments_are_accepted(operation: str, mock: str) -> None:
    with BatchClient(**options(mock)) as batch:

        @made
        @given(calls(operation))
        def check(call: Any) -> None:
            call.make(batch)

        check()


@pytest.mark.parametrize("operation", OPERATIONS)
def test_made_arguments_are_accepted_from_asyncio(operation: str, mock: str) -> None:
    with asyncio.Runner() as runner:
        batch = AsyncBatchClient(**options(mock))

        async def finish(value: Any) -> Any:
            return await value

        @made
        @given(calls(operation))
        def check(call: Any) -> None:
            runner.run(finish(call.make(batch)))

        check()
        runner.run(batch.aclose())


@pytest.mark.parametrize("operation", OPERATIONS)
def test_wrong_requests_are_refused_by_both(operation: str, mock: str, sandbox: Sandbox) -> None:
    url = f"/{VERSION}{OPERATIONS[operation].path}"
    with httpx.Client(base_url=mock) as judge, httpx.Client(transport=sandbox.transport(), base_url="http://s") as ours:

        @made
        @given(wrong_requests(operation))
        def check(case: Any) -> None:
            sent: dict[str, Any] = {"headers": HEADERS, "params": case.query}
            if isinstance(case.body, bytes):
                sent |= {"content": case.body, "headers": HEADERS | {"Content-Type": "application/json"}}
            elif OPERATIONS[operation].method == "POST":
                sent["json"] = case.body
            theirs = judge.request(OPERATIONS[operation].method, url, **sent)
            mine = ours.request(OPERATIONS[operation].method, url, **sent)
            if violations(theirs):
                assert 400 <= mine.status_code < 500 or mine.json().get("errors"), (violations(theirs), mine.json())

        check()


@pytest.mark.parametrize("kind", ["sync", "async"])
def test_nothing_passes_between_client_and_sandbox_that_breaks_the_bundle(kind: str, prism_document: Any) -> None:
    sandbox = Sandbox(indexing=0, exporting=0)
    with sandbox.serve() as behind, prism("proxy", prism_document, behind) as between:
        if kind == "sync":
            with BatchClient(**options(between)) as batch:
                run(batch, redirects=False)
        else:
            asyncio.run(run_async(options(between), redirects=False))
    # Prism follows redirects itself, credentials and all, which the storage of files refuses.
    assert {request.operation for request in sandbox.requests} == SIMULATED - {"export_download"}
    assert state_of(sandbox)["audiences"] == {"vip": ["ann", "cat"]}


def test_proxy_does_notice_a_violation(prism_document: Any) -> None:
    sandbox = Sandbox()
    with sandbox.serve() as behind, prism("proxy", prism_document, behind) as between:
        answer = httpx.post(f"{between}/{VERSION}/audiences/create", headers=HEADERS, json={"name": 1})
    assert answer.status_code == 422 or violations(answer)
