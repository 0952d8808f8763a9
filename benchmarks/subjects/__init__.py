"""One module per client that is measured, each with a function per case; a case that a module lacks is a dash.

A function for calls is a context manager that yields the call to measure, after checking once that it returns what it
should. A function for programs returns the source to run in a fresh process. The cases are the same for all:

    view_in_memory, view_in_memory_async        view one object, through an in-memory transport
    view_over_loopback, view_over_loopback_async, view_concurrently
                                                view one object, over the loopback, with the client's own transport
    parse_audiences, parse_orchestrations       make the objects of a page from its bytes
    update_dicts, update_models                 send 200 profiles, through an in-memory transport
    import_program, client_program, view_program
                                                import; make a client too; view one object over the loopback too
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Call = Callable[[], Any]
AsyncCall = Callable[[], Awaitable[Any]]

REST_API_KEY, PROJECT_KEY = "benchmark-rest-api-key", "benchmark-project-key"
HEADERS = {"Authorization": f"Bearer {REST_API_KEY}", "X-Batch-Project": PROJECT_KEY}
API = "https://api.batch.com/2.11"
"""The address behind an in-memory transport."""

AUDIENCE = ("/2.11/audiences/view", {"name": "vip"})
"""The path and the query that view the audience."""

AT_ONCE = 20
"""How many calls httpx makes at once where many are started: as many connections as its pool keeps open."""


@dataclass(frozen=True)
class Site:
    """Where a subject is measured.

    Attributes:
        url: The URL of the loopback server.
        generated: The folder with the generated clients.
        resource: The path and the query of what is viewed over the loopback.
    """

    url: str
    generated: Path
    resource: tuple[str, dict[str, str]] = AUDIENCE


def expect(value: object, expected: object) -> None:
    """Raise ValueError unless a call returned what it should: the cost of a failure is not worth knowing."""
    if value != expected:
        raise ValueError(f"the call to measure returned {value!r} where {expected!r} was expected")


def limited(call: AsyncCall, limit: int = AT_ONCE) -> AsyncCall:
    """Return the call, made at most so many times at once."""
    semaphore = asyncio.Semaphore(limit)

    async def limited_call() -> Any:
        async with semaphore:
            return await call()

    return limited_call
