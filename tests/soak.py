"""Sends many calls to a sandbox that fails a fifth of them, and checks that nothing is lost, doubled or leaked.

Half go through the client for asyncio, half through threads that share the other. Waits before retries are shortened;
everything else is as users have it. `make soak` runs 100,000 calls.
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from batch_client import AsyncBatchClient, BatchClient, BatchError
from batch_client._transport import clock
from batch_client.sandbox import Sandbox
from batch_client.sandbox._sandbox import PROJECT_KEY, REST_API_KEY
from tests.calls import CAMPAIGN

FAULTS: dict[Any, float] = {429: 0.05, 500: 0.04, 502: 0.02, 503: 0.03, 504: 0.02, "lost": 0.04}
SHORTER = 500
"""How much shorter waits before retries are."""
TASKS, THREADS = 64, 8
UNKNOWN, DONE, FAILED = range(3)
"""What became of a call: not made yet, or its value, or its error."""


def serve(pipe: Connection) -> None:
    """Run the sandbox in a process of its own, so that its memory is not counted; answer with its state at the end."""
    sandbox = Sandbox(indexing=0.0, faults=FAULTS, random_seed=4, keep_requests=0)
    with sandbox.client(max_retries=0) as batch:
        for _ in range(50):
            try:
                batch.audiences.create(name="vip", type="custom_ids")
                break
            except BatchError:
                continue
    with sandbox.serve() as url:
        pipe.send(url)
        pipe.recv()
        events = {custom_id: len(profile.events) for custom_id, profile in sandbox.profiles.items()}
        pipe.send((events, Counter(campaign.definition["name"] for campaign in sandbox.campaigns.values())))


def arguments_of(batch: Any, number: int) -> Callable[[], Any]:
    """Return the call of a number: a fourth each are views, safe writes, events, and campaigns."""
    match number % 4:
        case 0:
            return lambda: batch.audiences.view(name="vip")
        case 1:
            return lambda: batch.profiles.update([{"identifiers": {"custom_id": f"a{number}"}}])
        case 2:
            events = [{"name": "purchase"}]
            return lambda: batch.profiles.update([{"identifiers": {"custom_id": f"e{number}"}, "events": events}])
        case _:
            return lambda: batch.campaigns.create(**(CAMPAIGN | {"name": f"c{number}"}))


class Soak:
    """The calls, and what became of them: one byte each, so that only a leak makes the process grow."""

    def __init__(self, url: str, calls: int) -> None:
        self._options = {"rest_api_key": REST_API_KEY, "project_key": PROJECT_KEY, "base_url": url, "rate_limits": None}
        self.outcomes = bytearray(calls)
        self.sizes: list[int] = []

    async def run_async(self, numbers: range) -> None:
        async with AsyncBatchClient(**self._options) as batch:
            pending = iter(numbers)

            async def work() -> None:
                for number in pending:
                    try:
                        await arguments_of(batch, number)()
                    except BatchError:
                        self._ended(number, FAILED)
                    else:
                        self._ended(number, DONE)

            await asyncio.gather(*(work() for _ in range(TASKS)))

    def run_sync(self, numbers: range) -> None:
        with BatchClient(**self._options) as batch:

            def work(share: range) -> None:
                for number in share:
                    try:
                        arguments_of(batch, number)()
                    except BatchError:
                        self._ended(number, FAILED)
                    else:
                        self._ended(number, DONE)

            threads = [threading.Thread(target=work, args=(numbers[start::THREADS],)) for start in range(THREADS)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()

    def _ended(self, number: int, outcome: int) -> None:
        self.outcomes[number] = outcome
        if number % 1000 == 0:
            self.sizes.append(resident_bytes())


def resident_bytes() -> int:
    """Return how much memory the process has now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * 4096


def problems(outcomes: bytearray, events: dict[str, int], campaigns: Counter[str]) -> list[str]:
    """Return what was lost or doubled."""
    found = []
    for number, outcome in enumerate(outcomes):
        count = {1: events.get(f"a{number}", -1) + 1, 2: events.get(f"e{number}", 0), 3: campaigns[f"c{number}"]}
        if outcome == UNKNOWN:
            found.append(f"call {number} has no outcome")
        elif number % 4 and outcome == DONE and count[number % 4] != 1:
            found.append(f"call {number} is done {count[number % 4]} times")
        elif number % 4 and count[number % 4] > 1:
            found.append(f"call {number} failed and was done {count[number % 4]} times")
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=100_000)
    calls = parser.parse_args().calls
    sleep, async_sleep = clock.sleep, clock.async_sleep
    clock.sleep = lambda seconds: sleep(seconds / SHORTER)
    clock.async_sleep = lambda seconds: async_sleep(seconds / SHORTER)
    here, there = multiprocessing.get_context("spawn").Pipe()
    server = multiprocessing.get_context("spawn").Process(target=serve, args=(there,), daemon=True)
    server.start()
    soak = Soak(here.recv(), calls)
    started = time.monotonic()
    # Both clients warm up first, so that what is measured is growth.
    warm_up = calls // 10
    soak.run_sync(range(warm_up // 2))
    asyncio.run(soak.run_async(range(warm_up // 2, warm_up)))
    before = resident_bytes()
    middle = (calls + warm_up) // 2
    asyncio.run(soak.run_async(range(warm_up, middle)))
    soak.run_sync(range(middle, calls))
    seconds, growth = time.monotonic() - started, max(soak.sizes[-1], resident_bytes()) - before
    here.send("done")
    found = problems(soak.outcomes, *here.recv())
    counted = Counter(soak.outcomes)
    print(f"{calls} calls at {sum(FAULTS.values()):.0%} faults in {seconds:.0f} s ({calls / seconds:.0f}/s)")
    print(f"{counted[DONE]} values, {counted[FAILED]} errors; memory grew by {growth / 2**20:.1f} MiB")
    print("\n".join(found[:20]) or "nothing lost, nothing doubled")
    if growth > 20 * 2**20:
        print("memory grew by more than 20 MiB")
    return 1 if found or growth > 20 * 2**20 else 0


if __name__ == "__main__":
    sys.exit(main())
