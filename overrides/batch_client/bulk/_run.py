"""One bulk run, as far as the engines have it in common: from its checkpoint to its report.

It brings together who decides (`Planner`), who counts (`Account`) and what is on disk (`Checkpoint`), and gives an
engine the chunks to send.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Sized
from contextlib import suppress
from typing import Any

from batch_client.bulk._account import Account
from batch_client.bulk._checkpoint import Checkpoint
from batch_client.bulk._chunk import Chunk
from batch_client.bulk._delivery import Delivery
from batch_client.bulk._operation import BulkOperation
from batch_client.bulk._planner import EarlierOutcome, InvalidRecords, Planner
from batch_client.bulk._replacement import no_valid_record, not_to_be_emptied, refused_earlier
from batch_client.bulk._threads import DiskThread
from batch_client.bulk.options import Options
from batch_client.bulk.report import BulkReport
from batch_client.errors import BulkError, BulkInterrupted, CheckpointError
from batch_generated.types import OnPoll

RECORDS_BETWEEN_PROGRESS = 10_000
"""How many records are only read before progress is shown."""


class InvalidRecordError(Exception):
    """Stops a run at its first invalid record."""


class Run:
    """One run. It holds its checkpoint open from `start` until `finish` or `ended_by`."""

    def __init__(self, operation: BulkOperation, options: Options, project: str) -> None:
        self.operation = operation
        self.account = Account(options)
        self.timeout = options.timeout
        self._options = options
        self._project = project
        self._checkpoint: Checkpoint | None = None
        self._planner: Planner | None = None

    def start(self, records: Any) -> None:
        """Open the checkpoint."""
        if isinstance(records, Sized):
            self.account.total = len(records)
        if self._options.checkpoint is not None and not self._options.dry_run:
            identity = self.operation.identity | {"project": self._project}
            self._checkpoint = Checkpoint(self._options.checkpoint, identity)
        self._planner = Planner(self.operation, self._checkpoint, dry_run=self._options.dry_run)

    def chunks(self, records: Iterable[Any]) -> Iterator[Chunk]:
        """Yield the chunks to send, until an error stops the run."""
        for record in records:
            yield from self.take(record)
            if self.account.error is not None:
                return
        yield from self.take_end()

    def take(self, record: Any) -> Sequence[Chunk]:
        """Take in a record; return the chunks that can be sent now."""
        planner, account = self._started(), self.account
        account.add_record()
        if planner.read % RECORDS_BETWEEN_PROGRESS == 0 and (self._options.dry_run or planner.is_to_replay):
            account.show_progress()  # no call does
        for found in planner.take(record):
            self._record(found)
        return self._hand_over(planner)

    def take_end(self) -> Sequence[Chunk]:
        """Take in that there are no more records; return the chunks that are left to send."""
        planner, account = self._started(), self.account
        for found in planner.finish():
            self._record(found)
        if self.operation.replaces and not planner.has_first_call and not self._options.dry_run:
            if planner.read:
                account.end(no_valid_record(planner.read))
            elif not self.operation.first.takes_none:
                account.end(not_to_be_emptied())
            else:
                planner.plan_empty_call()
        return self._hand_over(planner)

    def delivery(self, chunk: Chunk, disk: DiskThread | None = None) -> Delivery:
        """Return what follows a chunk to the API, given the thread that may wait for the disk if this one may not."""
        return Delivery(chunk, self.account, self._checkpoint, disk)

    def request(self, chunk: Chunk) -> tuple[Any, bytes, int] | None:
        """Return endpoint, body and number of records of the call that sends a chunk; None if there is nothing to send.

        That is so if all that it holds was sent before with an unknown outcome and must not be sent again.
        """
        if not chunk.ids and not chunk.replaces:
            return None
        target, body = self.operation.call(chunk)
        return target.endpoint(), body, len(chunk.ids)

    def unindexed(self) -> list[tuple[str, str, str]]:
        """Return resource, name and token of the tasks to wait for; count those whose end an earlier run saw."""
        resource = self.operation.indexed_by
        if resource is None or self.account.error is not None:
            return []
        known = {} if self._checkpoint is None else dict(self._checkpoint.tokens())
        states = {token: known.get(token) for token in self.account.tokens}
        self.account.add_indexed(state for state in states.values() if state is not None)
        return [(resource, self.operation.members["name"], token) for token, state in states.items() if state is None]

    def on_poll(self, tasks: Sequence[Any]) -> OnPoll:
        """Return what shows, after each poll of indexing, how many tasks are not finished."""
        return lambda _: self.account.show_progress(unindexed=sum(not task.finished for task in tasks))

    def indexed(self, tasks: Iterable[Any]) -> None:
        """Record how waiting for indexing ended."""
        finished = [task for task in tasks if task.finished]
        self.account.add_indexed(task.state for task in finished)
        if self._checkpoint is not None:
            for task in finished:
                try:
                    self._checkpoint.indexed(task.token, task.state)
                except CheckpointError as error:
                    self.account.end(error)

    def finish(self) -> BulkReport:
        """Return the report of a run that came to its end."""
        if self._checkpoint is not None and self.account.error is None:
            try:
                self._checkpoint.finished(self.account.records)
            except CheckpointError as error:
                self.account.end(error)
        report = self._report()
        self._close()
        return report

    def ended_by(self, error: BaseException) -> BaseException:
        """End the run because of an exception; return it with the report, or another that carries it."""
        report = self._report()
        ended = error
        if isinstance(error, InvalidRecordError):
            ended = BulkError(report)
        elif isinstance(error, KeyboardInterrupt):
            ended = BulkInterrupted(report)
        else:
            if not isinstance(error, BulkError):  # whose report is that of another run
                with suppress(TypeError):  # a kind of exception that takes no attributes
                    vars(error)["report"] = report
            if self._planner is not None:
                error.add_note(f"bulk: {report}")
        self._close()
        return ended

    def _started(self) -> Planner:
        if self._planner is None:
            raise RuntimeError("the run was not started")
        return self._planner

    def _record(self, found: InvalidRecords | EarlierOutcome) -> None:
        """Count what the planner found, and stop the run if nothing may follow that."""
        if isinstance(found, InvalidRecords):
            self.account.add_invalid(found.count, found.problems, are_known=found.are_known)
            if self._options.on_invalid == "raise" and not found.are_known:
                raise InvalidRecordError
            return
        outcome = found.outcome
        is_refused = found.is_first and not outcome.accepted and outcome.token is None
        if self.operation.replaces and is_refused and self._checkpoint is not None:
            self.account.end(refused_earlier(self._checkpoint.path))
        self.account.add_earlier(outcome)

    def _hand_over(self, planner: Planner) -> Sequence[Chunk]:
        """Return the chunks that can be sent now. The account has each before the planner forgets it."""
        chunks = planner.ready()
        if chunks:
            for chunk in chunks:
                self.account.open(chunk)
            planner.hand_over()
        return chunks

    def _report(self) -> BulkReport:
        if self._planner is None:
            return self.account.finish(is_within_replay=False)
        for chunk in self._planner.give_up():
            self.account.open(chunk)
        return self.account.finish(is_within_replay=self._planner.is_within_replay)

    def _close(self) -> None:
        if self._checkpoint is not None:
            self._checkpoint.close()
