"""The generated client on its own, as users of openapi-python-client know it: over HTTP, without batch_client."""

from __future__ import annotations

import copy
import json
import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import httpx
import pytest

from batch_generated import AuthenticatedClient, Client
from batch_generated.api import OPERATIONS
from batch_generated.api.audiences import audience_create, audience_view
from batch_generated.api.exports import export_download
from batch_generated.errors import UnexpectedStatus
from batch_generated.interfaces import Poll
from batch_generated.models import AudienceView, Error
from batch_generated.operations import RateLimit, RecordBody
from batch_generated.types import Response
from tests.calls import AUDIENCE, complete

TOKEN, PROJECT = "canary-token-0123456789", "canary-project-0123456789"
REFUSAL = {"error_code": "AUTHENTICATION_INVALID", "error_message": "no"}
VIEW = json.dumps(AUDIENCE).encode()


class Server:
    """Answers each GET with an audience, each POST with a status, and remembers the requests."""

    def __init__(self) -> None:
        self.requests: list[tuple[str, str, dict[str, str]]] = []
        self.location: str | None = None
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._answer(200 if server.location is None else 307, VIEW)

            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["Content-Length"]))
                self._answer(418, b"{}")

            def _answer(self, status: int, content: bytes) -> None:
                headers = {name.lower(): value for name, value in self.headers.items()}
                server.requests.append((self.command, self.path, headers))
                self.send_response(status)
                self.send_header("Content-Length", str(len(content)))
                if server.location is not None:
                    self.send_header("Location", server.location)
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: Any) -> None:
                pass

        self._server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/2.11"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    yield server
    server.close()


@pytest.fixture
def elsewhere() -> Iterator[Server]:
    server = Server()
    yield server
    server.close()


@pytest.mark.parametrize(
    "given",
    [{"project_key": PROJECT}, {"headers": {"X-Batch-Project": PROJECT}}, {"headers": {"x-batch-project": PROJECT}}],
)
async def test_both_keys_and_the_version_are_sent(server: Server, given: dict[str, Any]) -> None:
    client = AuthenticatedClient(base_url=server.url, token=TOKEN, **given)
    with client:
        view = audience_view.sync(client=client, name="vip")
        detailed = audience_view.sync_detailed(client=client, name="vip")
    async with client:
        async_view = await audience_view.asyncio(client=client, name="vip")
        async_detailed = await audience_view.asyncio_detailed(client=client, name="vip")
    assert isinstance(view, AudienceView)
    assert view == async_view == detailed.parsed == async_detailed.parsed
    assert detailed.status_code == async_detailed.status_code == 200
    assert len(server.requests) == 4
    for method, path, headers in server.requests:
        assert (method, path) == ("GET", "/2.11/audiences/view?name=vip")
        assert headers["authorization"] == f"Bearer {TOKEN}"
        assert headers["x-batch-project"] == PROJECT


async def test_context_manager_closes_the_connections(server: Server) -> None:
    client = AuthenticatedClient(server.url, TOKEN)
    with client as entered:
        assert entered is client
        assert not client.get_httpx_client().is_closed
    assert client.get_httpx_client().is_closed
    async with client as entered:
        assert entered is client
    assert client.get_async_httpx_client().is_closed


def test_prefix_and_header_of_the_token_can_be_others(server: Server) -> None:
    audience_view.sync(client=AuthenticatedClient(server.url, TOKEN, "", "X-Key"), name="vip")
    audience_view.sync(client=AuthenticatedClient(server.url, TOKEN, "Token"), name="vip")
    (_, _, first), (_, _, second) = server.requests
    assert first["x-key"] == TOKEN
    assert "authorization" not in first
    assert second["authorization"] == f"Token {TOKEN}"


def test_client_without_a_token_sends_none(server: Server) -> None:
    with Client(server.url, headers={"X-Trace": "t"}, cookies={"a": "b"}) as client:
        audience_view.sync(client=client, name="vip")
    ((_, _, headers),) = server.requests
    assert "authorization" not in headers
    assert (headers["x-trace"], headers["cookie"]) == ("t", "a=b")


def test_changed_clients_send_what_was_added_and_leave_the_first_alone(server: Server) -> None:
    first = AuthenticatedClient(server.url, TOKEN, headers={"X-Trace": "1"})
    others = [
        first.with_headers({"x-trace": "2", "X-Batch-Project": PROJECT}),
        first.with_cookies({"a": "b"}),
        first.with_timeout(httpx.Timeout(1.5)),
    ]
    for client in (*others, first):
        with client:
            audience_view.sync(client=client, name="vip")
    traced = [headers["x-trace"] for _, _, headers in server.requests]
    assert traced == ["2", "1", "1", "1"]
    assert [headers.get("cookie") for _, _, headers in server.requests] == [None, "a=b", None, None]
    assert [headers.get("x-batch-project") for _, _, headers in server.requests] == [PROJECT, None, None, None]
    assert all(headers["authorization"] == f"Bearer {TOKEN}" for _, _, headers in server.requests)
    assert others[2].get_httpx_client().timeout == httpx.Timeout(1.5)
    assert first.get_httpx_client().timeout.read == 30.0


