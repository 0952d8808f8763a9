"""The sandbox as a web application: one route an operation, with the checks that all of them share."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, cast

from attrs import frozen
from jsonschema.exceptions import ValidationError
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from batch_client.sandbox._answers import Answer, Refusal
from batch_client.sandbox._contract import Contract, read_contracts, refuse
from batch_generated.api import API_VERSIONS


@frozen
class Call:
    """One request: its parameters, its body, and how the body breaks its schema."""

    parameters: dict[str, Any]
    body: Any
    errors: list[ValidationError]


Handler = Callable[[Call], Answer]


def on_parameters(operation: Callable[[dict[str, Any]], Answer]) -> Handler:
    """Return the handler of an operation that takes parameters only."""
    return lambda call: operation(call.parameters)


def on_body(operation: Callable[[dict[str, Any]], Answer]) -> Handler:
    """Return the handler of an operation that takes a body, refused if it breaks its schema."""

    def handle(call: Call) -> Answer:
        refuse(call.errors)
        return operation(call.body)

    return handle


def build_app(handlers: Mapping[str, Handler], rest_api_key: str, project_key: str) -> Starlette:
    """Return the application, given handlers by operation id and the keys that are right."""
    expected = {"Authorization": f"Bearer {rest_api_key}", "X-Batch-Project": project_key}
    routes = [
        Route(
            f"/{{version}}{contract.path}",
            _endpoint(contract, handlers.get(contract.operation_id), expected),
            methods=[contract.method],
        )
        for contract in read_contracts()
    ]
    return Starlette(routes=routes, exception_handlers={HTTPException: _no_route, Refusal: _refused})


def _endpoint(
    contract: Contract, handler: Handler | None, credentials: Mapping[str, str]
) -> Callable[[Request], Awaitable[JSONResponse]]:
    async def endpoint(request: Request) -> JSONResponse:
        _check_version(request, contract)
        _check_credentials(request, credentials)
        if handler is None:
            raise Refusal(501, "NOT_SIMULATED", f"the sandbox does not simulate {contract.path} yet")
        parameters = contract.read_parameters(request.query_params)
        body = contract.read_body(await request.body()) if contract.takes_body else None
        answer = handler(Call(parameters, body, contract.body_errors(body)))
        return JSONResponse(answer.body, answer.status)

    return endpoint


def _check_version(request: Request, contract: Contract) -> None:
    version = request.path_params["version"]
    known = API_VERSIONS.index(version) if version in API_VERSIONS else -1
    # An operation first seen before the oldest supported version is known in all of them.
    since = API_VERSIONS.index(contract.first_seen) if contract.first_seen in API_VERSIONS else 0
    if known < since:
        raise _route_not_found(request)


def _check_credentials(request: Request, credentials: Mapping[str, str]) -> None:
    for name, value in credentials.items():
        if not secrets.compare_digest(request.headers.get(name, "").encode(), value.encode()):
            raise Refusal(401, "AUTHENTICATION_INVALID", f"{name} is missing or not valid for this project")


def _route_not_found(request: Request) -> Refusal:
    return Refusal(404, "ROUTE_NOT_FOUND", f"no route {request.method} {request.url.path}")


async def _no_route(request: Request, _: Exception) -> JSONResponse:
    return await _refused(request, _route_not_found(request))


async def _refused(_: Request, refusal: Exception) -> JSONResponse:
    # Starlette types the handler of every exception alike.
    known = cast(Refusal, refusal)
    return JSONResponse(known.body, known.status)
