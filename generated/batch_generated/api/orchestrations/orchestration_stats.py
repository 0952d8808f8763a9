from __future__ import annotations

import datetime
from typing import Any

import httpx

from ... import errors
from ...client import AnyClient
from ...models.error import Error
from ...models.orchestration_stats import OrchestrationStats
from ...operations import CALL, Call, Received
from ...values import UNSET, Response, Unset, status_of
from ...writing import present
from .. import OPERATIONS

OPERATION = OPERATIONS["orchestration_stats"]


def build_request(
    *,
    orchestration_id: str,
    from_: datetime.date,
    to: datetime.date,
    include_platforms: bool | Unset = UNSET,
) -> dict[str, Any]:
    """Return the arguments of `httpx.Client.request` for this operation."""
    return {
        "method": OPERATION.method,
        "url": OPERATION.path,
        "params": present(
            {
                "orchestration_id": orchestration_id,
                "from": from_,
                "to": to,
                "include_platforms": include_platforms,
            }
        ),
        "extensions": {CALL: Call(OPERATION)},
    }


def parse_response(*, client: AnyClient, response: Received) -> Error | OrchestrationStats | None:
    """Read a response into the model that the document gives for its status; None where it gives none."""
    try:
        if response.is_success:
            response_200 = OrchestrationStats.from_dict(response.json())

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


def _build_response(*, client: AnyClient, response: httpx.Response) -> Response[Error | OrchestrationStats]:
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
    orchestration_id: str,
    from_: datetime.date,
    to: datetime.date,
    include_platforms: bool | Unset = UNSET,
) -> Response[Error | OrchestrationStats]:
    """Get the statistics of an orchestration by day.

    Args:
        client: An `AuthenticatedClient`, or `batch.generated` of a client of batch_client.
        orchestration_id: Unique identifier for the orchestration.
        from_: First day of the statistics. Cannot be earlier than 6 months ago.
        to: Last day of the statistics.
        include_platforms: Whether to return statistics by platform.

    Returns:
        The answer, whatever its status and content; `parsed` is None where the content is not as documented.

    Raises:
        httpx.TransportError: the API could not be reached.

    Documentation: https://doc.batch.com/developer/api/cep/orchestrations/stats
    """

    call = build_request(
        orchestration_id=orchestration_id,
        from_=from_,
        to=to,
        include_platforms=include_platforms,
    )
    response = client.get_httpx_client().request(**call)
    return _build_response(client=client, response=response)


def sync(
    *,
    client: AnyClient,
    orchestration_id: str,
    from_: datetime.date,
    to: datetime.date,
    include_platforms: bool | Unset = UNSET,
) -> Error | OrchestrationStats | None:
    """Get the statistics of an orchestration by day.

    Args:
        client: An `AuthenticatedClient`, or `batch.generated` of a client of batch_client.
        orchestration_id: Unique identifier for the orchestration.
        from_: First day of the statistics. Cannot be earlier than 6 months ago.
        to: Last day of the statistics.
        include_platforms: Whether to return statistics by platform.

    Returns:
        The model of the answer: for a refused call, its Error.

    Raises:
        httpx.TransportError: the API could not be reached.
        ValueError: the answer is not JSON or not of the documented shape.

    Documentation: https://doc.batch.com/developer/api/cep/orchestrations/stats
    """

    call = build_request(
        orchestration_id=orchestration_id,
        from_=from_,
        to=to,
        include_platforms=include_platforms,
    )
    response = client.get_httpx_client().request(**call)
    return parse_response(client=client, response=response)


async def asyncio_detailed(
    *,
    client: AnyClient,
    orchestration_id: str,
    from_: datetime.date,
    to: datetime.date,
    include_platforms: bool | Unset = UNSET,
) -> Response[Error | OrchestrationStats]:
    """Get the statistics of an orchestration by day.

    Args:
        client: An `AuthenticatedClient`, or `batch.generated` of a client of batch_client.
        orchestration_id: Unique identifier for the orchestration.
        from_: First day of the statistics. Cannot be earlier than 6 months ago.
        to: Last day of the statistics.
        include_platforms: Whether to return statistics by platform.

    Returns:
        The answer, whatever its status and content; `parsed` is None where the content is not as documented.

    Raises:
        httpx.TransportError: the API could not be reached.

    Documentation: https://doc.batch.com/developer/api/cep/orchestrations/stats
    """

    call = build_request(
        orchestration_id=orchestration_id,
        from_=from_,
        to=to,
        include_platforms=include_platforms,
    )
    response = await client.get_async_httpx_client().request(**call)
    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AnyClient,
    orchestration_id: str,
    from_: datetime.date,
    to: datetime.date,
    include_platforms: bool | Unset = UNSET,
) -> Error | OrchestrationStats | None:
    """Get the statistics of an orchestration by day.

    Args:
        client: An `AuthenticatedClient`, or `batch.generated` of a client of batch_client.
        orchestration_id: Unique identifier for the orchestration.
        from_: First day of the statistics. Cannot be earlier than 6 months ago.
        to: Last day of the statistics.
        include_platforms: Whether to return statistics by platform.

    Returns:
        The model of the answer: for a refused call, its Error.

    Raises:
        httpx.TransportError: the API could not be reached.
        ValueError: the answer is not JSON or not of the documented shape.

    Documentation: https://doc.batch.com/developer/api/cep/orchestrations/stats
    """

    call = build_request(
        orchestration_id=orchestration_id,
        from_=from_,
        to=to,
        include_platforms=include_platforms,
    )
    response = await client.get_async_httpx_client().request(**call)
    return parse_response(client=client, response=response)
