"""What became of the records of one call, as its response or its error says."""

from __future__ import annotations

from typing import Any, Literal

from attrs import frozen

from batch_client.bulk._chunk import Chunk
from batch_client.bulk._problems import RecordProblem
from batch_client.errors import BadRequestError
from batch_generated.types import UNSET


@frozen
class Outcome:
    """How many records of a call ended how, and what is wrong with those that were not accepted whole."""

    accepted: int
    rejected: int
    unconfirmed: int
    problems: list[tuple[Literal["rejected", "unconfirmed"], RecordProblem]]
    token: str | None = None
    """The indexing token of the call."""


def outcome_of(chunk: Chunk, response: Any) -> Outcome:
    """Return the outcome of a chunk that the API accepted, in whole or in part.

    Args:
        response: The model of the response; None if the chunk had nothing to send.
    """
    rejected: dict[int, list[RecordProblem]] = {}
    for error in (getattr(response, "errors", UNSET) or []) if chunk.ids else []:
        position, reason = error.bulk_index, str(error.reason)
        if not isinstance(position, int) or not 0 <= position < len(chunk.indexes):
            # Whichever it was, it must not go unseen.
            reason = f"{reason} (the API did not say which of records {chunk.start} to {chunk.stop - 1})"
            position = 0
        name = str(error.attribute) if error.attribute else str(error.category or "")
        index = chunk.indexes[position]
        rejected.setdefault(index, []).append(RecordProblem(index, chunk.ids[position], name, reason))
    token = getattr(response, "indexing_token", None)
    return _outcome(chunk, rejected, token if isinstance(token, str) else None)


def outcome_of_refusal(chunk: Chunk, error: BadRequestError) -> Outcome:
    """Return the outcome of a chunk that the API refused as malformed: all its records are rejected."""
    records = zip(chunk.indexes, chunk.ids, strict=True)
    return _outcome(chunk, {index: [RecordProblem(index, id_, "", str(error))] for index, id_ in records}, None)


def _outcome(chunk: Chunk, rejected: dict[int, list[RecordProblem]], token: str | None) -> Outcome:
    unconfirmed = [problem for index, problem in chunk.unconfirmed.items() if index not in rejected]
    accepted = sum(index not in rejected and index not in chunk.unconfirmed for index in chunk.indexes)
    problems: list[tuple[Literal["rejected", "unconfirmed"], RecordProblem]] = [
        *(("rejected", problem) for found in rejected.values() for problem in found),
        *(("unconfirmed", problem) for problem in unconfirmed),
    ]
    return Outcome(accepted, len(rejected), len(unconfirmed), problems, token)
