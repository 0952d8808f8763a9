"""Checks what a client is made from, before any request: keys, API version, base URL."""

from __future__ import annotations

import ipaddress
import os
import re
import socket
import ssl
import sys
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import NamedTuple

import httpx

from batch_client._transport.address import Address
from batch_client._transport.attempts import DEFAULT_MAX_RETRIES
from batch_client._transport.connections import Environment
from batch_client._transport.credentials import Credentials, Secret
from batch_client._transport.rates import RateLimiter
from batch_client._version import __version__
from batch_client.errors import ConfigurationError, InsecureConnectionWarning, UnsupportedVersionError
from batch_generated.api import API_VERSIONS, DEFAULT_API_VERSION, RATE_LIMITS
from batch_generated.types import RateLimit

REST_API_KEY = "BATCH_REST_API_KEY"
PROJECT_KEY = "BATCH_PROJECT_KEY"
API_VERSION = "BATCH_API_VERSION"
BASE_URL = "BATCH_BASE_URL"

DEFAULT_BASE_URL = "https://api.batch.com"
DEFAULT_TIMEOUT = httpx.Timeout(connect=5.0, read=30.0, write=30.0, pool=5.0)
"""Seconds that each step of a request may take."""
_USER_AGENT = f"batch-client/{__version__} Python/{'.'.join(map(str, sys.version_info[:3]))}"
_PROXY_VARIABLES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


class Settings(NamedTuple):
    """What both twins are made from, checked."""

    credentials: Credentials
    address: Address
    api_version: str
    base_url: str
    timeout: httpx.Timeout
    max_retries: int
    limiter: RateLimiter | None


def resolve(
    rest_api_key: Secret,
    project_key: Secret,
    *,
    api_version: str | None,
    base_url: str | None,
    timeout: float | httpx.Timeout | None,
    max_retries: int | None,
    rate_limits: Mapping[str, RateLimit] | None,
) -> Settings:
    """Return the settings that arguments and environment give."""
    url = resolve_base_url(base_url)
    credentials = Credentials(
        resolve_key(rest_api_key, "rest_api_key", REST_API_KEY),
        resolve_key(project_key, "project_key", PROJECT_KEY),
        url,
    )
    version, timeouts = resolve_version(api_version), resolve_timeout(timeout)
    return Settings(
        credentials=credentials,
        address=Address(f"{url}/{version}", _USER_AGENT, timeouts, credentials),
        api_version=version,
        base_url=url,
        timeout=timeouts,
        max_retries=resolve_max_retries(max_retries),
        limiter=None if rate_limits is None else RateLimiter(resolve_rate_limits(rate_limits), credentials.project),
    )


def describe(client: object) -> str:
    """Return the repr of a client, which may be half made when a traceback shows it."""
    shown = ", ".join(f"{name}={getattr(client, name, None)!r}" for name in ("base_url", "api_version"))
    return f"{type(client).__name__}({shown})"


def resolve_environment(
    verify: ssl.SSLContext | bool, base_url: str, transport: object | None, http_client: object | None
) -> Environment:
    """Return what connections are made with, where the caller passes nothing to send through."""
    if transport is not None and http_client is not None:
        raise ConfigurationError("pass either transport or http_client, not both")
    if verify is not True and (transport is not None or http_client is not None):
        raise ConfigurationError("verify has no effect on the transport or http_client passed: set it there")
    if verify is False:
        warnings.warn(
            "TLS certificates are not verified: whoever is on the way can read the keys",
            InsecureConnectionWarning,
            stacklevel=3,
        )
    # http:// is for loopback only, and a proxy taken from the environment would get the keys to read.
    return Environment(verify, trusts=base_url.startswith("https:"))


