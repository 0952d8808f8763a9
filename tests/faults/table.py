"""The faults, the kinds of operation, and what a caller must get from each pair."""

from __future__ import annotations

import gzip
import json
import socket
import time
from collections.abc import Callable
from typing import Any, Literal

import httpx
from attrs import evolve, frozen

from batch_client import (
    APIConnectionError,
    APIStatusError,
    APITimeoutError,
    InternalServerError,
    MaintenanceError,
    RateLimitError,
    ResponseValidationError,
)
from batch_generated.models import EditProfile, ProfileIdentifiers
from tests.calls import TOKEN, Call, call_of
from tests.faults.server import Act, render, reset
from tests.operations import has

MAX_RETRIES = 2
READ_TIMEOUT = 0.15
"""Seconds. A fault that should outlast it lasts four times as long."""
OTHER_HOST = "http://other-host.invalid/elsewhere"

_WAIT = evolve(call_of("audience_view"), make=lambda batch: batch.audiences.task("vip", TOKEN).wait())
_PROFILES_WITHOUT_EVENTS = evolve(
    call_of("profile_update"),
    make=lambda batch: batch.profiles.update([EditProfile(identifiers=ProfileIdentifiers(custom_id="ann"))]),
)


@frozen
class Kind:
    """A kind of operation."""

    name: str
    call: Call
    safe: bool
    """Whether a call may be repeated although it may have been taken in."""
    reads: Literal["model", "nothing", "location"] = "model"
    """What of the answer reaches the caller."""
    required: str = ""
    """A member that the answer must have."""


_ALL = [
    Kind("read", call_of("audience_view"), safe=True, required="nb_ids"),
    Kind("list", call_of("audience_list"), safe=True, required="audiences"),
    Kind("write, answers a token", call_of("audience_replace"), safe=True, required="indexing_token"),
    Kind("write, answers nothing", call_of("catalog_remove"), safe=True, reads="nothing"),
    Kind("wait for indexing", _WAIT, safe=True, required="nb_ids"),
    Kind("profiles without events", _PROFILES_WITHOUT_EVENTS, safe=True, required="code"),
    Kind("profiles with events", call_of("profile_update"), safe=False, required="code"),
    Kind("create a campaign", call_of("campaign_create"), safe=False, required="id"),
    Kind("redirect", call_of("export_download"), safe=True, reads="location"),
]
KINDS = [kind for kind in _ALL if has(kind.call.operation)]

Repeated = Literal["always", "if safe", "never"]


@frozen
class Fault:
    """Something that goes wrong, and what the client makes of it."""

    name: str
    act: Act | None
    """None: nothing listens."""
    error: type[Exception] | None
    """What a caller gets if it goes on; None: the value."""
    repeated: Repeated = "never"
    only: Callable[[Kind], bool] = lambda kind: True
    """The kinds to which it can happen."""
    endless: bool = False
    """Whether only the deadline of the call ends it."""

    def is_repeated(self, kind: Kind) -> bool:
        return self.repeated == "always" or (self.repeated == "if safe" and kind.safe)


def _api_error(status: int, **headers: str) -> Act:
    body = {"error_code": "TOLD", "error_message": "as the API would say"}
    return _send(lambda _: httpx.Response(status, json=body, headers=headers))


def _page(status: int) -> Act:
    return _send(lambda _: httpx.Response(status, html="<html><body>Gateway</body></html>"))


def _send(make: Callable[[httpx.Response], httpx.Response]) -> Act:
    return lambda connection, right: connection.sendall(render(make(right)))


def _send_part(end: Callable[[bytes], int], then: Callable[[socket.socket], None]) -> Act:
    def act(connection: socket.socket, right: httpx.Response) -> None:
        text = render(_with_body(right))
        connection.sendall(text[: end(text)])
        then(connection)

    return act


