"""What a client is made from: checked before any request, with errors that say how to mend it and show no key."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest

from batch_client import API_VERSIONS, AsyncBatchClient, BatchClient, ConfigurationError, UnsupportedVersionError
from tests.conftest import KEYS

NEWEST = API_VERSIONS[-1]
CLIENTS = [BatchClient, AsyncBatchClient]

pytestmark = pytest.mark.parametrize("client", CLIENTS)


@pytest.mark.parametrize("argument", ["rest_api_key", "project_key"])
@pytest.mark.parametrize(
    ("key", "problem"),
    [
        ("", "is empty"),
        ("  \t", "is empty"),
        ("secret key", "contains white space"),
        ("secret\n", "line break"),
        ("secret\r\nX-Evil: 1", "line break"),
        ("secrét", "not printable ASCII"),
        ("secret\x00", "not printable ASCII"),
        (12345, "must be a string, not int"),
    ],
)
def test_malformed_key_is_refused_without_showing_it(client: Any, argument: str, key: Any, problem: str) -> None:
    with pytest.raises(ConfigurationError, match=problem) as caught:
        client(**(KEYS | {argument: key}))
    assert argument in str(caught.value)
    assert "secr" not in str(caught.value)
    assert isinstance(caught.value, ValueError)


@pytest.mark.parametrize(
    ("argument", "variable"), [("rest_api_key", "BATCH_REST_API_KEY"), ("project_key", "BATCH_PROJECT_KEY")]
)
def test_missing_key_names_argument_and_variable(client: Any, argument: str, variable: str) -> None:
    with pytest.raises(ConfigurationError, match=f"no {argument}: .* {variable}"):
        client(**{name: key for name, key in KEYS.items() if name != argument})


def test_environment_is_the_default(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BATCH_REST_API_KEY", "key")
    monkeypatch.setenv("BATCH_PROJECT_KEY", "project")
    monkeypatch.setenv("BATCH_API_VERSION", API_VERSIONS[1])
    monkeypatch.setenv("BATCH_BASE_URL", "http://localhost:8080/")
    batch = client()
    assert (batch.api_version, batch.base_url) == (API_VERSIONS[1], "http://localhost:8080")
    assert client(api_version=API_VERSIONS[0]).api_version == API_VERSIONS[0]


def test_malformed_key_of_the_environment_names_the_variable(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BATCH_REST_API_KEY", "")
    with pytest.raises(ConfigurationError, match="BATCH_REST_API_KEY is empty"):
        client(project_key="project")


def test_newest_version_is_the_default(client: Any) -> None:
    assert client(**KEYS).api_version == API_VERSIONS[-1]


@pytest.mark.parametrize("version", ["1.0", "2", "99.0", f"v{NEWEST}", "", f"{NEWEST}/../x"])
def test_other_version_names_the_supported_ones(client: Any, version: str) -> None:
    with pytest.raises(UnsupportedVersionError, match=re.escape(f"use one of {', '.join(API_VERSIONS)}")):
        client(**KEYS, api_version=version)


@pytest.mark.parametrize("url", ["http://127.0.0.1:1", "http://127.8.8.8", "http://localhost", "http://[::1]:8080"])
def test_loopback_may_be_unencrypted(client: Any, url: str) -> None:
    assert client(**KEYS, base_url=url).base_url == url


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("http://api.batch.com", "unencrypted"),
        ("http://10.0.0.1", "unencrypted"),
        ("http://localhost.example.com", "unencrypted"),
        ("ftp://api.batch.com", "https://"),
        ("api.batch.com", "https://"),
        ("", "https://"),
        ("https://user:password@api.batch.com", "no user"),
        ("https://api.batch.com/?a=b", "no user, query"),
        (f"https://api.batch.com/{NEWEST}", "must not end with an API version"),
    ],
)
def test_wrong_base_url_is_refused(client: Any, url: str, problem: str) -> None:
    with pytest.raises(ConfigurationError, match=problem) as caught:
        client(**KEYS, base_url=url)
    assert "password" not in str(caught.value)


def test_transport_and_http_client_exclude_each_other(client: Any) -> None:
    http_client = httpx.Client() if client is BatchClient else httpx.AsyncClient()
    with pytest.raises(ConfigurationError, match="either transport or http_client"):
        client(**KEYS, transport=httpx.MockTransport(lambda _: httpx.Response(200)), http_client=http_client)


def test_repr_shows_no_key(client: Any) -> None:
    batch = client(**KEYS)
    shown = repr(batch) + repr(batch.generated) + str(batch) + repr(batch._settings) + repr(vars(batch))
    assert repr(batch) == f"{client.__name__}(base_url='https://api.batch.com', api_version='{NEWEST}')"
    for key in KEYS.values():
        assert key[:8] not in shown


@pytest.mark.parametrize("timeout", [float("nan"), -1, 10**400, "soon", "1", httpx.Timeout(5, read=-1), object()])
def test_timeout_must_be_seconds(timeout: Any, client: Any) -> None:
    with pytest.raises(ConfigurationError, match="timeout must be a number of seconds from 0"):
        client(**KEYS, timeout=timeout)


@pytest.mark.parametrize("timeout", [0, 0.5, 10, httpx.Timeout(None), float("inf")])
def test_timeout_may_be_any_number_of_seconds(timeout: Any, client: Any) -> None:
    client(**KEYS, timeout=timeout)


@pytest.mark.fault("the port of base_url is beyond 65,535", "it is refused: a resolver would lead the keys to another")
@pytest.mark.parametrize(
    "address",
    [
        "https://a..example.com",
        "https://xn--a",
        "https://[",
        "https://h/\ud800",
        "https://h:65979",
        "https://h:0",
        "https://h:-1",
    ],
)
def test_address_that_nothing_can_connect_to_is_refused(address: str, client: Any) -> None:
    with pytest.raises(ConfigurationError, match="base_url"):
        client(**KEYS, base_url=address)
