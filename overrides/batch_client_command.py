"""The command `batch-client`, outside of the package so that Ctrl-C ends it in one line while that is imported."""

from __future__ import annotations

import os
import signal
import sys
from types import FrameType

_INTERRUPTED = 130


def main() -> None:
    """Run the command line and end the process with its exit code."""
    # A shell lets what it runs in the background ignore Ctrl-C.
    is_interruptible = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if is_interruptible:
        signal.signal(signal.SIGINT, _leave)
    from batch_client.cli._terminal import prepare_streams

    prepare_streams()
    try:
        from batch_client.cli._app import app
    except ModuleNotFoundError as error:
        if error.name is None or error.name.split(".")[0] == "batch_client":
            raise
        print(f"error: the command line needs {error.name}: pip install 'batch-client[cli]'", file=sys.stderr)
        sys.exit(2)
    if is_interruptible:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    app(prog_name="batch-client")


def _leave(_: int, __: FrameType | None) -> None:
    """End the process at once: an exception could be lost in code that is imported."""
    try:
        os.write(2, b"error: interrupted\n")
    finally:
        os._exit(_INTERRUPTED)
