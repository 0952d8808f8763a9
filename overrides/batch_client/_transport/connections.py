"""Holds the httpx client that makes the connections, for one process and, in asyncio, one event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Generic, TypeVar

import httpx

from batch_client._transport.fork import renew_after_fork
from batch_client.errors import BatchError

ClientT = TypeVar("ClientT", httpx.Client, httpx.AsyncClient)


class _Connections(Generic[ClientT]):
    """An httpx client, and what another like it is made by.

    Two processes that write to one connection get each other's responses, so a forked process gets a client of its own.

    Args:
        make: Makes the client.
        remakes: Whether it can be made again: not if its connections come from what the caller passed.
        owned: Whether it is closed with the BatchClient.
    """

    def __init__(self, make: Callable[[], ClientT], *, remakes: bool, owned: bool) -> None:
        self._client: ClientT | None = make()
        self._inherited: ClientT | None = None
        self._make: Callable[[], ClientT] | None = make if remakes else None
        self._owned = owned
        renew_after_fork(self)

    def client(self) -> ClientT:
        """Return the client.

        Raises:
            BatchError: it is closed, or this is a forked process, and it cannot be made again.
        """
        if self._client is None:
            if self._make is None:
                raise BatchError(
                    "this client was made before a fork, with an http_client or transport whose connections belong to "
                    "the parent process: make a new client in each process"
                )
            self._client = self._make()
        if self._client.is_closed:
            raise BatchError("this client, or the http_client that it was made with, is closed: make a new one")
        return self._client

    def renew(self) -> None:
        # It stays open, since closing a TLS connection writes to the socket that the parent uses.
        self._inherited, self._client = self._client, None


class Connections(_Connections[httpx.Client]):
    """The connections of a `BatchClient`."""

    def close(self) -> None:
        if self._owned and self._client is not None:
            self._client.close()


class AsyncConnections(_Connections[httpx.AsyncClient]):
    """The connections of an `AsyncBatchClient`, which belong to the event loop that they were first used in."""

    _event_loop: asyncio.AbstractEventLoop | None = None

    def check_event_loop(self) -> None:
        """Raise BatchError in another event loop than the first."""
        running = asyncio.get_running_loop()
        if self._event_loop is None:
            self._event_loop = running
        if self._event_loop is not running:
            raise BatchError(
                "this AsyncBatchClient was used in another event loop before, to which its connections belong: "
                "make a client in each, for example within the function that asyncio.run runs"
            )

    def renew(self) -> None:
        super().renew()
        self._event_loop = None

    async def aclose(self) -> None:
        # What belongs to an event loop that is gone cannot be closed any more.
        is_here = self._event_loop in (None, asyncio.get_running_loop())
        if self._owned and self._client is not None and is_here:
            await self._client.aclose()
