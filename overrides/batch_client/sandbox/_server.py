"""Serves an ASGI application over real HTTP."""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from batch_client.sandbox._asgi import ASGIApp


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


def make_server(app: ASGIApp) -> uvicorn.Server:
    """Return a server, to be run with a listening socket."""
    # An answer that is lost on purpose is no error to tell.
    logging.getLogger("uvicorn.error").addFilter(
        lambda record: "without completing response" not in record.getMessage()
    )
    return uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off"))


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
