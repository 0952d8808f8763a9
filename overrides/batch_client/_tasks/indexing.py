"""Indexing tasks: looking at them, and waiting for one or many."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from functools import partial
from typing import Any, NoReturn, TypeVar

from batch_client._tasks.schedule import is_documented, is_final
from batch_client._tasks.waiting import async_wait_for, wait_for
from batch_client._transport.call import NO_LIMITS, Limits
from batch_client.errors import BatchError, IndexingTimeout, NotFoundError
from batch_generated import types
from batch_generated.types import UNSET, OnPoll

ViewT = TypeVar("ViewT")
_logger = logging.getLogger("batch_client")


class _Progress:
    """What is known of a task, the same for both twins."""

    def __init__(self, name: str, token: str, *, removes_viewed: bool) -> None:
        self.name = name
        self.token = token
        self.state: str | None = None
        self.result: Any = None
        self.finished = False
        self._removes_viewed = removes_viewed

    def saw(self, view: Any) -> str:
        """Take in what the view operation answered and return the state."""
        found = getattr(view, "indexing_state", UNSET)
        state = "absent" if found is UNSET else str(found)
        if not is_documented(state) and state != self.state:
            _logger.warning("indexing state %.60r is not documented; waiting goes on", state)
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

    def timed_out(self, timeout: float, unfinished: Sequence[Any]) -> IndexingTimeout:
        """Return the error of a wait that is over, given all tasks that are not finished; this is the first of them."""
        others = f" and {len(unfinished) - 1} more" if len(unfinished) > 1 else ""
        return IndexingTimeout(
            f"indexing of {self.name!r}{others} was not finished after {timeout:g} s; "
            f"wait again, or resume with task({self.name!r}, {self.token!r})",
            tasks=unfinished,
        )

    def __getstate__(self) -> dict[str, Any]:
        # An error that carries tasks must reach another process, and a client must not.
        return self.__dict__ | {"_view": partial(_view_without_client, self.name, self.token)}

    def __repr__(self) -> str:
        return f"{type(self).__name__}(name={self.name!r}, token={self.token!r}, state={self.state!r})"


def _view_without_client(name: str, indexing_token: str, _: Limits) -> NoReturn:
    raise BatchError(f"this task came without its client; resume it with task({name!r}, {indexing_token!r})")


class IndexingTask(_Progress, types.IndexingTask[ViewT]):
    """An indexing task that looks by calling a view operation."""

    def __init__(self, name: str, token: str, view: Callable[[Limits], ViewT], *, removes_viewed: bool = False) -> None:
        super().__init__(name, token, removes_viewed=removes_viewed)
        self._view = view

    def status(self) -> str:
        return self.poll()

    def done(self) -> bool:
        if not self.finished:
            self.poll()
        return self.finished

    def poll(self, limits: Limits = NO_LIMITS) -> str:
        """Read the state once, within limits of time."""
        try:
            view = self._view(limits)
        except NotFoundError as error:
            return self.found_nothing(error)
        return self.saw(view)

    def wait(self, timeout: float | None = 300.0, on_poll: OnPoll | None = None) -> ViewT:
        return wait_all([self], timeout, on_poll)[0]


class AsyncIndexingTask(_Progress, types.AsyncIndexingTask[ViewT]):
    """The twin of `IndexingTask` for asyncio."""

    def __init__(
        self, name: str, token: str, view: Callable[[Limits], Awaitable[ViewT]], *, removes_viewed: bool = False
    ) -> None:
        super().__init__(name, token, removes_viewed=removes_viewed)
        self._view = view

    async def status(self) -> str:
        return await self.poll()

    async def done(self) -> bool:
        if not self.finished:
            await self.poll()
        return self.finished

    async def poll(self, limits: Limits = NO_LIMITS) -> str:
        """Read the state once, within limits of time."""
        try:
            view = await self._view(limits)
        except NotFoundError as error:
            return self.found_nothing(error)
        return self.saw(view)

    async def wait(self, timeout: float | None = 300.0, on_poll: OnPoll | None = None) -> ViewT:
        return (await async_wait_all([self], timeout, on_poll))[0]


def wait_all(
    tasks: Iterable[types.IndexingTask[ViewT]], timeout: float | None = 300.0, on_poll: OnPoll | None = None
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
    return wait_for(list(tasks), timeout, on_poll)


async def async_wait_all(
    tasks: Iterable[types.AsyncIndexingTask[ViewT]], timeout: float | None = 300.0, on_poll: OnPoll | None = None
) -> list[ViewT]:
    """The twin of `wait_all` for asyncio."""
    return await async_wait_for(list(tasks), timeout, on_poll)
