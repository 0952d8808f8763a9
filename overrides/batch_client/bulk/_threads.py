"""Threads that end with the process: nobody waits for one at exit, whatever it is waiting for."""

from __future__ import annotations

import _thread
import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from queue import Empty, SimpleQueue
from typing import Generic, TypeVar

from batch_client.errors import BatchError

T = TypeVar("T")


class Workers(Generic[T]):
    """Deals with items in several threads at once.

    Args:
        work: Deals with an item.
        most: How many threads there may be.
    """

    def __init__(self, work: Callable[[T], None], most: int) -> None:
        self.most = most
        """How many items can be dealt with at once: fewer if the system refuses threads."""
        self._work = work
        self._is_started = False
        self._todo: SimpleQueue[T | None] = SimpleQueue()
        self._done: SimpleQueue[tuple[T, BaseException | None]] = SimpleQueue()

    def submit(self, item: T) -> None:
        """Let a thread deal with an item.

        Raises:
            BatchError: the system refuses the first thread.
        """
        if not self._is_started:
            try:
                # A signal handler that raises would spoil a `Thread` while the main thread starts it. Nothing else can
                # come in between here, and this thread starts the others.
                _thread.start_new_thread(self._run, (1,))
            except RuntimeError as error:
                raise BatchError(
                    f"no thread to send with: {error}; raise the limit of processes, or use AsyncBatchClient"
                ) from error
            self._is_started = True
        self._todo.put(item)

    def next_done(self, timeout: float) -> tuple[T, BaseException | None] | None:
        """Return an item that was dealt with, and what its work raised; None if there is none in so many seconds."""
        with suppress(Empty):
            return self._done.get(timeout=max(0.0, timeout))
        return None

    def close(self) -> None:
        """Let the threads end as they finish."""
        self._todo.put(None)

    def _run(self, number: int) -> None:
        if number < self.most:
            following = threading.Thread(
                target=self._run, args=(number + 1,), name=f"batch-bulk-{number + 1}", daemon=True
            )
            try:
                following.start()
            except RuntimeError:
                self.most = number
        while (item := self._todo.get()) is not None:
            raised: BaseException | None = None
            try:
                self._work(item)
            except BaseException as error:  # the main thread raises it
                raised = error
            self._done.put((item, raised))
        self._todo.put(None)  # for the other threads


class DiskThread:
    """Does work in one thread, piece after piece, for an event loop that must not wait for a disk.

    If the system refuses the thread, the loop does the work itself.
    """

    def __init__(self) -> None:
        self._todo: SimpleQueue[Callable[[], object] | None] = SimpleQueue()
        self._has_thread: bool | None = None

    async def run(self, work: Callable[[], T]) -> T:
        """Return what work returns, or raise what it raises. It is done even if whoever waits is cancelled."""
        if not self._starts():
            return work()
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        self._todo.put(partial(_resolve, work, loop, future))
        return await future

    def enqueue(self, work: Callable[[], None]) -> None:
        """Do work, which must not fail, after what was asked for before."""
        if self._starts():
            self._todo.put(work)
        else:
            work()

    def close(self) -> None:
        """Let the thread end when all is done."""
        self._todo.put(None)

    def _starts(self) -> bool:
        """Return whether there is a thread, which begins with the first work."""
        if self._has_thread is None:
            try:
                _thread.start_new_thread(self._run, ())  # as in `Workers.submit`
                self._has_thread = True
            except RuntimeError:
                self._has_thread = False
        return self._has_thread

    def _run(self) -> None:
        while (work := self._todo.get()) is not None:
            work()


def _resolve(work: Callable[[], T], loop: asyncio.AbstractEventLoop, future: asyncio.Future[T]) -> None:
    """Do work, and let a future have what it returns or raises."""
    try:
        resolve: Callable[[], object] = partial(future.set_result, work())
    except BaseException as error:
        resolve = partial(future.set_exception, error)

    def resolve_if_wanted() -> None:
        if not future.done():  # as it is when whoever waited was cancelled
            resolve()

    with suppress(RuntimeError):  # the loop is closed
        loop.call_soon_threadsafe(resolve_if_wanted)
