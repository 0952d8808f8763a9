"""Measures how fast things are: `make bench`. It never fails for being slow; the numbers depend on the machine."""

from __future__ import annotations

import os
import selectors
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from batch_client.sandbox._sandbox import PROJECT_KEY, REST_API_KEY

SECONDS = 5.0
CONNECTIONS = 16


def main() -> int:
    print(f"sandbox, audiences/view over HTTP, one core: {sandbox_requests():,.0f} requests/s")
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


@contextmanager
def sandbox_on_one_core() -> Iterator[str]:
    """Run the sandbox alone, on the first core; yields its URL."""
    command = [sys.executable, "-m", "batch_client.sandbox", "--port", "0"]
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
