"""Measures the throughput of what httpx has no counterpart for: the sandbox, sending in bulk, and the rate limits."""

from __future__ import annotations

import logging
import os
import resource
import selectors
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any, Literal

import httpx

from batch_client import RATE_LIMITS, BatchClient
from benchmarks import payloads
from benchmarks.server import serve
from benchmarks.tools import tool
from benchmarks.transports import InMemoryTransport

SECONDS = 4.0
CONNECTIONS = 16


def sandbox_requests() -> str:
    """Return how many requests per second the sandbox serves on one core, over several connections."""
    with sandbox_on_one_core() as settings, BatchClient(**settings) as batch:
        batch.audiences.create(name="vip", type="custom_ids")
        headers = {"Authorization": f"Bearer {settings['rest_api_key']}", "X-Batch-Project": settings["project_key"]}
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        request = f"GET /{batch.api_version}/audiences/view?name=vip HTTP/1.1\r\nHost: sandbox\r\n{lines}\r\n".encode()
        url = httpx.URL(settings["base_url"])
        with selectors.DefaultSelector() as selector:
            for _ in range(CONNECTIONS):
                connection = socket.create_connection((url.host, url.port or 80))
                selector.register(connection, selectors.EVENT_READ)
                connection.sendall(request)
            served, started = 0, time.perf_counter()
            while time.perf_counter() - started < SECONDS:
                for key, _ in selector.select(1.0):
                    # Head and body of a response arrive apart; the body ends it.
                    if b'"nb_ids"' in key.fileobj.recv(65536):  # type: ignore[union-attr] # all are sockets
                        served += 1
                        key.fileobj.sendall(request)  # type: ignore[union-attr] # as above
            seconds = time.perf_counter() - started
            for key in list(selector.get_map().values()):
                key.fileobj.close()  # type: ignore[union-attr] # as above
    return f"{served / seconds:,.0f} requests per second"


def bulk_records(count: int = 200_000) -> str:
    """Return how many records per second the bulk layer checks and sends, to a server that accepts everything."""
    records = (payloads.profile(0) | {"identifiers": {"custom_id": f"user-{number}"}} for number in range(count))
    with serve() as url, BatchClient("key", "project", base_url=url, rate_limits=None) as batch:
        started = time.perf_counter()
        report = batch.bulk.update_profiles(records)
        seconds = time.perf_counter() - started
    if not report.complete:
        raise ValueError(f"the server did not accept everything: {report}")
    return f"{count / seconds:,.0f} records per second"


def bulk_memory(count: int = 2_000_000) -> str:
    """Return by how much the process grows while so many ids go into an audience."""
    growth: list[int] = []
    with BatchClient("key", "project", transport=_Indexing(), rate_limits=None) as batch:
        # Records that never end, so that nothing waits for indexing, which the transport does not know.
        def actions() -> Iterator[dict[str, str]]:
            yield from ({"action": "add", "id": f"user-{number}"} for number in range(count))
            raise EOFError

        before = _resident_bytes()
        with suppress(EOFError):
            batch.bulk.update_audience(
                "vip", actions(), on_progress=lambda _: growth.append(_resident_bytes() - before)
            )
    return f"{max(growth) / 1e6:.0f} MB"


def limit_use(mode: Literal["mass", "stream"], name: str, seconds: float = 12.0) -> str:
    """Return the share of a rate limit that a bulk run uses in steady state, and how often the sandbox refused it."""
    limit = RATE_LIMITS[name]
    warnings: list[logging.LogRecord] = []
    seen: list[tuple[float, int]] = []
    handler = logging.Handler()
    handler.emit = warnings.append  # type: ignore[method-assign, assignment] # it counts only
    logging.getLogger("batch_client").addHandler(handler)
    per_second = limit.units / limit.seconds
    count = int(limit.burst + per_second * seconds)
    records = ({"identifiers": {"custom_id": f"user-{number}"}, "attributes": {"n": 1}} for number in range(count))
    with sandbox_on_one_core("--rate-limits") as settings, BatchClient(**settings) as batch:
        report = batch.bulk.update_profiles(
            records, mode=mode, on_progress=lambda progress: seen.append((time.monotonic(), progress.done))
        )
    if not report.complete:
        raise ValueError(f"the sandbox did not accept everything: {report}")
    # Steady once what the bucket held at first is used up, and before the last calls, which come together.
    steady = [(at, done) for at, done in seen if done > 1.5 * limit.burst][:-4]
    (began, first), (ended, last) = steady[0], steady[-1]
    return f"{(last - first) / (ended - began) / per_second:.1%}, {len(warnings)} calls refused by 429"


MEASUREMENTS: dict[str, tuple[str, Callable[[], str]]] = {
    "sandbox": ("sandbox, `audiences/view` over HTTP, one core", sandbox_requests),
    "bulk": ("bulk, profiles of 8 attributes and an event, checked and sent", bulk_records),
    "bulk-memory": ("bulk, memory that 2 million ids into an audience take", bulk_memory),
    "mass-limit": (
        "bulk, share of the rate limit used in mass mode",
        partial(limit_use, "mass", "profiles_mass_update"),
    ),
    "stream-limit": (
        "bulk, share of the rate limit used in stream mode",
        partial(limit_use, "stream", "profiles_update"),
    ),
}
"""What can be measured, by key: what it is, and the function that returns it as text."""


class _Indexing(InMemoryTransport):
    """Return a token for every call, as operations do that index in the background."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        super().handle_request(request)
        return httpx.Response(202, json={"indexing_token": "t" * 32})


def _resident_bytes() -> int:
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * resource.getpagesize()


@contextmanager
def sandbox_on_one_core(*options: str) -> Iterator[dict[str, Any]]:
    """Run the sandbox by itself, on the first core; yield the arguments of a client for it."""
    command = [tool("python"), "-m", "batch_client.sandbox", "--port", "0", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        if hasattr(os, "sched_setaffinity"):
            os.sched_setaffinity(process.pid, {min(os.sched_getaffinity(0))})
        try:
            settings: dict[str, Any] = {}
            for line in process.stdout or ():
                name, found, value = line.strip().removeprefix("export BATCH_").partition("=")
                if found:
                    settings[name.lower()] = value
                if len(settings) == 3:
                    break
            yield settings
        finally:
            process.terminate()
