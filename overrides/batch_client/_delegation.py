"""Sends through an httpx client of the user's, with its proxies, certificates and hooks, without changing it."""

from __future__ import annotations

import httpx


class DelegatingTransport(httpx.BaseTransport):
    """Hands each request to a client, which stays its owner's to close."""

    def __init__(self, client: httpx.Client) -> None:
        self._client = client

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        # The credentials are on the request already, so it must neither be redirected nor get others.
        return self._client.send(request, stream=True, auth=None, follow_redirects=False)


class AsyncDelegatingTransport(httpx.AsyncBaseTransport):
    """The twin of `DelegatingTransport` for asyncio."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return await self._client.send(request, stream=True, auth=None, follow_redirects=False)
