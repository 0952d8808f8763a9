"""Bulk: any number of records through the limits per call, each of them accounted for."""

from __future__ import annotations

import csv
import datetime
import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from batch_client import RATE_LIMITS, APIConnectionError, AuthenticationError, BatchClient, RateLimit
from batch_client.bulk import BulkError, BulkProgress, BulkReport, RecordProblem, UnreadableRecord
from batch_client.bulk._target import target_of
from batch_client.sandbox import Sandbox
from batch_generated.models import EditProfile, ProfileIdentifiers
from tests.calls import models, partly_saved
from tests.conftest import KEYS, FakeClock, Twin
from tests.contract import BUNDLE


def report_of(error: BaseException | None) -> BulkReport:
    """Return the report that an exception which ended a run carries."""
    report = vars(error)["report"]
    assert isinstance(report, BulkReport)
    return report


def profile(number: int, **attributes: Any) -> dict[str, Any]:
    return {"identifiers": {"custom_id": f"u{number}"}, "attributes": {"n": number} | attributes}


def event_at(time: str) -> dict[str, Any]:
    return profile(1) | {"events": [{"name": "e", "time": time}]}


def sizes(sandbox: Sandbox, operation: str) -> list[int]:
    bodies = [request.body for request in sandbox.requests if request.operation == operation]
    return [len(body if isinstance(body, list) else body.get("ids", body.get("items"))) for body in bodies]


@pytest.mark.parametrize(
    ("operation", "most", "member"),
    [
        ("profile_update", 200, None),
        ("profile_mass_update", 5_000, None),  # half of the 10,000 that the rate limit lets through at once
        ("audience_update", 10_000, "ids"),
        ("audience_replace", 10_000, "ids"),
        ("catalog_items_edit", 200, "items"),
    ],
)
def test_limits_come_from_the_bundle(operation: str, most: int, member: str | None) -> None:
    target = target_of(operation)
    assert (target.max_records, target.member) == (most, member)
    assert most == 5_000 or f'"maxItems": {most}' in json.dumps(BUNDLE)


@pytest.mark.parametrize(("mode", "calls"), [("mass", [5_000] * 5), ("stream", [200] * 125)])
async def test_profiles_are_split_and_all_get_in(
    mode: str, calls: list[int], twin: Twin, batch: Any, sandbox: Sandbox
) -> None:
    report = await twin.finish(batch.bulk.update_profiles((profile(n) for n in range(25_000)), mode=mode))
    assert (report.records, report.accepted, report.calls) == (25_000, 25_000, len(calls))
    assert report.complete
    report.raise_for_rejects()
    assert {custom_id: found.attributes for custom_id, found in sandbox.profiles.items()} == {
        f"u{n}": {"n": n} for n in range(25_000)
    }
    operation = "profile_mass_update" if mode == "mass" else "profile_update"
    assert sorted(sizes(sandbox, operation)) == sorted(calls)


async def test_models_are_taken_like_dicts(twin: Twin, batch: Any, sandbox: Sandbox) -> None:
    records = [EditProfile(identifiers=ProfileIdentifiers(custom_id="ann")), profile(1)]
    assert (await twin.finish(batch.bulk.update_profiles(records))).accepted == 2
    assert list(sandbox.profiles) == ["ann", "u1"]


async def test_async_iterables_are_taken(sandbox: Sandbox, clock: FakeClock) -> None:
    async def records() -> AsyncIterator[Any]:
        for number in range(250):
            yield profile(number)

    async with sandbox.async_client() as batch:
        assert (await batch.bulk.update_profiles(records(), mode="stream")).accepted == 250


