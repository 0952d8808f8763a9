"""What is sent again, when, and how often; and what must never be."""

from __future__ import annotations

import contextlib
import json
import logging
import random
import socket
import threading
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from batch_client import (
    APIConnectionError,
    APIStatusError,
    APITimeoutError,
    BatchClient,
    ConfigurationError,
    RateLimitError,
)
from batch_client._transport import call as calls
from batch_client._transport.attempts import Attempt, delay_before_retry, outcome_of
from batch_client._transport.credentials import Headers
from batch_client._transport.replies import Reply
from batch_generated.api import OPERATIONS
from tests.calls import AUDIENCE, CALLS, SAVED, Call, call_of
from tests.conftest import KEYS, FakeClock, Twin
from tests.contract import VERSION, operations

ERROR_BODY = {"error_code": "X", "error_message": "y"}
Outcome = Callable[[], httpx.Response]


def status(code: int, **options: Any) -> Outcome:
    return lambda: httpx.Response(code, **({"json": ERROR_BODY} | options))


def broken(error: type[httpx.RequestError]) -> Outcome:
    def raise_it() -> httpx.Response:
        raise error("broken")

    return raise_it


DID_NOTHING: dict[str, Outcome] = {
    "connection refused": broken(httpx.ConnectError),
    "connecting took too long": broken(httpx.ConnectTimeout),
    "no free connection": broken(httpx.PoolTimeout),
    "429": status(429),
    "503 in the API's own words": status(503),
}
UNKNOWN: dict[str, Outcome] = {
    "500": status(500),
    "502": status(502, html="<h1>Bad gateway</h1>", json=None),
    "503 of something in between": lambda: httpx.Response(503, html="<h1>Unavailable</h1>"),
    "504": status(504),
    "no answer in time": broken(httpx.ReadTimeout),
    "sending took too long": broken(httpx.WriteTimeout),
    "connection broken while reading": broken(httpx.ReadError),
    "connection broken while writing": broken(httpx.WriteError),
    "connection dropped": broken(httpx.RemoteProtocolError),
    "gzip that is cut": broken(httpx.DecodingError),
}
FINAL: dict[str, Outcome] = {f"{code}": status(code) for code in (400, 401, 403, 404, 301)}

SAFE = {
    "audience_update",
    "audience_replace",
    "audience_remove",
    "catalog_items_edit",
    "catalog_remove",
    "campaign_delete",
} | {operation.id for operation in OPERATIONS.values() if operation.method == "GET"}


class Server:
    """Has one outcome a number of times, then answers the call."""

    def __init__(self, call: Call, outcome: Outcome, times: int = 1) -> None:
        self._call = call
        self._outcome = outcome
        self._left = times
        self.requests = 0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests += 1
        if self._left > 0:
            self._left -= 1
            return self._outcome()
        return self._call.respond()


async def run(twin: Twin, call: Call, server: Server, **options: Any) -> Any:
    return call.shows(await twin.finish(call.make(twin.make(server, **({"max_retries": 4} | options)))))


@pytest.mark.parametrize("name", DID_NOTHING)
@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.operation)
async def test_what_surely_did_nothing_is_sent_again(twin: Twin, clock: FakeClock, call: Call, name: str) -> None:
    server = Server(call, DID_NOTHING[name])
    assert await run(twin, call, server) == call.expected
    assert server.requests == 2


@pytest.mark.parametrize("name", UNKNOWN)
@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.operation)
async def test_what_may_have_been_taken_in_is_sent_again_only_if_that_is_safe(
    twin: Twin, clock: FakeClock, call: Call, name: str
) -> None:
    server = Server(call, UNKNOWN[name])
    if call.operation in SAFE:
        assert await run(twin, call, server) == call.expected
        assert server.requests == 2
    else:
        with pytest.raises((APIStatusError, APIConnectionError)):
            await run(twin, call, server)
        assert server.requests == 1
        assert clock.slept == []


@pytest.mark.parametrize("name", FINAL)
@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.operation)
async def test_a_plain_no_is_final(twin: Twin, clock: FakeClock, call: Call, name: str) -> None:
    server = Server(call, FINAL[name])
    with pytest.raises(APIStatusError):
        await run(twin, call, server)
    assert server.requests == 1


async def test_profiles_are_sent_again_only_without_events(twin: Twin, clock: FakeClock) -> None:
    for edit, requests in (({"attributes": {"plan": "gold"}}, 2), ({"events": [{"name": "purchase"}]}, 1)):
        call = Call(
            "profile_update",
            lambda b, edit=edit: b.profiles.update([{"identifiers": {"custom_id": "ann"}} | edit]),
            202,
            SAVED,
            lambda result: result.code,
            "SUCCESS",
        )
        server = Server(call, status(500))
        if requests == 2:
            await run(twin, call, server)
        else:
            with pytest.raises(APIStatusError):
                await run(twin, call, server)
        assert server.requests == requests


