"""A small integration as somebody might write it: moves customers into an audience by their points."""

from __future__ import annotations

from collections.abc import Mapping

from batch_client import AsyncBatchClient, BatchClient


def promote(batch: BatchClient, points: Mapping[str, int], least: int = 100) -> int:
    """Write everyone's points, and put who has enough into the audience "gold"; return how many that are."""
    result = batch.profiles.update(
        [{"identifiers": {"custom_id": who}, "attributes": {"points": count}} for who, count in points.items()]
    )
    if result.errors:
        raise ValueError(f"{len(result.errors)} attributes were dropped")
    gold = [{"id": who} for who, count in points.items() if count >= least]
    batch.audiences.create(name="gold", type="custom_ids").wait()
    audience = batch.audiences.replace(name="gold", ids=gold).wait()
    return audience.nb_ids


async def count_audiences(batch: AsyncBatchClient) -> int:
    """Return how many audiences there are."""
    return len([audience async for audience in batch.audiences.list()])
