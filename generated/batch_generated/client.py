"""The clients that generated functions take: holders of the httpx clients they send through."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NoReturn, Protocol, Self

import httpx

if TYPE_CHECKING:
    import ssl

PROJECT_HEADER = "X-Batch-Project"
_KEY_HEADERS = ("authorization", PROJECT_HEADER.lower())

DEFAULT_TIMEOUT = httpx.Timeout(connect=5.0, read=30.0, write=30.0, pool=5.0)
"""Seconds that each step of a request may take."""


class AnyClient(Protocol):
    """What a generated function needs of its client."""

    raise_on_unexpected_status: bool

    def get_httpx_client(self) -> httpx.Client: ...

    def get_async_httpx_client(self) -> httpx.AsyncClient: ...


class Client:
    """Hands out httpx clients for an address, made on first use; the API itself needs an `AuthenticatedClient`.

    Use it in a `with` or `async with` statement, which closes the httpx client.

    Args:
        base_url: The address that paths are relative to, with the API version: `https://api.batch.com/2.11`.
        raise_on_unexpected_status: Whether a status that the document does not list raises `errors.UnexpectedStatus`
            rather than giving None.
        cookies: Sent with every request.
        headers: Sent with every request.
        timeout: The `httpx.Timeout` of each step of a request; default: 5 seconds to connect or for a free connection,
            30 to read or write. None waits indefinitely.
        verify_ssl: How TLS certificates are verified, as httpx's `verify`.
        follow_redirects: Whether redirects are followed.
        httpx_args: Further arguments of `httpx.Client` and `httpx.AsyncClient`, such as `transport` or `event_hooks`.

    Raises:
        ValueError: the base URL is not valid, or a header holds a key that cannot be sent.
    """

    def __init__(
        self,
        base_url: str,
        *,
        raise_on_unexpected_status: bool = False,
        cookies: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: httpx.Timeout | None = DEFAULT_TIMEOUT,
        verify_ssl: ssl.SSLContext | str | bool = True,
        follow_redirects: bool = False,
        httpx_args: Mapping[str, Any] | None = None,
    ) -> None:
        self.raise_on_unexpected_status = raise_on_unexpected_status
        self._base_url = _parse_base_url(base_url)
        self._cookies = dict(cookies or {})
        self._headers = _check_headers(headers or {})
        self._timeout = timeout
        self._verify_ssl = verify_ssl
        self._follow_redirects = follow_redirects
        self._httpx_args = dict(httpx_args or {})
        self._client: httpx.Client | None = None
        self._async_client: httpx.AsyncClient | None = None

    def with_headers(self, headers: Mapping[str, str]) -> Self:
        """Return a client like this one that also sends these headers; it has connections of its own."""
        changed = self._headers.copy()
        changed.update(_check_headers(headers))
        return self._changed(_headers=changed)

    def with_cookies(self, cookies: Mapping[str, str]) -> Self:
        """Return a client like this one that also sends these cookies; it has connections of its own."""
        return self._changed(_cookies={**self._cookies, **cookies})

    def with_timeout(self, timeout: httpx.Timeout | None) -> Self:
        """Return a client like this one with another time-out; it has connections of its own."""
        return self._changed(_timeout=timeout)

    def set_httpx_client(self, client: httpx.Client) -> Self:
        """Send through an httpx client of the caller's, as it is: it gets neither credentials nor other settings."""
        self._client = client
        return self

    def set_async_httpx_client(self, async_client: httpx.AsyncClient) -> Self:
        """See `set_httpx_client`."""
        self._async_client = async_client
        return self

    def get_httpx_client(self) -> httpx.Client:
        """Return the httpx client that `sync` functions send through."""
        if self._client is None:
            guard = self._guard()
            self._client = httpx.Client(**self._arguments(guard))
        return self._client

    def get_async_httpx_client(self) -> httpx.AsyncClient:
        """Return the httpx client that `asyncio` functions send through."""
        if self._async_client is None:
            guard = self._guard()

            async def async_guard(request: httpx.Request) -> None:
                guard(request)

            self._async_client = httpx.AsyncClient(**self._arguments(async_guard))
        return self._async_client

    def __enter__(self) -> Self:
        self.get_httpx_client().__enter__()
        return self

    def __exit__(self, *error: Any) -> None:
        self.get_httpx_client().__exit__(*error)

    async def __aenter__(self) -> Self:
        await self.get_async_httpx_client().__aenter__()
        return self

    async def __aexit__(self, *error: Any) -> None:
        await self.get_async_httpx_client().__aexit__(*error)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._base_url!r})"  # httpx hides the password of a URL

    def __reduce__(self) -> NoReturn:
        raise TypeError("a client holds keys and connections and is not pickled: make one in each process")

    def _changed(self, **changes: Any) -> Self:
        other = object.__new__(type(self))
        vars(other).update(vars(self), _client=None, _async_client=None, **changes)
        return other

    def _credentials(self) -> dict[str, str]:
        """Return the headers that only this class sends."""
        return {}

    def _guard(self) -> Any:
        """Return an event hook that takes keys off a request to another origin, such as one that a redirect leads to.

        httpx does so with the header Authorization only.
        """
        names = {*_KEY_HEADERS, *self._credentials()}
        origin = _origin(self._base_url)

        def guard(request: httpx.Request) -> None:
            if _origin(request.url) != origin:
                for name in names:
                    request.headers.pop(name, None)

        return guard

    def _arguments(self, guard: Any) -> dict[str, Any]:
        """Return the arguments of an httpx client that calls a guard before each request."""
        hooks = self._httpx_args.get("event_hooks") or {}
        others = {name: value for name, value in self._httpx_args.items() if name != "event_hooks"}
        return dict(  # which raises TypeError for an argument that has a name of its own here
            base_url=self._base_url,
            cookies=self._cookies,
            headers=httpx.Headers({**self._headers, **self._credentials()}),
            timeout=self._timeout,
            verify=self._verify_ssl,
            follow_redirects=self._follow_redirects,
            event_hooks={**hooks, "request": [*hooks.get("request", ()), guard]},
            **others,
        )


