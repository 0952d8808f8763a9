"""What it means for a replacement that its first call, the one that replaces, was not made or failed."""

from __future__ import annotations

import copy
from pathlib import Path

from batch_client.errors import BatchError

_NOTHING_REPLACED = "nothing was replaced"


def no_valid_record(records: int) -> BatchError:
    return BatchError(f"{_NOTHING_REPLACED}: none of the {records:,} records is valid")


def not_to_be_emptied() -> BatchError:
    return BatchError(f"{_NOTHING_REPLACED}: by the API's documents the new content cannot be empty")


def refused_earlier(checkpoint: Path) -> BatchError:
    return BatchError(
        f"{_NOTHING_REPLACED}: the API refused the first call in an earlier run; "
        f"delete the checkpoint {checkpoint} to start over"
    )


def first_call_failed(error: BatchError, *, outcome_unknown: bool) -> BatchError:
    """Return the error of the first call with what it means for the content."""
    meaning = "it is not known whether the content was replaced" if outcome_unknown else _NOTHING_REPLACED
    explained = copy.copy(error)
    explained.args = (f"{error}; {meaning}, and nothing was added",)
    explained.__cause__ = error
    return explained
