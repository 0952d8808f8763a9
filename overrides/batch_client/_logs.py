"""Keeps httpx's own log lines about this client's requests out of the log: they show parameters and signed links."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_is_ours: ContextVar[bool] = ContextVar("batch_client_request", default=False)


@contextmanager
def without_httpx_lines() -> Iterator[None]:
    """Drop what httpx logs within the `with` block, of this thread or task only."""
    token = _is_ours.set(True)
    try:
        yield
    finally:
        _is_ours.reset(token)


def _is_wanted(_: logging.LogRecord) -> bool:
    return not _is_ours.get()


logging.getLogger("httpx").addFilter(_is_wanted)
