"""Takes a request to its operation: credentials, version, rate limits, faults, the bundle's schema, and the answer."""

from __future__ import annotations

import json
import re
import secrets
import threading
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any
from urllib.parse import parse_qsl

from attrs import define, evolve, field, frozen
from jsonschema_rs import ValidationError

from batch_client._transport.call import units_of
from batch_client._transport.rates import RateLimiter
from batch_client.sandbox._answers import Answer, Refusal, malformed
from batch_client.sandbox._contract import Contract, read_contracts, refuse
from batch_client.sandbox._faults import Faults, lose
from batch_client.sandbox._requests import RecordedRequest, Request, RequestLog, check_length
from batch_generated.api import API_VERSIONS, OPERATIONS


@frozen
class Call:
    """One request understood: its parameters, its body, and how the body breaks its schema."""

    parameters: dict[str, Any]
    body: Any
    errors: list[ValidationError]
    request: Request


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
        log: Keeps the latest requests.
    """

    def __init__(
        self,
        handlers: Mapping[str, Handler],
        files: Callable[[Request], Answer],
        credentials: Mapping[str, str],
        faults: Faults,
        limiter: RateLimiter | None,
        latency: Callable[[], float],
        log: RequestLog,
    ) -> None:
        self._files = files
        self._credentials = credentials
        self._faults = faults
        self._limiter = limiter
        self._latency = latency
        self._log = log
        self._routes = {(contract.method, contract.path): contract for contract in read_contracts()}
        self._patterns = [
            (re.compile(re.sub(r"\\{([^{}]+)\\}", "([^/]+)", re.escape(contract.path))), contract)
            for contract in read_contracts()
            if "{" in contract.path
        ]
        self._handlers = handlers
        self.lock = threading.RLock()
        """Held while a request changes the state, and while the state is read."""

    @property
    def requests(self) -> list[RecordedRequest]:
        """The latest requests, oldest first."""
        with self.lock:
            return self._log.latest()

    def respond_to_head(self, request: Request) -> Answer | None:
        """Return the answer to a request without its body; None if the answer depends on the body."""
        with self.lock:
            record = self._record(request)
            try:
                if not request.path.startswith(FILES) and self._admit(record).takes_body:
                    check_length(_declared_length(request))
                    return None
            except Refusal as refusal:
                return self._finish(record, refusal)
            return self.respond(request)

    def refuse(self, request: Request, refusal: Refusal) -> Answer:
        """Return the answer to a request whose body cannot be read."""
        with self.lock:
            return self._finish(self._record(request), refusal)

    def respond(self, request: Request) -> Answer:
        """Return the answer to any request; never raises."""
        with self.lock:
            if request.path.startswith(FILES):
                try:
                    return self._files(request)
                except Refusal as refusal:
                    return refusal.answer
            record = self._record(request)
            try:
                return self._finish(record, self._respond(record))
            except Refusal as refusal:
                return self._finish(record, refusal)

    def _record(self, request: Request) -> _Record:
        version, _, rest = request.path.removeprefix("/").partition("/")
        contract, in_path = self._find(request.method, f"/{rest}")
        return _Record(request, contract if contract is not None and _knows(version, contract) else None, in_path)

    def _finish(self, record: _Record, found: Answer | Refusal) -> Answer:
        """Return the answer as it is sent, recorded with its request."""
        if isinstance(found, Refusal):
            found = found.answer if record.contract is None else record.contract.fit(found.answer)
        self._log.add(record.finish(found))
        delay = self._latency()
        return evolve(found, delay=delay) if delay else found

    def _admit(self, record: _Record) -> Contract:
        """Return the operation of a request; refuse what its head alone is enough to refuse."""
        request = record.request
        if record.contract is None:
            raise Refusal(404, "ROUTE_NOT_FOUND", f"no route {request.method} {request.path}")
        for name, value in self._credentials.items():
            if not secrets.compare_digest(request.headers.get(name, "").encode(), value.encode()):
                raise Refusal(401, "AUTHENTICATION_INVALID", f"{name} is missing or not valid for this project")
        return record.contract

    def _respond(self, record: _Record) -> Answer:
        request, contract = record.request, self._admit(record)
        self._keep_rate(request, contract)
        lost = self._faults.strike(contract.operation_id)
        sent: dict[tuple[str, str], list[str]] = {("path", name): [value] for name, value in record.in_path.items()}
        sent |= {("header", name): [value] for name, value in request.headers.items()}
        for name, value in parse_qsl(request.query, keep_blank_values=True):
            sent.setdefault(("query", name), []).append(value)
        record.parameters = parameters = contract.read_parameters(sent)
        body = None
        if contract.takes_body:
            body = contract.read_body(request.content)
            record.content = request.content
        handler = self._handlers.get(contract.operation_id)
        errors = contract.body_errors(body)
        if handler is None:
            refuse(errors)
            raise Refusal(501, "NOT_SIMULATED", f"the sandbox does not know {contract.path} yet")
        try:
            answer = contract.fit(handler(Call(parameters, body, errors, request)))
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

    def _keep_rate(self, request: Request, contract: Contract) -> None:
        if self._limiter is None:
            return
        try:
            body = json.loads(request.content)
        except (ValueError, RecursionError):  # which is refused in a moment
            body = None
        names = OPERATIONS[contract.operation_id].rate_limits
        reservation = self._limiter.reserve(names, partial(units_of, body), 0.0)
        if not reservation.granted:
            raise Refusal(429, "TOO_MANY_REQUESTS", f"the rate limit {reservation.limit} is exceeded")


FILES = "/files/"


@define
class _Record:
    """What is found out of a request on its way."""

    request: Request
    contract: Contract | None
    """None if there is no such operation."""
    in_path: Mapping[str, str]
    parameters: dict[str, Any] = field(factory=dict)
    content: bytes | None = None
    """The body, once it was read as JSON."""

    def finish(self, answer: Answer) -> RecordedRequest:
        version, _, rest = self.request.path.removeprefix("/").partition("/")
        operation = None if self.contract is None else self.contract.operation_id
        size = len(self.request.content)
        return RecordedRequest(
            operation, self.request.method, f"/{rest}", version, self.parameters, answer.status, size, self.content
        )


def _declared_length(request: Request) -> int:
    """Return the length that a request declares for its body; 0 if it declares none."""
    text = request.headers.get("content-length", "")
    # Python reads no number of thousands of digits; the first ones are enough to see that it is too large.
    return int(text[:18]) if re.fullmatch(r"[0-9]+", text) else 0


def _knows(version: str, contract: Contract) -> bool:
    return version in API_VERSIONS and _number(version) >= _number(contract.first_seen)


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))
