"""One bulk run, as far as the twins have it in common: from its checkpoint to its report."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sized
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from attrs import frozen

from batch_client.bulk._checkpoint import Checkpoint, CheckpointError
from batch_client.bulk._job import Job
from batch_client.bulk._ledger import Departure, Ledger
from batch_client.bulk._plan import Batch, InvalidRecordError, OnInvalid, Plan
from batch_client.bulk._report import BulkError, BulkInterrupted, BulkReport, OnProgress
from batch_generated.types import OnPoll


@frozen
class Options:
    """What every kind of run can be told."""

    on_invalid: OnInvalid
    dry_run: bool
    checkpoint: str | Path | None
    on_progress: OnProgress | None
    timeout: float | None = None


class Run:
    """One run. As a context it closes its checkpoint."""

    def __init__(self, job: Job, records: Any, options: Options, project: str) -> None:
        self.job = job
        self.timeout = options.timeout
        self._checkpoint: Checkpoint | None = None
        if options.checkpoint is not None and not options.dry_run:
            self._checkpoint = Checkpoint(options.checkpoint, job.identity | {"project": project})
        total = len(records) if isinstance(records, Sized) else None
        self.ledger = Ledger(self._checkpoint, total, options.on_progress, dry_run=options.dry_run)
        try:
            self.plan = Plan(
                job.first,
                self.ledger,
                self._checkpoint,
                repeats=job.repeats,
                on_invalid=options.on_invalid,
                dry_run=options.dry_run,
            )
        except BaseException:
            self.close()
            raise

    def request(self, batch: Batch) -> tuple[Any, bytes, int, Departure]:
        """Return the arguments of the call that sends a batch."""
        target, content = self.job.content(batch)
        batch.bodies = []  # the content holds them
        return target.endpoint(), content, len(batch.ids), self.ledger.departure(batch)

    def unindexed(self) -> list[str]:
        """Return the tokens to wait for; count those whose end an earlier run saw."""
        report = self.ledger.report
        if self.job.tag is None or report.error is not None:
            return []
        known = {} if self._checkpoint is None else dict(self._checkpoint.tokens())
        states = {token: known.get(token) for token in self.ledger.tokens}
        report.indexing.update(state for state in states.values() if state is not None)
        return [token for token, state in states.items() if state is None]

    def tell_of(self, tasks: list[Any]) -> OnPoll:
        """Return what tells, after each look at indexing, how many tasks are not finished."""
        return lambda _: self.ledger.tell(unindexed=sum(not task.finished for task in tasks))

    def indexed(self, tasks: Iterable[Any]) -> None:
        """Record how waiting for indexing ended."""
        finished = [task for task in tasks if task.finished]
        self.ledger.report.indexing.update(task.state for task in finished)
        if self._checkpoint is not None:
            for task in finished:
                with self._ends_if_not_written():
                    self._checkpoint.indexed(task.token, task.state)

    def finish(self) -> BulkReport:
        """Return the report of a run that came to its end."""
        self.plan.give_up()
        report = self.ledger.finish()
        if self._checkpoint is not None and report.error is None:
            with self._ends_if_not_written():
                self._checkpoint.finished(report.records)
        return report

    @contextmanager
    def _ends_if_not_written(self) -> Iterator[None]:
        try:
            yield
        except CheckpointError as error:
            self.ledger.end(error)

    def break_off(self, error: BaseException) -> None:
        """Give the report to an exception that ends the run, or raise another that carries it."""
        self.plan.give_up()
        report = self.ledger.finish()
        if isinstance(error, InvalidRecordError):
            raise BulkError(report) from None
        if isinstance(error, KeyboardInterrupt):
            raise BulkInterrupted(report) from None
        error.add_note(f"bulk: {report}")

    def close(self) -> None:
        if self._checkpoint is not None:
            self._checkpoint.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
