"""The sandbox's exports, statistics and single orchestrations."""

from __future__ import annotations

import datetime
import json
from typing import Any

import httpx
import pytest

from batch_client import BadRequestError, NotFoundError, PermissionDeniedError
from batch_client.sandbox import Sandbox
from tests.conftest import FakeClock, Twin
from tests.sandbox.test_sandbox import HEADERS

PUSH = {"channel_type": "push", "platform_type": ["ios", "android"], "body": "Hello"}
EMAIL = {"channel_type": "email", "subject": "Hello", "sender_identity_id": "1", "html": "<p>Hello</p>"}


def read(url: str, headers: dict[str, str] | None = None) -> httpx.Response:
    with httpx.Client() as http:
        return http.get(url, headers=headers)


async def finished(twin: Twin, served: Any, clock: FakeClock, **request: Any) -> Any:
    accepted = await twin.finish(served.profiles.export(request))
    clock.now += 2
    return await twin.finish(served.exports.view(id=accepted.id))


async def test_export_goes_through_its_states(twin: Twin, served: Any, clock: FakeClock) -> None:
    accepted = await twin.finish(served.profiles.export({"export_type": "ATTRIBUTES", "attributes": ["plan"]}))
    states = []
    for _ in range(4):
        states.append(str((await twin.finish(served.exports.view(id=accepted.id))).status))
        clock.now += 0.7
    assert states == ["CREATED", "PENDING", "RUNNING", "SUCCESS"]
    assert [export.id for export in await twin.items(served.exports.list())] == [accepted.id]


async def test_attributes_of_a_segment_are_exported_in_files_of_a_size(
    twin: Twin, sandbox: Sandbox, served: Any, clock: FakeClock
) -> None:
    sandbox.seed(profiles=50, segments={"loyal": [f"user-{number}" for number in range(1, 21)]})
    sandbox._exports._file_size = 300
    export = await finished(
        twin, served, clock, export_type="ATTRIBUTES", attributes=["plan"], filter={"segment": "loyal"}
    )
    records: list[Any] = []
    for number, file in enumerate(export.files, 1):
        link = await twin.finish(served.exports.download(id=file.id))
        content = read(link).content
        assert (file.part, file.size) == (number, len(content))
        assert len(content) <= 300
        records += json.loads(content)
    assert len(export.files) > 1
    assert [record["custom_id"] for record in records] == [f"user-{number}" for number in range(1, 21)]
    assert records[0] == {"custom_id": "user-1", "plan": "silver"}


async def test_link_is_for_another_host_and_expires(twin: Twin, served: Any, clock: FakeClock) -> None:
    export = await finished(twin, served, clock, export_type="ATTRIBUTES", identifiers=["custom_id"])
    link = httpx.URL(await twin.finish(served.exports.download(id=export.files[0].id)))
    assert link.host != httpx.URL(served.base_url).host
    assert read(str(link)).json() == []
    assert read(str(link), HEADERS).json()["error_message"] == "credentials of the API were sent to another host"
    forged = link.copy_set_param("expires", "9999999999")
    assert read(str(forged)).json()["error_code"] == "SIGNATURE_INVALID"
    clock.now += 20 * 60 + 1
    assert read(str(link)).json()["error_code"] == "LINK_EXPIRED"


async def test_events_and_reachability_are_exported(
    twin: Twin, sandbox: Sandbox, served: Any, clock: FakeClock
) -> None:
    sandbox.seed(profiles=1)
    events = [{"name": "purchase"}, {"name": "visit"}]
    await twin.finish(served.profiles.update([{"identifiers": {"custom_id": "user-1"}, "events": events}]))
    span = {"from": "1970-01-01T00:00:00Z", "to": "now"}
    for request, expected in (
        (
            {"export_type": "EVENTS", "events": ["purchase"]} | span,
            {"name": "purchase", "time": "1970-01-01T00:16:40Z"},
        ),
        (
            {"export_type": "REACHABILITY", "channels": ["email", "sms"]} | span,
            {"reachable": {"email": True, "sms": False}},
        ),
    ):
        export = await finished(twin, served, clock, **request)
        link = await twin.finish(served.exports.download(id=export.files[0].id))
        assert read(link).json() == [{"custom_id": "user-1"} | expected]


