"""The options of a bulk run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Literal, get_args

from attrs import frozen

from batch_client.bulk.report import BulkProgress

Mode = Literal["mass", "stream"]
"""How profiles are written: periodic imports or continuous ones."""
OnInvalid = Literal["report", "raise", "skip"]
"""What becomes of a record that breaks a documented limit or has no form in JSON."""
OnProgress = Callable[[BulkProgress], object]


@frozen
class Options:
    """The options of one run, as the methods of `Bulk` explain them.

    Raises:
        ValueError: `on_invalid` is none of the choices.
    """

    on_invalid: OnInvalid
    dry_run: bool
    checkpoint: str | Path | None
    on_progress: OnProgress | None
    timeout: float | None = None

    def __attrs_post_init__(self) -> None:
        if self.on_invalid not in get_args(OnInvalid):
            raise ValueError(f"on_invalid must be 'report', 'raise' or 'skip', not {self.on_invalid!r}")
