"""Sends through an httpx client, with its proxies, certificates and hooks, without changing it."""

from __future__ import annotations

import httpx


class DelegatingTransport(httpx.BaseTransport):
    """Hands each request to a client, which is closed with the transport only if that `owns` it."""

    def __init__(self, client: httpx.Client, *, owns: bool) -> None:
        self._client = client
        self._owns = owns

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        # The credentials are on the request already, so it must neither be redirected nor get others.
        return self._client.send(request, stream=True, auth=None, follow_redirects=False)

    def close(self) -> None:
        if self._owns:
            self._client.close()


class AsyncDelegatingTransport(httpx.AsyncBaseTransport):
    """The twin of `DelegatingTransport` for asyncio."""

    def __init__(self, client: httpx.AsyncClient, *, owns: bool) -> None:
        self._client = client
        self._owns = owns

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return await self._client.send(request, stream=True, auth=None, follow_redirects=False)

    async def aclose(self) -> None:
        if self._owns:
            await self._client.aclose()
