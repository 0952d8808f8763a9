"""Measures what a program costs in a fresh process: the CPU time that it takes, or the most memory that it holds."""

from __future__ import annotations

import subprocess
import sys
from typing import Literal

from benchmarks.pairs import Sample

Measure = Literal["cpu", "memory"]

# Both are taken in the child. CPU time there leaves out the start of the interpreter, which would bring every ratio
# closer to 1. The peak that the parent sees ("maxrss") can be its own, from before the child became another program.
_MEASURING = {
    "cpu": """\
import time as _time
_started = _time.process_time()
{program}
print(_time.process_time() - _started)
""",
    "memory": """\
{program}
with open("/proc/self/status") as _status:
    print(1024 * int(next(line for line in _status if line.startswith("VmHWM")).split()[1]))
""",
}


class ProgramFailedError(Exception):
    """A program that was to be measured ended with an error; the message is its last line."""


def sample_of(program: str, environment: dict[str, str], measure: Measure) -> Sample:
    """Return a sample that runs a program and gives its seconds of CPU time, or its peak of resident memory in bytes.

    Raises:
        ProgramFailedError: when sampled, if the program fails.
    """
    source = _MEASURING[measure].format(program=program)

    def sample() -> float:
        run = subprocess.run([sys.executable, "-c", source], env=environment, capture_output=True, text=True)
        if run.returncode != 0:
            raise ProgramFailedError((run.stderr.strip().splitlines() or [f"exit code {run.returncode}"])[-1])
        return float(run.stdout)

    return sample
