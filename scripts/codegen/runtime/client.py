"""The clients that generated functions take: holders of the httpx clients they send through."""

from typing import Protocol

import httpx
from attrs import define, field


class Client(Protocol):
    """What a generated function needs. `AuthenticatedClient` is the one in use."""

    raise_on_unexpected_status: bool

    def get_httpx_client(self) -> httpx.Client: ...

    def get_async_httpx_client(self) -> httpx.AsyncClient: ...


@define(kw_only=True)
class AuthenticatedClient:
    """Hands its httpx clients, which know the base URL and add the credentials, to generated functions.

    It is `batch.generated` of a `BatchClient` or an `AsyncBatchClient`; it holds no credential itself.
    """

    raise_on_unexpected_status: bool = False
    """Whether a status that the document does not list raises `errors.UnexpectedStatus` rather than giving None."""
    httpx_client: httpx.Client | None = field(default=None, repr=False)
    async_httpx_client: httpx.AsyncClient | None = field(default=None, repr=False)

    def get_httpx_client(self) -> httpx.Client:
        """Return the httpx client for `sync` functions; raise TypeError in an asyncio client."""
        if self.httpx_client is None:
            raise TypeError("this client is for asyncio: use asyncio or asyncio_detailed, or a BatchClient")
        return self.httpx_client

    def get_async_httpx_client(self) -> httpx.AsyncClient:
        """Return the httpx client for `asyncio` functions; raise TypeError in a sync client."""
        if self.async_httpx_client is None:
            raise TypeError("this client is not for asyncio: use sync or sync_detailed, or an AsyncBatchClient")
        return self.async_httpx_client
