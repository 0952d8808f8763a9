"""What the sandbox answers: a status with a body, or the API's error body."""

from __future__ import annotations

import json
from typing import Any

from attrs import field, frozen


@frozen
class Answer:
    """An answer. The body is JSON, or the bytes of a file."""

    status: int
    body: Any = None
    headers: dict[str, str] = field(factory=dict)
    delay: float = 0.0
    """Seconds that it takes."""
    lost: bool = False
    """Whether the connection breaks while it is sent."""

    def encode(self) -> tuple[bytes, dict[str, str]]:
        """Return the content and the headers that are sent."""
        if self.body is None:
            return b"", self.headers
        if isinstance(self.body, bytes):
            return self.body, {"Content-Type": "application/octet-stream"} | self.headers
        return json.dumps(self.body).encode(), {"Content-Type": "application/json"} | self.headers


class Refusal(Exception):
    """A call that the sandbox refuses, with a code that the documentation names where there is one."""

    def __init__(self, status: int, error_code: str, error_message: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(error_message)
        self.answer = Answer(status, {"error_code": error_code, "error_message": error_message}, headers or {})


def malformed(message: str) -> Refusal:
    """Return the refusal of a value that does not fit."""
    return Refusal(400, "MALFORMED_PARAMETER", message)


def not_found(kind: str, name: str) -> Refusal:
    """Return the refusal of a name or id that nothing has."""
    return Refusal(404, "NOT_FOUND", f"no {kind} {name!r}")
