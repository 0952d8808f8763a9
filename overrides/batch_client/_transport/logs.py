"""Keeps httpx's own log lines about this client's requests out of the log: they show parameters and signed links."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar


class _Block:
    """Whether a `with` block runs, which tasks that began in it and outlive it can see too."""

    runs = False


_block: ContextVar[_Block | None] = ContextVar("batch_client_request", default=None)


@contextmanager
def without_httpx_lines() -> Iterator[None]:
    """Drop what httpx logs within the `with` block, of this thread or task only."""
    block = _Block()
    block.runs = True
    token = _block.set(block)
    try:
        yield
    finally:
        block.runs = False
        _block.reset(token)


def _is_wanted(_: logging.LogRecord) -> bool:
    block = _block.get()
    return block is None or not block.runs


logging.getLogger("httpx").addFilter(_is_wanted)
