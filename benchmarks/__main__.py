"""The command of `make bench`: measures the rows and writes BENCHMARKS.md, or with `--only` prints the rows chosen."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from benchmarks import report, throughput
from benchmarks.isolation import Failure, in_new_process
from benchmarks.report import Results, Throughput
from benchmarks.rows import ROWS, SUBJECTS, Row
from benchmarks.series import measure, subject_module
from benchmarks.server import serve
from benchmarks.subjects import Site
from benchmarks.tools import GenerationFailedError

OUTPUT = Path(__file__).parents[1] / "BENCHMARKS.md"


def main() -> int:
    """Run the command; return 1 if something could not be measured."""
    keys = [row.key for row in ROWS] + list(throughput.MEASUREMENTS)
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure what calls cost, in CPU time.")
    parser.add_argument("--only", default="", metavar="ROWS", help=f"the rows to measure, of: {' '.join(keys)}")
    parser.add_argument("--clients", default="", help=f"the clients to measure, of: {' '.join(SUBJECTS)}")
    parser.add_argument("--pairs", type=int, help="the number of pairs, instead of what each row has")
    arguments = parser.parse_args()
    chosen = _choose(parser, arguments.only, keys)
    rows = [_with_pairs(row, arguments.pairs) for row in ROWS if row.key in chosen]
    results = measure_rows(rows, _choose(parser, arguments.clients, SUBJECTS)) if rows else {}
    rates = measure_throughput([key for key in throughput.MEASUREMENTS if key in chosen])
    if arguments.only or arguments.clients or arguments.pairs is not None:
        print("\n\n".join(["", *report.tables(rows, results, rates)]))
    else:
        OUTPUT.write_text(report.document(rows, results, rates), encoding="utf-8")
        print(f"wrote {OUTPUT.name}")
    failed = any(isinstance(result, Failure) for result in (*results.values(), *rates.values()))
    return 1 if failed else 0


def measure_rows(rows: Iterable[Row], names: Iterable[str]) -> Results:
    """Measure the rows for the subjects that have them, each in a new process; print a line for each."""
    results: Results = {}
    with tempfile.TemporaryDirectory() as folder, serve() as url:
        site = Site(url, Path(folder))
        not_generated = _generate(names, site.generated)
        for row in rows:
            for name in names:
                subject = subject_module(name)
                if not hasattr(subject, row.case):
                    continue
                result = not_generated.get(name) or in_new_process(measure, row, name, site)
                results[row.key, name] = result
                shown = result if isinstance(result, Failure) else report.cell(row, result)
                print(f"{row.key}, {subject.TITLE}: {shown}", flush=True)
    return results


def measure_throughput(keys: Iterable[str]) -> Throughput:
    """Measure the throughput of parts of this client, each in a new process; print a line for each."""
    rates: Throughput = {}
    for key in keys:
        what, function = throughput.MEASUREMENTS[key]
        rates[key] = in_new_process(function)
        print(f"{what}: {rates[key]}", flush=True)
    return rates


def _choose(parser: argparse.ArgumentParser, text: str, names: Iterable[str]) -> list[str]:
    """Return the names that a text lists, separated by commas or spaces, or all if it is empty."""
    chosen = text.replace(",", " ").split()
    if unknown := [name for name in chosen if name not in names]:
        parser.error(f"there is no {unknown[0]!r}; choose from: {' '.join(names)}")
    return [name for name in names if name in chosen or not chosen]


def _with_pairs(row: Row, pairs: int | None) -> Row:
    return row if pairs is None else replace(row, budget=replace(row.budget, pairs=pairs, fewest=pairs))


def _generate(names: Iterable[str], folder: Path) -> dict[str, Failure]:
    """Generate the clients that have to be; return the failures by subject."""
    failures = {}
    for name in names:
        if generate := getattr(subject_module(name), "generate", None):
            try:
                generate(folder)
            except GenerationFailedError as error:
                failures[name] = Failure(str(error))
    return failures


if __name__ == "__main__":
    sys.exit(main())