def test_settings_reach_httpx() -> None:
    seen: list[httpx.Request] = []

    def hook(request: httpx.Request) -> None:
        seen.append(request)

    transport = httpx.MockTransport(lambda _: httpx.Response(200, content=VIEW))
    client = AuthenticatedClient(
        "https://api.example.com/2.11",
        TOKEN,
        timeout=None,
        follow_redirects=True,
        httpx_args={"transport": transport, "event_hooks": {"request": [hook]}},
    )
    audience_view.sync(client=client, name="vip")
    assert [str(request.url) for request in seen] == ["https://api.example.com/2.11/audiences/view?name=vip"]
    assert client.get_httpx_client().timeout == httpx.Timeout(None)
    assert client.get_httpx_client().follow_redirects
    with pytest.raises(TypeError, match="multiple values for keyword argument 'headers'"):
        AuthenticatedClient("https://api.example.com", TOKEN, httpx_args={"headers": {}}).get_httpx_client()


async def test_own_httpx_clients_are_used_as_they_are(server: Server) -> None:
    client = AuthenticatedClient("https://api.example.com/2.11", TOKEN)
    with httpx.Client(base_url=server.url) as http:
        assert client.set_httpx_client(http) is client
        audience_view.sync(client=client, name="vip")
    async with httpx.AsyncClient(base_url=server.url) as async_http:
        assert client.set_async_httpx_client(async_http) is client
        await audience_view.asyncio(client=client, name="vip")
    assert all("authorization" not in headers for _, _, headers in server.requests)


def test_unexpected_status_is_none_or_an_error(server: Server) -> None:
    body = {"name": "vip", "type": "custom_ids"}
    client = AuthenticatedClient(server.url, TOKEN)
    assert audience_create.sync(client=client, body=body) is None
    strict = AuthenticatedClient(server.url, TOKEN, raise_on_unexpected_status=True)
    with pytest.raises(UnexpectedStatus, match="unexpected status 418"):
        audience_create.sync(client=strict, body=body)


async def test_keys_do_not_follow_a_redirect_to_another_origin(server: Server, elsewhere: Server) -> None:
    server.location = f"{elsewhere.url}/file"
    client = AuthenticatedClient(server.url, TOKEN, project_key=PROJECT, follow_redirects=True)
    with client:
        export_download.sync_detailed(client=client, id="file_1")
    async with client:
        await export_download.asyncio_detailed(client=client, id="file_1")
    named = AuthenticatedClient(server.url, TOKEN, auth_header_name="X-Key", follow_redirects=True)
    with named:
        export_download.sync_detailed(client=named, id="file_1")
    assert [path for _, path, _ in elsewhere.requests] == ["/2.11/file"] * 3
    assert not any("canary" in value for _, _, headers in elsewhere.requests for value in headers.values())


def test_redirect_within_the_origin_keeps_the_keys(server: Server) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/2.11/audiences/view":
            return httpx.Response(307, headers={"Location": "/2.11/new"})
        assert request.headers["X-Batch-Project"] == PROJECT
        assert request.headers["Authorization"] == f"Bearer {TOKEN}"
        return httpx.Response(200, content=VIEW)

    client = AuthenticatedClient(
        "https://api.example.com/2.11",
        TOKEN,
        project_key=PROJECT,
        follow_redirects=True,
        httpx_args={"transport": httpx.MockTransport(answer)},
    )
    assert isinstance(audience_view.sync(client=client, name="vip"), AudienceView)


@pytest.mark.parametrize("client", [AuthenticatedClient("https://u:canary@x.com/2.11", TOKEN, project_key=PROJECT)])
def test_client_shows_no_key_and_is_not_pickled(client: AuthenticatedClient) -> None:
    assert "canary" not in repr(client) + repr(client.get_httpx_client()) + repr(client.with_headers({"a": "b"}))
    assert repr(client).startswith("AuthenticatedClient(URL('https://u:")
    for copies in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError, match="is not pickled"):
            copies(client)  # type: ignore[operator] # all take one object


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ({"token": "canary\n"}, "token contains characters that no header may hold"),
        ({"token": "canarý"}, "token contains characters"),
        ({"token": ""}, "token is empty"),
        ({"project_key": "canary\r\nX: y"}, "project_key contains characters"),
        ({"headers": {"x-batch-project": "canary\n"}}, "x-batch-project contains characters"),
        ({"headers": {"Authorization": "canary\n"}}, "Authorization contains characters"),
        (
            {"project_key": "canary", "headers": {"x-batch-project": "canary"}},
            "project_key is also given as the header",
        ),
        ({"base_url": "api.batch.com"}, "base_url must begin with https://"),
        ({"base_url": "https://"}, "base_url must begin with https://"),
        ({"base_url": "https://canary:port"}, "base_url must begin with https://"),
    ],
)
def test_what_cannot_work_is_refused_at_once_without_showing_it(arguments: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValueError, match=problem) as caught:
        AuthenticatedClient(**({"base_url": "https://api.example.com", "token": TOKEN} | arguments))
    assert "canary" not in str(caught.value)


