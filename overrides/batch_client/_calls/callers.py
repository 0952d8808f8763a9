"""Makes the calls that the resource classes ask for; the twins differ in sending only."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from batch_client._calls.operations import endpoint_of
from batch_client._calls.pages import AsyncFetchedPage, FetchedPage, FetchedPages
from batch_client._calls.responses import (
    UNUSABLE,
    connection_error,
    invalid_request,
    read_location,
    read_model,
    read_nothing,
)
from batch_client._settings import Settings
from batch_client._tasks.indexing import AsyncIndexingTask, IndexingTask
from batch_client._transport.call import NO_LIMITS, Call, Limits, SendObserver
from batch_client._transport.replies import Reply
from batch_client._transport.sender import AsyncSender, Failed, Sender
from batch_generated.operations import CALL, Endpoint, Operation
from batch_generated.types import AsyncPages, Page

if TYPE_CHECKING:
    from batch_client._tasks.exports import AsyncExportJob, ExportJob


class _Caller:
    """What both twins make calls with."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._address = settings.address
        self._api_version = settings.api_version
        self.project = settings.credentials.project

    def _make(self, endpoint: Endpoint, arguments: dict[str, Any], limits: Limits = NO_LIMITS) -> Call:
        operation = endpoint.OPERATION
        try:
            request = endpoint.build_request(**arguments)
            return self._address.call(
                operation,
                request["url"],
                params=request.get("params"),
                content=request.get("content"),
                headers=request.get("headers"),
                body=request["extensions"][CALL].body,
                limits=limits,
            )
        except UNUSABLE as error:
            raise invalid_request(operation, error) from error

    def _make_of_records(self, operation: Operation, content: bytes, records: int, observer: SendObserver) -> Call:
        return self._address.call(operation, operation.path, content=content, records=records, observer=observer)


class BatchCaller(_Caller):
    """Makes the calls of a `BatchClient`."""

    def __init__(self, sender: Sender, settings: Settings) -> None:
        super().__init__(settings)
        self._sender = sender

    def call(self, endpoint: Endpoint, **arguments: Any) -> Any:
        return self._call(endpoint, arguments)

    def execute(self, endpoint: Endpoint, **arguments: Any) -> None:
        read_nothing(endpoint.OPERATION, self._send(self._make(endpoint, arguments)), self._api_version)

    def location(self, endpoint: Endpoint, **arguments: Any) -> str:
        return read_location(endpoint.OPERATION, self._send(self._make(endpoint, arguments)), self._api_version)

    def page(self, items: str, endpoint: Endpoint, **arguments: Any) -> Page[Any]:
        def fetch(cursor: str) -> Any:
            return self._call(endpoint, arguments | {"from_": cursor})

        return FetchedPage(self._call(endpoint, arguments), items, fetch, {arguments.get("from_"): 1})

    def task(self, name: str, token: str, view: Endpoint, *, removes_viewed: bool = False) -> IndexingTask[Any]:
        poll = partial(self._call, view, {"name": name, "indexing_token": token})
        return IndexingTask(name, token, poll, removes_viewed=removes_viewed)

    def export_job(self, id: str) -> ExportJob[Any]:
        from batch_client._tasks.downloads import Downloader  # which few need
        from batch_client._tasks.exports import ExportJob

        poll = partial(self._call, endpoint_of("export_view"), {"id": id})
        return ExportJob(id, poll, Downloader(self._sender.connections, self._locate, self._settings))

    def _locate(self, id: str, limits: Limits) -> str:
        endpoint = endpoint_of("export_download")
        return read_location(
            endpoint.OPERATION, self._send(self._make(endpoint, {"id": id}, limits)), self._api_version
        )

    def send_records(self, endpoint: Endpoint, content: bytes, records: int, observer: SendObserver) -> Any:
        """Send a body that is JSON already and return the operation's success model."""
        reply = self._send(self._make_of_records(endpoint.OPERATION, content, records, observer))
        return read_model(endpoint, reply, self._api_version)

    def _call(self, endpoint: Endpoint, arguments: dict[str, Any], limits: Limits = NO_LIMITS) -> Any:
        return read_model(endpoint, self._send(self._make(endpoint, arguments, limits)), self._api_version)

    def _send(self, call: Call) -> Reply:
        try:
            return self._sender.send(call)
        except Failed as failed:
            raise connection_error(call, failed) from failed.reason


class AsyncBatchCaller(_Caller):
    """Makes the calls of an `AsyncBatchClient`."""

    def __init__(self, sender: AsyncSender, settings: Settings) -> None:
        super().__init__(settings)
        self._sender = sender

    async def call(self, endpoint: Endpoint, **arguments: Any) -> Any:
        return await self._call(endpoint, arguments)

    async def execute(self, endpoint: Endpoint, **arguments: Any) -> None:
        read_nothing(endpoint.OPERATION, await self._send(self._make(endpoint, arguments)), self._api_version)

    async def location(self, endpoint: Endpoint, **arguments: Any) -> str:
        return read_location(endpoint.OPERATION, await self._send(self._make(endpoint, arguments)), self._api_version)

    def page(self, items: str, endpoint: Endpoint, **arguments: Any) -> AsyncPages[Any]:
        async def fetch(cursor: str) -> Any:
            return await self._call(endpoint, arguments | {"from_": cursor})

        async def first() -> AsyncFetchedPage[Any]:
            return AsyncFetchedPage(await self._call(endpoint, arguments), items, fetch, {arguments.get("from_"): 1})

        return FetchedPages(first)

    def task(self, name: str, token: str, view: Endpoint, *, removes_viewed: bool = False) -> AsyncIndexingTask[Any]:
        poll = partial(self._call, view, {"name": name, "indexing_token": token})
        return AsyncIndexingTask(name, token, poll, removes_viewed=removes_viewed)

    def export_job(self, id: str) -> AsyncExportJob[Any]:
        from batch_client._tasks.downloads import AsyncDownloader  # which few need
        from batch_client._tasks.exports import AsyncExportJob

        poll = partial(self._call, endpoint_of("export_view"), {"id": id})
        return AsyncExportJob(id, poll, AsyncDownloader(self._sender.connections, self._locate, self._settings))

    async def _locate(self, id: str, limits: Limits) -> str:
        endpoint = endpoint_of("export_download")
        reply = await self._send(self._make(endpoint, {"id": id}, limits))
        return read_location(endpoint.OPERATION, reply, self._api_version)

    async def send_records(self, endpoint: Endpoint, content: bytes, records: int, observer: SendObserver) -> Any:
        """See `BatchCaller.send_records`."""
        reply = await self._send(self._make_of_records(endpoint.OPERATION, content, records, observer))
        return read_model(endpoint, reply, self._api_version)

    async def _call(self, endpoint: Endpoint, arguments: dict[str, Any], limits: Limits = NO_LIMITS) -> Any:
        return read_model(endpoint, await self._send(self._make(endpoint, arguments, limits)), self._api_version)

    async def _send(self, call: Call) -> Reply:
        try:
            return await self._sender.send(call)
        except Failed as failed:
            raise connection_error(call, failed) from failed.reason