INVALID: list[tuple[dict[str, Any], str, str]] = [
    ({"identifiers": {}}, "identifiers", "less than 1 property"),
    ({"attributes": {"plan": "gold"}}, "", "identifiers"),
    (profile(1, **{"Bad Key": 1}), "attributes.Bad Key", '"Bad Key" does not fit "Lower case letters, digits and'),
    (profile(1, plan="x" * 301), "attributes.plan", f'"{"x" * 59}… is longer than 300 characters'),
    (profile(1, plan=["x"] * 26), "attributes.plan", "has more than 25 items"),
    (profile(1, plan=["x", 5]), "attributes.plan.1", '5 is not of type "string"'),
    (profile(1, plan={"$add": [5]}), "attributes.plan.$add.0", '5 is not of type "string"'),
    (profile(1, plan={"$set": ["x"]}), "attributes.plan", "'$set' was unexpected"),
    (profile(1, **{"$email_address": 5}), "attributes.$email_address", '5 is not of types "null", "string"'),
    (profile(1, **{"date(joined)": "yesterday"}), "attributes.date(joined)", "date-time"),
    (profile(1, **{f"a{n}": n for n in range(50)}), "attributes", "51 custom attributes are more than 50"),
    (profile(1, **{f"a{n}": n for n in range(80)}), "attributes", "81 custom attributes are more than 50"),
    (profile(1) | {"events": [{"name": "e"}] * 16}, "events", "15"),
    (
        profile(1) | {"events": [{"name": "NOT VALID"}]},
        "events.0.name",
        '"NOT VALID" does not fit "Name of the event: ',
    ),
    (
        profile(1) | {"events": [{"name": "e"}, {"name": "e", "attributes": {f"a{n}": "x" * 300 for n in range(90)}}]},
        "events.1",
        "bytes are more than 25,000",
    ),
    (
        profile(1) | {"events": [{"name": "e", "time": "2020-01-01T00:00:00Z"}]},
        "events.0.time",
        "more than 24 hours ago",
    ),
    (profile(1) | {"events": [{"name": "e", "time": "2999-01-01T00:00:00Z"}]}, "events.0.time", "in the future"),
]


@pytest.mark.parametrize(
    ("record", "name", "reason"), INVALID, ids=lambda part: part if isinstance(part, str) else None
)
async def test_invalid_record_is_held_back_and_told(
    record: dict[str, Any], name: str, reason: str, twin: Twin, batch: Any, sandbox: Sandbox
) -> None:
    report = await twin.finish(batch.bulk.update_profiles([profile(0), record, profile(2)]))
    assert (report.accepted, report.invalid_records, report.rejected_records) == (2, 1, 0)
    assert all(problem.index == 1 for problem in report.invalid)
    assert [problem.field for problem in report.invalid] == [name]
    assert reason in report.invalid[0].reason
    assert list(sandbox.profiles) == ["u0", "u2"]
    assert not report.complete


def test_event_of_now_is_valid(sandbox: Sandbox, clock: FakeClock) -> None:
    now = datetime.datetime.now(datetime.UTC).replace(tzinfo=None).isoformat()
    with sandbox.client() as batch:
        assert (
            batch.bulk.update_profiles([event_at(f"{now}Z"), event_at(f"{now.lower()}z")], dry_run=True).invalid == []
        )


