"""Count what a project holds, with asyncio: the lists are read concurrently, within the API's rate limits.

Usage: python examples/count_async.py

Keys come from BATCH_REST_API_KEY and BATCH_PROJECT_KEY.
"""

from __future__ import annotations

import asyncio
import sys
from typing import Any

from batch_client import AsyncBatchClient, AsyncPages, BatchError


async def count(pages: AsyncPages[Any]) -> int:
    """Return how many items all pages of a list have."""
    return len([item async for item in pages])


async def main() -> None:
    """Print how many audiences, catalogs and segments there are."""
    async with AsyncBatchClient() as batch:
        audiences, catalogs, segments = await asyncio.gather(
            count(batch.audiences.list(limit=100)),
            count(batch.catalogs.list(limit=100)),
            count(batch.segments.list(limit=100)),
        )
    print(f"{audiences} audiences, {catalogs} catalogs, {segments} segments")


if __name__ == "__main__":
    try:
        asyncio.run(main())
    except BatchError as error:
        sys.exit(f"error: {error}")
