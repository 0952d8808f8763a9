from __future__ import annotations

from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import Client
from ...models.audience_view import AudienceView
from ...models.error import Error
from ...types import UNSET, Response, Unset, to_json
from .. import OPERATIONS

OPERATION = OPERATIONS["audience_view"]


def build_request(
    *,
    name: str,
    indexing_token: str | Unset = UNSET,
) -> dict[str, Any]:
    """Return the arguments of `httpx.Client.request` for this operation."""
    request: dict[str, Any] = {"method": OPERATION.method}
    request["url"] = OPERATION.path
    params = to_json(
        {
            "name": name,
            "indexing_token": indexing_token,
        }
    )
    request["params"] = {name: value for name, value in params.items() if value is not None}
    return request


def parse_response(*, client: Client, response: httpx.Response) -> AudienceView | Error | None:
    """Read an answer into the model that the document gives for its status; None where it gives none."""
    if response.status_code == 400:
        response_400 = Error.from_dict(response.json())

        return response_400
    if response.status_code == 401:
        response_401 = Error.from_dict(response.json())

        return response_401
    if response.status_code == 404:
        response_404 = Error.from_dict(response.json())

        return response_404
    if response.status_code == 429:
        response_429 = Error.from_dict(response.json())

        return response_429
    if response.status_code == 500:
        response_500 = Error.from_dict(response.json())

        return response_500
    if response.status_code == 503:
        response_503 = Error.from_dict(response.json())

        return response_503
    if response.is_success:
        response_200 = AudienceView.from_dict(response.json())

        return response_200
    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    return None


def _build_response(*, client: Client, response: httpx.Response) -> Response[AudienceView | Error]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: Client,
    name: str,
    indexing_token: str | Unset = UNSET,
) -> Response[AudienceView | Error]:
    """Reads one audience and how far an update of it is indexed.

    Args:
        client: `batch.generated` of a client of batch_client.
        name: Name of the audience to read.
        indexing_token: Token answered by create, update, replace or remove; without it the last update is
            reported.

    Returns:
        The answer with its status, headers and content, whatever the status.

    Raises:
        httpx.TransportError: the API could not be reached.
        ValueError: the answer is no JSON or not of the documented shape.

    Documentation: https://doc.batch.com/developer/api/cep/audiences/view
    """

    request = build_request(
        name=name,
        indexing_token=indexing_token,
    )
    response = client.get_httpx_client().request(**request)
    return _build_response(client=client, response=response)


def sync(
    *,
    client: Client,
    name: str,
    indexing_token: str | Unset = UNSET,
) -> AudienceView | Error | None:
    """Reads one audience and how far an update of it is indexed.

    Args:
        client: `batch.generated` of a client of batch_client.
        name: Name of the audience to read.
        indexing_token: Token answered by create, update, replace or remove; without it the last update is
            reported.

    Returns:
        The model of the answer: for a refused call, its Error.

    Raises:
        httpx.TransportError: the API could not be reached.
        ValueError: the answer is no JSON or not of the documented shape.

    Documentation: https://doc.batch.com/developer/api/cep/audiences/view
    """

    return sync_detailed(
        client=client,
        name=name,
        indexing_token=indexing_token,
    ).parsed


async def asyncio_detailed(
    *,
    client: Client,
    name: str,
    indexing_token: str | Unset = UNSET,
) -> Response[AudienceView | Error]:
    """Reads one audience and how far an update of it is indexed.

    Args:
        client: `batch.generated` of a client of batch_client.
        name: Name of the audience to read.
        indexing_token: Token answered by create, update, replace or remove; without it the last update is
            reported.

    Returns:
        The answer with its status, headers and content, whatever the status.

    Raises:
        httpx.TransportError: the API could not be reached.
        ValueError: the answer is no JSON or not of the documented shape.

    Documentation: https://doc.batch.com/developer/api/cep/audiences/view
    """

    request = build_request(
        name=name,
        indexing_token=indexing_token,
    )
    response = await client.get_async_httpx_client().request(**request)
    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: Client,
    name: str,
    indexing_token: str | Unset = UNSET,
) -> AudienceView | Error | None:
    """Reads one audience and how far an update of it is indexed.

    Args:
        client: `batch.generated` of a client of batch_client.
        name: Name of the audience to read.
        indexing_token: Token answered by create, update, replace or remove; without it the last update is
            reported.

    Returns:
        The model of the answer: for a refused call, its Error.

    Raises:
        httpx.TransportError: the API could not be reached.
        ValueError: the answer is no JSON or not of the documented shape.

    Documentation: https://doc.batch.com/developer/api/cep/audiences/view
    """

    return (
        await asyncio_detailed(
            client=client,
            name=name,
            indexing_token=indexing_token,
        )
    ).parsed
