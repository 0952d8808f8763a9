"""One record never ends a bulk run: what cannot be written as JSON is invalid, and order is kept by identity."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from batch_client.sandbox import Sandbox
from batch_generated.models import EditProfile, ProfileAttributes, ProfileIdentifiers
from tests.calls import SAVED
from tests.conftest import FakeClock, Twin
from tests.unit.test_bulk import profile, sizes


class Failing:
    """A record of somebody else's making."""

    def __init__(self, error: BaseException) -> None:
        self._error = error

    def to_dict(self) -> dict[str, Any]:
        raise self._error

    def __repr__(self) -> str:
        raise self._error


class Unspeakable(Exception):
    def __str__(self) -> str:
        raise RuntimeError("no text")


class FailingIterable:
    def __iter__(self) -> Iterator[Any]:
        raise LookupError("no items")


class FailingDict(dict[str, Any]):
    def get(self, *_: Any) -> Any:
        raise ZeroDivisionError


class FailingKey(str):
    __hash__ = str.__hash__

    def __eq__(self, other: object) -> bool:
        raise ZeroDivisionError


def cyclic() -> dict[str, Any]:
    record = profile(1)
    record["attributes"]["again"] = record
    return record


def nested(depth: int) -> Any:
    value: Any = "x"
    for _ in range(depth):
        value = [value]
    return value


def unusual() -> list[tuple[str, Any]]:
    return [
        ("integer of 5,000 digits", profile(1, n=10**5_000)),
        ("nested 100,000 deep", profile(1, n=nested(100_000))),
        ("nested 400 deep", profile(1, n=nested(400))),
        ("event nested 100,000 deep", profile(1) | {"events": [{"name": "e", "attributes": {"a": nested(100_000)}}]}),
        ("identifier nested deep", {"identifiers": {"installation": nested(100_000)}}),
        ("cyclic", cyclic()),
        ("failing to_dict", Failing(RuntimeError("ann@example.com"))),
        ("failing value", profile(1, n=Failing(OSError("x")))),
        ("failing to say why", Failing(Unspeakable())),
        ("failing iterable", profile(1, n=FailingIterable())),
        ("surrogate as a key", profile(1) | {"\ud800": 1}),
        ("number as a key", profile(1, n={1: "x"})),
        ("number as a key at the top", {1: 2} | profile(1)),
        ("bytes as a key", profile(1, n={b"x": "x"})),
        ("tuple as a key", profile(1, n={("x",): "x"})),
        ("infinity", profile(1, n=float("inf"))),
        ("bytes", b"x"),
        ("none", None),
        ("text", "u1"),
        ("failing dict", FailingDict(profile(1))),
        ("failing key", {FailingKey("identifiers"): {"custom_id": "u1"}}),
        ("no day", profile(1) | {"events": [{"name": "e", "time": "2026-12-31T23:59:60Z"}]}),
    ]


@pytest.mark.fault("one record of a bulk run cannot be written as JSON", "that record is invalid and the run goes on")
@pytest.mark.parametrize(("name", "record"), unusual(), ids=[name for name, _ in unusual()])
async def test_record_without_a_form_in_json_is_invalid(
    name: str, record: Any, twin: Twin, batch: Any, sandbox: Sandbox, tmp_path: Path
) -> None:
    records = [profile(0), record, profile(2)]
    for resumed in (0, 3):
        report = await twin.finish(batch.bulk.update_profiles(records, checkpoint=tmp_path / "c"))
        assert (report.records, report.accepted, report.invalid_records) == (3, 2, 1)
        assert [problem.index for problem in report.invalid] == [1]
        assert report.invalid[0].reason
        assert report.resumed == resumed
    assert sorted(sandbox.profiles) == ["u0", "u2"]


async def test_names_and_reasons_in_a_report_are_short(twin: Twin, batch: Any) -> None:
    record = profile(1, **{"K" * 1_000_000: 1}) | {"events": [{"name": "E" * 1_000_000}]}
    report = await twin.finish(batch.bulk.update_profiles([record, profile(1, n={"k" * 1_000_000: 1})]))
    assert report.invalid_records == 2
    assert all(len(problem.field) + len(problem.reason) < 2_000 for problem in report.invalid)