def test_refused_connection_shows_no_key() -> None:
    client = AuthenticatedClient("http://127.0.0.1:9/2.11", TOKEN, project_key=PROJECT)
    with pytest.raises(httpx.ConnectError) as caught:
        audience_view.sync(client=client, name="vip")
    assert "canary" not in f"{caught.value!r} {caught.value.request!r}"


def test_refused_call_gives_the_error_of_the_document() -> None:
    refusal = httpx.Response(401, json=complete("audience_view", REFUSAL, 401))
    client = AuthenticatedClient(
        "https://api.example.com/2.11", TOKEN, httpx_args={"transport": httpx.MockTransport(lambda _: refusal)}
    )
    error = audience_view.sync(client=client, name="vip")
    assert isinstance(error, Error)
    assert error.error_code == "AUTHENTICATION_INVALID"


def test_package_works_without_batch_client(server: Server) -> None:
    code = (
        "import sys\n"
        "sys.modules['batch_client'] = None\n"
        "from batch_generated import AuthenticatedClient\n"
        "from batch_generated.api.audiences import audience_view\n"
        "with AuthenticatedClient(base_url=sys.argv[1], token='key', project_key='project') as client:\n"
        "    print(audience_view.sync(client=client, name='vip').nb_ids)\n"
    )
    environment = os.environ | {"PYTHONPATH": "generated"}
    command = [sys.executable, "-c", code, server.url]
    run = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert run.stdout == f"{AUDIENCE['nb_ids']}\n", run.stderr


def test_import_loads_neither_attrs_nor_dateutil_nor_asyncio() -> None:
    code = (
        "import sys, httpx\n"
        "before = set(sys.modules)\n"
        "import batch_generated, batch_generated.api, batch_generated.types\n"
        "print(*sorted({name.partition('.')[0] for name in set(sys.modules) - before}))\n"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"attr", "attrs", "asyncio", "dateutil"} & set(run.stdout.split()), run.stdout


def test_call_loads_the_models_of_its_operation_only() -> None:
    code = (
        "import sys\n"
        "from batch_generated.api.audiences import Audiences\n"
        "class Caller:\n"
        "    def call(self, endpoint, **arguments): return endpoint.OPERATION.id\n"
        "print(Audiences(Caller()).view(name='vip'))\n"
        "print(*sorted(n.rpartition('.')[2] for n in sys.modules if n.startswith('batch_generated.models.')))\n"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.splitlines() == ["audience_view", "audience_type audience_view error indexing_state"]


@pytest.mark.parametrize(
    ("cls", "values", "shown"),
    [
        (RateLimit, {"units": 5, "seconds": 1, "burst": 10}, "units=5, seconds=1, burst=10, records=None, when=None"),
        (RecordBody, {"member": "ids", "max_records": 9, "schema": "/x"}, "member='ids', max_records=9, schema='/x'"),
        (
            Poll,
            {"token": "t", "number": 1, "state": "APPLIED", "elapsed": 0.5, "next_in": None},
            "token='t', number=1, state='APPLIED', elapsed=0.5, next_in=None",
        ),
    ],
)
def test_facts_are_immutable_values(cls: Any, values: dict[str, Any], shown: str) -> None:
    fact = cls(**values)
    assert repr(fact) == f"{cls.__name__}({shown})"
    assert fact == cls(**values)
    assert hash(fact) == hash(cls(**values))
    name = next(iter(values))
    assert fact != cls(**(values | {name: "other"}))
    assert pickle.loads(pickle.dumps(fact)) == fact
    with pytest.raises(AttributeError):
        setattr(fact, name, "other")


def test_operation_is_an_immutable_value() -> None:
    operation = OPERATIONS["audience_view"]
    assert (operation.method, operation.path, operation.resource) == ("GET", "/audiences/view", "audiences")
    assert {operation: 1}[operation] == 1
    assert repr(operation).startswith("Operation(id='audience_view', method='GET', path='/audiences/view'")
    with pytest.raises(AttributeError):
        operation.idempotent = False  # type: ignore[misc] # that is what is tested


def test_response_is_compared_by_value() -> None:
    response = Response(status_code=200, content=b"{}", headers={}, parsed=None)
    assert response == Response(200, b"{}", {}, None)
    assert response != Response(200, b"[]", {}, None)
    assert repr(response) == "Response(status_code=200, content=b'{}', headers={}, parsed=None)"
    assert pickle.loads(pickle.dumps(response)) == response
