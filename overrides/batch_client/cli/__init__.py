"""The command line: `batch-client`. It needs the extra `cli`."""

from __future__ import annotations

import sys

from batch_client.cli._terminal import prepare_streams


def main() -> None:
    """Run the command line and end the process with its exit code."""
    prepare_streams()
    try:
        from batch_client.cli._app import app
    except ModuleNotFoundError as error:
        if error.name is None or error.name.split(".")[0] == "batch_client":
            raise
        print(f"error: the command line needs {error.name}: pip install 'batch-client[cli]'", file=sys.stderr)
        sys.exit(2)
    app(prog_name="batch-client")
