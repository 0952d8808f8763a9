"""Replace the content of an audience by the custom ids in a file, one per line, and wait until they are indexed.

Usage: python examples/fill_audience.py vip ids.txt

Keys come from BATCH_REST_API_KEY and BATCH_PROJECT_KEY. For more ids than one call takes: batch.bulk.replace_audience.
"""

from __future__ import annotations

import sys
from pathlib import Path

from batch_client import BatchClient, BatchError, IndexingTimeout, NotFoundError, Poll


def main(name: str, path: Path) -> int:
    """Fill the audience, which is created if it does not exist; return 0 once its ids are indexed."""
    ids = [{"id": id_} for id_ in path.read_text(encoding="utf-8").split()]
    with BatchClient() as batch:
        try:
            batch.audiences.view(name=name)
        except NotFoundError:
            batch.audiences.create(name=name, type="custom_ids").wait()
        task = batch.audiences.replace(name=name, ids=ids)
        try:
            audience = task.wait(timeout=600, on_poll=show)
        except IndexingTimeout:
            # Nothing is lost: any process can wait on, given the name and the token.
            print(f"not indexed yet; to resume: batch.audiences.task({name!r}, {task.token!r}).wait()")
            return 1
    print(f"{audience.name}: {audience.nb_ids:,} ids, {audience.indexing_state}")
    return 0


def show(poll: Poll) -> None:
    """Print the state each time that the task is polled."""
    print(f"{poll.state} after {poll.elapsed:.0f} s")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    try:
        sys.exit(main(sys.argv[1], Path(sys.argv[2])))
    except (BatchError, OSError) as error:
        sys.exit(f"error: {error}")
