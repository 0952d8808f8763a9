"""Measures how fast things are: `make bench`. It never fails for being slow; the numbers depend on the machine."""

from __future__ import annotations

import logging
import os
import resource
import selectors
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx

from batch_client import RATE_LIMITS, BatchClient, RateLimit
from batch_client.bulk.options import Mode
from batch_client.sandbox._sandbox import PROJECT_KEY, REST_API_KEY

SECONDS = 5.0
CONNECTIONS = 16


def main() -> int:
    print(f"sandbox, audiences/view over HTTP, one core: {sandbox_requests():,.0f} requests/s")
    print(f"bulk, profiles of 8 attributes and an event, checked and sent to a sink: {bulk_records():,.0f} records/s")
    print(f"bulk, memory that 10 million ids into an audience take: {bulk_memory() / 1e6:.0f} MB")
    modes: tuple[tuple[Mode, str], ...] = (("mass", "profiles_mass_update"), ("stream", "profiles_update"))
    for mode, limit in modes:
        used, refused = rate_limit_use(mode, RATE_LIMITS[limit])
        print(f"bulk, {mode} mode: {used:.1%} of the rate limit used, {refused} calls refused by 429")
    return 0


def sandbox_requests() -> float:
    """Return how many requests a second the sandbox answers on one core, asked over several connections."""
    with sandbox_on_one_core() as url:
        headers = {"Authorization": f"Bearer {REST_API_KEY}", "X-Batch-Project": PROJECT_KEY}
        body = {"name": "vip", "type": "custom_ids"}
        httpx.post(f"{url}/2.11/audiences/create", headers=headers, json=body).raise_for_status()
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        request = f"GET /2.11/audiences/view?name=vip HTTP/1.1\r\nHost: sandbox\r\n{lines}\r\n".encode()
        parsed = httpx.URL(url)
        with selectors.DefaultSelector() as selector:
            for _ in range(CONNECTIONS):
                connection = socket.create_connection((parsed.host, parsed.port or 80))
                selector.register(connection, selectors.EVENT_READ)
                connection.sendall(request)
            answered, started = 0, time.perf_counter()
            while time.perf_counter() - started < SECONDS:
                for key, _ in selector.select(1.0):
                    # Head and body of an answer come apart; the body ends it.
                    if b'"nb_ids"' in key.fileobj.recv(65536):  # type: ignore[union-attr] # all are sockets
                        answered += 1
                        key.fileobj.sendall(request)  # type: ignore[union-attr] # as above
            seconds = time.perf_counter() - started
            for key in list(selector.get_map().values()):
                key.fileobj.close()  # type: ignore[union-attr] # as above
    return answered / seconds


def bulk_records(count: int = 500_000) -> float:
    """Return how many records a second the bulk layer checks and sends, to a server that only says that it got them."""
    template = {
        "$email_address": "ann@example.com",
        "$language": "en",
        "plan": "gold",
        "age": 42,
        "newsletter": True,
        "date(signed_up)": "2024-05-02T08:15:00Z",
        "interests": ["sport", "film"],
        "score": 1.5,
    }
    events = [{"name": "purchase", "attributes": {"amount": 3}}]
    records = (
        {"identifiers": {"custom_id": f"user-{number}"}, "attributes": template, "events": events}
        for number in range(count)
    )
    with sink() as url, BatchClient("key", "project", base_url=url, rate_limits=None) as batch:
        started = time.perf_counter()
        report = batch.bulk.update_profiles(records)
        seconds = time.perf_counter() - started
    if not report.complete:
        raise SystemExit(f"the sink did not take all: {report}")
    return count / seconds


def bulk_memory(count: int = 10_000_000) -> int:
    """Return by how many bytes the process grows while that many ids go into an audience."""
    answer = httpx.Response(202, json={"indexing_token": "t" * 32})
    growth: list[int] = []
    with BatchClient("key", "project", transport=httpx.MockTransport(lambda _: answer), rate_limits=None) as batch:
        # Records that never end, so that nothing is waited for; the sink knows no indexing.
        def actions() -> Iterator[dict[str, str]]:
            yield from ({"action": "add", "id": f"user-{number}"} for number in range(count))
            raise EOFError

        before = resident_bytes()
        with suppress(EOFError):
            batch.bulk.update_audience("vip", actions(), on_progress=lambda _: growth.append(resident_bytes() - before))
    return max(growth)


def resident_bytes() -> int:
    """Return how much memory this process has now."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * resource.getpagesize()


def rate_limit_use(mode: Mode, limit: RateLimit, seconds: float = 30.0) -> tuple[float, int]:
    """Return the share of a rate limit that a bulk run uses in steady state, and how often the sandbox refused it."""
    warnings: list[logging.LogRecord] = []
    seen: list[tuple[float, int]] = []
    handler = logging.Handler()
    handler.emit = warnings.append  # type: ignore[method-assign, assignment] # it counts only
    logging.getLogger("batch_client").addHandler(handler)
    per_second = limit.units / limit.seconds
    count = int(limit.burst + per_second * seconds)
    records = ({"identifiers": {"custom_id": f"user-{number}"}, "attributes": {"n": 1}} for number in range(count))
    with sandbox_on_one_core("--rate-limits") as url, BatchClient(REST_API_KEY, PROJECT_KEY, base_url=url) as batch:
        report = batch.bulk.update_profiles(
            records, mode=mode, on_progress=lambda progress: seen.append((time.monotonic(), progress.done))
        )
    logging.getLogger("batch_client").removeHandler(handler)
    if not report.complete:
        raise SystemExit(f"the sandbox did not take all: {report}")
    # Steady once what the bucket held at first is gone, and before the last calls, which come together.
    steady = [(at, done) for at, done in seen if done > 1.5 * limit.burst][:-4]
    (began, first), (ended, last) = steady[0], steady[-1]
    return (last - first) / (ended - began) / per_second, len(warnings)


@contextmanager
def sink() -> Iterator[str]:
    """Run a server in a process of its own that reads requests and answers SUCCESS; yields its URL."""
    code = (
        "import http.server as h\n"
        "class Sink(h.BaseHTTPRequestHandler):\n"
        "    protocol_version = 'HTTP/1.1'\n"
        "    def do_POST(self):\n"
        "        self.rfile.read(int(self.headers['Content-Length']))\n"
        "        self.send_response(202)\n"
        "        self.send_header('Content-Length', '18')\n"
        "        self.end_headers()\n"
        '        self.wfile.write(b\'{"code":"SUCCESS"}\')\n'
        "    def log_message(self, *_): pass\n"
        "server = h.ThreadingHTTPServer(('127.0.0.1', 0), Sink)\n"
        "print(server.server_port, flush=True)\n"
        "server.serve_forever()\n"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as process:
        try:
            yield f"http://127.0.0.1:{(process.stdout or iter(())).__next__().strip()}"
        finally:
            process.terminate()


@contextmanager
def sandbox_on_one_core(*options: str) -> Iterator[str]:
    """Run the sandbox alone, on the first core; yields its URL."""
    command = [sys.executable, "-m", "batch_client.sandbox", "--port", "0", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        if hasattr(os, "sched_setaffinity"):
            os.sched_setaffinity(process.pid, {min(os.sched_getaffinity(0))})
        try:
            url = ""
            for line in process.stdout or ():
                if "BATCH_BASE_URL=" in line:
                    url = line.strip().partition("=")[2]
                if "BATCH_PROJECT_KEY=" in line:
                    break
            yield url
        finally:
            process.terminate()


if __name__ == "__main__":
    sys.exit(main())
