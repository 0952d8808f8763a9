"""Answers that are not as documented: each is a clear error or tolerated, never a KeyError."""

from __future__ import annotations

import copy
import json
import pickle
import re
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest

from batch_client import (
    UNSET,
    APIConnectionError,
    APIStatusError,
    APITimeoutError,
    AuthenticationError,
    BatchError,
    InternalServerError,
    InvalidRequestError,
    NotFoundError,
    RateLimitError,
    ResponseValidationError,
)
from batch_client._calls.responses import parse_retry_after
from batch_generated.models import IndexingState
from tests.calls import ACCEPTED, AUDIENCE, EXPORT, SAVED, TOKEN
from tests.conftest import KEYS, Twin
from tests.operations import young


async def view(twin: Twin, response: httpx.Response) -> Any:
    return await twin.finish(twin.make(lambda _: response).audiences.view(name="vip"))


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ({"status_code": 200, "html": "<h1>Bad gateway</h1>"}, "text/html"),
        ({"status_code": 200, "text": '{"name": "vi', "headers": {"Content-Type": "application/json"}}, "Unterminated"),
        ({"status_code": 200}, "no content type"),
        ({"status_code": 200, "json": []}, "AudienceView should be an object, not list"),
        ({"status_code": 200, "json": {"name": "vip"}}, "AudienceView lacks its required property 'type'"),
        ({"status_code": 200, "json": AUDIENCE | {"created": "yesterday"}}, "'yesterday' is no ISO 8601 time"),
        ({"status_code": 200, "json": AUDIENCE | {"created": None}}, "has null for its required property 'created'"),
    ],
)
async def test_wrong_answer_is_a_clear_error(twin: Twin, answer: dict[str, Any], reason: str) -> None:
    with pytest.raises(ResponseValidationError, match="GET /audiences/view answered 200") as caught:
        await view(twin, httpx.Response(**answer))
    assert reason in str(caught.value)
    assert caught.value.response is not None


async def test_unknown_enum_value_and_field_pass_through(twin: Twin) -> None:
    audience = await view(twin, httpx.Response(200, json=AUDIENCE | {"type": "EMAIL", "colour": "red"}))
    assert audience.type_ == "EMAIL"
    assert audience.type_.value == "EMAIL"
    assert audience["colour"] == "red"
    assert audience.to_dict()["type"] == "EMAIL"


async def test_null_for_an_optional_value_counts_as_absent(twin: Twin) -> None:
    audience = await view(twin, httpx.Response(200, json=AUDIENCE | {"display_name": None}))
    assert audience.display_name is UNSET


async def test_null_for_a_list_counts_as_empty(twin: Twin) -> None:
    answer = EXPORT | {"files": None, "start_date": None, "status": "PENDING"}
    batch = twin.make(lambda _: httpx.Response(200, json=answer))
    export = await twin.finish(batch.exports.view(id="export_1"))
    assert export.files == []
    assert export.start_date is UNSET


async def test_time_without_zone_is_utc(twin: Twin) -> None:
    audience = await view(twin, httpx.Response(200, json=AUDIENCE | {"created": "2023-10-03T09:35:08"}))
    assert audience.created.isoformat() == "2023-10-03T09:35:08+00:00"


@pytest.mark.parametrize("status", [200, 201, 202])
async def test_any_status_of_success_is_read_alike(twin: Twin, status: int) -> None:
    batch = twin.make(lambda _: httpx.Response(status, json=ACCEPTED))
    task = await twin.finish(batch.audiences.create(name="vip", type="custom_ids"))
    assert task.token == TOKEN


@pytest.mark.parametrize(
    ("status", "error"), [(502, InternalServerError), (504, InternalServerError), (418, APIStatusError)]
)
async def test_undocumented_status_with_a_page_for_people(twin: Twin, status: int, error: type[APIStatusError]) -> None:
    with pytest.raises(error) as caught:
        await view(twin, httpx.Response(status, html="<h1>Sorry</h1>"))
    assert caught.value.status_code == status
    assert caught.value.error_code is None


async def test_redirect_is_not_followed(twin: Twin) -> None:
    with pytest.raises(APIStatusError, match="301"):
        await view(twin, httpx.Response(301, headers={"Location": "https://elsewhere.example.com/"}))


