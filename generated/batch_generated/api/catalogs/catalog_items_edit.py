from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx

from ... import errors
from ...client import AnyClient
from ...models.catalog_items_edit_body import CatalogItemsEditBody
from ...models.error import Error
from ...models.indexing_accepted import IndexingAccepted
from ...operations import CALL, Call, Received
from ...values import Response, status_of
from ...writing import encode, materialize
from .. import OPERATIONS

OPERATION = OPERATIONS["catalog_items_edit"]


def build_request(
    *,
    body: CatalogItemsEditBody | Mapping[str, Any],
) -> dict[str, Any]:
    """Return the arguments of `httpx.Client.request` for this operation."""
    body = materialize(body)
    return {
        "method": OPERATION.method,
        "url": OPERATION.path,
        "content": encode(body),
        "headers": {
            "Content-Type": "application/json",
        },
        "extensions": {CALL: Call(OPERATION, body)},
    }


def parse_response(*, client: AnyClient, response: Received) -> Error | IndexingAccepted | None:
    """Read a response into the model that the document gives for its status; None where it gives none."""
    try:
        if response.is_success:
            response_202 = IndexingAccepted.from_dict(response.json())

            return response_202
        if response.status_code == 400:
            response_400 = Error.from_dict(response.json())

            return response_400
        if response.status_code == 401:
            response_401 = Error.from_dict(response.json())

            return response_401
        if response.status_code == 429:
            response_429 = Error.from_dict(response.json())

            return response_429
        if response.status_code == 500:
            response_500 = Error.from_dict(response.json())

            return response_500
        if response.status_code == 503:
            response_503 = Error.from_dict(response.json())

            return response_503
    except RecursionError:
        raise errors.UnexpectedShape("the answer is nested too deeply") from None
    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    return None


def _build_response(*, client: AnyClient, response: httpx.Response) -> Response[Error | IndexingAccepted]:
    try:
        parsed = parse_response(client=client, response=response)
    except (ValueError, TypeError):
        parsed = None
    return Response(
        status_code=status_of(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=parsed,
    )


def sync_detailed(
    *,
    client: AnyClient,
    body: CatalogItemsEditBody | Mapping[str, Any],
) -> Response[Error | IndexingAccepted]:
    """Adds, updates or removes catalog items by ID

    Args:
        client: An `AuthenticatedClient`, or `batch.generated` of a client of batch_client.
        body: What is sent.

    Returns:
        The answer, whatever its status and content; `parsed` is None where the content is not as documented.

    Raises:
        httpx.TransportError: the API could not be reached.

    Documentation: https://doc.batch.com/developer/api/cep/catalogs/edit-items
    """

    call = build_request(
        body=body,
    )
    response = client.get_httpx_client().request(**call)
    return _build_response(client=client, response=response)


def sync(
    *,
    client: AnyClient,
    body: CatalogItemsEditBody | Mapping[str, Any],
) -> Error | IndexingAccepted | None:
    """Adds, updates or removes catalog items by ID

    Args:
        client: An `AuthenticatedClient`, or `batch.generated` of a client of batch_client.
        body: What is sent.

    Returns:
        The model of the answer: for a refused call, its Error.

    Raises:
        httpx.TransportError: the API could not be reached.
        ValueError: the answer is not JSON or not of the documented shape.

    Documentation: https://doc.batch.com/developer/api/cep/catalogs/edit-items
    """

    call = build_request(
        body=body,
    )
    response = client.get_httpx_client().request(**call)
    return parse_response(client=client, response=response)


async def asyncio_detailed(
    *,
    client: AnyClient,
    body: CatalogItemsEditBody | Mapping[str, Any],
) -> Response[Error | IndexingAccepted]:
    """Adds, updates or removes catalog items by ID

    Args:
        client: An `AuthenticatedClient`, or `batch.generated` of a client of batch_client.
        body: What is sent.

    Returns:
        The answer, whatever its status and content; `parsed` is None where the content is not as documented.

    Raises:
        httpx.TransportError: the API could not be reached.

    Documentation: https://doc.batch.com/developer/api/cep/catalogs/edit-items
    """

    call = build_request(
        body=body,
    )
    response = await client.get_async_httpx_client().request(**call)
    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AnyClient,
    body: CatalogItemsEditBody | Mapping[str, Any],
) -> Error | IndexingAccepted | None:
    """Adds, updates or removes catalog items by ID

    Args:
        client: An `AuthenticatedClient`, or `batch.generated` of a client of batch_client.
        body: What is sent.

    Returns:
        The model of the answer: for a refused call, its Error.

    Raises:
        httpx.TransportError: the API could not be reached.
        ValueError: the answer is not JSON or not of the documented shape.

    Documentation: https://doc.batch.com/developer/api/cep/catalogs/edit-items
    """

    call = build_request(
        body=body,
    )
    response = await client.get_async_httpx_client().request(**call)
    return parse_response(client=client, response=response)
