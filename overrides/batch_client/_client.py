"""The two clients: `BatchClient` and its twin for asyncio."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, NoReturn, Self

import httpx

from batch_client import _settings
from batch_client._calls.callers import AsyncBatchCaller, BatchCaller
from batch_client._calls.generated import GeneratedClient
from batch_client._transport.connections import AsyncConnections, Connections
from batch_client._transport.credentials import Secret
from batch_client._transport.sender import AsyncSender, Sender
from batch_generated.api import RATE_LIMITS, AsyncResources, Resources
from batch_generated.types import RateLimit

if TYPE_CHECKING:
    from batch_client.bulk import AsyncBulk, Bulk


class BatchClient(Resources):
    """A client of Batch's REST API for one project, safe to share between threads.

    Use it in a `with` statement, or call `close()` when done.

    Args:
        rest_api_key: The company's REST API key; default: the environment variable BATCH_REST_API_KEY.
        project_key: Key of the project that calls act on; default: BATCH_PROJECT_KEY.
        api_version: Version of the API, such as "2.11"; default: BATCH_API_VERSION, else the newest supported.
        base_url: Address of the API without a version; default: BATCH_BASE_URL, else https://api.batch.com.
        timeout: Seconds for each step of a request (connect, read, write, wait for a free connection), or an
            `httpx.Timeout`; default: 5 to connect or for a free connection, 30 to read or write.
        max_retries: How often a call is tried again where that is safe; default: 4. 0 tries once.
        rate_limits: The rate limits to keep, shared by all clients of the project in this process; default: those of
            the API, `RATE_LIMITS`. To change one: `RATE_LIMITS | {"default": RateLimit(units=5, seconds=1, burst=5)}`.
            None keeps none.
        verify: How TLS certificates are verified: an `ssl.SSLContext` with certificates of your own; False verifies
            nothing, with a warning.
        transport: An httpx transport to send through.
        http_client: An `httpx.Client` to send through, with its proxies, certificates and event hooks; it is not
            closed with this client.

    Raises:
        ConfigurationError: a key is missing or malformed, or the base URL is no good; nothing was sent.
        UnsupportedVersionError: the API version is not supported.

    Documentation: https://doc.batch.com/developer/api/cep
    """

    def __init__(
        self,
        rest_api_key: str | None = None,
        project_key: str | None = None,
        *,
        api_version: str | None = None,
        base_url: str | None = None,
        timeout: float | httpx.Timeout | None = None,
        max_retries: int | None = None,
        rate_limits: Mapping[str, RateLimit] | None = RATE_LIMITS,
        verify: ssl.SSLContext | bool = True,
        transport: httpx.BaseTransport | None = None,
        http_client: httpx.Client | None = None,
    ) -> None:
        keys = Secret(rest_api_key), Secret(project_key)
        del rest_api_key, project_key  # so that no traceback shows them among the variables
        settings = _settings.resolve(
            *keys,
            api_version=api_version,
            base_url=base_url,
            timeout=timeout,
            max_retries=max_retries,
            rate_limits=rate_limits,
        )
        environment = _settings.resolve_environment(verify, settings.base_url, transport, http_client)
        self.api_version = settings.api_version
        self.base_url = settings.base_url
        with _settings.checks_environment():
            self._connections = Connections(environment, httpx.URL(self.base_url), transport, http_client)
        self._sender = Sender(self._connections, settings.credentials, settings.max_retries, settings.limiter)
        self._settings = settings
        self._batch_caller = BatchCaller(self._sender, settings)
        super().__init__(self._batch_caller)

    @cached_property
    def generated(self) -> GeneratedClient:
        """The client to hand to any function of `batch_generated`."""
        from batch_client._calls.http import HttpClient  # which few need

        http = HttpClient(self._sender, self._settings.address, self._settings.credentials)
        return GeneratedClient(httpx_client=http)

    @cached_property
    def bulk(self) -> Bulk:
        """Sends any number of records; needs the extra `bulk`."""
        from batch_client.bulk import Bulk  # loads the bundle, which few need

        return Bulk(self._batch_caller, lambda tag, name, token: getattr(self, tag).task(name, token))

    def close(self) -> None:
        """Close the connections."""
        self._connections.close()
        if "generated" in vars(self):
            self.generated.get_httpx_client().close()

    def __reduce__(self) -> NoReturn:
        raise TypeError("a client holds keys and connections and is not pickled: make one in each process")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return _settings.describe(self)


class AsyncBatchClient(AsyncResources):
    """The twin of `BatchClient` for asyncio: same arguments, same operations, same errors.

    Use it in an `async with` statement, or call `aclose()` when done.
    """

    def __init__(
        self,
        rest_api_key: str | None = None,
        project_key: str | None = None,
        *,
        api_version: str | None = None,
        base_url: str | None = None,
        timeout: float | httpx.Timeout | None = None,
        max_retries: int | None = None,
        rate_limits: Mapping[str, RateLimit] | None = RATE_LIMITS,
        verify: ssl.SSLContext | bool = True,
        transport: httpx.AsyncBaseTransport | None = None,
        http_client: httpx.AsyncClient | None = None,
    ) -> None:
        keys = Secret(rest_api_key), Secret(project_key)
        del rest_api_key, project_key  # so that no traceback shows them among the variables
        settings = _settings.resolve(
            *keys,
            api_version=api_version,
            base_url=base_url,
            timeout=timeout,
            max_retries=max_retries,
            rate_limits=rate_limits,
        )
        environment = _settings.resolve_environment(verify, settings.base_url, transport, http_client)
        self.api_version = settings.api_version
        self.base_url = settings.base_url
        with _settings.checks_environment():
            self._connections = AsyncConnections(environment, httpx.URL(self.base_url), transport, http_client)
        self._sender = AsyncSender(self._connections, settings.credentials, settings.max_retries, settings.limiter)
        self._settings = settings
        self._batch_caller = AsyncBatchCaller(self._sender, settings)
        super().__init__(self._batch_caller)

    @cached_property
    def generated(self) -> GeneratedClient:
        """The client to hand to any function of `batch_generated`."""
        from batch_client._calls.http import AsyncHttpClient  # which few need

        http = AsyncHttpClient(self._sender, self._settings.address, self._settings.credentials)
        return GeneratedClient(async_httpx_client=http)

    @cached_property
    def bulk(self) -> AsyncBulk:
        """Sends any number of records; needs the extra `bulk`."""
        from batch_client.bulk import AsyncBulk  # loads the bundle, which few need

        return AsyncBulk(self._batch_caller, lambda tag, name, token: getattr(self, tag).task(name, token))

    async def aclose(self) -> None:
        """Close the connections."""
        await self._connections.aclose()
        if "generated" in vars(self):
            await self.generated.get_async_httpx_client().aclose()

    def __reduce__(self) -> NoReturn:
        raise TypeError("a client holds keys and connections and is not pickled: make one in each process")

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    def __repr__(self) -> str:
        return _settings.describe(self)