RESUMING = """
import sys
from batch_client.bulk import BulkReport
from batch_client import BatchClient
from batch_generated.models import EditProfile, ProfileAttributes, ProfileIdentifiers
import httpx
class Odd: pass
tags = {f"t{n}" for n in range(20)}
records = [
    {"identifiers": {"custom_id": "a"}, "attributes": {"tags": tags}},
    EditProfile(identifiers=ProfileIdentifiers(custom_id="b"),
                attributes=ProfileAttributes(additional_properties={"tags": frozenset(tags)})),
    {"identifiers": {"custom_id": "c"}, "attributes": {"x": Odd()}},
    Odd(),
    {"identifiers": {"custom_id": "d"}},
]
transport = httpx.MockTransport(lambda _: httpx.Response(202, json={"code": "SUCCESS"}))
with BatchClient("key", "project", transport=transport) as batch:
    report = batch.bulk.update_profiles(records, checkpoint=sys.argv[1])
print(report.accepted, report.invalid_records, report.resumed, report.error)
"""


@pytest.mark.fault("a run with sets in its records is resumed in another process", "it goes on")
def test_records_with_sets_can_be_resumed_in_another_process(tmp_path: Path) -> None:
    printed = [
        subprocess.run(
            [sys.executable, "-c", RESUMING, str(tmp_path / "c")],
            env=os.environ | {"PYTHONHASHSEED": str(seed)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.split()
        for seed in (1, 2, 3)
    ]
    assert printed == [["3", "2", "0", "None"], ["3", "2", "5", "None"], ["3", "2", "5", "None"]]


async def test_sets_are_sorted(twin: Twin, batch: Any, sandbox: Sandbox) -> None:
    tags = {f"t{number}" for number in range(20)}
    model = EditProfile(
        identifiers=ProfileIdentifiers(custom_id="u1"),
        attributes=ProfileAttributes(additional_properties={"tags": tags}),
    )
    await twin.finish(batch.bulk.update_profiles([profile(0, tags=tags), model]))
    assert [found.attributes["tags"] for found in sandbox.profiles.values()] == [sorted(tags)] * 2


def installed(number: int, **more: Any) -> dict[str, Any]:
    return {"identifiers": {"installation": {"id": f"i{number}"}}, "attributes": {"n": number} | more}


async def test_profiles_identified_by_installation_are_batched(twin: Twin, batch: Any, sandbox: Sandbox) -> None:
    report = await twin.finish(batch.bulk.update_profiles([installed(n) for n in range(12_000)]))
    assert (report.accepted, report.calls) == (12_000, 3)
    assert sorted(sizes(sandbox, "profile_mass_update")) == [2_000, 5_000, 5_000]


class Recorder:
    """Answers calls, and notes which were in flight together."""

    def __init__(self) -> None:
        self.calls: list[list[dict[str, Any]]] = []
        self.together = 0
        self._in_flight = 0
        self._lock = threading.Lock()

    def __call__(self, request: httpx.Request) -> httpx.Response:
        with self._lock:
            self.calls.append([record["identifiers"] for record in json.loads(request.content)])
            self._in_flight += 1
            self.together = max(self.together, self._in_flight)
        threading.Event().wait(0.01)
        with self._lock:
            self._in_flight -= 1
        return httpx.Response(202, json=SAVED)


async def test_profiles_identified_by_installation_keep_their_order(twin: Twin, clock: FakeClock) -> None:
    recorder = Recorder()
    records = [installed(n % 150) for n in range(600)]
    report = await twin.finish(twin.make(recorder).bulk.update_profiles(records, mode="stream"))
    assert report.accepted == 600
    assert [len(call) for call in recorder.calls] == [150] * 4
    assert recorder.together == 1


def test_calls_with_both_kinds_of_identifiers_follow_each_other(clock: FakeClock) -> None:
    # They may name the same profiles, which nobody here can know.
    recorder = Recorder()
    records = [profile(n) if n % 2 else installed(n) for n in range(1_000)]
    report = Twin("sync").make(recorder).bulk.update_profiles(records, mode="stream")
    assert (report.accepted, recorder.together) == (1_000, 1)
    assert [len(call) for call in recorder.calls] == [200] * 5


def test_first_call_leaves_when_it_is_full(clock: FakeClock) -> None:
    sent = threading.Event()

    def handler(_: httpx.Request) -> httpx.Response:
        sent.set()
        return httpx.Response(202, json=SAVED)

    def records() -> Iterator[Any]:
        yield from (profile(number) for number in range(200))
        assert sent.wait(10)

    assert Twin("sync").make(handler).bulk.update_profiles(records(), mode="stream").accepted == 200


def test_attribute_whose_name_is_a_number_is_named_as_it_is() -> None:
    profile = {"identifiers": {"custom_id": "ann"}, "attributes": {"007": {"nested": True}}}
    report = Sandbox().client().bulk.update_profiles([profile])
    assert [problem.field for problem in report.invalid] == ["attributes.007"]