VIEW = call_of("audience_view")


async def test_at_most_five_tries_and_the_last_error_is_raised(twin: Twin, clock: FakeClock) -> None:
    server = Server(VIEW, status(500), times=99)
    with pytest.raises(APIStatusError, match="500 X: y"):
        await run(twin, VIEW, server)
    assert server.requests == 5
    assert len(clock.slept) == 4


@pytest.mark.parametrize("retries", [0, 1, 7])
async def test_number_of_retries_is_the_callers(twin: Twin, clock: FakeClock, retries: int) -> None:
    server = Server(VIEW, status(500), times=99)
    with pytest.raises(APIStatusError):
        await run(twin, VIEW, server, max_retries=retries)
    assert server.requests == retries + 1


@pytest.mark.parametrize("value", [-1, 1.5, "3"])
def test_number_of_retries_must_be_one(twin: Twin, value: Any) -> None:
    with pytest.raises(ConfigurationError, match="max_retries must be a whole number from 0"):
        twin.make(lambda _: httpx.Response(200), max_retries=value)


async def test_retry_after_is_followed(twin: Twin, clock: FakeClock) -> None:
    server = Server(VIEW, status(429, headers={"Retry-After": "17"}))
    await run(twin, VIEW, server)
    assert clock.slept == [17.0]


async def test_retry_after_that_is_too_long_is_raised_with_its_value(twin: Twin, clock: FakeClock) -> None:
    server = Server(VIEW, status(429, headers={"Retry-After": "121"}), times=99)
    with pytest.raises(RateLimitError) as caught:
        await run(twin, VIEW, server)
    assert (caught.value.retry_after, server.requests, clock.slept) == (121.0, 1, [])


async def test_without_retry_after_a_429_waits_five_seconds_or_more(twin: Twin, clock: FakeClock) -> None:
    with pytest.raises(RateLimitError):
        await run(twin, VIEW, Server(VIEW, status(429), times=99))
    assert all(5.0 <= delay <= 30.0 for delay in clock.slept)


async def test_a_call_has_a_deadline(twin: Twin, clock: FakeClock) -> None:
    server = Server(VIEW, status(429, headers={"Retry-After": "100"}), times=99)
    with pytest.raises(RateLimitError):
        await run(twin, VIEW, server, max_retries=99)
    assert clock.slept == [100.0, 100.0, 100.0]


@pytest.mark.parametrize(("code", "shortest"), [(500, 0.5), (429, 5.0)])
def test_delays_grow_with_full_jitter(code: int, shortest: float) -> None:
    reply = Reply(call_of_route("GET", "/audiences/view"), httpx.Response(code))

    def delay(number: int, fraction: float) -> float | None:
        return delay_before_retry(
            Attempt(number, 0.0, reply),
            outcome_of(reply),
            is_repeatable=True,
            max_retries=99,
            random_fraction=fraction,
            now=0.0,
        )

    assert {delay(number, 0.0) for number in range(1, 9)} == {shortest}
    longest = [delay(number, 1.0) for number in range(1, 9)]
    assert longest == [min(30.0, shortest * 2.0**number) for number in range(1, 9)]
    assert all(shortest <= (delay(4, random.random()) or 0) <= 30.0 for _ in range(100))


def test_every_operation_says_whether_it_is_idempotent() -> None:
    for operation_id, (_, _, operation) in operations().items():
        # Of what no overlay speaks nothing is known, so it is not repeated.
        assert OPERATIONS[operation_id].idempotent is operation.get("x-idempotent", False)
    for never in {"campaign_create", "campaign_update", "audience_create", "profile_export"} & OPERATIONS.keys():
        assert not OPERATIONS[never].idempotent


@pytest.mark.parametrize("base_url", ["https://api.batch.com", "https://proxy.example.com/batch/eu"])
@pytest.mark.parametrize(
    ("method", "path", "tries"),
    [
        ("GET", "/audiences/view?name=a", 3),
        ("POST", "/campaigns/create", 1),
        ("POST", "/catalogs/items/edit", 3),
        ("POST", "/something/new", 1),
        ("GET", "/", 1),
    ],
)
async def test_request_that_is_not_generated_is_known_by_its_path(
    base_url: str, method: str, path: str, tries: int, twin: Twin, clock: FakeClock
) -> None:
    server = Server(VIEW, status(500), times=2)
    batch = twin.make(server, max_retries=4, base_url=base_url)
    response = await twin.finish(twin.http_client(batch).request(method, path))
    assert (server.requests, response.status_code) == (tries, 200 if tries == 3 else 500)


