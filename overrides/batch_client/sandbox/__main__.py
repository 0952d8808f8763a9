"""Runs the sandbox by itself: `python -m batch_client.sandbox --port 8080`."""

from __future__ import annotations

import argparse
import contextlib
import sys

from batch_client import RATE_LIMITS
from batch_client.sandbox._sandbox import PROJECT_KEY, REST_API_KEY, Sandbox
from batch_client.sandbox._server import address_of, listen, make_server


class CannotServeError(Exception):
    """The address cannot be had, or an option is not valid."""


def run(host: str, port: int, *, indexing: float, rate_limits: bool) -> None:
    """Serve until interrupted.

    Raises:
        CannotServeError: see there.
    """
    try:
        sandbox = Sandbox(indexing=indexing, rate_limits=RATE_LIMITS if rate_limits else None)
    except ValueError as error:
        raise CannotServeError(str(error)) from None
    try:
        listener = listen(host, port)
    except (OSError, OverflowError, ValueError) as error:  # some host names cannot even be looked up
        raise CannotServeError(f"cannot listen on {host}:{port}: {error}; try --port 0") from None
    print("The sandbox listens. To use it:")
    print(f"  export BATCH_BASE_URL={address_of(listener)}")
    print(f"  export BATCH_REST_API_KEY={REST_API_KEY}")
    print(f"  export BATCH_PROJECT_KEY={PROJECT_KEY}", flush=True)
    with contextlib.suppress(KeyboardInterrupt):  # the usual way to stop it
        make_server(sandbox.app).run(sockets=[listener])


def main() -> int:
    """Run the command line; return its exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m batch_client.sandbox", description="A stand-in for Batch's API that keeps its state in memory."
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=int, default=8080, help="port to listen on; 0 takes a free one (%(default)s)")
    parser.add_argument(
        "--indexing", type=float, default=2.0, help="seconds that updates stay IN_PROGRESS (default: %(default)s)"
    )
    parser.add_argument("--rate-limits", action="store_true", help="enforce the rate limits of the API, by 429")
    arguments = parser.parse_args()
    try:
        run(arguments.host, arguments.port, indexing=arguments.indexing, rate_limits=arguments.rate_limits)
    except CannotServeError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
