"""Turns an answer into the bytes and headers that go over the wire."""

from __future__ import annotations

import json

from batch_client.sandbox._answers import Answer


def encode(answer: Answer) -> tuple[bytes, dict[str, str]]:
    """Return content and headers of an answer."""
    if answer.body is None:
        return b"", answer.headers
    if isinstance(answer.body, bytes):
        return answer.body, {"Content-Type": "application/octet-stream"} | answer.headers
    return json.dumps(answer.body).encode(), {"Content-Type": "application/json"} | answer.headers
