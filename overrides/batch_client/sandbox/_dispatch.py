"""Takes a request to its operation: credentials, version, rate limits, faults, the bundle's schema, and the answer."""

from __future__ import annotations

import re
import secrets
import threading
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl

import httpx
from attrs import field, frozen
from jsonschema.exceptions import ValidationError

from batch_client._rates import RateLimiter
from batch_client.sandbox._answers import Answer, Refusal, malformed
from batch_client.sandbox._contract import Contract, read_contracts, refuse
from batch_client.sandbox._faults import Faults, lose
from batch_generated.api import API_VERSIONS


@frozen
class Request:
    """A request as a server or transport took it in."""

    method: str
    path: str
    """Decoded, without the query."""
    query: str
    headers: Mapping[str, str]
    """By names in lower case."""
    content: bytes = b""
    origin: str = ""
    """Scheme, host and port under which the sandbox was reached."""

    @property
    def other_origin(self) -> str:
        """The same place under another host name, as the storage of files is not where the API is."""
        url = httpx.URL(self.origin)
        if url.host in ("127.0.0.1", "::1"):
            return str(url.copy_with(host="localhost"))
        return str(url.copy_with(host="127.0.0.1" if url.host == "localhost" else f"files.{url.host}"))


@frozen
class Call:
    """One request understood: its parameters, its body, and how the body breaks its schema."""

    parameters: dict[str, Any]
    body: Any
    errors: list[ValidationError]
    request: Request


@frozen
class RecordedRequest:
    """A request that the sandbox got, to assert on."""

    operation: str | None
    """Its id; None if there is no such operation."""
    method: str
    path: str
    version: str
    parameters: dict[str, Any] = field(factory=dict)
    body: Any = None
    status: int = 0
    """What was answered."""


Handler = Callable[[Call], Answer]


def on_parameters(operation: Callable[[dict[str, Any]], Answer]) -> Handler:
    """Return the handler of an operation that takes parameters only."""
    return lambda call: operation(call.parameters)


def on_body(operation: Callable[[dict[str, Any]], Answer]) -> Handler:
    """Return the handler of an operation that takes a body, refused if it breaks its schema."""

    def handle(call: Call) -> Answer:
        refuse(call.errors)
        return operation(call.body)

    return handle


class Dispatcher:
    """Answers requests, one at a time.

    Args:
        handlers: By ids of operations. One that has none, as a newer API brings, is answered by 501.
        files: Answers requests for paths that begin with `FILES`, which need no credentials.
        credentials: The headers that must be sent, by names in lower case.
        limiter: The rate limits to enforce.
        keep_requests: How many requests `requests` keeps.
    """

    def __init__(
        self,
        handlers: Mapping[str, Handler],
        files: Callable[[Request], Answer],
        credentials: Mapping[str, str],
        faults: Faults,
        limiter: RateLimiter | None,
        latency: Callable[[], float],
        keep_requests: int,
    ) -> None:
        self._files = files
        self._credentials = credentials
        self._faults = faults
        self._limiter = limiter
        self._latency = latency
        self._routes = {(contract.method, contract.path): contract for contract in read_contracts()}
        self._patterns = [
            (re.compile(re.sub(r"\\{([^{}]+)\\}", "([^/]+)", re.escape(contract.path))), contract)
            for contract in read_contracts()
            if "{" in contract.path
        ]
        self._handlers = handlers
        self.requests: deque[RecordedRequest] = deque(maxlen=keep_requests)
        self.lock = threading.RLock()
        """Held while a request changes the state."""

    def respond(self, request: Request) -> Answer:
        """Return the answer to any request; never raises."""
        with self.lock:
            if request.path.startswith(FILES):
                try:
                    return self._files(request)
                except Refusal as refusal:
                    return refusal.answer
            record = _Record(request)
            try:
                answer = self._respond(request, record)
            except Refusal as refusal:
                answer = refusal.answer if record.contract is None else record.contract.fit(refusal.answer)
            if self.requests.maxlen:
                self.requests.append(record.finish(answer))
            delay = self._latency()
        return answer if not delay else Answer(answer.status, answer.body, answer.headers, delay, answer.lost)

    def _respond(self, request: Request, record: _Record) -> Answer:
        version, _, rest = request.path.removeprefix("/").partition("/")
        contract, in_path = self._find(request.method, f"/{rest}")
        if contract is None or not _knows(version, contract):
            raise Refusal(404, "ROUTE_NOT_FOUND", f"no route {request.method} {request.path}")
        record.contract = contract
        for name, value in self._credentials.items():
            if not secrets.compare_digest(request.headers.get(name, "").encode(), value.encode()):
                raise Refusal(401, "AUTHENTICATION_INVALID", f"{name} is missing or not valid for this project")
        self._keep_rate(request)
        lost = self._faults.strike(contract.operation_id)
        sent: dict[tuple[str, str], list[str]] = {("path", name): [value] for name, value in in_path.items()}
        sent |= {("header", name): [value] for name, value in request.headers.items()}
        for name, value in parse_qsl(request.query, keep_blank_values=True):
            sent.setdefault(("query", name), []).append(value)
        record.parameters = parameters = contract.read_parameters(sent)
        record.body = body = contract.read_body(request.content) if contract.takes_body else None
        handler = self._handlers.get(contract.operation_id)
        if handler is None:
            refuse(contract.body_errors(body))
            raise Refusal(501, "NOT_SIMULATED", f"the sandbox does not know {contract.path} yet")
        try:
            answer = contract.fit(handler(Call(parameters, body, contract.body_errors(body), request)))
        except KeyError as missing:
            # The documents may require less than a call needs to mean something.
            raise Refusal(400, "MISSING_PARAMETER", f"{missing.args[0]} is missing") from None
        except Refusal as refusal:
            # Where a 404 is not documented, an unknown name is one more malformed parameter.
            if refusal.answer.status == 404 and "404" not in contract.statuses:
                raise malformed(str(refusal)) from None
            raise
        return lose(answer) if lost else answer

    def _find(self, method: str, path: str) -> tuple[Contract | None, dict[str, str]]:
        """Return the operation of a route, and its parameters in the path."""
        contract = self._routes.get((method, path))
        if contract is not None and "{" not in path:
            return contract, {}
        for pattern, candidate in self._patterns:
            if candidate.method == method and (match := pattern.fullmatch(path)) is not None:
                return candidate, dict(zip(re.findall(r"{([^{}]+)}", candidate.path), match.groups(), strict=True))
        return None, {}

    def _keep_rate(self, request: Request) -> None:
        if self._limiter is None:
            return
        sent = httpx.Request(request.method, f"http://sandbox{request.path}", content=request.content)
        reservation = self._limiter.reserve(sent, 0.0)
        if not reservation.granted:
            raise Refusal(429, "TOO_MANY_REQUESTS", f"the rate limit {reservation.limit} is exceeded")


FILES = "/files/"


class _Record:
    """What is found out of a request on its way."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self.contract: Contract | None = None
        self.parameters: dict[str, Any] = {}
        self.body: Any = None

    def finish(self, answer: Answer) -> RecordedRequest:
        version, _, rest = self._request.path.removeprefix("/").partition("/")
        operation = None if self.contract is None else self.contract.operation_id
        return RecordedRequest(
            operation, self._request.method, f"/{rest}", version, self.parameters, self.body, answer.status
        )


def _knows(version: str, contract: Contract) -> bool:
    return version in API_VERSIONS and _number(version) >= _number(contract.first_seen)


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))
