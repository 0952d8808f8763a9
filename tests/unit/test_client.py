"""The clients' ways of sending: credentials, an own transport, an httpx client of the user's, and what is imported."""

from __future__ import annotations

import asyncio
import inspect
import logging
import subprocess
import sys
import threading
from typing import Any

import httpx
import pytest

from batch_client import APIConnectionError, AsyncBatchClient, BatchClient, BatchError, ConfigurationError
from batch_client._transport import sender
from batch_generated.api import OPERATIONS, AsyncResources, Resources
from tests.calls import AUDIENCE
from tests.conftest import KEYS, Twin


def answer(request: httpx.Request) -> httpx.Response:
    return httpx.Response(200, json=AUDIENCE)


async def test_both_credentials_go_with_a_call_and_stay_nowhere(twin: Twin) -> None:
    sent: list[dict[str, str]] = []

    def handler(request: httpx.Request) -> httpx.Response:
        sent.append(dict(request.headers))
        return httpx.Response(200, json=AUDIENCE)

    batch = twin.make(handler)
    from batch_generated.api.audiences import audience_view

    function = audience_view.sync_detailed if twin.name == "sync" else audience_view.asyncio_detailed
    await twin.finish(function(client=batch.generated, name="vip"))
    assert sent[0]["authorization"] == f"Bearer {KEYS['rest_api_key']}"
    assert sent[0]["x-batch-project"] == KEYS["project_key"]
    assert sent[0]["user-agent"].startswith("batch-client/")


@pytest.mark.parametrize(
    "url", ["https://files.example.com/1", "http://api.batch.com/2.0/x", "https://api.batch.com:8443/x"]
)
async def test_no_credential_goes_to_another_origin(twin: Twin, url: str) -> None:
    sent: list[httpx.Headers] = []

    def handler(request: httpx.Request) -> httpx.Response:
        sent.append(request.headers.copy())
        return httpx.Response(200)

    await twin.finish(twin.http_client(twin.make(handler)).get(url))
    assert not {"authorization", "x-batch-project"} & set(sent[0])


async def test_http_client_of_the_user_sends_and_stays_open(twin: Twin) -> None:
    hooked: list[str] = []
    redirecting = httpx.MockTransport(lambda _: httpx.Response(307, headers={"Location": "https://elsewhere.example/"}))
    own: Any
    if twin.name == "sync":
        own = httpx.Client(transport=redirecting, follow_redirects=True, auth=("user", "password"))
        own.event_hooks = {"request": [lambda request: hooked.append(request.headers["Authorization"])]}
    else:

        async def hook(request: httpx.Request) -> None:
            hooked.append(request.headers["Authorization"])

        own = httpx.AsyncClient(transport=redirecting, follow_redirects=True, auth=("user", "password"))
        own.event_hooks = {"request": [hook]}
    batch = twin.make(answer, transport=None, http_client=own)
    location = await twin.finish(batch.exports.download(id="file_1"))
    assert location == "https://elsewhere.example/"
    assert hooked == [f"Bearer {KEYS['rest_api_key']}"]
    await twin.finish(batch.close() if twin.name == "sync" else batch.aclose())
    assert not own.is_closed
    assert str(own.base_url) == ""


def test_context_manager_closes_the_connections() -> None:
    with BatchClient(**KEYS) as batch:
        http = batch.generated.get_httpx_client()
    assert http.is_closed
    with pytest.raises(BatchError, match="this client is closed"):
        batch.audiences.view(name="vip")


async def test_async_context_manager_closes_the_connections() -> None:
    async with AsyncBatchClient(**KEYS) as batch:
        http = batch.generated.get_async_httpx_client()
    assert http.is_closed
    with pytest.raises(BatchError, match="this client is closed"):
        await batch.audiences.view(name="vip")


@pytest.mark.fault("a client is used after it was closed", "an error that says so and how to go on")
async def test_closed_client_says_so(twin: Twin) -> None:
    batch = twin.make(answer)
    await twin.finish(batch.close() if twin.name == "sync" else batch.aclose())
    with pytest.raises(BatchError, match=r"this client is closed: make a new one"):
        await twin.finish(batch.audiences.view(name="vip"))


async def test_http_client_that_its_owner_closed_says_so(twin: Twin) -> None:
    transport = httpx.MockTransport(answer)
    own: Any = httpx.Client(transport=transport) if twin.name == "sync" else httpx.AsyncClient(transport=transport)
    batch = twin.make(answer, transport=None, http_client=own)
    await twin.finish(own.close() if twin.name == "sync" else own.aclose())
    with pytest.raises(BatchError, match="the http_client that this client was made with is closed"):
        await twin.finish(batch.audiences.view(name="vip"))


