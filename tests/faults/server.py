"""A server whose connections go wrong in the way a test asks for."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import httpx

Act = Callable[[socket.socket, httpx.Response], None]
"""Answers one request over its connection, given the answer that would be right."""


def render(response: httpx.Response) -> bytes:
    """Return an answer as it goes over the wire."""
    head = f"HTTP/1.1 {response.status_code} {response.reason_phrase}\r\n"
    headers = {"content-length": str(len(response.content)), "connection": "close"} | dict(response.headers)
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"{head}{lines}\r\n".encode() + response.content


def answer_well(connection: socket.socket, right: httpx.Response) -> None:
    connection.sendall(render(right))


def reset(connection: socket.socket) -> None:
    """Close so that the other side sees a reset, not an end."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


class FaultyServer:
    """Answers its first `times` requests by an act, the others well; keeps every request that it received."""

    def __init__(self, right: httpx.Response, act: Act, times: int) -> None:
        self._right = right
        self._act = act
        self._left = times
        self._lock = threading.Lock()
        self.received: list[bytes] = []

    @contextmanager
    def serve(self, port: int = 0) -> Iterator[str]:
        """Serve while the `with` block runs; yields the URL."""
        listener = socket.create_server(("127.0.0.1", port), backlog=2048)
        thread = threading.Thread(target=self._accept, args=(listener,), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()
            listener.close()

    def _accept(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                connection, _ = listener.accept()
                threading.Thread(target=self._handle, args=(connection,), daemon=True).start()

    def _handle(self, connection: socket.socket) -> None:
        # The client may go away at any time: that is what the tests are about.
        with suppress(OSError), connection:
            connection.settimeout(10)
            request = _read_request(connection)
            if not request:
                return
            with self._lock:
                self.received.append(request)
                self._left -= 1
                act = self._act if self._left >= 0 else answer_well
            act(connection, self._right)


def _read_request(connection: socket.socket) -> bytes:
    received = b""
    while b"\r\n\r\n" not in received:
        if not (chunk := connection.recv(65536)):
            return b""
        received += chunk
    head, _, body = received.partition(b"\r\n\r\n")
    lengths = [int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")]
    while len(body) < sum(lengths):
        if not (chunk := connection.recv(65536)):
            return b""
        body += chunk
    return head + b"\r\n\r\n" + body
