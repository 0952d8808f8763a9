"""What `batch.generated` is: it hands the client's httpx client to functions of `batch_generated`."""

from __future__ import annotations

import httpx


class GeneratedClient:
    """Hands out an httpx client that knows the base URL and adds the credentials; it holds no credential itself."""

    def __init__(
        self, *, httpx_client: httpx.Client | None = None, async_httpx_client: httpx.AsyncClient | None = None
    ) -> None:
        self.raise_on_unexpected_status = False
        """Whether a status that the document does not list raises `UnexpectedStatus` rather than giving None."""
        self._httpx_client = httpx_client
        self._async_httpx_client = async_httpx_client

    def get_httpx_client(self) -> httpx.Client:
        """Return the httpx client for `sync` functions; raise TypeError in an asyncio client."""
        if self._httpx_client is None:
            raise TypeError("this client is for asyncio: use asyncio or asyncio_detailed, or a BatchClient")
        return self._httpx_client

    def get_async_httpx_client(self) -> httpx.AsyncClient:
        """Return the httpx client for `asyncio` functions; raise TypeError in a sync client."""
        if self._async_httpx_client is None:
            raise TypeError("this client is not for asyncio: use sync or sync_detailed, or an AsyncBatchClient")
        return self._async_httpx_client

    def __repr__(self) -> str:
        return f"{type(self).__name__}(raise_on_unexpected_status={self.raise_on_unexpected_status})"
