"""How many calls are in flight, and how long an engine waits for what: the decisions that both engines share."""

from __future__ import annotations

from collections.abc import Collection

from batch_client.bulk._chunk import Chunk

MAX_CONCURRENCY = 4
"""How many calls are in flight. The rate limits decide the speed; more only hides the network's delay."""

SEND_WAIT = 0.1
"""Maximum wait in seconds, before more is read, for a call to be sent: whoever reads and checks records delays it."""

SEND_POLL_INTERVAL = 0.001
"""Seconds between checks in that time whether it was sent."""

GRACE = 0.5
"""Seconds in which calls in flight may still get their responses when something ends the run."""


def allowed_beside(chunk: Chunk, in_flight: Collection[Chunk], most: int) -> int:
    """Return how many calls may be in flight when a chunk is about to be sent.

    Args:
        in_flight: The chunks that are in flight now.
        most: How many calls may be in flight at once.
    """
    return 0 if chunk.must_follow(in_flight) else most - 1