@pytest.mark.parametrize(
    ("body", "is_repeatable"),
    [
        ([{"identifiers": {"custom_id": "a"}}], True),
        ([{"identifiers": {"custom_id": "a"}, "attributes": {"plan": "events", "events": 1}}], True),
        ([{"identifiers": {"custom_id": "a"}, "events": [{"name": "bought"}]}], False),
        ([{}, {"events": []}], False),
        ({"profiles": [{"events": []}]}, False),
        (b'[{"\\u0065vents": []}]', False),
        (b'[{"events": []}', False),
    ],
)
def test_events_are_what_makes_an_update_unsafe_to_repeat(body: Any, is_repeatable: bool) -> None:
    content = body if isinstance(body, bytes) else json.dumps(body, separators=(",", ":")).encode()
    assert call_of_route("POST", "/profiles/update", content).is_repeatable is is_repeatable


@pytest.mark.parametrize("raised", ["in a hook", "by a redirect"])
async def test_name_without_a_form_in_dns_repeats_nothing(twin: Twin, clock: FakeClock, raised: str) -> None:
    call = call_of("campaign_create")
    requests: list[httpx.Request] = []

    def handler(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        redirect = httpx.Response(303, headers={"Location": "https://xn--a/"})
        return redirect if raised == "by a redirect" else call.respond()

    def hook(_: httpx.Response) -> None:
        if raised == "in a hook":
            "\u00e9".encode("ascii")

    async def async_hook(response: httpx.Response) -> None:
        hook(response)

    transport = httpx.MockTransport(handler)
    own: Any
    if twin.name == "sync":
        own = httpx.Client(transport=transport, event_hooks={"response": [hook]})
    else:
        own = httpx.AsyncClient(transport=transport, event_hooks={"response": [async_hook]})
    with pytest.raises(APIConnectionError) as caught:
        await twin.finish(call.make(twin.make(handler, http_client=own, transport=None, max_retries=4)))
    assert (len(requests), caught.value.outcome) == (1, "unknown")


def call_of_route(method: str, path: str, content: bytes = b"") -> calls.Call:
    plain = httpx.Headers()
    operation = next((one for one in OPERATIONS.values() if (one.method, one.path) == (method, path)), None)
    url = httpx.URL(f"https://api.batch.com/{VERSION}{path}")
    return calls.Call(operation, method, url, Headers(plain, plain), content, extensions={})


async def test_log_has_a_line_a_try_and_no_key(twin: Twin, clock: FakeClock, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, logger="batch_client"):
        await run(twin, VIEW, Server(VIEW, status(429, headers={"Retry-After": "6"})))
    lines = [(record.levelname, record.getMessage()) for record in caplog.records if record.name == "batch_client"]
    assert lines == [
        ("DEBUG", "GET /audiences/view: 429 in 0.000 s on try 1"),
        ("WARNING", "GET /audiences/view: 429, try 2 follows in 6.0 s"),
        ("DEBUG", "GET /audiences/view: 200 in 0.000 s on try 2, after 6.0 s for 429"),
        ("INFO", "GET /audiences/view: 200 in 6.000 s, 2 tries"),
    ]
    assert not any(key in caplog.text for key in KEYS.values())


@contextlib.contextmanager
def server_that_breaks(answers: list[bytes]) -> Iterator[tuple[str, list[bytes]]]:
    """Serve one connection an answer, as raw bytes, and close it; yields the address and what was received."""
    received: list[bytes] = []
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with contextlib.suppress(OSError):  # shut down while it waits for a request that rightly never comes
            for answer in answers:
                connection, _ = listener.accept()
                with connection:
                    received.append(connection.recv(65536))
                    connection.sendall(answer)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", received
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()
        listener.close()


GOOD = httpx.Response(200, json=AUDIENCE).content
FULL = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (len(GOOD), GOOD)


@pytest.mark.parametrize(
    "first",
    [b"", b"HTTP/1.1 200 OK\r\nConte", FULL[:-10], FULL.replace(b"\r\n\r\n", b"\r\nContent-Encoding: gzip\r\n\r\n")],
    ids=["before headers", "in headers", "in body", "no gzip"],
)
def test_connection_that_breaks_on_a_real_socket_is_tried_again(first: bytes, clock: FakeClock) -> None:
    with server_that_breaks([first, FULL]) as (url, received), BatchClient(**KEYS, base_url=url) as batch:
        assert batch.audiences.view(name="vip").name == "vip"
    assert len(received) == 2
    assert all(KEYS["rest_api_key"].encode() in request for request in received)


def test_campaign_is_never_sent_twice_on_a_real_socket(clock: FakeClock) -> None:
    create = call_of("campaign_create")
    with (
        server_that_breaks([b"HTTP/1.1 200 OK\r\nConte", FULL]) as (url, received),
        BatchClient(**KEYS, base_url=url) as batch,
        pytest.raises(APIConnectionError),
    ):
        create.make(batch)
    assert len(received) == 1


def test_slow_answer_is_a_timeout(clock: FakeClock) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        with BatchClient(**KEYS, base_url=url, timeout=0.05, max_retries=1) as batch, pytest.raises(APITimeoutError):
            batch.audiences.view(name="vip")
    assert len(clock.slept) == 1
