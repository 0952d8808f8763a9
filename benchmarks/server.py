"""The loopback server: minimal keep-alive HTTP/1.1 in a process of its own, so that its CPU time is not counted."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks import payloads


def _render(status: str, body: bytes) -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


_AUDIENCE = _render("200 OK", payloads.AUDIENCE)
_ACCEPTED = _render("202 Accepted", payloads.ACCEPTED)
_OTHERS = {
    b"GET /v1/models/": _render("200 OK", payloads.OPENAI_MODEL),
    b"GET /v1/customers/": _render("200 OK", payloads.STRIPE_CUSTOMER),
}


class Connection(asyncio.Protocol):
    """Answer each request of a connection with prepared bytes."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._received = b""

    def data_received(self, data: bytes) -> None:
        self._received += data
        while (end := self._received.find(b"\r\n\r\n")) >= 0:
            head = self._received[:end]
            _, found, length = head.lower().partition(b"content-length:")
            end += 4 + (int(length.partition(b"\r\n")[0]) if found else 0)
            if len(self._received) < end:
                return
            self._received = self._received[end:]
            self._transport.write(_response_to(head))  # type: ignore[attr-defined] # a TCP transport writes


def _response_to(head: bytes) -> bytes:
    if head.startswith(b"POST "):
        return _ACCEPTED
    return next((response for start, response in _OTHERS.items() if head.startswith(start)), _AUDIENCE)


@contextmanager
def serve() -> Iterator[str]:
    """Run the server in another process; yield its URL."""
    command = [sys.executable, "-m", "benchmarks.server"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            port = process.stdout.readline().strip() if process.stdout else ""
            if not port:
                raise RuntimeError("the loopback server did not start")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


async def _main() -> None:
    server = await asyncio.get_running_loop().create_server(Connection, "127.0.0.1", 0, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


def _exit_with_parent() -> None:
    sys.stdin.read()  # ends when the process that started this one does
    os._exit(0)


if __name__ == "__main__":
    threading.Thread(target=_exit_with_parent, daemon=True).start()
    asyncio.run(_main())