async def test_run_of_days_takes_events_of_the_day(twin: Twin, batch: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def events_of_days() -> Iterator[dict[str, Any]]:
        for day in range(1, 4):
            now = datetime.datetime(2026, 1, day, tzinfo=datetime.UTC)
            monkeypatch.setattr("batch_client._transport.clock.now", lambda now=now: now)
            yield event_at(now.isoformat())

    assert (await twin.finish(batch.bulk.update_profiles(events_of_days(), dry_run=True))).invalid == []


async def test_skipped_records_are_counted_only(twin: Twin, batch: Any) -> None:
    report = await twin.finish(batch.bulk.update_profiles([profile(0), {}], on_invalid="skip"))
    assert (report.invalid_records, report.invalid, report.accepted) == (1, [], 1)


async def test_every_problem_is_listed(twin: Twin, batch: Any, tmp_path: Path) -> None:
    records = (profile(n) if n % 10_000 == 0 else {} for n in range(30_001))
    report: BulkReport = await twin.finish(batch.bulk.update_profiles(records))
    assert (report.accepted, report.invalid_records, len(report.invalid)) == (4, 29_997, 29_997)
    assert [problem.index for problem in report.invalid] == [n for n in range(30_001) if n % 10_000]
    report.to_csv(tmp_path / "report.csv")
    with (tmp_path / "report.csv").open(encoding="utf-8", newline="") as lines:
        assert sum(1 for _ in csv.reader(lines)) == 29_998


async def test_first_invalid_record_can_end_the_run(twin: Twin, batch: Any, sandbox: Sandbox) -> None:
    records = [*(profile(n) for n in range(250)), {}, *(profile(n) for n in range(300, 900))]
    with pytest.raises(BulkError) as raised:
        await twin.finish(batch.bulk.update_profiles(records, mode="stream", on_invalid="raise"))
    report = raised.value.report
    assert (report.records, report.accepted, report.invalid_records) == (251, 200, 1)
    assert [(part.first, part.last, part.count, part.may_be_in) for part in report.unsettled] == [(200, 249, 50, False)]
    assert len(sandbox.profiles) == 200


async def test_unknown_choice_is_refused(twin: Twin, batch: Any) -> None:
    with pytest.raises(ValueError, match="on_invalid must be 'report', 'raise' or 'skip', not 'drop'"):
        await twin.finish(batch.bulk.update_profiles([], on_invalid="drop"))
    with pytest.raises(ValueError, match="mode must be 'mass' or 'stream', not 'fast'"):
        await twin.finish(batch.bulk.update_profiles([], mode="fast"))


async def test_dry_run_sends_nothing(twin: Twin, batch: Any, sandbox: Sandbox) -> None:
    report = await twin.finish(batch.bulk.update_profiles([profile(0), {}], dry_run=True))
    assert (report.records, report.accepted, report.invalid_records, report.calls) == (2, 0, 1, 0)
    assert sandbox.requests == []


async def test_dry_run_tells_its_progress(twin: Twin, batch: Any) -> None:
    told: list[BulkProgress] = []
    records = [profile(n) for n in range(25_000)]
    await twin.finish(batch.bulk.update_profiles(records, dry_run=True, on_progress=told.append))
    assert [(progress.done, progress.total) for progress in told] == [(1, 25_000), (10_001, 25_000), (20_001, 25_000)]


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (object(), "object has no form in JSON"),
        ("\ud800", "surrogates not allowed"),
        (float("nan"), ""),
        (b"x", "bytes"),
    ],
)
async def test_value_that_json_has_no_form_for_is_invalid(value: Any, reason: str, twin: Twin, batch: Any) -> None:
    report = await twin.finish(batch.bulk.update_profiles([profile(0), profile(1, x=value)]))
    assert (report.accepted, report.invalid_records) == (1, 1)
    assert reason in report.invalid[0].reason


async def test_id_that_no_encoding_has_a_form_for_is_reported(twin: Twin, batch: Any, tmp_path: Path) -> None:
    report = await twin.finish(batch.bulk.update_profiles([{"identifiers": {"custom_id": "\ud800"}}]))
    report.to_csv(tmp_path / "report.csv")
    assert r"invalid,0,\ud800," in (tmp_path / "report.csv").read_text(encoding="utf-8")
    assert json.loads(report.to_json())["invalid"][0]["id"] == "\ud800"


async def test_times_and_sets_have_a_form_in_json(twin: Twin, batch: Any, sandbox: Sandbox) -> None:
    time = datetime.datetime(2026, 1, 31, 8, tzinfo=datetime.UTC)
    report = await twin.finish(batch.bulk.update_profiles([profile(0, **{"date(joined)": time, "tags": {"a"}})]))
    assert report.complete
    assert sandbox.profiles["u0"].attributes == {"n": 0, "date(joined)": "2026-01-31T08:00:00+00:00", "tags": ["a"]}


async def test_record_that_could_not_be_read_keeps_its_place(twin: Twin, batch: Any) -> None:
    records = [profile(0), UnreadableRecord("cut off", "u1", "plan"), profile(2)]
    report = await twin.finish(batch.bulk.update_profiles(records))
    assert (report.accepted, report.records) == (2, 3)
    assert report.invalid == [RecordProblem(1, "u1", "plan", "cut off")]


