"""The wall around the keys: where they must not be seen, and what must not get them.

That no fault shows them is tested with the faults, in tests/faults.
"""

from __future__ import annotations

import copy
import pickle
import pprint
import ssl
import traceback
import warnings
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from opentelemetry.instrumentation.httpx import HTTPXClientInstrumentor
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from batch_client import AsyncBatchClient, BatchClient, ConfigurationError, InsecureConnectionWarning
from tests.calls import AUDIENCE, call_of
from tests.conftest import Twin
from tests.contract import VERSION
from tests.faults.run import KEYS, leaks
from tests.faults.server import FaultyServer, answer_well, render

CLIENTS = pytest.mark.parametrize("client", [BatchClient, AsyncBatchClient])
VIEW = call_of("audience_view")


def shown_with_locals(error: BaseException) -> str:
    """Return what an error tracker shows: message and our frames with their variables."""
    shown = [str(error), repr(error)]
    for frame, _ in traceback.walk_tb(error.__traceback__):
        if "batch_" in frame.f_code.co_filename:
            shown.append(f"{frame.f_code.co_filename} {frame.f_locals!r}")
    return "\n".join(shown)


@CLIENTS
@pytest.mark.parametrize(
    "options",
    [
        {"rest_api_key": KEYS["rest_api_key"] + "\n"},
        {"rest_api_key": KEYS["rest_api_key"] + "é"},
        {"project_key": KEYS["project_key"] + "\r\nX-Evil: 1"},
        {"rest_api_key": KEYS["rest_api_key"].encode()},
        {"api_version": "1.0"},
        {"api_version": f"{VERSION}\r\nX-Evil: 1"},
        {"base_url": "http://api.example.com"},
        {"base_url": "https://api.batch.com\r\nX-Evil: 1"},
        {"max_retries": -1},
        {"rate_limits": {"none such": 1}},
        {"transport": object(), "http_client": object()},
        {"verify": False, "transport": object()},
    ],
    ids=lambda options: "+".join(options),
)
def test_refused_settings_show_no_key_in_a_traceback_with_variables(client: Any, options: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError) as raised:
        client(**(KEYS | options))
    shown = shown_with_locals(raised.value)
    assert "_client.py" in shown
    assert not leaks(shown), shown