class AuthenticatedClient(Client):
    """A `Client` that sends the REST API key, and the project key if it is given here or as a header.

    Its repr shows neither, and it is not pickled. Where redirects are followed, both stay at the base URL's origin.

    Args:
        base_url: See `Client`; so are the arguments that are not listed here.
        token: The company's REST API key.
        prefix: What stands before the token in its header.
        auth_header_name: The header that holds the token.
        project_key: Key of the project that calls act on, for the header `X-Batch-Project`.

    Raises:
        ValueError: the base URL is not valid, a key cannot be sent, or the project key is given twice.
    """

    def __init__(
        self,
        base_url: str,
        token: str,
        prefix: str = "Bearer",
        auth_header_name: str = "Authorization",
        *,
        project_key: str | None = None,
        raise_on_unexpected_status: bool = False,
        cookies: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: httpx.Timeout | None = DEFAULT_TIMEOUT,
        verify_ssl: ssl.SSLContext | str | bool = True,
        follow_redirects: bool = False,
        httpx_args: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(
            base_url,
            raise_on_unexpected_status=raise_on_unexpected_status,
            cookies=cookies,
            headers=headers,
            timeout=timeout,
            verify_ssl=verify_ssl,
            follow_redirects=follow_redirects,
            httpx_args=httpx_args,
        )
        self.token = _check_key(token, "token")
        self.prefix = prefix
        self.auth_header_name = auth_header_name
        if project_key is not None:
            if PROJECT_HEADER in self._headers:
                raise ValueError(f"project_key is also given as the header {PROJECT_HEADER}")
            self._headers[PROJECT_HEADER] = _check_key(project_key, "project_key")

    def _credentials(self) -> dict[str, str]:
        return {self.auth_header_name: f"{self.prefix} {self.token}" if self.prefix else self.token}


def _check_headers(headers: Mapping[str, str]) -> httpx.Headers:
    for name, value in headers.items():
        if name.lower() in _KEY_HEADERS:
            _check_key(value, name)
    return httpx.Headers(headers)


def _check_key(value: str, name: str) -> str:
    """Return a key; raise ValueError, without showing it, if it cannot be sent: httpx's error would show it."""
    if not value:
        raise ValueError(f"{name} is empty")
    if not (value.isascii() and value.isprintable()) or value != value.strip():
        raise ValueError(
            f"{name} contains characters that no header may hold; it may have been copied with a line break"
        )
    return value


def _parse_base_url(value: str) -> httpx.URL:
    try:
        url = httpx.URL(value)
    except (httpx.InvalidURL, TypeError):
        url = httpx.URL()
    if url.scheme not in ("http", "https") or not url.host:
        raise ValueError("base_url must begin with https:// and name a host, for example https://api.batch.com/2.11")
    return url


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port
