"""The command line: `batch-client`. It needs the extra `cli`."""

from __future__ import annotations

from batch_client_command import main as main