async def test_rejection_of_no_known_record_is_not_lost(twin: Twin, clock: FakeClock) -> None:
    answer = partly_saved([{"category": "attribute", "bulk_index": 7, "reason": "odd"}])
    batch = twin.make(lambda _: httpx.Response(202, json=answer))
    report = await twin.finish(batch.bulk.update_profiles([profile(0), profile(1)]))
    assert (report.accepted, report.rejected_records, report.complete) == (1, 1, False)
    assert "the API did not say which of records 0 to 1" in report.rejected[0].reason


async def test_what_the_api_rejects_is_mapped_back(twin: Twin, clock: FakeClock, tmp_path: Path) -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        errors = [{"category": "attribute", "bulk_index": 1, "reason": "too long", "attribute": "plan"}]
        errors += [{"category": "event", "bulk_index": 1, "reason": "too old"}]
        return httpx.Response(202, json=partly_saved(errors))

    records = [profile(0), {}, profile(2), profile(3)]
    report: BulkReport = await twin.finish(twin.make(handler).bulk.update_profiles(records))
    assert (report.accepted, report.rejected_records, report.invalid_records) == (2, 1, 1)
    assert [(p.index, p.id, p.field, p.reason) for p in report.rejected] == [
        (2, "u2", "plan", "too long"),
        (2, "u2", "event", "too old"),
    ]
    with pytest.raises(
        BulkError, match=r"4 records in 1 calls .* 2 accepted, 1 rejected, 1 invalid, 0 without an answer"
    ):
        report.raise_for_rejects()
    report.to_csv(tmp_path / "report.csv")
    with (tmp_path / "report.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert [(row["outcome"], row["index"]) for row in rows] == [("rejected", "2"), ("rejected", "2"), ("invalid", "1")]
    assert json.loads(report.to_json())["rejected"][0]["id"] == "u2"


async def test_refused_call_is_rejected_and_the_run_goes_on(twin: Twin, batch: Any, sandbox: Sandbox) -> None:
    sandbox.fail_next("profile_update", 400)
    report = await twin.finish(batch.bulk.update_profiles((profile(n) for n in range(600)), mode="stream"))
    assert (report.accepted, report.rejected_records, report.error) == (400, 200, None)
    assert {problem.index // 200 for problem in report.rejected} == {report.rejected[0].index // 200}


@pytest.mark.parametrize(("fault", "may_be_in"), [(401, False), (500, True), ("lost", True)])
async def test_failure_ends_the_run_and_every_record_is_accounted_for(
    fault: Any, may_be_in: bool, twin: Twin, batch: Any, sandbox: Sandbox
) -> None:
    read = 0

    def records() -> Iterator[Any]:
        nonlocal read
        for read in range(1, 100_001):
            yield profile(read) | {"events": [{"name": "purchase"}]}

    sandbox.fail_next("profile_update", fault)
    report = await twin.finish(batch.bulk.update_profiles(records(), mode="stream"))
    assert read < 2_000  # the rest is not read
    assert report.records == read
    assert report.settled + sum(part.count for part in report.unsettled) == read
    assert next(part.may_be_in for part in report.unsettled) is may_be_in
    assert isinstance(report.error, AuthenticationError if fault == 401 else Exception)
    assert all(len(found.events) == 1 for found in sandbox.profiles.values())


def test_refused_connection_is_surely_not_in(clock: FakeClock) -> None:
    with BatchClient(**KEYS, base_url="http://127.0.0.1:9", rate_limits=None) as batch:
        report = batch.bulk.update_profiles([profile(1)])
    assert isinstance(report.error, APIConnectionError)
    assert [part.may_be_in for part in report.unsettled] == [False]


async def test_records_of_one_id_keep_their_order(twin: Twin, sandbox: Sandbox, clock: FakeClock) -> None:
    records = [profile(n % 150) | {"attributes": {"n": n}} for n in range(1500)]
    client = sandbox.client() if twin.name == "sync" else sandbox.async_client()
    report = await twin.finish(client.bulk.update_profiles(records, mode="stream"))
    assert report.accepted == 1500
    assert {custom_id: found.attributes["n"] for custom_id, found in sandbox.profiles.items()} == {
        f"u{n}": 1350 + n for n in range(150)
    }


async def test_audience_is_updated_and_indexed(twin: Twin, batch: Any, sandbox: Sandbox) -> None:
    await twin.finish(batch.audiences.create(name="vip", type="custom_ids"))
    actions = [{"action": "add", "id": str(n)} for n in range(12_000)]
    actions += [models.AudienceIdUpdate(action="remove", id=str(n)) for n in range(0, 12_000, 2)]
    told: list[BulkProgress] = []
    report = await twin.finish(batch.bulk.update_audience("vip", actions, on_progress=told.append))
    assert (told[-1].done, {progress.unindexed for progress in told}) == (18_000, {0, 1, 2})
    assert (report.accepted, dict(report.indexing)) == (18_000, {"APPLIED": 2})
    assert set(sandbox.audiences["vip"].ids) == {str(n) for n in range(1, 12_000, 2)}


async def test_large_replacement_replaces_once_and_adds(twin: Twin, batch: Any, sandbox: Sandbox) -> None:
    await twin.finish(batch.audiences.create(name="vip", type="custom_ids"))
    await twin.finish(batch.bulk.update_audience("vip", [{"action": "add", "id": "old"}]))
    ids = [{"id": str(n), "attributes": {"n": n}} for n in range(25_000)]
    report = await twin.finish(batch.bulk.replace_audience("vip", ids))
    assert report.complete
    assert sandbox.audiences["vip"].ids == {entry["id"]: entry["attributes"] for entry in ids}
    assert sizes(sandbox, "audience_replace") == [10_000]


async def test_broken_replacement_says_what_is_in(twin: Twin, batch: Any, sandbox: Sandbox) -> None:
    await twin.finish(batch.audiences.create(name="vip", type="custom_ids"))
    sandbox.fail_next("audience_update", 401)
    report = await twin.finish(batch.bulk.replace_audience("vip", ({"id": str(n)} for n in range(15_000))))
    assert report.accepted == 10_000
    assert [(part.first, part.last, part.count) for part in report.unsettled] == [(10_000, 14_999, 5_000)]


async def test_catalog_items_are_edited(twin: Twin, batch: Any, sandbox: Sandbox) -> None:
    await twin.finish(batch.catalogs.create(name="shoes", fields=[{"name": "title", "type": "string"}]))
    items = [{"id": str(n), "action": "add", "attributes": {"title": f"Boot {n}"}} for n in range(450)]
    report = await twin.finish(batch.bulk.edit_catalog_items("shoes", items))
    assert (report.accepted, report.calls, dict(report.indexing)) == (450, 3, {"APPLIED": 3})
    assert len(sandbox.catalogs["shoes"].items) == 450


async def test_progress_is_told_after_each_call(twin: Twin, batch: Any) -> None:
    told: list[BulkProgress] = []
    records = [profile(n) for n in range(500)]
    await twin.finish(batch.bulk.update_profiles(records, mode="stream", on_progress=told.append))
    assert len(told) == 3
    assert sorted(progress.done for progress in told) == [progress.done for progress in told]
    assert (told[-1].done, told[-1].total, told[-1].accepted) == (500, 500, 500)


def test_rate_limits_count_records(sandbox: Sandbox, clock: FakeClock) -> None:
    limits = RATE_LIMITS | {"profiles_update": RateLimit(units=100, seconds=1, burst=200, records="")}
    with sandbox.client(rate_limits=limits) as batch:
        assert batch.bulk.update_profiles((profile(n) for n in range(1000)), mode="stream").accepted == 1000
    assert clock.now - 1000.0 == pytest.approx(8.0, rel=0.02)


async def test_body_is_split_by_size(twin: Twin, batch: Any, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("batch_client.bulk._planner.MAX_REQUEST_BYTES", 10_000)
    report = await twin.finish(batch.bulk.update_profiles(profile(n, note="x" * 250) for n in range(200)))
    assert report.complete
    assert max(sizes(sandbox, "profile_mass_update")) < 40
