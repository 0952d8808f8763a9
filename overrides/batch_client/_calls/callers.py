"""Sends the operations that the resource classes ask for; the twins differ in sending only."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import httpx

from batch_client._calls.operations import DEPARTURE, RECORDS, Departure, endpoint_of
from batch_client._calls.pages import AsyncFetchedPage, FetchedPage, FetchedPages
from batch_client._calls.responses import checks_arguments, connection_error, read_location, read_model, read_nothing
from batch_client._settings import Settings
from batch_client._tasks.downloads import AsyncDownloader, Downloader
from batch_client._tasks.exports import AsyncPollingExportJob, PollingExportJob
from batch_client._tasks.indexing import AsyncPollingTask, PollingTask
from batch_client._transport.connections import AsyncConnections, Connections
from batch_generated.client import AuthenticatedClient
from batch_generated.types import AsyncIndexingTask, AsyncPages, Endpoint, IndexingTask, Operation, Page


class BatchCaller:
    """Sends through a `BatchClient`'s httpx client."""

    def __init__(self, client: AuthenticatedClient, settings: Settings, connections: Connections) -> None:
        self._client = client
        self._api_version = settings.api_version
        self.project = settings.credentials.project
        self._downloader = Downloader(connections, self._locate, settings)

    def call(self, endpoint: Endpoint, **arguments: Any) -> Any:
        return read_model(endpoint, self._send(endpoint, arguments), self._client, self._api_version)

    def execute(self, endpoint: Endpoint, **arguments: Any) -> None:
        read_nothing(endpoint.OPERATION, self._send(endpoint, arguments), self._api_version)

    def location(self, endpoint: Endpoint, **arguments: Any) -> str:
        return read_location(endpoint.OPERATION, self._send(endpoint, arguments), self._api_version)

    def page(self, items: str, endpoint: Endpoint, **arguments: Any) -> Page[Any]:
        def fetch(cursor: str) -> Any:
            return self.call(endpoint, **(arguments | {"from_": cursor}))

        return FetchedPage(self.call(endpoint, **arguments), items, fetch, {arguments.get("from_"): 1})

    def task(
        self, name: str, token: str, view: Callable[..., Any], *, removes_viewed: bool = False
    ) -> IndexingTask[Any]:
        return PollingTask(name, token, view, removes_viewed=removes_viewed)

    def export_job(self, id: str) -> PollingExportJob[Any]:
        return PollingExportJob(id, self._view_export, self._downloader)

    def _view_export(self, id: str) -> Any:
        return self.call(endpoint_of("export_view"), id=id)

    def _locate(self, id: str) -> str:
        return self.location(endpoint_of("export_download"), id=id)

    def send_records(self, endpoint: Endpoint, content: bytes, records: int, departure: Departure) -> Any:
        """Send a body that is JSON already and return the operation's success model."""
        operation = endpoint.OPERATION
        response = self._request(operation, _request_of(operation, content, records, departure))
        return read_model(endpoint, response, self._client, self._api_version)

    def _send(self, endpoint: Endpoint, arguments: dict[str, Any]) -> httpx.Response:
        with checks_arguments(endpoint.OPERATION):
            call = endpoint.build_request(**arguments)
        return self._request(endpoint.OPERATION, call)

    def _request(self, operation: Operation, call: dict[str, Any]) -> httpx.Response:
        client = self._client.get_httpx_client()
        with checks_arguments(operation):
            request = client.build_request(**call)
        try:
            return client.send(request)
        except httpx.RequestError as error:
            raise connection_error(operation, error) from error


class AsyncBatchCaller:
    """Sends through an `AsyncBatchClient`'s httpx client."""

    def __init__(self, client: AuthenticatedClient, settings: Settings, connections: AsyncConnections) -> None:
        self._client = client
        self._api_version = settings.api_version
        self.project = settings.credentials.project
        self._downloader = AsyncDownloader(connections, self._locate, settings)

    async def call(self, endpoint: Endpoint, **arguments: Any) -> Any:
        return read_model(endpoint, await self._send(endpoint, arguments), self._client, self._api_version)

    async def execute(self, endpoint: Endpoint, **arguments: Any) -> None:
        read_nothing(endpoint.OPERATION, await self._send(endpoint, arguments), self._api_version)

    async def location(self, endpoint: Endpoint, **arguments: Any) -> str:
        return read_location(endpoint.OPERATION, await self._send(endpoint, arguments), self._api_version)

    def page(self, items: str, endpoint: Endpoint, **arguments: Any) -> AsyncPages[Any]:
        async def fetch(cursor: str) -> Any:
            return await self.call(endpoint, **(arguments | {"from_": cursor}))

        async def first() -> AsyncFetchedPage[Any]:
            return AsyncFetchedPage(await self.call(endpoint, **arguments), items, fetch, {arguments.get("from_"): 1})

        return FetchedPages(first)

    def task(
        self, name: str, token: str, view: Callable[..., Awaitable[Any]], *, removes_viewed: bool = False
    ) -> AsyncIndexingTask[Any]:
        return AsyncPollingTask(name, token, view, removes_viewed=removes_viewed)

    def export_job(self, id: str) -> AsyncPollingExportJob[Any]:
        return AsyncPollingExportJob(id, self._view_export, self._downloader)

    async def _view_export(self, id: str) -> Any:
        return await self.call(endpoint_of("export_view"), id=id)

    async def _locate(self, id: str) -> str:
        return await self.location(endpoint_of("export_download"), id=id)

    async def send_records(self, endpoint: Endpoint, content: bytes, records: int, departure: Departure) -> Any:
        """See `BatchCaller.send_records`."""
        operation = endpoint.OPERATION
        response = await self._request(operation, _request_of(operation, content, records, departure))
        return read_model(endpoint, response, self._client, self._api_version)

    async def _send(self, endpoint: Endpoint, arguments: dict[str, Any]) -> httpx.Response:
        with checks_arguments(endpoint.OPERATION):
            call = endpoint.build_request(**arguments)
        return await self._request(endpoint.OPERATION, call)

    async def _request(self, operation: Operation, call: dict[str, Any]) -> httpx.Response:
        client = self._client.get_async_httpx_client()
        with checks_arguments(operation):
            request = client.build_request(**call)
        try:
            return await client.send(request)
        except httpx.RequestError as error:
            raise connection_error(operation, error) from error


def _request_of(operation: Operation, content: bytes, records: int, departure: Departure) -> dict[str, Any]:
    return {
        "method": operation.method,
        "url": operation.path,
        "content": content,
        "headers": {"Content-Type": "application/json"},
        "extensions": {RECORDS: records, DEPARTURE: departure},
    }
