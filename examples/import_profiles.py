"""Import profiles from a CSV file with the columns custom_id, email and plan.

Usage: python examples/import_profiles.py people.csv

Keys come from BATCH_REST_API_KEY and BATCH_PROJECT_KEY. An import that was interrupted resumes when it is started again
with the same file. What is not accepted is written to people.rejects.csv.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from batch_client import BatchClient, BatchError


def read_profiles(path: Path) -> Iterator[dict[str, Any]]:
    """Yield one profile per row; an empty cell leaves the attribute as it is."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            attributes = {"$email_address": row["email"], "plan": row["plan"]}
            yield {
                "identifiers": {"custom_id": row["custom_id"]},
                "attributes": {name: value for name, value in attributes.items() if value},
            }


def main(path: Path) -> int:
    """Import the file; return 0 if every row was accepted."""
    checkpoint = path.with_suffix(".checkpoint")
    with BatchClient() as batch:
        report = batch.bulk.update_profiles(read_profiles(path), checkpoint=checkpoint)
    print(report)
    if report.error is None:
        checkpoint.unlink()  # so that the next import of this file starts from its beginning
    if report.complete:
        return 0
    report.to_csv(path.with_suffix(".rejects.csv"))
    return 1


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    try:
        sys.exit(main(Path(sys.argv[1])))
    except (BatchError, OSError) as error:
        sys.exit(f"error: {error}")
