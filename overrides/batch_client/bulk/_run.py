"""One bulk run, as far as the twins have it in common: from its checkpoint to its report."""

from __future__ import annotations

from collections.abc import Iterable, Sized
from contextlib import suppress
from typing import Any

from batch_client.bulk._checkpoint import Checkpoint
from batch_client.bulk._job import Job
from batch_client.bulk._ledger import Ledger
from batch_client.bulk._plan import Batch, InvalidRecordError, Plan
from batch_client.bulk.options import Options
from batch_client.bulk.report import BulkReport
from batch_client.errors import BulkError, BulkInterrupted, CheckpointError
from batch_generated.types import OnPoll


class Run:
    """One run. It holds its checkpoint open from `start` until `finish` or `ended_by`."""

    def __init__(self, job: Job, options: Options, project: str) -> None:
        self.job = job
        self.timeout = options.timeout
        self.ledger = Ledger(options.on_progress, dry_run=options.dry_run)
        self._options = options
        self._project = project
        self._checkpoint: Checkpoint | None = None
        self._plan: Plan | None = None

    @property
    def plan(self) -> Plan:
        if self._plan is None:
            raise RuntimeError("the run was not started")
        return self._plan

    def start(self, records: Any) -> None:
        """Open the checkpoint."""
        options = self._options
        if isinstance(records, Sized):
            self.ledger.total = len(records)
        if options.checkpoint is not None and not options.dry_run:
            identity = self.job.identity | {"project": self._project}
            self.ledger.checkpoint = self._checkpoint = Checkpoint(options.checkpoint, identity)
        self._plan = Plan(
            self.job.first,
            self.ledger,
            self._checkpoint,
            repeats=self.job.repeats,
            replaces=self.job.first_goes_alone,
            on_invalid=options.on_invalid,
            dry_run=options.dry_run,
        )

    def request(self, batch: Batch) -> tuple[Any, bytes, int] | None:
        """Return endpoint, body and number of records of the call that sends a batch; None if there is nothing to send.

        That is so if all that it holds may be in and must not be sent again.
        """
        if not batch.ids and not batch.replaces:
            return None
        target, content = self.job.content(batch)
        batch.bodies = []  # the content holds them
        return target.endpoint(), content, len(batch.ids)

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
                try:
                    self._checkpoint.indexed(task.token, task.state)
                except CheckpointError as error:
                    self.ledger.end(error)

    def finish(self) -> BulkReport:
        """Return the report of a run that came to its end."""
        report = self._conclude()
        if self._checkpoint is not None and report.error is None:
            try:
                self._checkpoint.finished(report.records)
            except CheckpointError as error:
                report.error = error
        self._close()
        return report

    def ended_by(self, error: BaseException) -> BaseException:
        """End the run because of an exception; return it with the report, or another that carries it."""
        report = self._conclude()
        ended = error
        if isinstance(error, InvalidRecordError):
            ended = BulkError(report)
        elif isinstance(error, KeyboardInterrupt):
            ended = BulkInterrupted(report)
        else:
            if not isinstance(error, BulkError):  # whose report is that of another run
                with suppress(TypeError):  # a kind of exception that takes no attributes
                    vars(error)["report"] = report
            if self._plan is not None:
                error.add_note(f"bulk: {report}")
        self._close()
        return ended

    def _conclude(self) -> BulkReport:
        if self._plan is None:
            return self.ledger.finish(is_replaying=False)
        self._plan.give_up()
        return self.ledger.finish(is_replaying=self._plan.is_replaying)

    def _close(self) -> None:
        if self._checkpoint is not None:
            self._checkpoint.close()
