"""The two clients: `BatchClient` and its twin for asyncio."""

from __future__ import annotations

import platform
from importlib.metadata import version
from typing import Any, Self

import httpx

from batch_client import _settings
from batch_client._auth import ProjectAuth
from batch_client._callers import AsyncBatchCaller, BatchCaller
from batch_client._delegation import AsyncDelegatingTransport, DelegatingTransport
from batch_client._retry import AsyncRetryTransport, RetryTransport
from batch_client.errors import ConfigurationError
from batch_generated import AuthenticatedClient
from batch_generated.api import AsyncResources, Resources

DEFAULT_TIMEOUT = httpx.Timeout(connect=5.0, read=30.0, write=30.0, pool=5.0)
"""Seconds that each step of a request may take."""


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
        transport: httpx.BaseTransport | None = None,
        http_client: httpx.Client | None = None,
    ) -> None:
        if transport is not None and http_client is not None:
            raise ConfigurationError("pass either transport or http_client, not both")
        self.api_version = _settings.resolve_version(api_version)
        self.base_url = _settings.resolve_base_url(base_url)
        options = _http_options(rest_api_key, project_key, self.api_version, self.base_url, timeout)
        retries = _settings.resolve_max_retries(max_retries)
        if transport is None:
            # The client beneath takes proxies from the environment, which httpx does for its own transport only.
            beneath = http_client if http_client is not None else httpx.Client()
            transport = DelegatingTransport(beneath, owns=http_client is None)
        self._http = httpx.Client(transport=RetryTransport(transport, retries), **options)
        self.generated = AuthenticatedClient(httpx_client=self._http)
        """The client to hand to any function of `batch_generated`."""
        super().__init__(BatchCaller(self.generated, self.api_version))

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"BatchClient(base_url={self.base_url!r}, api_version={self.api_version!r})"


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
        transport: httpx.AsyncBaseTransport | None = None,
        http_client: httpx.AsyncClient | None = None,
    ) -> None:
        if transport is not None and http_client is not None:
            raise ConfigurationError("pass either transport or http_client, not both")
        self.api_version = _settings.resolve_version(api_version)
        self.base_url = _settings.resolve_base_url(base_url)
        options = _http_options(rest_api_key, project_key, self.api_version, self.base_url, timeout)
        retries = _settings.resolve_max_retries(max_retries)
        if transport is None:
            # The client beneath takes proxies from the environment, which httpx does for its own transport only.
            beneath = http_client if http_client is not None else httpx.AsyncClient()
            transport = AsyncDelegatingTransport(beneath, owns=http_client is None)
        self._http = httpx.AsyncClient(transport=AsyncRetryTransport(transport, retries), **options)
        self.generated = AuthenticatedClient(async_httpx_client=self._http)
        """The client to hand to any function of `batch_generated`."""
        super().__init__(AsyncBatchCaller(self.generated, self.api_version))

    async def aclose(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    def __repr__(self) -> str:
        return f"AsyncBatchClient(base_url={self.base_url!r}, api_version={self.api_version!r})"


def _http_options(
    rest_api_key: str | None,
    project_key: str | None,
    api_version: str,
    base_url: str,
    timeout: float | httpx.Timeout | None,
) -> dict[str, Any]:
    """Return what both twins give to their httpx client."""
    rest_api_key = _settings.resolve_key(rest_api_key, "rest_api_key", _settings.REST_API_KEY)
    project_key = _settings.resolve_key(project_key, "project_key", _settings.PROJECT_KEY)
    return {
        "auth": ProjectAuth(rest_api_key, project_key, base_url),
        "base_url": f"{base_url}/{api_version}",
        "follow_redirects": False,
        "headers": {
            "Accept": "application/json",
            "User-Agent": f"batch-client/{version('batch-client')} Python/{platform.python_version()}",
        },
        "timeout": DEFAULT_TIMEOUT if timeout is None else timeout,
    }