@CLIENTS
def test_keys_of_the_environment_are_not_shown_either(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BATCH_REST_API_KEY", KEYS["rest_api_key"] + " ")
    with pytest.raises(ConfigurationError) as raised:
        client(project_key=KEYS["project_key"])
    assert not leaks(shown_with_locals(raised.value))


@CLIENTS
@pytest.mark.parametrize("duplicate", [pickle.dumps, copy.copy, copy.deepcopy])
def test_client_is_neither_pickled_nor_copied(client: Any, duplicate: Callable[[Any], Any]) -> None:
    with pytest.raises(TypeError, match="holds keys and connections and is not pickled"):
        duplicate(client(**KEYS))


@CLIENTS
def test_no_object_within_a_client_shows_a_key(client: Any) -> None:
    seen: set[int] = set()
    pending: list[Any] = [client(**KEYS)]
    while pending:
        thing = pending.pop()
        if id(thing) in seen or len(seen) > 20_000:
            continue
        seen.add(id(thing))
        assert not leaks(f"{thing!r} {pprint.pformat(thing)}"), type(thing)
        # Secrets have no __dict__: this is how rich, debuggers and serializers dig.
        pending.extend(vars(thing).values() if hasattr(thing, "__dict__") and not isinstance(thing, type) else [])
        pending.extend(thing.values() if isinstance(thing, dict) else thing if isinstance(thing, list | tuple) else [])
    assert len(seen) > 50


async def test_parameters_cannot_add_a_header_or_another_parameter(twin: Twin) -> None:
    server = FaultyServer(VIEW.respond(), answer_well, 0)
    evil = "vip\r\nX-Evil: 1\r\n\r\nGET / HTTP/1.1&indexing_token=x#"
    with server.serve() as url:
        batch = twin.make(None, **KEYS, base_url=url, transport=None)
        await twin.finish(batch.audiences.view(name=evil))
    (received,) = server.received
    lines = received.split(b"\r\n")
    assert lines[0].startswith(f"GET /{VERSION}/audiences/view?name=vip%0D%0AX-Evil".encode())
    assert b"indexing_token=" not in lines[0]
    assert not any(line.lower().startswith(b"x-evil") for line in lines)


async def test_redirects_reach_no_other_host(twin: Twin) -> None:
    other = FaultyServer(VIEW.respond(), answer_well, 0)
    with other.serve() as elsewhere:

        def redirect(connection: Any, _: httpx.Response) -> None:
            connection.sendall(render(httpx.Response(307, headers={"location": f"{elsewhere}/x"})))

        server = FaultyServer(VIEW.respond(), redirect, 2)
        with server.serve() as url:
            batch = twin.make(None, **KEYS, base_url=url, transport=None)
            assert await twin.finish(batch.exports.download(id="file_1")) == f"{elsewhere}/x"
            http = batch.generated.get_httpx_client if twin.name == "sync" else batch.generated.get_async_httpx_client
            answer = await twin.finish(http().get(f"{url}/{VERSION}/exports/download"))
            assert not leaks(f"{answer.request.headers.raw} {answer.next_request.headers.raw}")
            # Whoever follows by hand with the same client gives nothing away either.
            await twin.finish(http().get(answer.headers["Location"]))
    (received,) = other.received
    assert not leaks(received.decode())


@pytest.mark.fault(
    "redirects are followed through batch.generated's httpx client", "neither key leaves the API's address"
)
async def test_followed_redirects_carry_no_key(twin: Twin) -> None:
    other = FaultyServer(VIEW.respond(), answer_well, 0)
    with other.serve() as elsewhere:

        def redirect(connection: Any, _: httpx.Response) -> None:
            connection.sendall(render(httpx.Response(307, headers={"location": f"{elsewhere}/x"})))

        server = FaultyServer(VIEW.respond(), redirect, 1)
        with server.serve() as url:
            batch = twin.make(None, **KEYS, base_url=url, transport=None)
            http = batch.generated.get_httpx_client if twin.name == "sync" else batch.generated.get_async_httpx_client
            answer = await twin.finish(http().get(f"{url}/{VERSION}/exports/download", follow_redirects=True))
    assert answer.status_code == 200
    (received,) = other.received
    assert not leaks(received.decode())
    assert not leaks(" ".join(str(one.request.headers.raw) for one in [answer, *answer.history]))


def test_certificates_go_unverified_only_by_an_explicit_argument_and_with_a_warning() -> None:
    with pytest.warns(InsecureConnectionWarning, match="TLS certificates are not verified") as told:
        BatchClient(**KEYS, verify=False).close()
    assert told[0].filename == __file__
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        BatchClient(**KEYS, verify=ssl.create_default_context()).close()


@pytest.mark.parametrize("own", [{"transport": httpx.MockTransport(lambda _: httpx.Response(200))}, {"http_client": 1}])
def test_verify_is_refused_where_it_would_do_nothing(own: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError, match="verify has no effect on the transport or http_client passed"):
        BatchClient(**KEYS, verify=False, **own)


async def test_loopback_is_not_reached_through_a_proxy(twin: Twin, monkeypatch: pytest.MonkeyPatch) -> None:
    proxy = FaultyServer(VIEW.respond(), answer_well, 0)
    server = FaultyServer(VIEW.respond(), answer_well, 0)
    with proxy.serve() as between, server.serve() as url:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, between)
        monkeypatch.delenv("NO_PROXY", raising=False)
        monkeypatch.delenv("no_proxy", raising=False)
        batch = twin.make(None, **KEYS, base_url=url, transport=None)
        await twin.finish(VIEW.make(batch))
    assert (len(proxy.received), len(server.received)) == (0, 1)


async def test_opentelemetry_sees_a_span_a_try_and_no_key(twin: Twin) -> None:
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    instrumentor = HTTPXClientInstrumentor()
    instrumentor.instrument(tracer_provider=provider)
    try:
        server = FaultyServer(VIEW.respond(), answer_well, 0)
        with server.serve() as url:
            batch = twin.make(None, **KEYS, base_url=url, transport=None)
            assert (await twin.finish(VIEW.make(batch))).name == AUDIENCE["name"]
    finally:
        instrumentor.uninstrument()
    (span,) = exporter.get_finished_spans()
    assert span.attributes is not None
    assert span.attributes["http.status_code"] == 200
    assert not leaks(span.to_json())
    assert b"traceparent: " in server.received[0]
