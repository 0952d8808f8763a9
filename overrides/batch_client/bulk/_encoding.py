"""Writes a record as JSON, or says why that cannot be done, whatever the record is made of."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from batch_client._transport.signals import is_from_signal
from batch_client.bulk._target import to_bytes
from batch_generated.types import to_json

UNWRITABLE = b"\0"
"""Stands for every record without a form in JSON, in the digest of a call: it has nothing that is the same tomorrow."""

_TOO_DEEP = "it is nested too deeply, or contains itself"


class _NotPlainError(Exception):
    """A record is made of more than what JSON has."""


def _not_plain(_: object) -> NoReturn:
    raise _NotPlainError


# A record that contains itself is found by its depth, which is cheaper than the encoder's own check of every object.
_plain = json.JSONEncoder(
    separators=(",", ":"), ensure_ascii=False, allow_nan=False, check_circular=False, default=_not_plain
)


class UnwritableRecordError(Exception):
    """A record has no form in JSON."""


def encode(record: Any) -> tuple[Any, bytes]:
    """Return a record as plain data and as JSON, which are the same in every process.

    Raises:
        UnwritableRecordError: it has no form in JSON, or its own code fails.
    """
    try:
        if isinstance(record, dict):
            try:
                return record, _plain.encode(record).encode()
            except _NotPlainError:
                pass
        data = to_json(record)
        return data, to_bytes(data)
    except Exception as error:
        if is_from_signal(error):
            raise
        raise UnwritableRecordError(reason_of(error)) from None


def reason_of(error: Exception) -> str:
    """Say what is wrong with a record that made code fail."""
    if isinstance(error, RecursionError):
        return _TOO_DEEP
    try:
        text = str(error)
    except Exception as unprintable:
        if is_from_signal(unprintable):
            raise
        text = ""
    if isinstance(error, TypeError | ValueError) and text:
        return text
    return f"it cannot be read: {type(error).__name__}{': ' if text else ''}{text}"
