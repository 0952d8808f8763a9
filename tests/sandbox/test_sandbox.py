"""The sandbox over real HTTP, driven by both twins: state, indexing and refusals."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import httpx
import pytest

from batch_client import AuthenticationError, BadRequestError, BatchClient, NotFoundError, async_wait_all, wait_all
from batch_client.sandbox import Sandbox
from batch_client.sandbox._sandbox import PROJECT_KEY, REST_API_KEY
from tests.calls import CAMPAIGN, CAMPAIGN_ID
from tests.conftest import FakeClock, Twin
from tests.contract import VERSION, check_answer, response_of
from tests.operations import young

pytestmark = pytest.mark.usefixtures("clock")

HEADERS = {"Authorization": f"Bearer {REST_API_KEY}", "X-Batch-Project": PROJECT_KEY}


async def audience(twin: Twin, served: Any, name: str = "vip") -> Any:
    task = await twin.finish(served.audiences.create(name=name, type="custom_ids", display_name="VIP"))
    return await twin.finish(task.wait())


async def test_life_of_an_audience(twin: Twin, served: Any) -> None:
    assert (await audience(twin, served)).nb_ids == 0
    updates = [
        await twin.finish(served.audiences.update(name="vip", ids=[{"action": action, "id": id}]))
        for action, id in [("add", "ann"), ("add", "ben"), ("remove", "ann")]
    ]
    assert (await twin.finish(served.audiences.view(name="vip"))).nb_ids == 0
    views = await twin.finish((wait_all if twin.name == "sync" else async_wait_all)(updates))
    assert views[-1].nb_ids == 1
    replace = await twin.finish(served.audiences.replace(name="vip", ids=[{"id": "x"}, {"id": "y"}, {"id": "y"}]))
    assert await twin.finish(updates[0].status()) == "APPLIED"
    assert (await twin.finish(replace.wait())).nb_ids == 2
    assert await twin.finish(updates[0].status()) == "REPLACED"
    assert await twin.finish(replace.status()) == "APPLIED"
    remove = await twin.finish(served.audiences.remove(name="vip"))
    assert await twin.finish(remove.status()) == "IN_PROGRESS"
    assert await twin.finish(remove.wait()) is None
    with pytest.raises(NotFoundError, match="no audience 'vip'"):
        await twin.finish(served.audiences.view(name="vip"))


@pytest.mark.parametrize(
    "attributes",
    [
        *(
            {"date(joined)": time}
            for time in (
                "2026-11-21T16:00:00Z",
                "2026-11-21t16:00:00.1z",
                "2026-11-21T16:00:00+00:00",
                "2026-11-21T16:00:00",
                "2026-11-21 16:00:00Z",
                "2026-02-30T00:00:00Z",
                "2026-11-21T24:00:00Z",
                "2026-11-21",
                "",
            )
        ),
        *({"url(page)": url} for url in ("https://a", "mailto:a", "a:b", "//a", "a", "https://a/é", "https://a b", "")),
        *(
            {"plan": value}
            for value in ("", "😀" * 300, "😀" * 301, 10**400, True, None, [1], ["a"] * 26, {"$add": []}, {})
        ),
        *({name: "https://a\n"} for name in ("url(page)", "plan\n")),
        *({name: 1} for name in ("Plan", "a" * 30, "a" * 31, "$unknown", "date(a)", "date()")),
    ],
)
def test_sandbox_accepts_exactly_what_the_preflight_of_bulk_accepts(attributes: dict[str, Any]) -> None:
    record = {"identifiers": {"custom_id": "ann"}, "attributes": attributes}
    with Sandbox().client() as batch:
        checked = batch.bulk.update_profiles([record], dry_run=True)
        assert bool(batch.profiles.update([record]).errors) == bool(checked.invalid)


async def test_last_action_on_an_id_wins(twin: Twin, served: Any) -> None:
    await audience(twin, served)
    ids = [{"action": "add", "id": "ann"}, {"action": "remove", "id": "ann"}, {"action": "add", "id": "ann"}]
    task = await twin.finish(served.audiences.update(name="vip", ids=ids))
    assert (await twin.finish(task.wait())).nb_ids == 1


async def test_state_without_a_token_is_that_of_the_last_update(twin: Twin, served: Any) -> None:
    await audience(twin, served)
    await twin.finish(served.audiences.update(name="vip", ids=[]))
    assert (await twin.finish(served.audiences.view(name="vip"))).indexing_state == "IN_PROGRESS"


async def test_lists_have_cursors_that_survive_changes(twin: Twin, served: Any) -> None:
    for number in range(5):
        await audience(twin, served, f"a{number}")
    page = await twin.finish(served.audiences.list(limit=2))
    assert ([a.name for a in page.items], page.count) == (["a0", "a1"], 5)
    await twin.finish((await twin.finish(served.audiences.remove(name="a0"))).wait())
    following = await twin.finish(page.next_page())
    assert ([a.name for a in following.items], following.count) == (["a2", "a3"], None)
    assert [a.name for a in await twin.items(served.audiences.list(limit=1))] == ["a1", "a2", "a3", "a4"]


async def test_life_of_a_catalog(twin: Twin, served: Any) -> None:
    fields = [{"name": "title", "type": "string"}]
    await twin.finish(served.catalogs.create(name="shoes", fields=fields))
    await twin.finish(
        served.catalogs.update(name="shoes", fields=[{"action": "add", "name": "price", "type": "float"}])
    )
    items = [{"id": str(n), "action": "add", "attributes": {"title": "Runner"}} for n in range(3)]
    task = await twin.finish(served.catalogs.items_edit(name="shoes", items=items))
    assert (await twin.finish(served.catalogs.view(name="shoes"))).items == 0
    catalog = await twin.finish(task.wait())
    assert (catalog.items, catalog.indexing_state) == (3, "APPLIED")
    assert [field.name for field in catalog.fields] == ["title", "price"]
    removal = await twin.finish(served.catalogs.items_edit(name="shoes", items=[{"id": "0", "action": "remove"}]))
    assert (await twin.finish(removal.wait())).items == 2
    assert [c.name for c in await twin.items(served.catalogs.list())] == ["shoes"]
    await twin.finish(served.catalogs.remove(name="shoes"))
    with pytest.raises(NotFoundError):
        await twin.finish(served.catalogs.view(name="shoes"))


async def test_limits_of_catalogs(twin: Twin, served: Any) -> None:
    for number in range(5):
        await twin.finish(served.catalogs.create(name=f"c{number}", fields=[{"name": "a", "type": "bool"}]))
    with pytest.raises(BadRequestError, match="at most 5 catalogs"):
        await twin.finish(served.catalogs.create(name="c5", fields=[{"name": "a", "type": "bool"}]))
    more = [{"action": "add", "name": f"f{number}", "type": "bool"} for number in range(25)]
    with pytest.raises(BadRequestError, match="at most 25 fields"):
        await twin.finish(served.catalogs.update(name="c0", fields=more))
    with pytest.raises(BadRequestError, match="no field 'b'"):
        await twin.finish(served.catalogs.update(name="c0", fields=[{"action": "remove", "name": "b"}]))


async def test_life_of_a_campaign(twin: Twin, served: Any) -> None:
    created = await twin.finish(served.campaigns.create(**CAMPAIGN))
    await twin.finish(served.campaigns.update(id=created.id, campaign=CAMPAIGN | {"name": "Summer"}))
    listed = await twin.items(served.orchestrations.list(status="draft", channels="email"))
    assert [(o.id, o.name, o.status) for o in listed] == [(created.id, "Summer", "draft")]
    assert await twin.items(served.orchestrations.list(status="running")) == []
    await twin.finish(served.campaigns.delete(id=created.id))
    with pytest.raises(NotFoundError):
        await twin.finish(served.campaigns.delete(id=created.id))


async def test_running_campaign_cannot_be_updated(twin: Twin, served: Any) -> None:
    running = CAMPAIGN | {"state": "RUNNING", "when": {"start_time": "now"}}
    created = await twin.finish(served.campaigns.create(**running))
    with pytest.raises(BadRequestError, match="runs or is over"):
        await twin.finish(served.campaigns.update(id=created.id, campaign=CAMPAIGN))


async def test_profiles_are_merged_and_invalid_parts_dropped_alone(twin: Twin, served: Any, sandbox: Sandbox) -> None:
    first = {"plan": "gold", "tags": ["a", "b"], "date(joined)": "2024-05-02T08:15:00Z", "$language": "fr"}
    result = await twin.finish(served.profiles.update([{"identifiers": {"custom_id": "ann"}, "attributes": first}]))
    assert (result.code, bool(result.errors)) == ("SUCCESS", False)
    second = {
        "plan": None,
        "tags": {"$add": ["c"], "$remove": ["a"]},
        "Bad Key": 1,
        "date(joined)": "now",
        "note": "x" * 301,
    }
    events = [{"name": "purchase"}, {"name": "NOT VALID"}]
    edits = [
        {"identifiers": {"custom_id": "ben"}},
        {"identifiers": {"custom_id": "ann"}, "attributes": second, "events": events},
    ]
    result = await twin.finish(served.profiles.mass_update(edits))
    assert result.code == "SUCCESS_WITH_PARTIAL_ERRORS"
    assert {(e.bulk_index, e.category, e.attribute or None) for e in result.errors} == {
        (1, "attribute", "Bad Key"),
        (1, "attribute", "date(joined)"),
        (1, "attribute", "note"),
        (1, "event", None),
    }
    check_answer("profile_mass_update", 202, result.to_dict())
    assert sandbox.profiles["ann"].attributes == {
        "tags": ["b", "c"],
        "date(joined)": "2024-05-02T08:15:00Z",
        "$language": "fr",
    }
    assert sandbox.profiles["ann"].events == [{"name": "purchase", "time": "1970-01-01T00:16:40Z"}]
    assert sandbox.profiles["ben"].attributes == {}


@pytest.mark.fault(
    "$add or $remove on an attribute of the sandbox that is not an array", "a partial error; it stays as it was"
)
@pytest.mark.parametrize("value", [1, 2.5, True, False, "gold", 0])
@pytest.mark.parametrize(
    "operation", [{"$add": ["x"]}, {"$remove": ["g"]}, {"$add": ["x"], "$remove": ["g"]}, {"$add": []}, {"$add": "x"}]
)
async def test_operation_on_a_value_that_is_not_an_array_drops_that_attribute(
    value: Any, operation: Any, twin: Twin, batch: Any, sandbox: Sandbox
) -> None:
    ann, ben = {"identifiers": {"custom_id": "ann"}}, {"identifiers": {"custom_id": "ben"}}
    await twin.finish(batch.profiles.update([ann | {"attributes": {"plan": value, "tags": ["a"]}}]))
    changes = {"visits": 1, "plan": operation, "tags": {"$add": ["b", "b"], "$remove": ["a"]}}
    result = await twin.finish(
        batch.profiles.update([ann | {"attributes": changes, "events": [{"name": "visit"}]}, ben])
    )
    assert [(e.category, e.bulk_index, e.attribute) for e in result.errors] == [("attribute", 0, "plan")]
    assert sandbox.profiles["ann"].attributes == {"plan": value, "tags": ["b"], "visits": 1}
    assert len(sandbox.profiles["ann"].events) == 1
    assert "ben" in sandbox.profiles


@pytest.mark.parametrize("name", ["0", "007", "18446744073709551616"])
async def test_attribute_whose_name_is_a_number_is_dropped_by_its_name(
    name: str, twin: Twin, batch: Any, sandbox: Sandbox
) -> None:
    profile = {"identifiers": {"custom_id": "ann"}, "attributes": {name: [1], "plan": "gold"}}
    result = await twin.finish(batch.profiles.update([profile]))
    assert [error.attribute for error in result.errors] == [name]
    assert sandbox.profiles["ann"].attributes == {"plan": "gold"}


async def test_operations_on_an_attribute_that_is_not_there(twin: Twin, batch: Any, sandbox: Sandbox) -> None:
    attributes = {"tags": {"$add": ["a"], "$remove": ["a"]}, "none": {"$remove": ["a"]}}
    profile = {"identifiers": {"custom_id": "ann"}, "attributes": attributes}
    assert not (await twin.finish(batch.profiles.update([profile]))).errors
    assert sandbox.profiles["ann"].attributes == {"tags": ["a"]}


async def test_too_many_profiles_are_refused_whole(twin: Twin, served: Any, sandbox: Sandbox) -> None:
    edits = [{"identifiers": {"custom_id": str(number)}} for number in range(201)]
    with pytest.raises(BadRequestError, match="MALFORMED_PARAMETER"):
        await twin.finish(served.profiles.update(edits))
    assert sandbox.profiles == {}
    assert (await twin.finish(served.profiles.mass_update(edits))).code == "SUCCESS"


@pytest.mark.parametrize(
    ("call", "problem"),
    [
        (lambda b: b.audiences.create(name="not valid", type="custom_ids"), "MALFORMED_PARAMETER: name"),
        (lambda b: b.audiences.create(name="", type="custom_ids"), "MALFORMED_PARAMETER: name"),
        (lambda b: b.audiences.update(name="vip", ids=[{"id": "ann"}]), r'MISSING_PARAMETER: ids\[0\].*"action"'),
        (lambda b: b.audiences.list(limit=101), "parameter limit: 101 is greater than the maximum of 100"),
        (lambda b: b.audiences.list(from_="nonsense"), "is not a cursor"),
        (lambda b: b.catalogs.create(name="c", fields=[]), "MALFORMED_PARAMETER: fields"),
        (lambda b: b.campaigns.create(**(CAMPAIGN | {"messages": []})), "MALFORMED_PARAMETER: messages"),
        (lambda b: b.campaigns.create(**(CAMPAIGN | {"send_rate": 1})), "send_rate: 1 is less than the minimum"),
        (lambda b: b.profiles.update([{"attributes": {"a": 1}}]), r"MISSING_PARAMETER: \[0\]"),
    ],
)
async def test_request_that_breaks_the_bundle_is_refused(twin: Twin, served: Any, call: Any, problem: str) -> None:
    with pytest.raises(BadRequestError, match=problem):
        await twin.finish(call(served))


@pytest.mark.parametrize(
    ("operation", "call"),
    [
        ("audience_view", lambda b: b.audiences.view(name="nobody")),
        ("catalog_items_edit", lambda b: b.catalogs.items_edit(name="nothing", items=[])),
        ("catalog_remove", lambda b: b.catalogs.remove(name="nothing")),
        ("campaign_delete", lambda b: b.campaigns.delete(id=CAMPAIGN_ID)),
    ],
)
async def test_unknown_name_is_refused(twin: Twin, served: Any, operation: str, call: Any) -> None:
    # Where no 404 is documented, an unknown name is one more malformed parameter.
    error, code = (
        (NotFoundError, "NOT_FOUND") if response_of(operation, 404) else (BadRequestError, "MALFORMED_PARAMETER")
    )
    with pytest.raises(error) as caught:
        await twin.finish(call(served))
    assert caught.value.error_code == code


@pytest.mark.parametrize(
    "call",
    [
        lambda b: b.audiences.update(name="nobody", ids=[]),
        lambda b: b.audiences.replace(name="nobody", ids=[]),
        lambda b: b.audiences.remove(name="nobody"),
    ],
)
async def test_unknown_name_is_malformed_where_no_404_is_documented(twin: Twin, served: Any, call: Any) -> None:
    with pytest.raises(BadRequestError, match="MALFORMED_PARAMETER: no audience 'nobody'"):
        await twin.finish(call(served))


async def test_name_that_is_taken_is_refused(twin: Twin, served: Any) -> None:
    await audience(twin, served)
    with pytest.raises(BadRequestError, match="audience 'vip' exists already"):
        await audience(twin, served)


@pytest.mark.parametrize("wrong", [{"rest_api_key": "wrong"}, {"project_key": "wrong"}])
def test_wrong_key_is_refused(sandbox: Sandbox, sandbox_url: str, wrong: dict[str, str]) -> None:
    with sandbox.client(base_url=sandbox_url, **wrong) as batch, pytest.raises(AuthenticationError) as caught:
        batch.audiences.view(name="vip")
    assert caught.value.error_code == "AUTHENTICATION_INVALID"


def test_refusals_have_the_error_body_of_the_api(sandbox_url: str) -> None:
    operation, older = young()
    with httpx.Client(base_url=sandbox_url, headers=HEADERS) as http:
        answers = {
            "no such route": http.get(f"/{VERSION}/nothing"),
            "no such version": http.get("/1.0/audiences/list"),
            "not yet in that version": http.get(f"/{older}{operation.path}"),
            "wrong method": http.get(f"/{VERSION}/audiences/create"),
            "no JSON": http.post(f"/{VERSION}/audiences/create", content=b"{"),
            "no body": http.post(f"/{VERSION}/audiences/create"),
            "no parameter": http.get(f"/{VERSION}/audiences/view"),
        }
    assert {name: (answer.status_code, answer.json()["error_code"]) for name, answer in answers.items()} == {
        "no such route": (404, "ROUTE_NOT_FOUND"),
        "no such version": (404, "ROUTE_NOT_FOUND"),
        "not yet in that version": (404, "ROUTE_NOT_FOUND"),
        "wrong method": (404, "ROUTE_NOT_FOUND"),
        "no JSON": (400, "MALFORMED_JSON_BODY"),
        "no body": (400, "MALFORMED_JSON_BODY"),
        "no parameter": (400, "MISSING_PARAMETER"),
    }


def test_module_runs_the_sandbox_alone(clock: FakeClock, monkeypatch: pytest.MonkeyPatch) -> None:
    command = [sys.executable, "-m", "batch_client.sandbox", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            for line in process.stdout:
                name, _, value = line.strip().removeprefix("export ").partition("=")
                if name.startswith("BATCH_"):
                    monkeypatch.setenv(name, value)
                if name == "BATCH_PROJECT_KEY":
                    break
            with BatchClient() as batch:
                assert batch.audiences.list().items == []
        finally:
            process.terminate()


def test_port_that_is_taken_is_one_clear_line(sandbox_url: str) -> None:
    port = sandbox_url.rsplit(":", 1)[1]
    command = [sys.executable, "-m", "batch_client.sandbox", "--port", port]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 2
    assert run.stderr.startswith(f"error: cannot listen on 127.0.0.1:{port}")
    assert len(run.stderr.splitlines()) == 1