def _with_body(right: httpx.Response) -> httpx.Response:
    """Return the answer with a body in any case, so that something of it can be missing."""
    if right.content:
        return right
    return httpx.Response(right.status_code, headers=right.headers, json={})


def _in_headers(text: bytes) -> int:
    return text.index(b"\r\n") + 5


def _in_body(text: bytes) -> int:
    return len(text) - 1


def _stall(_: socket.socket) -> None:
    time.sleep(4 * READ_TIMEOUT)


def _flood(connection: socket.socket, right: httpx.Response) -> None:
    size = 200 * 2**20
    connection.sendall(f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {size}\r\n\r\n".encode())
    for _ in range(size >> 20):
        connection.sendall(b" " * 2**20)


def _drip(connection: socket.socket, right: httpx.Response) -> None:
    text = render(_with_body(right))
    start = text.index(b"\r\n\r\n") + 4
    connection.sendall(text[:start].replace(b"content-length: ", b"content-length: 1000"))
    _repeat(connection, b" ")


def _drip_headers(connection: socket.socket, right: httpx.Response) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nX-Long: ")
    _repeat(connection, b"x")


def _drip_interim_responses(connection: socket.socket, right: httpx.Response) -> None:
    _repeat(connection, b"HTTP/1.1 103 Early Hints\r\n\r\n")


def _repeat(connection: socket.socket, sent: bytes) -> None:
    while True:
        connection.sendall(sent)
        time.sleep(READ_TIMEOUT / 5)


def _bomb(connection: socket.socket, right: httpx.Response) -> None:
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip, gzip\r\nContent-Length: {len(_ZEROS)}\r\n\r\n"
    connection.sendall(head.encode() + _ZEROS)


_ZEROS = gzip.compress(gzip.compress(bytes(2**25), mtime=0), mtime=0)


def _cut_gzip(connection: socket.socket, right: httpx.Response) -> None:
    body = gzip.compress(_with_body(right).content)[:-12]
    head = f"HTTP/1.1 {right.status_code} OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(body)}\r\n\r\n"
    connection.sendall(head.encode() + body)


def _change(change: Callable[[Any], None]) -> Act:
    """Answer with the right body, changed."""

    def make(right: httpx.Response) -> httpx.Response:
        if not right.content:
            return right
        body = right.json()
        change(body)
        return httpx.Response(right.status_code, json=body)

    return _send(make)


def _audiences(body: Any) -> list[Any]:
    return [body] if "nb_ids" in body else body.get("audiences", [])


def _set(name: str, value: Any) -> Act:
    def change(body: Any) -> None:
        for audience in _audiences(body):
            audience[name] = value

    return _change(change)


def _required_as_null(body: Any) -> None:
    for holder in _audiences(body) or [body]:  # null for a list counts as an empty one
        for name in _REQUIRED & holder.keys():
            holder[name] = None


def _without_required(body: Any) -> None:
    for name in _REQUIRED & body.keys():
        del body[name]


_REQUIRED = {kind.required for kind in KINDS if kind.required}


def _has_required(kind: Kind) -> bool:
    return bool(kind.required)


def _has_dates(kind: Kind) -> bool:
    return kind.call.answer is not None and bool(_audiences(kind.call.answer))


def _is_plain(kind: Kind) -> bool:
    return kind.name in ("read", "create a campaign")  # the others take the same way, and each takes its time


def _has_body(kind: Kind) -> bool:
    return kind.reads != "location"


def _has_link(kind: Kind) -> bool:
    return not _has_body(kind)


def _truncate(right: httpx.Response) -> httpx.Response:
    body = json.dumps(_with_body(right).json())[:-1]
    return httpx.Response(200, text=body, headers={"Content-Type": "application/json"})


FAULTS = [
    Fault("connection refused", None, APIConnectionError, "always"),
    Fault("reset before the answer", lambda c, _: reset(c), APIConnectionError, "if safe"),
    Fault("reset in the headers", _send_part(_in_headers, reset), APIConnectionError, "if safe"),
    Fault("reset in the body", _send_part(_in_body, reset), APIConnectionError, "if safe"),
    Fault("closed after the request", lambda c, _: None, APIConnectionError, "if safe"),
    Fault("closed in the body", _send_part(_in_body, lambda c: None), APIConnectionError, "if safe"),
    Fault("time-out before the answer", lambda c, _: _stall(c), APITimeoutError, "if safe"),
    Fault("time-out in the body", _send_part(_in_body, _stall), APITimeoutError, "if safe"),
    Fault("slow drip of the body", _drip, APITimeoutError, endless=True),
    Fault("slow drip of headers", _drip_headers, APITimeoutError, endless=True, only=_is_plain),
    Fault("slow drip of interim responses", _drip_interim_responses, APITimeoutError, endless=True, only=_is_plain),
    Fault("429", _api_error(429), RateLimitError, "always"),
    Fault("429 with Retry-After", _api_error(429, **{"Retry-After": "3"}), RateLimitError, "always"),
    Fault("429 with a long Retry-After", _api_error(429, **{"Retry-After": "500"}), RateLimitError),
    Fault("500", _api_error(500), InternalServerError, "if safe"),
    Fault("502", _api_error(502), InternalServerError, "if safe"),
    Fault("502 with an HTML page", _page(502), InternalServerError, "if safe"),
    Fault("503 of the API", _api_error(503), MaintenanceError, "always"),
    Fault("503 of a gateway", _page(503), MaintenanceError, "if safe"),
    Fault("520 of a gateway", _page(520), InternalServerError),
    Fault("504", _api_error(504), InternalServerError, "if safe"),
    Fault("200 with an HTML page", _page(200), ResponseValidationError),
    Fault("truncated JSON", _send(_truncate), ResponseValidationError),
    Fault("gzip that is cut", _cut_gzip, ResponseValidationError, only=lambda kind: kind.reads == "model"),
    Fault("empty body", _send(lambda right: httpx.Response(200)), ResponseValidationError,
          only=lambda kind: kind.reads != "nothing"),
    Fault("compressed twice", _bomb, ResponseValidationError, "if safe", only=_has_body),
    Fault("200 MB body", _flood, ResponseValidationError),
    Fault("wrong content type", _send(lambda right: httpx.Response(right.status_code, content=right.content,
          headers={"Content-Type": "text/plain"} | {n: v for n, v in right.headers.items() if n == "location"})), None),
    Fault("redirect to another host", _send(lambda right: httpx.Response(302, headers={"Location": OTHER_HOST})),
          APIStatusError, only=_has_body),
    Fault("redirect to what is no address",
          _send(lambda right: httpx.Response(302, headers={"Location": "mailto:ann@example.com"})), APIStatusError,
          only=_has_body),
    Fault("link that is no address",
          _send(lambda right: httpx.Response(302, headers={"Location": "mailto:ann@example.com"})),
          ResponseValidationError, only=_has_link),
    Fault("nested 100,000 deep", _send(lambda right: httpx.Response(200, text="[" * 100_000)), ResponseValidationError,
          only=_has_body),
    Fault("unknown enum value", _set("type", "INSTALL_ID"), None),
    Fault("unknown members", _change(lambda body: body.update(brand_new={"deep": [1]})), None),
    Fault("required member missing", _change(_without_required), ResponseValidationError, only=_has_required),
    Fault("null for a value", _change(_required_as_null), ResponseValidationError, only=_has_required),
    Fault("date without zone", _set("created", "2023-10-03T09:35:08"), None),
    Fault("malformed date", _set("created", "yesterday"), ResponseValidationError, only=_has_dates),
    Fault("date past the last", _set("created", "9999-12-31T24:00"), ResponseValidationError, only=_has_dates),
]  # fmt: skip

PAIRS = [(fault, kind) for fault in FAULTS for kind in KINDS if fault.only(kind)]
