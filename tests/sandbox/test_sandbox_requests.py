"""The sandbox given requests that no client should send: it refuses them, over a socket and without one."""

from __future__ import annotations

import base64
import json
import socket
from collections.abc import AsyncIterator, Iterator
from typing import Any
from urllib.parse import quote, urlsplit

import httpx
import pytest
from attrs import field, frozen
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from batch_client import RATE_LIMITS
from batch_client.sandbox import Sandbox
from batch_client.sandbox._sandbox import Snapshot
from tests.calls import CAMPAIGN
from tests.conftest import FakeClock
from tests.contract import VERSION
from tests.sandbox.test_sandbox import HEADERS

pytestmark = pytest.mark.any_documents

ANN = {"identifiers": {"custom_id": "ann"}}
PUSH = CAMPAIGN | {
    "state": "RUNNING",
    "messages": [{"channel_type": "push", "platform_type": ["ios"], "body": "Hello"}],
}


@frozen
class Odd:
    """A request, as a path below the version and what goes with it."""

    path: str
    content: bytes | None = None
    method: str = ""
    headers: dict[str, str] = field(factory=dict)
    status: int = 400

    @property
    def target(self) -> str:
        return self.path if self.path.startswith(("/files/", "{link}")) else f"/{VERSION}{self.path}"

    @property
    def all_headers(self) -> dict[str, str]:
        keys = {} if self.path.startswith(("/files/", "{link}")) else HEADERS
        return keys | self.headers

    @property
    def verb(self) -> str:
        return self.method or ("GET" if self.content is None else "POST")


def post(path: str, body: Any, **others: Any) -> Odd:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Odd(path, content, **others)


def update(attributes: bytes, **others: Any) -> Odd:
    body = b'[{"identifiers": {"custom_id": "ann"}, "attributes": %s}]' % attributes
    return post("/profiles/update", body, **others)


def start(time: str, **others: Any) -> Odd:
    return post("/campaigns/create", PUSH | {"when": {"local_time": False, "start_time": time}}, **others)


