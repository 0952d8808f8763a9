"""Runs each measurement in a process of its own: what one imports, leaves in memory or breaks changes no other."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Failure:
    """Why something could not be measured, in one line."""

    reason: str

    @classmethod
    def of(cls, error: Exception) -> Failure:
        """Return the failure that an exception is."""
        first = next(iter(str(error).strip().splitlines()), "")
        return cls(f"{type(error).__name__}: {first}")

    def __str__(self) -> str:
        return f"failed: {self.reason}"


def in_new_process(function: Callable[..., Any], *arguments: object) -> Any:
    """Return what a function returns in a new process, or the `Failure`."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        try:
            return pool.submit(_attempt, function, *arguments).result()
        except BrokenProcessPool:
            return Failure("the process that measured it crashed")


def _attempt(function: Callable[..., Any], *arguments: object) -> Any:
    try:
        return function(*arguments)
    except Exception as error:
        # Made text here: exceptions of other packages may not survive the way to the parent.
        return Failure.of(error)
