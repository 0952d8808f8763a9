"""Export attributes of all profiles and download the files.

Usage: python examples/download_export.py exported plan age

Keys come from BATCH_REST_API_KEY and BATCH_PROJECT_KEY.
"""

from __future__ import annotations

import sys
from pathlib import Path

from batch_client import BatchClient, BatchError


def main(directory: Path, attributes: list[str]) -> None:
    """Write the files of the export into a directory, which is created if it does not exist."""
    with BatchClient() as batch:
        job = batch.profiles.export({"export_type": "ATTRIBUTES", "attributes": attributes})
        print(f"export {job.id}; to resume: batch.exports.job({job.id!r}).download({str(directory)!r})")
        for path in job.download(directory):
            print(f"{path}: {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    try:
        main(Path(sys.argv[1]), sys.argv[2:])
    except (BatchError, OSError) as error:
        sys.exit(f"error: {error}")
