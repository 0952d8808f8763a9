"""Serves an ASGI application over real HTTP."""

from __future__ import annotations

import asyncio
import logging
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from batch_client.sandbox._asgi import ASGIApp

HEAD_SECONDS = 10.0
"""How long a connection may take until the head of its next request has arrived."""


def listen(host: str, port: int) -> socket.socket:
    """Return a listening socket; raise OSError if the address cannot be had. Port 0 takes a free one."""
    family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    # asyncio sends without delay only on sockets whose protocol is named; otherwise each answer takes 40 ms more.
    listener = socket.socket(family, kind, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen()
    except OSError:
        listener.close()
        raise
    return listener


def address_of(listener: socket.socket) -> str:
    """Return the URL under which a socket listens."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


class Protocol(H11Protocol):
    """uvicorn's protocol, which also closes connections on which the head of a request does not arrive in time."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.logger = _log
        self._waiting: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._wait_for_request()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._wait_for_request()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
        super().connection_lost(exc)

    def _wait_for_request(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
        self._waiting = self.loop.call_later(HEAD_SECONDS, self._close_if_idle)

    def _close_if_idle(self) -> None:
        if self.cycle is None or self.cycle.response_complete:
            self.transport.close()


# One logger for all servers, so that none changes uvicorn's own.
_log = logging.getLogger("batch_client.sandbox")
# An answer that is lost on purpose is no error to report.
_log.addFilter(lambda record: "without completing response" not in record.getMessage())


def make_server(app: ASGIApp) -> uvicorn.Server:
    """Return a server, to be run with a listening socket."""
    config = uvicorn.Config(
        app, http=Protocol, ws="none", lifespan="off", log_config=None, log_level="warning", access_log=False
    )
    return uvicorn.Server(config)


@contextmanager
def serve_in_thread(app: ASGIApp, host: str, port: int) -> Iterator[str]:
    """Serve while the `with` block runs; yields the URL."""
    listener = listen(host, port)
    server = make_server(app)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name="batch-sandbox", daemon=True)
    thread.start()
    try:
        # The socket listens already: a request sent before the server is up waits for it.
        yield address_of(listener)
    finally:
        server.should_exit = True
        thread.join()
        listener.close()
