from __future__ import annotations

from typing import Any

import httpx

from ... import errors
from ...client import AnyClient
from ...models.audience_list import AudienceList
from ...models.error import Error
from ...operations import CALL, Call, Received
from ...values import UNSET, Response, Unset, status_of
from ...writing import present
from .. import OPERATIONS

OPERATION = OPERATIONS["audience_list"]


def build_request(
    *,
    from_: str | Unset = UNSET,
    limit: int = 10,
) -> dict[str, Any]:
    """Return the arguments of `httpx.Client.request` for this operation."""
    return {
        "method": OPERATION.method,
        "url": OPERATION.path,
        "params": present(
            {
                "from": from_,
                "limit": limit,
            }
        ),
        "extensions": {CALL: Call(OPERATION)},
    }


def parse_response(*, client: AnyClient, response: Received) -> AudienceList | Error | None:
    """Read a response into the model that the document gives for its status; None where it gives none."""
    try:
        if response.is_success:
            response_200 = AudienceList.from_dict(response.json())

            return response_200
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


def _build_response(*, client: AnyClient, response: httpx.Response) -> Response[AudienceList | Error]:
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
    from_: str | Unset = UNSET,
    limit: int = 10,
) -> Response[AudienceList | Error]:
    """List the audiences of the project.

    Args:
        client: An `AuthenticatedClient`, or `batch.generated` of a client of batch_client.
        from_: The `next_from` of the previous page. Leave it out to get the first page.
        limit: Maximum number of objects to return.

    Returns:
        The answer, whatever its status and content; `parsed` is None where the content is not as documented.

    Raises:
        httpx.TransportError: the API could not be reached.

    Documentation: https://doc.batch.com/developer/api/cep/audiences/list
    """

    call = build_request(
        from_=from_,
        limit=limit,
    )
    response = client.get_httpx_client().request(**call)
    return _build_response(client=client, response=response)


def sync(
    *,
    client: AnyClient,
    from_: str | Unset = UNSET,
    limit: int = 10,
) -> AudienceList | Error | None:
    """List the audiences of the project.

    Args:
        client: An `AuthenticatedClient`, or `batch.generated` of a client of batch_client.
        from_: The `next_from` of the previous page. Leave it out to get the first page.
        limit: Maximum number of objects to return.

    Returns:
        The model of the answer: for a refused call, its Error.

    Raises:
        httpx.TransportError: the API could not be reached.
        ValueError: the answer is not JSON or not of the documented shape.

    Documentation: https://doc.batch.com/developer/api/cep/audiences/list
    """

    call = build_request(
        from_=from_,
        limit=limit,
    )
    response = client.get_httpx_client().request(**call)
    return parse_response(client=client, response=response)


async def asyncio_detailed(
    *,
    client: AnyClient,
    from_: str | Unset = UNSET,
    limit: int = 10,
) -> Response[AudienceList | Error]:
    """List the audiences of the project.

    Args:
        client: An `AuthenticatedClient`, or `batch.generated` of a client of batch_client.
        from_: The `next_from` of the previous page. Leave it out to get the first page.
        limit: Maximum number of objects to return.

    Returns:
        The answer, whatever its status and content; `parsed` is None where the content is not as documented.

    Raises:
        httpx.TransportError: the API could not be reached.

    Documentation: https://doc.batch.com/developer/api/cep/audiences/list
    """

    call = build_request(
        from_=from_,
        limit=limit,
    )
    response = await client.get_async_httpx_client().request(**call)
    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AnyClient,
    from_: str | Unset = UNSET,
    limit: int = 10,
) -> AudienceList | Error | None:
    """List the audiences of the project.

    Args:
        client: An `AuthenticatedClient`, or `batch.generated` of a client of batch_client.
        from_: The `next_from` of the previous page. Leave it out to get the first page.
        limit: Maximum number of objects to return.

    Returns:
        The model of the answer: for a refused call, its Error.

    Raises:
        httpx.TransportError: the API could not be reached.
        ValueError: the answer is not JSON or not of the documented shape.

    Documentation: https://doc.batch.com/developer/api/cep/audiences/list
    """

    call = build_request(
        from_=from_,
        limit=limit,
    )
    response = await client.get_async_httpx_client().request(**call)
    return parse_response(client=client, response=response)
