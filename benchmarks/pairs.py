"""Measures in interleaved pairs: baseline, subject, baseline, subject, with the ratio taken within each pair.

Whatever slows the machine for longer than a pair slows both sides of it, so the median of the ratios stays.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

Sample = Callable[[], float]
"""Measures one side once: seconds of CPU time, or bytes."""


@dataclass(frozen=True)
class Budget:
    """How much to measure.

    Attributes:
        pairs: The number of pairs to keep.
        warm_up: The number of pairs to drop first.
        seconds: After so many seconds of real time the series ends, with `fewest` pairs or more.
        fewest: The number of pairs to keep however long they take.
    """

    pairs: int
    warm_up: int
    seconds: float = 10.0
    fewest: int = 5


@dataclass(frozen=True)
class Spread:
    """A median and its quartiles."""

    low: float
    median: float
    high: float

    @classmethod
    def of(cls, values: list[float]) -> Spread:
        """Return the spread of one value or more."""
        if len(values) == 1:
            return cls(*values * 3)
        return cls(*statistics.quantiles(values, n=4, method="inclusive"))


@dataclass(frozen=True)
class Series:
    """What was measured, a pair per item: the baseline's value and the subject's, for the same number of calls."""

    pairs: tuple[tuple[float, float], ...]
    calls: int

    @property
    def ratio(self) -> Spread:
        """The subject's value divided by the baseline's."""
        return Spread.of([subject / baseline for baseline, subject in self.pairs])

    @property
    def difference(self) -> Spread:
        """The subject's value less the baseline's."""
        return Spread.of([subject - baseline for baseline, subject in self.pairs])

    @property
    def baseline(self) -> float:
        """The median of the baseline, per call."""
        return statistics.median(baseline for baseline, _ in self.pairs) / self.calls

    @property
    def subject(self) -> float:
        """The median of the subject, per call."""
        return statistics.median(subject for _, subject in self.pairs) / self.calls


def interleave(sides: Sequence[Sample], budget: Budget, calls: int = 1) -> Series:
    """Measure the two sides, baseline and subject, in turn; return the pairs without those that warmed up."""
    baseline, subject = sides
    for _ in range(budget.warm_up):
        baseline()
        subject()
    pairs: list[tuple[float, float]] = []
    started = time.monotonic()
    while len(pairs) < budget.pairs:
        if len(pairs) >= budget.fewest and time.monotonic() - started > budget.seconds:
            break
        pairs.append((baseline(), subject()))
    return Series(tuple(pairs), calls)


def cpu_time(work: Callable[[], object]) -> Sample:
    """Return a sample of the CPU time that work takes in all threads of this process."""

    def sample() -> float:
        started = time.process_time()
        work()
        return time.process_time() - started

    return sample
