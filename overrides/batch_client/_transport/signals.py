"""Tells an exception that a signal handler raised from one that the interrupted code raised.

A handler's exception, such as a task queue's soft time limit, surfaces in whatever the main thread happens to run. What
catches the exceptions of a record or of the disk must let it pass.
"""

from __future__ import annotations

import signal
from functools import partial
from traceback import walk_tb
from typing import Any


def is_from_signal(error: BaseException) -> bool:
    """Return whether a signal handler that is installed raised an exception, or called what raised it."""
    handlers = {_code_of(signal.getsignal(number)) for number in signal.valid_signals()} - {None}
    return any(frame.f_code in handlers for frame, _ in walk_tb(error.__traceback__))


def _code_of(handler: Any) -> Any:
    while isinstance(handler, partial):
        handler = handler.func
    if not callable(handler):  # SIG_DFL and SIG_IGN are enum members
        return None
    if not hasattr(handler, "__code__"):
        handler = type(handler).__call__
    return getattr(handler, "__code__", None)


def raise_from_signal(error: BaseException) -> None:
    """Raise what a signal handler raised, if a library took that for an error of its own, such as a time-out."""
    link: BaseException | None = error
    while link is not None:
        if is_from_signal(link):
            raise link from None
        link = link.__cause__ or link.__context__
