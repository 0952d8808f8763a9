"""Runs one fault on one kind of operation by one client, and tells what its caller got."""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest.mock import patch

import httpx
from attrs import frozen

from batch_client import AsyncBatchClient, BatchClient, BatchError
from batch_client._transport import clock, sender
from tests.faults.server import FaultyServer, answer_well
from tests.faults.table import MAX_RETRIES, READ_TIMEOUT, Fault, Kind

KEYS = {"rest_api_key": "q7ZtU9LwXc2VbN8mKj4HsD6fGaPy3RkE", "project_key": "project_w4n8xj2kq9v5tz7mh3bc6yd1fgp0srla"}
"""Keys of no pattern, so that a part of one that shows up somewhere came from there."""
ALWAYS = 1_000_000


@frozen
class Outcome:
    """What a caller got, what the server received, and what there is to search for keys."""

    value: Any
    error: BaseException | None
    received: list[bytes]
    slept: list[float]
    logged: str

    def __str__(self) -> str:
        got = "value" if self.error is None else type(self.error).__name__
        return f"{got} ({len(self.received)})"


class Sleeps:
    """Takes the place of the client's sleeps between tries, which pass at once."""

    def __init__(self, on_sleep: Callable[[], None]) -> None:
        self.slept: list[float] = []
        self._on_sleep = on_sleep

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self._on_sleep()

    async def async_sleep(self, seconds: float) -> None:
        self.sleep(seconds)


async def run(kind: Kind, fault: Fault, times: int, twin: str) -> Outcome:
    """Run a call whose first `times` tries meet a fault.

    Args:
        twin: "sync" or "async".
    """
    right = kind.call.respond()
    server = FaultyServer(right, fault.act or answer_well, times if fault.act else 0)
    with ExitStack() as stack:
        if fault.act is not None:
            url, sleeps = stack.enter_context(server.serve()), Sleeps(lambda: None)
        else:
            url, sleeps = _refuse(server, times, stack)
        logged = stack.enter_context(_log())
        for name in ("sleep", "async_sleep"):
            stack.enter_context(patch.object(clock, name, getattr(sleeps, name)))
        if fault.endless:
            stack.enter_context(patch.object(sender, "DEADLINE", 4 * READ_TIMEOUT))
        options: dict[str, Any] = KEYS | {
            "base_url": url,
            "max_retries": MAX_RETRIES,
            "rate_limits": None,
            "timeout": httpx.Timeout(2.0, read=READ_TIMEOUT),
        }
        value, error = None, None
        try:
            if twin == "sync":
                with BatchClient(**options) as batch:
                    value = kind.call.shows(kind.call.make(batch))
            else:
                async with AsyncBatchClient(**options) as batch:
                    value = kind.call.shows(await kind.call.make(batch))
        except BatchError as raised:
            error = raised
    return Outcome(value, error, server.received, sleeps.slept, "\n".join(logged))


def _refuse(server: FaultyServer, times: int, stack: ExitStack) -> tuple[str, Sleeps]:
    """Return an address where nothing listens until the client has slept `times` times."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]

    def on_sleep() -> None:
        if len(sleeps.slept) == times:
            stack.enter_context(server.serve(port))

    sleeps = Sleeps(on_sleep)
    return f"http://127.0.0.1:{port}", sleeps


@contextmanager
def _log() -> Iterator[list[str]]:
    """Collect what every logger says, at any level."""
    lines: list[str] = []

    class Collector(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(f"{record.getMessage()} {vars(record)}")

    root, handler = logging.getLogger(), Collector(1)
    level = root.level
    root.setLevel(1)
    root.addHandler(handler)
    try:
        yield lines
    finally:
        root.removeHandler(handler)
        root.setLevel(level)


def everything_shown(outcome: Outcome) -> Iterator[str]:
    """Yield all that an error report, a log or a debugger could show of an outcome."""
    yield outcome.logged
    yield repr(outcome.value)
    error = outcome.error
    while error is not None:
        yield f"{error} {error!r} {vars(error)}"
        for name in ("request", "response"):
            if (message := vars(error).get(name, vars(error).get(f"_{name}"))) is not None:
                yield f"{message!r} {message.headers.raw}"
        frame = error.__traceback__
        while frame is not None:
            if "/tests/" not in frame.tb_frame.f_code.co_filename:
                yield repr(frame.tb_frame.f_locals)
            frame = frame.tb_next
        error = error.__cause__ or error.__context__


def parts_of_keys() -> Iterator[str]:
    """Yield the parts of the keys that must not be seen: six characters from anywhere past the first four."""
    for key in KEYS.values():
        secret = key.removeprefix("project_")[4:]
        yield from (secret[start : start + 6] for start in range(len(secret) - 5))


def leaks(text: str) -> list[str]:
    return [part for part in parts_of_keys() if part in text]
