"""Kills imports at random moments, lets each go on from its checkpoint, and counts what the sandbox holds in the end.

Every profile must be there with its attributes, and no event twice. An event that is not there must be listed as
unconfirmed: its call was under way when the process died, and nobody can know. `make kills` kills 200 times.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import random
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from attrs import define

from batch_client import BatchClient
from batch_client.sandbox import Sandbox
from batch_client.sandbox._sandbox import PROJECT_KEY, REST_API_KEY

RECORDS = 5_000
LATENCY = (0.01, 0.1)
LONGEST_LIFE = 1.0
"""Seconds after which a run is killed at the latest, which is more than a run takes."""


@define
class Tally:
    """What came of all imports."""

    imports: int = 0
    kills: int = 0
    records: int = 0
    events: int = 0
    unconfirmed: int = 0
    of_them_in: int = 0

    def __str__(self) -> str:
        return (
            f"{self.kills} kills in {self.imports} imports of {self.records:,} profiles: every profile is in with its "
            f"attributes; of {self.events:,} events none is in twice, and {self.unconfirmed:,} are reported as "
            f"unconfirmed, of which {self.of_them_in:,} are in"
        )


def records_of(name: str) -> Iterator[dict[str, Any]]:
    """Yield the profiles of an import: a third have an event too, a tenth nothing but one, and some are invalid."""
    for number in range(RECORDS):
        record: dict[str, Any] = {"identifiers": {"custom_id": f"{name}-{number}"}}
        if number % 10:
            record["attributes"] = {"n": number}
        if number % 10 == 0 or number % 3 == 0:
            record["events"] = [{"name": "purchase", "attributes": {"n": number}}]
        if number % 250 == 7:
            record["attributes"] = {"Bad Key": number}
        yield record


def serve(pipe: Connection) -> None:
    """Run the sandbox in a process of its own; answer with what it holds of an import."""
    sandbox = Sandbox(latency=LATENCY, keep_requests=0)
    with sandbox.serve() as url:
        pipe.send(url)
        while (name := pipe.recv()) is not None:
            found = {id_: part for id_, part in sandbox.profiles.items() if id_.startswith(f"{name}-")}
            pipe.send({id_: (part.attributes, len(part.events)) for id_, part in found.items()})


def run_import(url: str, name: str, folder: Path) -> None:
    """Run an import, or go on with it; write the report when it comes to its end."""
    keys = {"rest_api_key": REST_API_KEY, "project_key": PROJECT_KEY}
    with BatchClient(**keys, base_url=url, rate_limits=None) as batch:
        report = batch.bulk.update_profiles(records_of(name), mode="stream", checkpoint=folder / f"{name}.checkpoint")
    (folder / f"{name}.json").write_text(report.to_json(), encoding="utf-8")


@contextmanager
def sandbox_process() -> Iterator[Connection]:
    ours, theirs = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=serve, args=(theirs,), daemon=True)
    server.start()
    try:
        yield ours
        ours.send(None)
        server.join(10)
    finally:
        server.kill()


def run(kills: int, seed: int) -> Tally:
    """Kill so many times, over as many imports as that takes, and check each import that came to its end."""
    draw = random.Random(seed)
    # Forked from a process that has imported everything, a run begins at once.
    processes = multiprocessing.get_context("forkserver")
    processes.set_forkserver_preload(["batch_client.bulk", "batch_client.sandbox", "jsonschema_rs"])
    tally = Tally()
    with sandbox_process() as pipe, tempfile.TemporaryDirectory() as scratch:
        url = pipe.recv()
        while tally.kills < kills:
            name = f"import{tally.imports}"
            while True:
                process = processes.Process(target=run_import, args=(url, name, Path(scratch)))
                process.start()
                process.join(draw.uniform(0.0, LONGEST_LIFE) if tally.kills < kills else None)
                if process.exitcode is not None:
                    break
                process.kill()
                process.join()
                tally.kills += 1
            assert process.exitcode == 0, "an import ended with an error: see above"
            pipe.send(name)
            check(name, json.loads((Path(scratch) / f"{name}.json").read_text(encoding="utf-8")), pipe.recv(), tally)
    return tally


def check(name: str, report: dict[str, Any], found: dict[str, tuple[dict[str, Any], int]], tally: Tally) -> None:
    """Compare what the sandbox holds of an import with what was sent, and with the report."""
    records = {record["identifiers"]["custom_id"]: record for record in records_of(name)}
    invalid = {problem["id"] for problem in report["invalid"]}
    unconfirmed = {problem["id"] for problem in report["unconfirmed"]}
    assert (report["records"], report["error"], report["unsettled"], report["rejected"]) == (RECORDS, None, [], [])
    assert report["accepted"] + report["unconfirmed_records"] + report["invalid_records"] == RECORDS
    assert invalid == {id_ for id_, record in records.items() if "Bad Key" in record.get("attributes", ())}
    for id_, record in records.items():
        attributes, events = found.get(id_, ({}, 0))
        if id_ in invalid:
            assert id_ not in found, f"{id_} is invalid and was sent"
            continue
        assert attributes == record.get("attributes", {}), f"{id_} lost its attributes"
        wanted = len(record.get("events", ()))
        assert events == wanted or (id_ in unconfirmed and events < wanted), f"{id_} has {events} of {wanted} events"
        tally.events += wanted
        tally.of_them_in += events if id_ in unconfirmed else 0
    tally.imports += 1
    tally.records += RECORDS
    tally.unconfirmed += len(unconfirmed)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    arguments = parser.parse_args()
    print(f"seed {arguments.seed}")
    print(run(arguments.kills, arguments.seed))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