async def test_missing_route_of_a_later_version_says_so(twin: Twin) -> None:
    operation, older = young()
    batch = twin.make(lambda _: httpx.Response(404), api_version=older)
    told = f"first documented in API version {operation.first_seen}, and this client speaks {older}"
    with pytest.raises(NotFoundError, match=re.escape(told)):
        await twin.finish(getattr(batch, operation.resource).list())
    with pytest.raises(NotFoundError) as caught:
        await twin.finish(batch.audiences.view(name="vip"))
    assert "first documented" not in str(caught.value)


async def test_retry_after_is_seconds_or_a_date(twin: Twin) -> None:
    with pytest.raises(RateLimitError) as caught:
        await view(twin, httpx.Response(429, headers={"Retry-After": "7"}))
    assert caught.value.retry_after == 7.0
    now = 1_700_000_000.0
    assert parse_retry_after("Tue, 14 Nov 2023 22:13:50 GMT", now) == 30.0
    assert parse_retry_after("Tue, 14 Nov 2000 22:13:50 GMT", now) == 0.0
    assert parse_retry_after("soon", now) is None
    assert parse_retry_after(None, now) is None


@pytest.mark.parametrize(
    ("raised", "error"),
    [
        (httpx.ConnectError("refused"), APIConnectionError),
        (httpx.ReadTimeout("slow"), APITimeoutError),
        (httpx.RemoteProtocolError("cut off"), APIConnectionError),
        (httpx.DecodingError("bad gzip"), APIConnectionError),
    ],
)
async def test_failed_connection_has_its_error(twin: Twin, raised: Exception, error: type[BatchError]) -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        raise raised

    with pytest.raises(error, match="GET /audiences/view") as caught:
        await twin.finish(twin.make(handler).audiences.view(name="vip"))
    assert type(caught.value) is error
    cause = caught.value.__cause__
    assert isinstance(cause, httpx.RequestError)
    assert not {"authorization", "x-batch-project"} & set(cause.request.headers)


async def test_time_without_zone_is_refused_in_a_request(twin: Twin) -> None:
    import datetime

    batch = twin.make(lambda _: httpx.Response(202, json=SAVED))
    naive = datetime.datetime(2026, 1, 1)
    edit = {"identifiers": {"custom_id": "ann"}, "events": [{"name": "purchase", "time": naive}]}
    with pytest.raises(ValueError, match="has no time zone"):
        await twin.finish(batch.profiles.update([edit]))


async def test_error_survives_pickling(twin: Twin) -> None:
    with pytest.raises(RateLimitError) as caught:
        await view(twin, httpx.Response(429, json={"error_code": "X", "error_message": "y"}))
    restored = pickle.loads(pickle.dumps(caught.value))
    assert (str(restored), restored.error_code, restored.status_code) == (str(caught.value), "X", 429)


def test_unknown_enum_member_behaves_like_one() -> None:
    state = IndexingState("BRAND_NEW")
    assert state == "BRAND_NEW" == state.value == str(state) == f"{state}"
    assert state == IndexingState("BRAND_NEW")
    assert {state: 1}["BRAND_NEW"] == 1
    assert pickle.loads(pickle.dumps(state)) == copy.deepcopy(state) == state
    assert isinstance(state, IndexingState)
    assert state not in list(IndexingState)
    with pytest.raises(ValueError, match="None is not a valid IndexingState"):
        IndexingState(None)


DEEP = "[" * 100_000
ODD_ANSWERS = [
    httpx.Response(520, html="<html>"),
    httpx.Response(999),
    httpx.Response(400, html="<html>"),
    httpx.Response(401, json=["not", "an", "object"]),
    httpx.Response(404, text=DEEP),
    httpx.Response(200, text=DEEP),
    httpx.Response(200, json=AUDIENCE | {"created": "9999-12-31T24:00"}),
    httpx.Response(204),
]


@pytest.mark.fault(
    "a response has a status or a body that no document knows", "the detailed functions return it as it is"
)
@pytest.mark.parametrize("response", ODD_ANSWERS, ids=lambda response: str(response.status_code))
async def test_detailed_functions_take_any_status_and_body(response: httpx.Response, twin: Twin) -> None:
    from batch_generated.api.audiences import audience_view

    batch = twin.make(lambda _: httpx.Response(response.status_code, content=response.content))
    function = audience_view.sync_detailed if twin.name == "sync" else audience_view.asyncio_detailed
    answer = await twin.finish(function(client=batch.generated, name="vip"))
    assert (answer.status_code, answer.content, answer.parsed) == (response.status_code, response.content, None)


