"""What the sandbox answers: a status with a body, or the API's error body."""

from __future__ import annotations

from typing import Any

from attrs import frozen


@frozen
class Answer:
    """A success."""

    status: int
    body: dict[str, Any]


class Refusal(Exception):
    """A call that the sandbox refuses, with a code that the documentation names where there is one."""

    def __init__(self, status: int, error_code: str, error_message: str) -> None:
        super().__init__(error_message)
        self.status = status
        self.body = {"error_code": error_code, "error_message": error_message}


def malformed(message: str) -> Refusal:
    """Return the refusal of a value that does not fit."""
    return Refusal(400, "MALFORMED_PARAMETER", message)


def not_found(kind: str, name: str) -> Refusal:
    """Return the refusal of a name or id that nothing has."""
    return Refusal(404, "NOT_FOUND", f"no {kind} {name!r}")