def cursor(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode()


ODD = {
    "nested arrays": post("/audiences/create", b"[" * 100_000 + b"]" * 100_000),
    "nested objects": post("/profiles/update", b'{"a":' * 100_000 + b"1" + b"}" * 100_000),
    "nested below the reader's own limit": update(b'{"a": ' + b"[" * 500 + b"]" * 500 + b"}"),
    "half a surrogate pair in a name": post("/audiences/create", b'{"name": "\\ud800", "type": "custom_ids"}'),
    "half a surrogate pair in a key": update(b'{"\\ud800": 1}'),
    "half a surrogate pair in an id": post("/profiles/update", b'[{"identifiers": {"custom_id": "\\udfff"}}]'),
    "NaN": update(b'{"a": NaN}'),
    "infinity": update(b'{"a": -Infinity}'),
    "a float too large": update(b'{"a": 1e400}'),
    "an integer of 5,000 digits": update(b'{"a": ' + b"9" * 5_000 + b"}"),
    "an integer of 400 digits": update(b'{"a": ' + b"9" * 400 + b"}", status=202),
    "invalid UTF-8": post("/audiences/create", b'{"name": "\xff", "type": "custom_ids"}'),
    "UTF-16": post("/audiences/create", '{"name": "x", "type": "custom_ids"}'.encode("utf-16")),
    "a byte order mark": post("/audiences/create", b'\xef\xbb\xbf{"name": "bom", "type": "custom_ids"}', status=202),
    "an empty body": post("/audiences/create", b""),
    "an array for an object": post("/audiences/create", []),
    "an object for an array": post("/profiles/update", {}),
    "null for an object": post("/profiles/update", [None]),
    "null attributes": update(b"null"),
    "a text for events": post("/profiles/update", [ANN | {"events": "purchase"}]),
    "null events": post("/profiles/update", [ANN | {"events": [None, 1, "x"]}], status=202),
    "an operation on a number": update(b'{"visits": {"$add": ["x"]}}', status=202),
    "an operation on a text": update(b'{"plan": {"$remove": ["x"]}}', status=202),
    "an event in year 0": post("/profiles/update", [ANN | {"events": [{"name": "x", "time": "0000-01-01T00:00:00Z"}]}], status=202),
    "an event in a leap second": post("/profiles/update", [ANN | {"events": [{"name": "x", "time": "2016-12-31T23:59:60Z"}]}], status=202),
    "a start after year 9999": start("9999-12-31T23:59:59-12:00"),
    "a start before year 1": start("0001-01-01T00:00:00+12:00"),
    "a start in year 0": start("0000-01-01T00:00:00Z"),
    "a start in a leap second": start("2016-12-31T23:59:60Z", status=200),
    "an export from year 0": post("/profiles/export", {"export_type": "EVENTS", "events": ["x"], "from": "0000-01-01T00:00:00Z", "to": "now"}),
    "an export until year 10,000": post("/profiles/export", {"export_type": "EVENTS", "events": ["x"], "from": "now", "to": "9999-12-31T23:59:59-01:00"}),
    "statistics from year 0": Odd("/orchestrations/stats?orchestration_id={campaign}&from=0000-01-01&to=9999-12-31"),
    "statistics from year 1": Odd("/orchestrations/stats?orchestration_id={campaign}&from=0001-01-01&to=9999-12-31"),
    "an Arabic digit": Odd("/audiences/list?limit=%D9%A1"),
    "a superscript digit": Odd("/audiences/list?limit=%C2%B2"),
    "a number of 5,000 digits": Odd("/audiences/list?limit=" + "9" * 5_000),
    "two signs": Odd("/audiences/list?limit=--1"),
    "an empty number": Odd("/audiences/list?limit="),
    "NUL for a number": Odd("/audiences/list?limit=%00"),
    "a bad percent escape": Odd("/audiences/list?limit=%zz"),
    "a repeated parameter": Odd("/audiences/list?limit=x&limit=1", status=200),
    "2,000 parameters": Odd("/audiences/list?" + "&".join(["a=1"] * 2_000), status=200),
    "NUL in a name": Odd("/audiences/view?name=%00", status=404),
    "invalid UTF-8 in a name": Odd("/audiences/view?name=%ff", status=404),
    "a very long name": Odd("/audiences/view?name=" + "a" * 10_000, status=404),
    "a cursor that is not base64": Odd("/audiences/list?from=%C3%A9"),
    "a cursor with a number of 5,000 digits": Odd("/audiences/list?from=" + cursor("audience:" + "9" * 5_000)),
    "a cursor past the end": Odd("/audiences/list?from=" + cursor("audience:99")),
    "a negative cursor": Odd("/audiences/list?from=" + cursor("audience:-1")),
    "a cursor with an Arabic digit": Odd("/audiences/list?from=" + quote(cursor("audience:\u0661"))),
    "a cursor of another list": Odd("/audiences/list?from=" + cursor("catalog:1")),
    "a link that expires never": Odd("/files/x?expires=never&signature=x", status=403),
    "a link that expires after 5,000 digits": Odd(f"/files/x?expires={'9' * 5_000}&signature=x", status=403),
    "a signature that is not ASCII": Odd("/files/x?expires=1&signature=%C3%A9", status=403),
    "a file with a name in invalid UTF-8": Odd("/files/%ff?expires=1", status=403),
    "a download for a Host that is not one": Odd("/exports/download?id={file}", headers={"Host": "a b"}),
    "a download for a Host with a large port": Odd("/exports/download?id={file}", headers={"Host": "a:99999999"}),
    "a download for a Host in broken IDNA": Odd("/exports/download?id={file}", headers={"Host": "xn--a\u00e9"}),
    "a range of 5,000 digits": Odd("{link}", headers={"Range": f"bytes={'9' * 5_000}-"}, status=200),
    "a range that ends before it begins": Odd("{link}", headers={"Range": "bytes=5-1"}, status=200),
    "a range past the end": Odd("{link}", headers={"Range": "bytes=100000-"}, status=200),
    "a range without a number": Odd("{link}", headers={"Range": "bytes=\u00b2-"}, status=200),
    "a file written to": Odd("{link}", b"x", status=405),
    "TRACE": Odd("/audiences/list", method="TRACE", status=404),
    "HEAD": Odd("/audiences/list", method="HEAD", status=404),
    "OPTIONS": Odd("/audiences/list", method="OPTIONS", status=404),
    "a method that is not one": Odd("/audiences/list", method="BREW", status=404),
    "invalid UTF-8 in the path": Odd("/%ff%fe", status=404),
    "NUL in the path": Odd("/audiences/%00", status=404),
    "no path": Odd("", status=404),
    "an Authorization that is not ASCII": Odd("/audiences/list", headers={"Authorization": "Bearer \u00e9"}, status=401),
    "an empty Authorization": Odd("/audiences/list", headers={"Authorization": ""}, status=401),
    "no Content-Type": post("/audiences/create", {"name": "plain", "type": "custom_ids"}, status=202),
    "a body that is announced as compressed": post("/audiences/create", b"\x1f\x8b", headers={"Content-Encoding": "gzip"}),
    "a WebSocket": Odd("/audiences/list", headers={"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "eA=="}, status=200),
}  # fmt: skip


@frozen
class Place:
    """A sandbox in which something is there already, and its ids."""

    sandbox: Sandbox
    ids: dict[str, str]
    before: Snapshot

    def target(self, odd: Odd) -> str:
        target = odd.target
        for name, id_ in self.ids.items():
            target = target.replace(f"{{{name}}}", id_)
        return target

    def check(self) -> None:
        """Check that everything that was accepted can be listed, exported and kept; then forget it."""
        with self.sandbox.client() as batch:
            batch.profiles.export({"export_type": "EVENTS", "events": ["x"], "from": "now", "to": "now"})
            for resource in (batch.audiences, batch.catalogs, batch.orchestrations, batch.exports, batch.segments):
                list(resource.list())
        self.sandbox.snapshot()
        self.sandbox.restore(self.before)


@pytest.fixture(scope="module")
def place() -> Place:
    sandbox = Sandbox(indexing=0.0, exporting=0.0)
    with sandbox.client() as batch:
        batch.profiles.update([ANN | {"attributes": {"visits": 1, "plan": "gold"}}])
        batch.audiences.create(name="vip", type="custom_ids")
        campaign = batch.campaigns.create(**PUSH)
        export = batch.profiles.export({"export_type": "ATTRIBUTES", "attributes": ["plan"]})
        ids = {"campaign": campaign.id, "file": batch.exports.view(id=export.id).files[0].id}
        link = urlsplit(batch.exports.download(id=ids["file"]))
        ids["link"] = f"{link.path}?{link.query}"
    return Place(sandbox, ids, sandbox.snapshot())


def over_socket(url: str, raw: bytes) -> int:
    """Send bytes and return the status of the last response."""
    where = urlsplit(url)
    with socket.create_connection((where.hostname, where.port), timeout=30) as connection:
        connection.sendall(raw)
        received = b""
        while chunk := connection.recv(65536):
            received += chunk
    return int(received.split(b" ", 2)[1])


@pytest.fixture(scope="module")
def place_url(place: Place) -> Iterator[str]:
    with place.sandbox.serve() as url:
        yield url


@pytest.mark.fault("request that no client should send to the sandbox", "a status of 4xx, or what it asked for")
@pytest.mark.parametrize("odd", ODD.values(), ids=ODD.keys())
def test_odd_request_is_refused_over_a_socket(odd: Odd, place: Place, place_url: str) -> None:
    headers = {"Host": "localhost", "Connection": "close"} | odd.all_headers
    if "Upgrade" in headers:
        headers["Connection"] = "Upgrade, close"
    if odd.content is not None:
        headers["Content-Length"] = str(len(odd.content))
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    raw = f"{odd.verb} {place.target(odd)} HTTP/1.1\r\n{head}\r\n".encode("latin-1") + (odd.content or b"")
    assert over_socket(place_url, raw) == odd.status
    place.check()


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD.keys())
async def test_odd_request_is_refused_without_a_socket(odd: Odd, place: Place) -> None:
    headers = [(name.encode(), value.encode("latin-1")) for name, value in odd.all_headers.items()]
    request = httpx.Request(odd.verb, "http://localhost", headers=headers, content=odd.content)
    request.url = request.url.copy_with(raw_path=place.target(odd).encode())
    expected = 307 if "Host" in odd.headers else odd.status  # such a header is no part of the address here
    assert place.sandbox.transport().handle_request(request).status_code == expected
    place.check()
    assert (await place.sandbox.async_transport().handle_async_request(request)).status_code == expected
    place.check()


WORDS = ["add", "remove", "push", "now", "RUNNING", "EVENTS", "vip", "ann", "9999-12-31T23:59:60Z"]
MEMBERS = [
    "name",
    "type",
    "ids",
    "id",
    "action",
    "attributes",
    "identifiers",
    "custom_id",
    "events",
    "time",
    "fields",
    "items",
    "when",
    "start_time",
    "messages",
    "$add",
    "$remove",
    "export_type",
    "filter",
    "segment",
    "from",
    "to",
]
ATOMS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(codec=None))
    | st.sampled_from(WORDS)
)
JSON = st.recursive(
    ATOMS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(MEMBERS) | st.text(max_size=3), inner),
    max_leaves=12,
)
QUERIES = st.dictionaries(st.sampled_from(["limit", "from", "to", "name", "id"]), st.text(), max_size=3)
ROUTES = sorted({(odd.verb, odd.path.partition("?")[0]) for odd in ODD.values() if odd.status in (200, 202, 400)})


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(route=st.sampled_from(ROUTES), body=JSON, query=QUERIES)
def test_no_body_and_no_query_breaks_the_sandbox(
    route: tuple[str, str], body: Any, query: dict[str, str], place: Place
) -> None:
    method, path = route
    texts = {name: text.encode("utf-8", "surrogatepass").decode("utf-8", "replace") for name, text in query.items()}
    with httpx.Client(transport=place.sandbox.transport(), base_url="http://localhost", headers=HEADERS) as http:
        content = json.dumps(body).encode() if method == "POST" else None
        answer = http.request(method, f"/{VERSION}{path}", content=content, params=texts)
    assert answer.status_code < 500
    place.check()


