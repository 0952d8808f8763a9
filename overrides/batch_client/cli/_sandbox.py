"""Runs the sandbox by itself."""

from __future__ import annotations

from typing import Annotated

import typer

from batch_client.cli._exits import BAD_INPUT, fail


def sandbox(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on; 0 takes a free one.")] = 8080,
    indexing: Annotated[float, typer.Option(help="Seconds that updates stay IN_PROGRESS.")] = 2.0,
    rate_limits: Annotated[bool, typer.Option("--rate-limits", help="Enforce the API's rate limits, by 429.")] = False,
) -> None:
    """Run a sandbox, a stand-in for the API that keeps its state in memory, until Ctrl-C."""
    from batch_client.sandbox.__main__ import CannotServeError, run

    try:
        run(host, port, indexing=indexing, rate_limits=rate_limits)
    except CannotServeError as error:
        fail(str(error), BAD_INPUT)
