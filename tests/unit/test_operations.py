"""Every operation, sync and async: the request and the answer are the bundle's, and the caller gets its model."""

from __future__ import annotations

import importlib
import inspect
from typing import Any

import httpx
import pytest

from batch_client import APIStatusError, AuthenticationError, BadRequestError, errors
from batch_client.sandbox.shapes import example
from batch_generated.api import API_VERSIONS, OPERATIONS
from batch_generated.models import Error
from tests import derived
from tests.calls import CALLS, Call, call_of, complete
from tests.conftest import KEYS, Twin
from tests.contract import check_answer, check_request, operations, parameters_of

CLASSES = {
    400: BadRequestError,
    401: AuthenticationError,
    403: errors.PermissionDeniedError,
    404: errors.NotFoundError,
    429: errors.RateLimitError,
    500: errors.InternalServerError,
    503: errors.MaintenanceError,
}


def answering(call: Call, seen: list[httpx.Request]) -> Any:
    def handler(request: httpx.Request) -> httpx.Response:
        check_request(request, call.operation, version=request.url.path.split("/")[1])
        seen.append(request)
        return call.respond()

    return handler


def test_every_operation_of_the_bundle_has_a_call_here() -> None:
    assert sorted(call.operation for call in CALLS) == sorted(operations()) == sorted(OPERATIONS)


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.operation)
async def test_call_returns_its_model(call: Call, twin: Twin) -> None:
    check_answer(call.operation, call.status, call.answer)
    seen: list[httpx.Request] = []
    batch = twin.make(answering(call, seen))
    assert call.shows(await twin.finish(call.make(batch))) == call.expected
    assert len(seen) == 1


@pytest.mark.parametrize("version", API_VERSIONS)
async def test_version_is_the_prefix(version: str, twin: Twin) -> None:
    call = call_of("audience_view")
    seen: list[httpx.Request] = []
    await twin.finish(call.make(twin.make(answering(call, seen), api_version=version)))
    assert str(seen[0].url) == f"https://api.batch.com/{version}/audiences/view?name=vip"


def _plain(name: str) -> str:
    return name.lower().replace("-", "").replace("_", "")


def documented_errors() -> list[tuple[Call, int]]:
    return [
        (call, int(status))
        for call in CALLS
        for status in operations()[call.operation][2]["responses"]
        if status.isdigit() and int(status) >= 400
    ]


@pytest.mark.parametrize(("call", "status"), documented_errors(), ids=lambda p: getattr(p, "operation", p))
async def test_documented_status_raises_its_error(call: Call, status: int, twin: Twin) -> None:
    body = complete(call.operation, {"error_code": "SOME_CODE", "error_message": "what went wrong"}, status)
    check_answer(call.operation, status, body)
    batch = twin.make(lambda request: httpx.Response(status, json=body))
    with pytest.raises(CLASSES[status]) as caught:
        await twin.finish(call.make(batch))
    error: APIStatusError = caught.value
    assert (error.status_code, error.error_code, error.error_message) == (status, "SOME_CODE", "what went wrong")
    assert "SOME_CODE: what went wrong" in str(error)
    for key in KEYS.values():
        assert key not in str(error) + repr(error.request.headers) + repr(error.response.headers)


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.operation)
async def test_generated_function_takes_the_client_directly(call: Call, twin: Twin) -> None:
    module = importlib.import_module(f"batch_generated.api.{OPERATIONS[call.operation].resource}.{call.operation}")
    names = {_plain(name): name for name in inspect.signature(module.sync_detailed).parameters}
    body = derived.body_of(call.operation)
    arguments: dict[str, Any] = {"body": body} if body is not None else {}
    for parameter in parameters_of(call.operation):
        if parameter.get("required"):
            arguments[names[_plain(parameter["name"])]] = example(parameter["schema"])
    seen: list[httpx.Request] = []
    client = twin.make(answering(call, seen)).generated
    function = module.sync_detailed if twin.name == "sync" else module.asyncio_detailed
    response = await twin.finish(function(client=client, **arguments))
    assert response.status_code == call.status
    if call.answer:
        assert response.parsed.to_dict().keys() >= call.answer.keys()

    error = complete(call.operation, {"error_code": "X", "error_message": "y"}, 401)
    refusing = twin.make(lambda _: httpx.Response(401, json=error)).generated
    function = module.sync if twin.name == "sync" else module.asyncio
    assert await twin.finish(function(client=refusing, **arguments)) == Error.from_dict(error)