def test_odd_bodies_do_not_disturb_the_rate_limits(clock: FakeClock) -> None:
    sandbox = Sandbox(rate_limits=RATE_LIMITS, clock=lambda: clock.now)
    with httpx.Client(transport=sandbox.transport(), base_url="http://localhost", headers=HEADERS) as http:
        for content in (b"[" * 100_000 + b"]" * 100_000, b"\xff", b""):
            assert http.post(f"/{VERSION}/profiles/update", content=content).status_code == 400


async def abandoned() -> AsyncIterator[dict[str, Any]]:
    yield {"type": "http.request", "body": b'[{"identifiers": {"custom_id": "ben"}}', "more_body": True}
    yield {"type": "http.disconnect"}


@pytest.mark.fault("client of the sandbox gone before its whole body had arrived", "the request is not carried out")
async def test_request_that_its_client_aborted_is_not_carried_out(sandbox: Sandbox, sandbox_url: str) -> None:
    body = json.dumps([ANN]).encode()
    head = "".join(f"{name}: {value}\r\n" for name, value in ({"Host": "x"} | HEADERS).items())
    where = urlsplit(sandbox_url)
    for framing in (
        f"Content-Length: {len(body) + 1}\r\n\r\n".encode(),
        b"Transfer-Encoding: chunked\r\n\r\n%x\r\n" % len(body),
    ):
        with socket.create_connection((where.hostname, where.port), timeout=30) as connection:
            connection.sendall(f"POST /{VERSION}/profiles/update HTTP/1.1\r\n{head}".encode() + framing + body)
    messages = abandoned()
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    raw = [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]
    scope = {
        "type": "http",
        "method": "POST",
        "path": f"/{VERSION}/profiles/update",
        "query_string": b"",
        "headers": raw,
    }
    await sandbox.app(scope, messages.__anext__, send)
    # Answered after the connections above were closed.
    async with httpx.AsyncClient(base_url=sandbox_url, headers=HEADERS) as http:
        assert (await http.get(f"/{VERSION}/audiences/list")).status_code == 200
    assert sent == []
    assert sandbox.profiles == {}
    assert [request.operation for request in sandbox.requests] == ["audience_list"]


async def test_other_protocols_are_answered(sandbox: Sandbox) -> None:
    for kind, received, sent in (
        ("websocket", ["websocket.connect"], ["websocket.close"]),
        (
            "lifespan",
            ["lifespan.startup", "lifespan.shutdown"],
            ["lifespan.startup.complete", "lifespan.shutdown.complete"],
        ),
    ):
        messages, answers = iter(received), []

        async def receive(messages: Iterator[str] = messages) -> dict[str, Any]:
            return {"type": next(messages)}

        async def send(message: Any, answers: list[str] = answers) -> None:
            answers.append(message["type"])

        await sandbox.app({"type": kind}, receive, send)
        assert answers == sent
