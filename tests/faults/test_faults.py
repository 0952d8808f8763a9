"""What a caller gets when something goes wrong: the value or which error, after how many requests."""

from __future__ import annotations

import pickle

import pytest

from tests.faults.run import ALWAYS, KEYS, Outcome, everything_shown, leaks, run
from tests.faults.table import FAULTS, KINDS, MAX_RETRIES, PAIRS, Fault, Kind

pytestmark = pytest.mark.any_documents

pairs = pytest.mark.parametrize(("fault", "kind"), PAIRS, ids=lambda part: part.name)
twins = pytest.mark.parametrize("twin", ["sync", "async"])


def check_walls(outcome: Outcome) -> None:
    """Check that the keys went out and are seen nowhere, and that the error can be handed to another process."""
    assert all(key.encode() in request for request in outcome.received for key in KEYS.values())
    for text in everything_shown(outcome):
        assert not leaks(text), text
    if outcome.error is not None:
        pickled = pickle.dumps(outcome.error)
        assert not leaks(pickled.decode("latin-1"))
        assert str(pickle.loads(pickled)) == str(outcome.error)


@twins
@pairs
async def test_fault_that_lasts(fault: Fault, kind: Kind, twin: str) -> None:
    outcome = await run(kind, fault, ALWAYS, twin)
    assert type(outcome.error) is (fault.error or type(None)), repr(outcome.error)
    tries = 1 + MAX_RETRIES if fault.is_repeated(kind) else 1
    assert len(outcome.received) == (0 if fault.act is None else tries)
    # A wait for indexing sleeps before its look too.
    looks = 1 if kind.name == "wait for indexing" else 0
    assert len(outcome.slept) == tries - 1 + looks
    if fault.error is None:
        assert outcome.value == kind.call.expected
    check_walls(outcome)


@twins
@pairs
async def test_fault_that_passes(fault: Fault, kind: Kind, twin: str) -> None:
    outcome = await run(kind, fault, 1, twin)
    if fault.is_repeated(kind):
        assert (outcome.value, outcome.error) == (kind.call.expected, None)
        assert len(outcome.received) == (1 if fault.act is None else 2)
    else:
        assert type(outcome.error) is (fault.error or type(None))
        assert len(outcome.received) == 1
    check_walls(outcome)


def test_unsafe_kinds_are_never_sent_again_after_an_unknown_outcome() -> None:
    unsafe = [kind for kind in KINDS if not kind.safe]
    assert {kind.call.operation for kind in unsafe} == {"campaign_create", "profile_update"}
    assert not any(fault.is_repeated(kind) for kind in unsafe for fault in FAULTS if fault.repeated == "if safe")
