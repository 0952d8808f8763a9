"""Sends the chunks of a run in several threads, waits for their responses, and stops."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import Any

from batch_client._calls.callers import BatchCaller
from batch_client._tasks.indexing import wait_all
from batch_client.bulk._account import RunStopped
from batch_client.bulk._chunk import Chunk
from batch_client.bulk._pace import GRACE, MAX_CONCURRENCY, SEND_POLL_INTERVAL, SEND_WAIT, allowed_beside
from batch_client.bulk._run import InvalidRecordError, Run
from batch_client.bulk._threads import Workers
from batch_client.bulk.report import BulkReport
from batch_client.errors import BatchError
from batch_generated.types import IndexingTask

SIGNAL_CHECK_INTERVAL = 0.1
"""Seconds between checks for a signal while calls are waited for: one that comes as a wait begins does not end it."""


class Engine:
    """Executes one run.

    Args:
        task_of: Returns an indexing task, given its resource, the name of what is indexed, and its token.
    """

    def __init__(self, run: Run, caller: BatchCaller, task_of: Callable[[str, str, str], IndexingTask[Any]]) -> None:
        self._run = run
        self._caller = caller
        self._task_of = task_of
        self._workers: Workers[Chunk] = Workers(self._deliver, MAX_CONCURRENCY)
        self._in_flight: dict[int, Chunk] = {}

    def execute(self, records: Iterable[Any]) -> BulkReport:
        """Send the records, wait until they are indexed, and return the report."""
        run = self._run
        try:
            run.start(records)
            self._send_all(records)
            tasks = [self._task_of(*parts) for parts in run.unindexed()]
            try:
                wait_all(tasks, run.timeout, run.on_poll(tasks))
            except BatchError as error:
                run.account.end(error)
            run.indexed(tasks)
            return run.finish()
        except BaseException as error:
            ended = run.ended_by(error)
            if ended is not error:
                raise ended from None
            raise

    def _send_all(self, records: Iterable[Any]) -> None:
        account = self._run.account
        try:
            for chunk in self._run.chunks(records):
                self._wait(allowed_beside(chunk, self._in_flight.values(), self._workers.most))
                if account.error is not None:
                    break
                self._send(chunk)
                if chunk.replaces:
                    self._wait(0)
            self._wait(0)
        except BaseException as error:
            if not isinstance(error, InvalidRecordError):  # which is no reason to hurry
                account.stop()
            self._wait_for_last_responses()
            raise
        finally:
            self._workers.close()

    def _send(self, chunk: Chunk) -> None:
        """Let a thread send a chunk, and read no more until it is sent or some time has passed."""
        account = self._run.account
        self._in_flight[chunk.start] = chunk
        try:
            self._workers.submit(chunk)
        except BatchError as error:
            account.end(error)
            self._in_flight.clear()  # only the first thread is missed
            return
        until = time.monotonic() + SEND_WAIT
        while account.is_to_be_sent(chunk) and time.monotonic() < until:
            time.sleep(SEND_POLL_INTERVAL)

    def _wait(self, most: int) -> None:
        """Wait until no more than so many calls are in flight."""
        while len(self._in_flight) > most:
            if (done := self._workers.next_done(SIGNAL_CHECK_INTERVAL)) is not None:
                chunk, error = done
                del self._in_flight[chunk.start]
                if error is not None:
                    raise error
                self._run.account.show_progress()

    def _wait_for_last_responses(self) -> None:
        until = time.monotonic() + GRACE
        while self._in_flight and (left := until - time.monotonic()) > 0:
            if (done := self._workers.next_done(left)) is not None:
                self._in_flight.pop(done[0].start, None)

    def _deliver(self, chunk: Chunk) -> None:
        """Send a chunk in a thread: what stops the run interrupts the main one only."""
        delivery = self._run.delivery(chunk)
        try:
            request = self._run.request(chunk)
            response = None if request is None else self._caller.send_records(*request, delivery)
        except RunStopped:
            delivery.stopped()
        except BatchError as error:
            delivery.failed(error)
        else:
            delivery.succeeded(response)