@pytest.mark.parametrize(
    ("request_", "says"),
    [
        ({"export_type": "ATTRIBUTES"}, 'MISSING_PARAMETER: the body: "identifiers" is a required property'),
        ({"export_type": "ATTRIBUTES", "attributes": ["a"], "filter": {"segment": "x"}}, "no segment 'x'"),
        ({"export_type": "EVENTS", "events": ["a"], "from": "1969-01-01T00:00:00Z", "to": "now"}, "90 days back"),
    ],
)
async def test_impossible_export_is_refused(request_: Any, says: str, twin: Twin, served: Any) -> None:
    with pytest.raises(BadRequestError, match=says):
        await twin.finish(served.profiles.export(request_))


async def test_unknown_export_and_file(twin: Twin, served: Any) -> None:
    for call in (served.exports.view, served.exports.download):
        with pytest.raises(NotFoundError):
            await twin.finish(call(id="none_such"))


DAY = datetime.date(1970, 1, 1)


def campaign(state: str, message: dict[str, Any], start: str = "now") -> dict[str, Any]:
    return {"name": "Spring", "state": state, "when": {"local_time": False, "start_time": start}, "messages": [message]}


async def test_campaign_runs_completes_and_is_counted(
    twin: Twin, sandbox: Sandbox, served: Any, clock: FakeClock
) -> None:
    sandbox.seed(profiles=7)
    created = await twin.finish(served.campaigns.create(**campaign("RUNNING", PUSH)))
    view = await twin.finish(served.orchestrations.view(orchestration_id=created.id))
    assert (view.status, view.name) == ("running", "Spring")
    clock.now += 60
    assert [each.status for each in await twin.items(served.orchestrations.list(type="campaign"))] == ["completed"]
    call = {"orchestration_id": created.id, "from_": datetime.date(1970, 1, 1), "to": datetime.date(1970, 1, 31)}
    stats = await twin.finish(served.orchestrations.stats(**call, include_platforms=True))
    assert [(str(day.date), day.platform, day.sent) for day in stats.details] == [
        ("1970-01-01", "android", 7),
        ("1970-01-01", "ios", 7),
    ]
    later = datetime.date(1970, 1, 2)
    stats = await twin.finish(served.orchestrations.stats(**(call | {"from_": later})))
    assert stats.details == []


async def test_only_push_campaigns_can_be_viewed(twin: Twin, served: Any) -> None:
    created = await twin.finish(served.campaigns.create(**campaign("DRAFT", EMAIL)))
    with pytest.raises(PermissionDeniedError):
        await twin.finish(served.orchestrations.view(orchestration_id=created.id))
    stats = await twin.finish(served.orchestrations.stats(orchestration_id=created.id, from_=DAY, to=DAY))
    assert stats.details == []


async def test_campaign_that_has_not_started_can_be_updated(twin: Twin, served: Any, clock: FakeClock) -> None:
    start = "1970-01-01T01:00:00Z"
    created = await twin.finish(served.campaigns.create(**campaign("RUNNING", EMAIL, start)))
    await twin.finish(served.campaigns.update(id=created.id, campaign=campaign("RUNNING", EMAIL, start)))
    clock.now = 3601.0
    with pytest.raises(BadRequestError, match="runs or is over"):
        await twin.finish(served.campaigns.update(id=created.id, campaign=campaign("STOPPED", EMAIL)))


async def test_statistics_reach_six_months_back(twin: Twin, served: Any) -> None:
    created = await twin.finish(served.campaigns.create(**campaign("DRAFT", EMAIL)))
    with pytest.raises(BadRequestError, match="six months"):
        await twin.finish(
            served.orchestrations.stats(orchestration_id=created.id, from_=datetime.date(1969, 1, 1), to=DAY)
        )
