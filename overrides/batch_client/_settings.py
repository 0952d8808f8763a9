"""Checks what a client is made from, before any request: keys, API version, base URL."""

from __future__ import annotations

import ipaddress
import os
import re

import httpx

from batch_client._retry import DEFAULT_MAX_RETRIES
from batch_client.errors import ConfigurationError, UnsupportedVersionError
from batch_generated.api import API_VERSIONS, DEFAULT_API_VERSION

REST_API_KEY = "BATCH_REST_API_KEY"
PROJECT_KEY = "BATCH_PROJECT_KEY"
API_VERSION = "BATCH_API_VERSION"
BASE_URL = "BATCH_BASE_URL"

DEFAULT_BASE_URL = "https://api.batch.com"


def resolve_key(value: str | None, argument: str, variable: str) -> str:
    """Return a key from the argument or the environment; the error of a bad one never shows it."""
    source = argument if value is not None else variable
    key = value if value is not None else os.environ.get(variable)
    if key is None:
        raise ConfigurationError(f"no {argument}: pass it to the client or set the environment variable {variable}")
    if not isinstance(key, str):
        raise ConfigurationError(f"{source} must be a string, not {type(key).__name__}")
    if not key.strip():
        raise ConfigurationError(f"{source} is empty")
    if re.search(r"\s", key):
        raise ConfigurationError(f"{source} contains white space or a line break; it may have been copied with one")
    if not (key.isascii() and key.isprintable()):
        raise ConfigurationError(f"{source} contains characters that are not printable ASCII")
    return key


def resolve_version(value: str | None) -> str:
    """Return the API version from the argument, the environment, or the newest."""
    version = value if value is not None else os.environ.get(API_VERSION, DEFAULT_API_VERSION)
    if version not in API_VERSIONS:
        raise UnsupportedVersionError(f"API version {version!r} is not supported; use one of {', '.join(API_VERSIONS)}")
    return version


def resolve_base_url(value: str | None) -> str:
    """Return the address of the API without its version, from the argument, the environment, or the real one."""
    text = value if value is not None else os.environ.get(BASE_URL, DEFAULT_BASE_URL)
    try:
        url = httpx.URL(text)
    except (httpx.InvalidURL, TypeError):
        raise ConfigurationError(f"base_url is no URL; the default is {DEFAULT_BASE_URL}") from None
    if url.scheme not in ("http", "https") or not url.host:
        raise ConfigurationError(
            f"base_url must begin with https:// and name a host; the default is {DEFAULT_BASE_URL}"
        )
    if url.userinfo or url.query or url.fragment:
        raise ConfigurationError("base_url must hold no user, query or fragment")
    if url.scheme == "http" and not _is_loopback(url.host):
        raise ConfigurationError(
            f"base_url http://{url.host} would send the keys unencrypted; use https:// (http:// is for loopback only)"
        )
    if re.search(r"/\d+\.\d+/?$", url.path):
        raise ConfigurationError("base_url must not end with an API version; pass that as api_version")
    return str(url).rstrip("/")


def resolve_max_retries(value: int | None) -> int:
    """Return how often a call may be tried again."""
    if value is None:
        return DEFAULT_MAX_RETRIES
    if not isinstance(value, int) or value < 0:
        raise ConfigurationError(f"max_retries must be a whole number from 0, not {value!r}")
    return value


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