@contextmanager
def checks_environment() -> Iterator[None]:
    """Turn what httpx raises about proxies and certificates of the environment into a ConfigurationError."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise ConfigurationError(f"cannot load the certificates of SSL_CERT_FILE or SSL_CERT_DIR: {reason}") from None
    except (ValueError, httpx.InvalidURL, ImportError) as error:
        # The address is not shown: it may hold a password.
        reason = "SOCKS needs: pip install 'httpx[socks]'" if isinstance(error, ImportError) else "not a valid URL"
        names = sorted(name for name in os.environ if name.lower() in _PROXY_VARIABLES)
        raise ConfigurationError(f"cannot use the proxy of the environment ({', '.join(names)}): {reason}") from None


def resolve_key(secret: Secret, argument: str, variable: str) -> Secret:
    """Return a key from the argument or the environment; the error of a bad one never shows it."""
    source = argument
    if secret.reveal() is None:
        source, secret = variable, Secret(os.environ.get(variable))
    if secret.reveal() is None:
        raise ConfigurationError(f"no {argument}: pass it to the client or set the environment variable {variable}")
    if (flaw := secret.flaw()) is not None:
        raise ConfigurationError(f"{source} {flaw}")
    return secret


def resolve_version(value: str | None) -> str:
    """Return the API version from the argument, the environment, or the newest."""
    name = value if value is not None else os.environ.get(API_VERSION, DEFAULT_API_VERSION)
    if name not in API_VERSIONS:
        raise UnsupportedVersionError(f"API version {name!r} is not supported; use one of {', '.join(API_VERSIONS)}")
    return name


def resolve_base_url(value: str | None) -> str:
    """Return the address of the API without its version, from the argument, the environment, or the real one."""
    text = value if value is not None else os.environ.get(BASE_URL, DEFAULT_BASE_URL)
    try:
        url = httpx.URL(text)
        host = url.host
    except (httpx.InvalidURL, TypeError, UnicodeError):
        raise ConfigurationError(f"base_url is no URL; the default is {DEFAULT_BASE_URL}") from None
    if url.scheme not in ("http", "https") or not host:
        raise ConfigurationError(
            f"base_url must begin with https:// and name a host; the default is {DEFAULT_BASE_URL}"
        )
    try:
        check_address(url)
    except ValueError as error:
        raise ConfigurationError(f"base_url names a {error} that is not valid") from None
    if url.userinfo or url.query or url.fragment:
        raise ConfigurationError("base_url must hold no user, query or fragment")
    if url.scheme == "http" and not is_loopback(host):
        raise ConfigurationError(
            f"base_url http://{host} would send the keys unencrypted; use https:// (http:// is for loopback only)"
        )
    if re.search(r"/\d+\.\d+/?$", url.path):
        raise ConfigurationError("base_url must not end with an API version; pass that as api_version")
    return str(url).rstrip("/")


def resolve_timeout(value: float | httpx.Timeout | None) -> httpx.Timeout:
    """Return the time-outs of each step of a request."""
    if value is None:
        return DEFAULT_TIMEOUT
    try:
        timeout = value if isinstance(value, httpx.Timeout) else httpx.Timeout(value + 0.0)
        if all(seconds is None or seconds >= 0 for seconds in timeout.as_dict().values()):
            return timeout
    except (TypeError, ValueError, OverflowError):
        pass
    raise ConfigurationError("timeout must be a number of seconds from 0, or an httpx.Timeout of such")


def resolve_max_retries(value: int | None) -> int:
    """Return how often a call may be tried again."""
    if value is None:
        return DEFAULT_MAX_RETRIES
    if not isinstance(value, int) or value < 0:
        raise ConfigurationError(f"max_retries must be a whole number from 0, not {value!r}")
    return value


def resolve_rate_limits(value: Mapping[str, RateLimit]) -> Mapping[str, RateLimit]:
    """Return rate limits that the operations know."""
    unknown = sorted(value.keys() - RATE_LIMITS.keys())
    if unknown:
        raise ConfigurationError(f"no rate limit is called {unknown[0]!r}; there are {', '.join(RATE_LIMITS)}")
    for name, limit in value.items():
        if min(limit.units, limit.seconds, limit.burst) <= 0:
            raise ConfigurationError(f"units, seconds and burst of the rate limit {name!r} must be above 0")
    return dict(value)


def is_loopback(host: str) -> bool:
    """Return whether a host is this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def check_address(url: httpx.URL) -> None:
    """Raise ValueError, which says what is wrong, if no system could connect to a URL's host and port."""
    try:
        url.host.encode("idna")
    except UnicodeError:
        raise ValueError("host") from None
    if "%" in url.host:  # httpx writes characters so that no name can have
        raise ValueError("host")
    # A resolver would take a larger one modulo 65,536.
    if url.port is not None and not 0 < url.port < 2**16:
        raise ValueError("port")


def is_this_machine(host: str) -> bool:
    """Return whether a host names this machine in whatever form a resolver reads, such as `127.1` or `localhost.`."""
    name = host.rstrip(".").lower()
    if name in _OWN_NAMES or name.endswith(".localhost") or name == socket.gethostname().lower():
        return True
    try:
        address = ipaddress.ip_address(socket.inet_aton(name))
    except OSError:
        try:
            address = ipaddress.ip_address(name)
        except ValueError:
            return False
    if address.version == 6 and int(address) < 2**32 and not address.is_loopback:  # "::127.0.0.1"
        address = ipaddress.IPv4Address(int(address))
    address = getattr(address, "ipv4_mapped", None) or address
    return address.is_loopback or address.is_unspecified


_OWN_NAMES = ("localhost", "localhost.localdomain", "ip6-localhost", "ip6-loopback")
