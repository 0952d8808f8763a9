"""Shows how far a bulk run is: a bar on a terminal, now and then a line elsewhere."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn

from batch_client.bulk import BulkProgress
from batch_client.bulk.options import OnProgress

SECONDS_BETWEEN_LINES = 10.0


@contextmanager
def shown(console: Console) -> Iterator[OnProgress]:
    """Give the callback that shows progress."""
    if not console.is_terminal:
        yield _Lines(console).show
        return
    columns = (SpinnerColumn(), BarColumn(bar_width=None), TextColumn("{task.description}", markup=False))
    with Progress(*columns, console=console, expand=True) as bar:
        task = bar.add_task("begins", total=None)

        def show(progress: BulkProgress) -> None:
            bar.update(task, total=progress.total, completed=progress.done, description=describe(progress))

        yield show


class _Lines:
    def __init__(self, console: Console) -> None:
        self._console = console
        self._next = time.monotonic() + SECONDS_BETWEEN_LINES

    def show(self, progress: BulkProgress) -> None:
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + SECONDS_BETWEEN_LINES
            self._console.print(describe(progress), markup=False, soft_wrap=True)


def describe(progress: BulkProgress) -> str:
    """Return a line such as `1,200 of 5,000 · 290/s · 13 s left · 2 rejected`."""
    total = "" if progress.total is None else f" of {progress.total:,}"
    parts = [f"{progress.done:,}{total}", f"{progress.rate:,.0f}/s"]
    if progress.seconds_left is not None:
        parts.append(f"{duration(progress.seconds_left)} left")
    if progress.rejected:
        parts.append(f"{progress.rejected:,} rejected")
    if progress.invalid:
        parts.append(f"{progress.invalid:,} invalid")
    if progress.unindexed:
        parts.append(f"waiting for the indexing of {progress.unindexed:,} updates")
    return " · ".join(parts)


def duration(seconds: float) -> str:
    """Return seconds as people say them."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
