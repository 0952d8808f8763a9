"""Lends connections to calls, for one process and, in asyncio, one event loop.

A connection pool of httpcore walks all its connections at every event and keeps no more than 20 of them alive, so the
client's own connections are transports that hold one connection each, in a list of those that are free. What a caller
passed, an httpx client or a transport, is sent through as it is.
"""

from __future__ import annotations

import math
import ssl
import urllib.request
from collections import deque
from collections.abc import Awaitable, Callable, Iterator
from functools import cached_property
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import httpx

from batch_client._transport import clock
from batch_client._transport.fork import renew_after_fork
from batch_client._transport.logs import without_httpx_lines
from batch_client._transport.replies import Reply
from batch_client.errors import BatchError

if TYPE_CHECKING:
    import asyncio

MAX_CONNECTIONS = 100
"""Calls under way at once, as many as httpx has connections: more wait for their turn until their deadline."""

KEEPALIVE_EXPIRY = 5.0
"""Seconds after which a free connection is closed rather than used again, as of httpx."""

_ONE = httpx.Limits(max_connections=1, max_keepalive_connections=1, keepalive_expiry=KEEPALIVE_EXPIRY)

ClientT = TypeVar("ClientT", httpx.Client, httpx.AsyncClient)
TransportT = TypeVar("TransportT", httpx.BaseTransport, httpx.AsyncBaseTransport)


def no_cookies() -> CookieJar:
    """Return a jar that takes no cookie: the API uses none, and whoever is in between may set many."""
    return CookieJar(DefaultCookiePolicy(allowed_domains=[]))


class Environment:
    """What connections are made with: certificates, and the proxy that the environment names for a host.

    Args:
        verify: As of `BatchClient`.
        trusts: Whether proxies and certificates of the environment count.
    """

    def __init__(self, verify: ssl.SSLContext | bool, *, trusts: bool) -> None:
        self._verify = verify
        self._trusts = trusts

    @cached_property
    def _certificates(self) -> ssl.SSLContext:
        return httpx.create_ssl_context(verify=self._verify, trust_env=self._trusts)

    def for_transport(self, base_url: httpx.URL) -> dict[str, Any]:
        """Return the arguments of an httpx transport that connects to one host."""
        return {"verify": self._certificates, "limits": _ONE, "proxy": self._proxy(base_url)}

    @property
    def for_client(self) -> dict[str, Any]:
        """The arguments of an httpx client that connects to any host."""
        return {"verify": self._certificates, "trust_env": self._trusts, "cookies": no_cookies()}

    def _proxy(self, url: httpx.URL) -> str | None:
        if not self._trusts:
            return None
        proxies = urllib.request.getproxies()
        proxy = proxies.get(url.scheme) or proxies.get("all")
        if not proxy or urllib.request.proxy_bypass(url.netloc.decode("ascii")):
            return None
        return proxy if "://" in proxy else f"http://{proxy}"


class _Connections(Generic[ClientT, TransportT]):
    """The connections of a client.

    Two processes that write to one connection get each other's responses, so a forked process gets its own.

    Args:
        environment: What own connections are made with.
        base_url: Address of the API.
        transport: What the caller passed to send through.
        http_client: What the caller passed to send through.
    """

    def __init__(
        self,
        environment: Environment,
        base_url: httpx.URL,
        transport: TransportT | None,
        http_client: ClientT | None,
    ) -> None:
        self._environment = environment
        self._base_url = base_url
        self._transport: TransportT | None = transport
        self._http_client: ClientT | None = http_client
        self._any_host: ClientT | None = None
        self._is_own = transport is None and http_client is None
        self._free: deque[tuple[TransportT, float]] = deque()
        self._abandoned: list[TransportT] = []
        """What is closed with the client, since nobody could wait for it to close before."""
        self._inherited: list[Any] = []
        self._is_closed = self._is_inherited = False
        if self._is_own:
            self._free.append((self._make(), clock.monotonic()))  # which also checks the environment
        renew_after_fork(self)

    def _make(self) -> TransportT:
        raise NotImplementedError

    def _options(self) -> dict[str, Any]:
        """Return the arguments of an httpx client that sends to any host."""
        if self._transport is not None:
            return {"transport": self._transport, "cookies": no_cookies()}
        return self._environment.for_client

    def _check_open(self) -> None:
        if self._is_inherited:
            raise BatchError(
                "this client was made before a fork, with an http_client or transport whose connections belong to "
                "the parent process: make a new client in each process"
            )
        if self._is_closed:
            raise BatchError("this client is closed: make a new one, or make the call before close() or within `with`")
        if self._http_client is not None and self._http_client.is_closed:
            raise BatchError("the http_client that this client was made with is closed: make a new one")

    def _take(self) -> TransportT:
        """Return a transport with one connection that nobody else has: the one used last, else a new one."""
        try:
            return self._free.pop()[0]
        except IndexError:
            return self._make()

    def _leftover(self, free: deque[tuple[TransportT, float]]) -> Iterator[TransportT]:
        """Remove and yield what must be closed once a call has given its connection back."""
        oldest = math.inf if self._is_closed else clock.monotonic() - KEEPALIVE_EXPIRY
        try:
            while free[0][1] < oldest:
                yield free.popleft()[0]
        except IndexError:  # no more, or another thread was faster
            return

    def renew(self) -> None:
        # They stay open, since closing a TLS connection writes to the socket that the parent uses.
        self._inherited += [self._any_host, self._free, self._abandoned]
        self._any_host, self._free, self._abandoned = None, deque(), []
        self._is_inherited = not self._is_own


