"""Writes the results down: the tables, and BENCHMARKS.md around them."""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.isolation import Failure
from benchmarks.pairs import Series
from benchmarks.rows import SUBJECTS, Row
from benchmarks.series import THREADS, subject_module
from benchmarks.subjects import AT_ONCE
from benchmarks.throughput import MEASUREMENTS
from benchmarks.tools import version_of

DASH = "-"
DEPENDENCIES = ("httpcore", "h11", "anyio", "attrs", "python-dateutil", "pydantic", "urllib3", "requests", "httpx2")
"""What the clients depend on and the report gives the versions of."""

INTRODUCTION = """\
# Benchmarks

What batch-client costs in CPU time, beside httpx and other clients. `make bench` writes this file;
`make bench ONLY="view dicts"` prints those rows.

Each number is the CPU time of a client divided by that of what the row compares with: 1.00 costs the same, less is
cheaper. In the row for memory it is what the client needs in addition. *At most* is the limit that batch-client sets
itself. A dash means that the client has nothing to compare."""

METHOD = f"""\
## Method

- CPU time is that of all threads of the process, user and system (`time.process_time`). That of the server is not
  counted: it is another process.
- Measurements are interleaved pairs: baseline, client, baseline, client. The ratio is taken within each pair. The first
  table has the median of all pairs, the details have their quartiles. Pairs that warm up are dropped. Garbage
  collection stays on. Each client in each row is measured in a process of its own.
- All send credentials and read the same bytes. batch-client has everything on: retries, deadlines and rate limits,
  which are set so wide that no call waits. openai retrieves a model and stripe a customer of about the size of an
  audience; httpx then gets the same.
- In memory, one httpx transport returns prepared bytes to all. The client of openapi-generator sends by urllib3, that
  of stripe by requests, and openai by httpx2, so they take no such transport.
- Over the loopback, no transport is passed, and a minimal keep-alive server responds.
- Parsing is `Model.from_dict(json.loads(page))`, for openapi-generator `Model.from_json(page)`. Models to send are made
  beforehand.
- The client that openapi-python-client generates makes its httpx client when it is first used, so making it costs less
  than `httpx.Client()`.
- Programs run in fresh processes with their bytecode cached. The start of the interpreter is not counted. Memory is the
  peak of resident memory less that of `import httpx`. click, pygments and rich are not installed: httpx imports them
  where they are, which would hide what a client imports.
- Concurrent calls are started together; a semaphore lets every client but batch-client make {AT_ONCE} at once, because
  with more httpx closes each connection after its call. In the row for threads, {THREADS} threads share one client.
  Where httpx raises ReadError there, the call is made again."""

Results = dict[tuple[str, str], Series | Failure]
"""By the key of the row and the name of the subject."""
Throughput = dict[str, str | Failure]
"""By the key of the measurement."""


def cell(row: Row, result: Series | Failure | None) -> str:
    """Return what the table shows of a result."""
    if result is None:
        return DASH
    if isinstance(result, Failure):
        return "failed"
    if row.way == "memory":
        return f"{result.difference.median / 1e6:.1f} MB"
    return f"{result.ratio.median:.2f}"


def document(rows: list[Row], results: Results, rates: Throughput) -> str:
    """Return the whole of BENCHMARKS.md."""
    parts = [INTRODUCTION, *tables(rows, results, rates), METHOD, "\n".join(_circumstances())]
    return "\n\n".join(parts) + "\n"


def tables(rows: list[Row], results: Results, rates: Throughput) -> list[str]:
    """Return the tables that have rows."""
    parts = []
    if rows:
        parts += ["\n".join(_overview(rows, results)), "## Details", "\n".join(_details(rows, results))]
    if rates:
        parts += ["## Throughput", "\n".join(_throughput(rates))]
    return parts


def _overview(rows: list[Row], results: Results) -> Iterator[str]:
    titles = [subject_module(name).TITLE for name in SUBJECTS]
    yield _line("", "compared with", "at most", *titles)
    yield _line(*["---"] * (3 + len(titles)))
    for row in rows:
        limit = f"{row.limit:.1f} MB" if row.way == "memory" else f"{row.limit:.2f}"
        yield _line(row.what, row.against, limit, *(cell(row, results.get((row.key, name))) for name in SUBJECTS))


def _details(rows: list[Row], results: Results) -> Iterator[str]:
    yield _line("row", "client", "compared with", "the client", "quartiles", "pairs", "calls in each")
    yield _line(*["---"] * 7)
    for row in rows:
        for name in SUBJECTS:
            result = results.get((row.key, name))
            if isinstance(result, Series):
                yield _line(row.key, subject_module(name).TITLE, *_detail(row, result))


def _detail(row: Row, series: Series) -> tuple[str, ...]:
    if row.way == "memory":
        spread = series.difference
        sizes = f"{series.baseline / 1e6:.1f} MB", f"{series.subject / 1e6:.1f} MB"
        return *sizes, f"{spread.low / 1e6:.1f} to {spread.high / 1e6:.1f} MB", f"{len(series.pairs)}", "1"
    costs = _duration(series.baseline), _duration(series.subject)
    quartiles = f"{series.ratio.low:.2f} to {series.ratio.high:.2f}"
    return *costs, quartiles, f"{len(series.pairs)}", f"{series.calls}"


def _duration(seconds: float) -> str:
    return f"{seconds * 1e3:,.0f} ms" if seconds >= 0.05 else f"{seconds * 1e6:,.0f} µs"


def _throughput(rates: Throughput) -> Iterator[str]:
    yield _line("", "measured")
    yield _line("---", "---")
    for key, rate in rates.items():
        yield _line(MEASUREMENTS[key][0], "failed" if isinstance(rate, Failure) else rate)


def _circumstances() -> Iterator[str]:
    yield "## Measured on\n"
    yield f"- Date: {datetime.now(UTC).date().isoformat()}, by `make bench`"
    yield f"- Machine: {_processor()}, {os.cpu_count()} cores; load average at the end {os.getloadavg()[0]:.1f}"
    yield f"- System: {_system()}; {platform.python_implementation()} {platform.python_version()}"
    clients = ["httpx", *(subject_module(name).PACKAGE for name in SUBJECTS)]
    yield f"- Clients: {', '.join(filter(None, map(version_of, clients)))}"
    yield f"- Dependencies: {', '.join(filter(None, map(version_of, DEPENDENCIES)))}"


def _processor() -> str:
    try:
        found = re.search(r"^model name\s*: (.+)$", Path("/proc/cpuinfo").read_text(encoding="utf-8"), re.MULTILINE)
    except OSError:
        found = None
    return found[1] if found else platform.machine()


def _system() -> str:
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except OSError:
        return platform.system()


def _line(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"
