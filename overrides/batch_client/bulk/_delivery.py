"""Follows one chunk to the API: what is on disk before it is sent, and what its response or its error means.

The transport reports each try to send it, as to any `SendObserver`; then the engine reports how the call ended, with
`succeeded`, `failed` or `stopped`, from a thread that may wait for the disk.
"""

from __future__ import annotations

from typing import Any

from batch_client.bulk._account import Account
from batch_client.bulk._checkpoint import Checkpoint
from batch_client.bulk._chunk import Chunk
from batch_client.bulk._outcome import Outcome, outcome_of, outcome_of_refusal
from batch_client.bulk._replacement import first_call_failed
from batch_client.bulk._threads import DiskThread
from batch_client.errors import NOT_PROCESSED, BadRequestError, BatchError, CheckpointError


class Delivery:
    """One chunk on its way.

    Args:
        checkpoint: Where the chunk is stored before it is sent; None if there is none.
        disk: The thread that writes to the checkpoint for an event loop; None if there is no event loop.
    """

    def __init__(
        self, chunk: Chunk, account: Account, checkpoint: Checkpoint | None, disk: DiskThread | None = None
    ) -> None:
        self.chunk = chunk
        self.is_sent = False
        """Whether the API may have the whole request of the last try."""
        self._account = account
        self._checkpoint = checkpoint
        self._disk = disk
        self._is_stored = chunk.outcome_unknown
        self._was_unknown = chunk.outcome_unknown
        """Whether the API may have processed a try before the last."""

    def on_wait(self) -> None:
        """Raise RunStopped if the run ends, so that nobody waits for a try that would not be made."""
        self._account.check_running()

    def on_attempt(self) -> None:
        """Record that a try begins; raise RunStopped if it must not."""
        self._account.check_running()
        self.is_sent = False
        self._was_unknown = self._account.is_unknown(self.chunk)

    def on_send(self) -> None:
        """Store and record that the last byte is sent now; raise RunStopped if it must not be."""
        self._account.check_running()
        self._store()
        self._mark_sent()

    async def async_on_send(self) -> None:
        """Do as `on_send` does, without keeping the event loop from other things while the disk is written."""
        self._account.check_running()
        if self._checkpoint is not None and self._disk is not None:
            await self._disk.run(self._store)
        self._mark_sent()

    def on_not_processed(self) -> None:
        """Record that the last try was not processed."""
        self._account.not_processed(self.chunk, outcome_unknown=self._was_unknown)
        if self._disk is None:
            self.unstore()
        else:
            self._disk.enqueue(self.unstore)

    def succeeded(self, response: Any) -> None:
        """Record what the response says of each record; None if there was nothing to send."""
        self._close(outcome_of(self.chunk, response), was_sent=response is not None)

    def failed(self, error: BatchError) -> None:
        """Record the error of the call. What the API refuses is rejected; any other error stops the run.

        A replacement that is refused stops it too: what follows would be added to the old content. If an earlier try
        may have been processed, then whether the content was replaced is unknown.
        """
        replaces = self.chunk.replaces
        if isinstance(error, BadRequestError) and not (replaces and self._was_unknown):
            if replaces:
                self._account.end(first_call_failed(error, outcome_unknown=False))
            self._close(outcome_of_refusal(self.chunk, error), was_sent=True)
            return
        if error.outcome == NOT_PROCESSED:
            self._account.not_processed(self.chunk, outcome_unknown=self._was_unknown)
            self.unstore()
        is_unknown = self._account.is_unknown(self.chunk)
        self._account.end(first_call_failed(error, outcome_unknown=is_unknown) if replaces else error)
        self._account.fail(self.chunk, str(error))

    def stopped(self) -> None:
        """Record that the chunk was not sent, because the run ends."""
        self.unstore()
        self._account.put_back(self.chunk)

    def unstore(self) -> None:
        """Remove from disk a chunk that was not processed. If that fails, its outcome stays unknown, which is safe."""
        if self._checkpoint is not None and self._is_stored and not self._account.is_unknown(self.chunk):
            try:
                self._checkpoint.not_processed(self.chunk.start)
            except CheckpointError as error:
                self._account.end(error)
            self._is_stored = False

    def _mark_sent(self) -> None:
        self._account.sent(self.chunk)
        self.is_sent = True

    def _store(self) -> None:
        if self._checkpoint is not None and not self._is_stored:
            chunk = self.chunk
            self._checkpoint.sending(chunk.start, chunk.stop, chunk.digest.value(), chunk.invalid)
            self._is_stored = True

    def _close(self, outcome: Outcome, *, was_sent: bool) -> None:
        if self._checkpoint is not None:
            try:
                self._store()  # a response may come before the last byte is sent
                self._checkpoint.settled(self.chunk.start, outcome)
            except CheckpointError as error:
                self._account.end(error)
        self._account.close(self.chunk, outcome, was_sent=was_sent)