class Connections(_Connections[httpx.Client, httpx.BaseTransport]):
    """The connections of a `BatchClient`."""

    def exchange(
        self, request: httpx.Request, read: Callable[[httpx.Response], Reply], *, is_for_api: bool = True
    ) -> Reply:
        """Send a request, to the API or to any host, and return what reading its response gives."""
        self._check_open()
        if self._http_client is not None or not is_for_api:
            with without_httpx_lines():
                # Credentials may be on the request, so it must neither be redirected nor get others.
                return read(self.client().send(request, stream=True, auth=None, follow_redirects=False))
        if self._transport is not None:
            return read(self._transport.handle_request(request))
        free, transport = self._free, self._take()
        try:
            reply = read(transport.handle_request(request))
        except BaseException:
            transport.close()  # what is still under way on it must not meet the next call
            raise
        free.append((transport, clock.monotonic()))
        for unused in self._leftover(free):
            unused.close()
        return reply

    def client(self) -> httpx.Client:
        """Return an httpx client that sends to any host, without credentials.

        Raises:
            BatchError: the connections are closed, or belong to the process that this one was forked from.
        """
        self._check_open()
        if self._http_client is not None:
            return self._http_client
        if self._any_host is None:
            self._any_host = httpx.Client(**self._options())
        return self._any_host

    def _make(self) -> httpx.BaseTransport:
        return httpx.HTTPTransport(**self._environment.for_transport(self._base_url))

    def close(self) -> None:
        self._is_closed = True
        if self._any_host is not None:
            self._any_host.close()
        elif self._transport is not None:
            self._transport.close()
        for unused in self._leftover(self._free):
            unused.close()


class AsyncConnections(_Connections[httpx.AsyncClient, httpx.AsyncBaseTransport]):
    """The connections of an `AsyncBatchClient`, which belong to the event loop that they were first used in."""

    _event_loop: asyncio.AbstractEventLoop | None = None

    def renew(self) -> None:
        super().renew()
        self._event_loop = None

    async def exchange(
        self, request: httpx.Request, read: Callable[[httpx.Response], Awaitable[Reply]], *, is_for_api: bool = True
    ) -> Reply:
        """See `Connections.exchange`."""
        self._check_open()
        if self._http_client is not None or not is_for_api:
            with without_httpx_lines():
                return await read(await self.client().send(request, stream=True, auth=None, follow_redirects=False))
        if self._transport is not None:
            return await read(await self._transport.handle_async_request(request))
        free, transport = self._free, self._take()
        try:
            reply = await read(await transport.handle_async_request(request))
        except GeneratorExit:  # a coroutine that is closed can wait for nothing
            self._abandoned.append(transport)
            raise
        except BaseException:
            await transport.aclose()
            raise
        free.append((transport, clock.monotonic()))
        for unused in self._leftover(free):
            await unused.aclose()
        return reply

    def client(self) -> httpx.AsyncClient:
        """See `Connections.client`."""
        self._check_open()
        if self._http_client is not None:
            return self._http_client
        if self._any_host is None:
            self._any_host = httpx.AsyncClient(**self._options())
        return self._any_host

    def check_event_loop(self) -> None:
        """Raise BatchError in another event loop than the first."""
        running = _running_loop()
        if self._event_loop is None:
            self._event_loop = running
        if self._event_loop is not running:
            raise BatchError(
                "this AsyncBatchClient was used in another event loop before, to which its connections belong: "
                "make a client in each, for example within the function that asyncio.run runs"
            )

    def _make(self) -> httpx.AsyncBaseTransport:
        return httpx.AsyncHTTPTransport(**self._environment.for_transport(self._base_url))

    async def aclose(self) -> None:
        self._is_closed = True
        # What belongs to an event loop that is gone cannot be closed any more.
        if self._event_loop not in (None, _running_loop()):
            return
        if self._any_host is not None:
            await self._any_host.aclose()
        elif self._transport is not None:
            await self._transport.aclose()
        for unused in (*self._leftover(self._free), *self._abandoned):
            await unused.aclose()


def _running_loop() -> asyncio.AbstractEventLoop:
    import asyncio  # which only the asyncio client needs

    return asyncio.get_running_loop()