async def test_task_that_a_hook_starts_outlives_the_deadline_of_the_call(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(sender, "DEADLINE", 0.2)
    caplog.set_level(logging.INFO)
    other = AsyncBatchClient(**KEYS, transport=httpx.MockTransport(answer), rate_limits=None)
    started: list[asyncio.Task[str]] = []

    async def later() -> str:
        await asyncio.sleep(0.4)
        async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as foreign:
            await foreign.get("https://elsewhere.example/")
        return (await other.audiences.view(name="vip")).name

    async def hook(_: httpx.Response) -> None:
        started.append(asyncio.create_task(later()))

    own = httpx.AsyncClient(transport=httpx.MockTransport(answer), event_hooks={"response": [hook]})
    await AsyncBatchClient(**KEYS, http_client=own, rate_limits=None).audiences.view(name="vip")
    assert await started[0] == "vip"
    assert "https://elsewhere.example/" in caplog.text


@pytest.mark.fault("an asyncio client is used in a second event loop", "an error that says so and how to go on")
def test_async_client_belongs_to_one_event_loop() -> None:
    batch = AsyncBatchClient(**KEYS, transport=httpx.MockTransport(answer))

    async def look() -> str:
        return (await batch.audiences.view(name="vip")).name

    assert asyncio.run(look()) == "vip"
    with pytest.raises(
        BatchError, match="in another event loop before, to which its connections belong: make a client"
    ):
        asyncio.run(look())
    asyncio.run(batch.aclose())


@pytest.mark.fault("responses set cookies", "they are not kept, nor sent back")
async def test_no_cookie_is_kept(twin: Twin) -> None:
    received: list[httpx.Headers] = []

    def handler(request: httpx.Request) -> httpx.Response:
        received.append(request.headers)
        number = len(received)
        cookies = [("Set-Cookie", f"cookie-{number}={'x' * 100}; Path=/"), ("Set-Cookie", f"c{number}=1")]
        return httpx.Response(200, json=AUDIENCE, headers=cookies)

    batch = twin.make(handler)
    for _ in range(5):
        await twin.finish(batch.audiences.view(name="vip"))
    assert not [headers for headers in received if "cookie" in headers]
    for _ in range(5):
        await twin.finish(twin.http_client(batch).get("/audiences/view"))
    assert not [headers for headers in received if "cookie" in headers]
    beneath = batch._connections.client()
    assert len(twin.http_client(batch).cookies.jar) == len(beneath.cookies.jar) == 0


@pytest.mark.fault(
    "a proxy or certificate file of the environment cannot be used", "a ConfigurationError that names it"
)
@pytest.mark.parametrize("client", [BatchClient, AsyncBatchClient])
@pytest.mark.parametrize(
    ("variable", "value", "says"),
    [
        ("ALL_PROXY", "foo://user:hunter2@proxy:1", r"cannot use the proxy of the environment \(ALL_PROXY\)"),
        ("ALL_PROXY", "socks5://user:hunter2@proxy:1", r"\(ALL_PROXY\): SOCKS needs: pip install 'httpx\[socks\]'"),
        ("SSL_CERT_FILE", "/nowhere/at/all.pem", "certificates of SSL_CERT_FILE or SSL_CERT_DIR: No such file"),
        ("SSL_CERT_FILE", __file__, "cannot load the certificates of SSL_CERT_FILE or SSL_CERT_DIR: "),
    ],
)
def test_environment_that_cannot_be_used_is_a_configuration_error(
    client: Any, variable: str, value: str, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(ConfigurationError, match=says) as raised:
        client(**KEYS)
    assert "hunter2" not in str(raised.value)


@pytest.mark.parametrize(
    "proxy", ["http://a..b:1", "http://[", "http://127.0.0.1:9", "127.0.0.1:9", "https://127.0.0.1:9"]
)
async def test_proxy_that_cannot_be_reached_is_a_connection_error(
    proxy: str, twin: Twin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    batch = twin.make(None, transport=None)
    with pytest.raises(APIConnectionError):
        await twin.finish(batch.audiences.view(name="vip"))


async def test_generated_function_of_the_other_kind_says_so() -> None:
    from batch_generated.api.audiences import audience_view

    batch, async_batch = BatchClient(**KEYS), AsyncBatchClient(**KEYS)
    with pytest.raises(TypeError, match="use sync or sync_detailed"):
        await audience_view.asyncio(client=batch.generated, name="vip")
    with pytest.raises(TypeError, match="use asyncio or asyncio_detailed"):
        audience_view.sync(client=async_batch.generated, name="vip")


def test_twins_have_the_same_operations_with_the_same_arguments() -> None:
    batch, async_batch = BatchClient(**KEYS), AsyncBatchClient(**KEYS)
    tags = [name for name in vars(Resources) if not name.startswith("_")]
    assert tags == [name for name in vars(AsyncResources) if not name.startswith("_")]
    assert set(tags) == {operation.resource for operation in OPERATIONS.values()}
    for tag in tags:
        one, other = type(getattr(batch, tag)), type(getattr(async_batch, tag))
        methods = [name for name in vars(one) if not name.startswith("_")]
        assert methods == [name for name in vars(other) if not name.startswith("_")]
        for name in methods:
            parameters = [inspect.signature(getattr(cls, name)).parameters for cls in (one, other)]
            assert parameters[0] == parameters[1]
            assert inspect.getdoc(getattr(one, name))
    assert (
        inspect.signature(BatchClient.__init__).parameters.keys()
        == inspect.signature(AsyncBatchClient.__init__).parameters.keys()
    )


def test_importing_the_client_loads_no_model() -> None:
    code = (
        "import sys, batch_client\n"
        "batch = batch_client.BatchClient('key', 'project')\n"
        "prefixes = ('batch_generated.models', 'batch_generated.api.')\n"
        "loaded = [name for name in sys.modules if name.startswith(prefixes)]\n"
        "assert not loaded, loaded\n"
        "assert 'starlette' not in sys.modules\n"
        "from batch_generated.models import AudienceView\n"
        "assert 'batch_generated.models.audience_view' in sys.modules\n"
        "assert 'batch_generated.models.campaign' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_client_is_shared_by_threads() -> None:
    batch = BatchClient(**KEYS, transport=httpx.MockTransport(answer), rate_limits=None)
    names: list[str] = []
    threads = [threading.Thread(target=lambda: names.append(batch.audiences.view(name="vip").name)) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert names == ["vip"] * 20