@pytest.mark.parametrize("body", [DEEP, "<html>", json.dumps(AUDIENCE | {"created": "9999-12-31T24:00"})])
async def test_plain_functions_raise_a_value_error_of_a_body_that_cannot_be_read(body: str, twin: Twin) -> None:
    from batch_generated.api.audiences import audience_view

    batch = twin.make(lambda _: httpx.Response(200, text=body))
    function = audience_view.sync if twin.name == "sync" else audience_view.asyncio
    with pytest.raises(ValueError, match=r"nested too deeply|Expecting value|is no ISO 8601 time"):
        await twin.finish(function(client=batch.generated, name="vip"))


@pytest.mark.parametrize(
    ("name", "value"),
    [("attributes", float("nan")), ("attributes", float("inf")), ("name", "\ud800"), ("attributes", object())],
    ids=["nan", "infinity", "lone surrogate", "an object"],
)
async def test_argument_that_cannot_be_sent_says_so(name: str, value: Any, twin: Twin) -> None:
    received: list[httpx.Request] = []
    batch = twin.make(lambda request: received.append(request) or httpx.Response(202, json=ACCEPTED))
    ids = [{"action": "add", "id": "ann", "attributes": {"plan": value if name == "attributes" else 1}}]
    with pytest.raises(InvalidRequestError, match="POST /audiences/update was not sent: ") as raised:
        await twin.finish(batch.audiences.update(name=value if name == "name" else "vip", ids=ids))
    assert isinstance(raised.value, ValueError)
    assert not received


async def test_argument_that_is_nested_too_deeply_says_so(twin: Twin) -> None:
    deep: Any = []
    for _ in range(100_000):
        deep = [deep]
    batch = twin.make(lambda _: httpx.Response(202, json=ACCEPTED))
    with pytest.raises(InvalidRequestError, match="it is nested too deeply"):
        await twin.finish(batch.audiences.update(name="vip", ids=[{"action": "add", "id": "a", "attributes": deep}]))


class Raw(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A body as it comes over the wire."""

    def __init__(self, *parts: bytes) -> None:
        self._parts = parts

    def __iter__(self) -> Iterator[bytes]:
        yield from self._parts

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for part in self._parts:
            yield part


@pytest.mark.parametrize("encoding", ["br", "zstd", "deflate", "gzip"])
async def test_status_survives_a_body_that_cannot_be_read(encoding: str, twin: Twin) -> None:
    headers = {"Content-Encoding": encoding, "Retry-After": "7"}
    with pytest.raises(RateLimitError) as raised:
        await view(twin, httpx.Response(429, stream=Raw(b"xx"), headers=headers))
    assert raised.value.retry_after == 7
    with pytest.raises(ResponseValidationError, match=r"otherwise than by gzip|not what (gzip|deflate) writes"):
        await view(twin, httpx.Response(200, stream=Raw(b"xx"), headers=headers))


@pytest.mark.parametrize("encoding", ["br", "gzip", "gzip, gzip"])
async def test_empty_body_needs_no_decompression(encoding: str, twin: Twin) -> None:
    headers = {"Content-Encoding": encoding, "Location": "https://files.example.com/1"}
    batch = twin.make(lambda _: httpx.Response(307, stream=Raw(), headers=headers))
    assert await twin.finish(batch.exports.download(id="file_1")) == "https://files.example.com/1"


@pytest.mark.fault("a server repeats the keys in its error", "neither stands in the error, its response or its pickle")
async def test_keys_that_a_server_repeats_are_not_in_the_error(twin: Twin) -> None:
    def echo(request: httpx.Request) -> httpx.Response:
        shown = f"{request.headers['Authorization']} {request.headers['X-Batch-Project']}"
        return httpx.Response(401, json={"error_code": "NO", "error_message": shown})

    with pytest.raises(AuthenticationError) as raised:
        await twin.finish(twin.make(echo).audiences.view(name="vip"))
    shown = f"{raised.value} {raised.value.response.text} {pickle.dumps(raised.value)!r}"
    assert not any(key in shown for key in KEYS.values())


async def test_text_of_an_error_can_be_printed(twin: Twin) -> None:
    response = httpx.Response(400, content=b'{"error_code": "\\ud800", "error_message": "\\udfff"}')
    with pytest.raises(APIStatusError) as raised:
        await view(twin, response)
    assert str(raised.value).encode()
