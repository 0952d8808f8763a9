"""Indexing tasks: looking at them, waiting for one, waiting for many."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any, ClassVar, Generic, NoReturn, TypeVar

from batch_client import _clock
from batch_client._polling import Schedule, is_documented, is_final
from batch_client.errors import BatchError, IndexingTimeout, NotFoundError, RateLimitTimeout
from batch_generated.types import UNSET, AsyncIndexingTask, IndexingTask, OnPoll, Poll

ViewT = TypeVar("ViewT")
TaskT = TypeVar("TaskT", IndexingTask[Any], AsyncIndexingTask[Any])

_logger = logging.getLogger("batch_client")


class _Progress:
    """What is known of a task, the same for both twins."""

    _public_name: ClassVar[str]

    def __init__(self, name: str, token: str, *, removes_viewed: bool) -> None:
        self.name = name
        self.token = token
        self.state: str | None = None
        self.result: Any = None
        self.finished = False
        self._removes_viewed = removes_viewed

    def saw(self, view: Any) -> str:
        """Take in what the view operation answered and return the state."""
        state = "absent" if view.indexing_state is UNSET else str(view.indexing_state)
        if not is_documented(state) and state != self.state:
            _logger.warning("indexing state %s of %s is not documented; waiting goes on", state, self.name)
        self.state = state
        self.finished = is_final(state)
        if self.finished and not self._removes_viewed:
            self.result = view
        return state

    def found_nothing(self, error: NotFoundError) -> str:
        """Take in that there is nothing to view: the end of a removal, an error for any other task."""
        if not self._removes_viewed:
            raise error
        self.finished = True
        self.state = "APPLIED"
        return self.state

    def __getstate__(self) -> dict[str, Any]:
        # An error that carries tasks must reach another process, and a client must not.
        return self.__dict__ | {"_view": _view_without_client}

    def __repr__(self) -> str:
        return f"{self._public_name}(name={self.name!r}, token={self.token!r}, state={self.state!r})"


def _view_without_client(name: str, indexing_token: str) -> NoReturn:
    raise BatchError(f"this task came without its client; resume it with task({name!r}, {indexing_token!r})")


class PollingTask(_Progress, IndexingTask[ViewT]):
    """An indexing task that looks by calling a view operation."""

    _public_name = "IndexingTask"

    def __init__(self, name: str, token: str, view: Callable[..., ViewT], *, removes_viewed: bool = False) -> None:
        super().__init__(name, token, removes_viewed=removes_viewed)
        self._view = view

    def status(self) -> str:
        try:
            view = self._view(name=self.name, indexing_token=self.token)
        except NotFoundError as error:
            return self.found_nothing(error)
        return self.saw(view)

    def done(self) -> bool:
        if not self.finished:
            self.status()
        return self.finished

    def wait(self, timeout: float | None = 300.0, on_poll: OnPoll | None = None) -> ViewT:
        return wait_all([self], timeout, on_poll)[0]


class AsyncPollingTask(_Progress, AsyncIndexingTask[ViewT]):
    """The twin of `PollingTask` for asyncio."""

    _public_name = "AsyncIndexingTask"

    def __init__(
        self, name: str, token: str, view: Callable[..., Awaitable[ViewT]], *, removes_viewed: bool = False
    ) -> None:
        super().__init__(name, token, removes_viewed=removes_viewed)
        self._view = view

    async def status(self) -> str:
        try:
            view = await self._view(name=self.name, indexing_token=self.token)
        except NotFoundError as error:
            return self.found_nothing(error)
        return self.saw(view)

    async def done(self) -> bool:
        if not self.finished:
            await self.status()
        return self.finished

    async def wait(self, timeout: float | None = 300.0, on_poll: OnPoll | None = None) -> ViewT:
        return (await async_wait_all([self], timeout, on_poll))[0]


class _Watch(Generic[TaskT]):
    """The tasks waited for, and the schedule of looks at them."""

    def __init__(self, tasks: Sequence[TaskT], timeout: float | None) -> None:
        self._tasks: Sequence[TaskT] = tasks
        self._waiting: list[TaskT] = [task for task in tasks if not task.finished]
        self._timeout = timeout
        self._schedule = Schedule(len(self._waiting), _clock.monotonic(), timeout)
        self._looking_at = 0

    @property
    def deadline(self) -> float | None:
        return self._schedule.deadline

    def next(self) -> tuple[TaskT, float] | None:
        """Return the task to look at next and the seconds to sleep before; None when all is done or time is over."""
        look = self._schedule.next()
        if look is None:
            return None
        self._looking_at, due = look
        return self._waiting[self._looking_at], max(0.0, due - _clock.monotonic())

    def looked(self, on_poll: OnPoll | None) -> None:
        """Record that the task was looked at, or that it was not its turn to, and report it."""
        task, now = self._waiting[self._looking_at], _clock.monotonic()
        number = self._schedule.looked(self._looking_at, now, _clock.jitter(), finished=task.finished)
        if on_poll is not None:
            following = self._schedule.next()
            on_poll(
                Poll(
                    token=task.token,
                    number=number,
                    state=str(task.state),
                    elapsed=self._schedule.elapsed(now),
                    next_in=None if following is None else following[1] - now,
                )
            )

    def results(self) -> list[Any]:
        """Return the results in the order of the tasks, or raise IndexingTimeout with those that are not finished."""
        unfinished = [task for task in self._tasks if not task.finished]
        if unfinished:
            first = unfinished[0]
            others = f" and {len(unfinished) - 1} more" if len(unfinished) > 1 else ""
            raise IndexingTimeout(
                f"indexing of {first.name!r}{others} was not finished after {self._timeout:g} s; "
                f"wait again, or resume with task({first.name!r}, {first.token!r})",
                tasks=unfinished,
            )
        return [task.result for task in self._tasks]


def wait_all(
    tasks: Iterable[IndexingTask[ViewT]], timeout: float | None = 300.0, on_poll: OnPoll | None = None
) -> list[ViewT]:
    """Wait for any number of indexing tasks with one schedule, at most one look a second over all of them.

    Args:
        tasks: The tasks, of one project.
        timeout: Most seconds to wait for all; None waits for ever.
        on_poll: Called after each look.

    Returns:
        What each task's `wait` would return, in the order given.

    Raises:
        IndexingTimeout: the time is over; it carries the tasks that are not finished.
        BatchError: a call failed. Tasks can be waited for again.
    """
    watch: _Watch[IndexingTask[Any]] = _Watch(list(tasks), timeout)
    while (pending := watch.next()) is not None:
        task, delay = pending
        if delay > 0:
            _clock.sleep(delay)
        try:
            with _clock.deadline(watch.deadline):
                task.done()
        except RateLimitTimeout:
            watch.looked(None)
        else:
            watch.looked(on_poll)
    return watch.results()


async def async_wait_all(
    tasks: Iterable[AsyncIndexingTask[ViewT]], timeout: float | None = 300.0, on_poll: OnPoll | None = None
) -> list[ViewT]:
    """The twin of `wait_all` for asyncio."""
    watch: _Watch[AsyncIndexingTask[Any]] = _Watch(list(tasks), timeout)
    while (pending := watch.next()) is not None:
        task, delay = pending
        if delay > 0:
            await _clock.async_sleep(delay)
        try:
            with _clock.deadline(watch.deadline):
                await task.done()
        except RateLimitTimeout:
            watch.looked(None)
        else:
            watch.looked(on_poll)
    return watch.results()
