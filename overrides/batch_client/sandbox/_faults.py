"""Faults that the sandbox shows on demand: the next call of an operation, or a share of all calls."""

from __future__ import annotations

import math
import random
from collections import defaultdict, deque
from collections.abc import Mapping
from http import HTTPStatus
from typing import Literal

from attrs import frozen

from batch_client.sandbox._answers import Answer, Refusal
from batch_generated.api import OPERATIONS

Kind = int | Literal["lost"]
"""An error status: nothing is done. "lost": the call is carried out, and the connection breaks before the answer."""

_CODES = {status.value: status.name for status in HTTPStatus} | {429: "TOO_MANY_REQUESTS", 500: "SERVER_ERROR"}


@frozen
class _Fault:
    kind: Kind
    retry_after: float | None = None


class Faults:
    """Decides which call fails, and how.

    Args:
        shares: How large a share of all calls fails in each way, such as `{429: 0.05, "lost": 0.01}`.
        chance: Where randomness comes from.
    """

    def __init__(self, shares: Mapping[Kind, float], chance: random.Random) -> None:
        for kind, share in shares.items():
            _check(kind)
            if not (_is_number(share) and 0 <= share <= 1):
                raise ValueError(f"the share of {kind!r} must be from 0 to 1, not {share!r}")
        if sum(shares.values()) > 1:
            raise ValueError("the shares of faults must not exceed 1 together")
        self._shares = dict(shares)
        self._chance = chance
        self._next: defaultdict[str, deque[_Fault]] = defaultdict(deque)

    def fail_next(self, operation: str, kind: Kind, retry_after: float | None, times: int) -> None:
        """Let the next calls of an operation fail."""
        if operation not in OPERATIONS:
            raise ValueError(f"no operation is called {operation!r}; there are {', '.join(OPERATIONS)}")
        _check(kind)
        if retry_after is not None and not (_is_number(retry_after) and 0 <= retry_after < math.inf):
            raise ValueError(f"retry_after is seconds from 0 on, not {retry_after!r}")
        if not isinstance(times, int) or times < 0:
            raise ValueError(f"times is a whole number from 0 on, not {times!r}")
        self._next[operation].extend([_Fault(kind, retry_after)] * times)

    def strike(self, operation: str) -> bool:
        """Raise the refusal of a call that fails; return whether its answer is to be lost."""
        fault = self._next[operation].popleft() if self._next[operation] else self._choose()
        if fault is None:
            return False
        if fault.kind == "lost":
            return True
        headers = (
            {} if fault.retry_after is None else {"Retry-After": f"{fault.retry_after:.3f}".rstrip("0").rstrip(".")}
        )
        code = _CODES.get(fault.kind, f"ERROR_{fault.kind}")
        raise Refusal(fault.kind, code, "the sandbox was told to fail", headers)

    def _choose(self) -> _Fault | None:
        drawn = self._chance.random() if self._shares else 1.0
        for kind, share in self._shares.items():
            drawn -= share
            if drawn < 0:
                return _Fault(kind)
        return None


def lose(answer: Answer) -> Answer:
    """Return an answer whose connection breaks."""
    return Answer(answer.status, answer.body, answer.headers, lost=True)


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _check(kind: Kind) -> None:
    if kind != "lost" and not (isinstance(kind, int) and 400 <= kind <= 599):
        raise ValueError(f'a fault is an error status from 400 to 599, or "lost", not {kind!r}')
