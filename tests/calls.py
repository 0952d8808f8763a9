"""One call of every operation: how it is made, and what the API could answer."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import httpx
from attrs import evolve, frozen

import batch_generated.models
from batch_client.sandbox._answers import Answer, Refusal
from batch_client.sandbox._contract import read_contracts
from batch_generated.api import API_VERSIONS, OPERATIONS
from batch_generated.types import Operation
from tests import derived
from tests.contract import operations

models: Any = batch_generated.models
"""Without types: a class is gone with the last operation that has it."""

FILE_URL = f"https://api.batch.com/{API_VERSIONS[-1]}/exports/download?id=file_1"
DAY = datetime.date(2026, 3, 1)
TOKEN = "a0082dc6860938a26280bd3ba927303b"
CAMPAIGN_ID = "orchestration_0664hyh918hr1gnzka9py5t62nrc0e1f"

_CONTRACTS = {contract.operation_id: contract for contract in read_contracts()}


def fit(operation: str, status: int, answer: Any) -> Answer:
    """Return an answer as the documents of today have it: its status, and with the members they require."""
    made = Answer(status, answer)
    if operation in _CONTRACTS:
        with suppress(Refusal):  # the documents have another kind of answer; what reads it will tell
            return _CONTRACTS[operation].fit(made)
    return made


def complete(operation: str, answer: Any, status: int = 200) -> Any:
    """Return the body of an answer with the members that the documents of today require."""
    return fit(operation, status, answer).body


AUDIENCE = complete(
    "audience_view",
    {
        "name": "vip",
        "display_name": "VIP",
        "type": "CUSTOM_ID",
        "nb_ids": 2,
        "indexing_state": "APPLIED",
        "created": "2023-10-03T09:35:08Z",
        "updated": "2023-10-03T09:35:08Z",
    },
)
CATALOG = complete(
    "catalog_view",
    {
        "name": "shoes",
        "fields": [{"name": "title", "type": "string"}],
        "items": 3,
        "size": 120,
        "created": "2023-10-03T09:35:08Z",
        "updated": "2023-10-03T09:35:08Z",
    },
)
EXPORT = complete(
    "export_view",
    {
        "id": "export_1",
        "request_date": "2023-10-03T09:35:08Z",
        "scope": "PROFILE_ATTRIBUTES",
        "status": "SUCCESS",
        "files": [{"id": "file_1", "part": 1, "size": 12, "url": FILE_URL}],
        "request": {"export_type": "ATTRIBUTES", "attributes": ["plan"]},
    },
)
(ORCHESTRATION,) = complete(
    "orchestration_list",
    {
        "orchestrations": [
            {
                "id": CAMPAIGN_ID,
                "type": "campaign",
                "channels": ["email"],
                "platforms": ["ios"],
                "source": "api",
                "created_date": "2017-03-02T09:43:17",
                "name": "Spring",
                "labels": ["NEWS"],
                "status": "draft",
                "start_time": "2017-03-02T09:43:17",
            }
        ]
    },
)["orchestrations"]
(SEGMENT,) = complete(
    "segment_list", {"segments": [{"code": "loyal", "display_name": "Loyal", "created_at": "2024-05-02T08:15:00Z"}]}
)["segments"]
ACCEPTED = complete("audience_create", {"indexing_token": TOKEN}, 202)
SAVED = complete("profile_update", {"code": "SUCCESS"}, 202)
NOT_FOUND = complete("audience_view", {"error_code": "NOT_FOUND", "error_message": "no such audience"}, 404)
CAMPAIGN: dict[str, Any] = {
    "name": "Spring",
    "state": "DRAFT",
    "when": {"start_time": "2030-03-01T08:30:00Z", "local_time": True},
    "messages": [{"channel_type": "email", "subject": "Hello", "sender_identity_id": "1", "html": "<p>Hello</p>"}],
}


def campaign() -> dict[str, Any]:
    """Return `CAMPAIGN` made of models."""
    messages = [models.EmailMessage(subject="Hello", sender_identity_id="1", html="<p>Hello</p>")]
    return CAMPAIGN | {"when": models.CampaignWhen.from_dict(CAMPAIGN["when"]), "messages": messages}


def partly_saved(errors: list[dict[str, Any]]) -> Any:
    """Return what is answered to profiles of which some had errors."""
    return complete("profile_update", {"code": "SUCCESS_WITH_PARTIAL_ERRORS", "errors": errors}, 202)


def profile() -> Any:
    """Return a profile made of models, with an event."""
    return models.EditProfile(
        identifiers=models.ProfileIdentifiers(custom_id="ann"),
        attributes=models.ProfileAttributes(email_address="ann@example.com", additional_properties={"plan": "gold"}),
        events=[models.ProfileEvent(name="purchase")],
    )


@frozen
class Call:
    """A call and its answer. `make` takes a BatchClient or its twin; `shows` is read from what it returns."""

    operation: str
    make: Callable[[Any], Any]
    status: int
    answer: dict[str, Any] | None
    shows: Callable[[Any], Any]
    expected: Any

    def respond(self) -> httpx.Response:
        """Return the answer as the API would give it."""
        if self.status == 307:
            return httpx.Response(307, headers={"Location": self.expected})
        return httpx.Response(self.status) if self.answer is None else httpx.Response(self.status, json=self.answer)


def _list(tag: str, item: dict[str, Any]) -> dict[str, Any]:
    return {tag: [item], "has_more": False, "count": 1}


def _token(task: Any) -> Any:
    # Without an operation that views it, what was started is no task.
    return task.token if hasattr(task, "token") else task.indexing_token


_KNOWN = [
    Call(
        "audience_create",
        lambda b: b.audiences.create(name="vip", type="custom_ids", display_name="VIP"),
        202,
        {"indexing_token": TOKEN},
        _token,
        TOKEN,
    ),
    Call(
        "audience_update",
        lambda b: b.audiences.update(
            name="vip",
            ids=[models.AudienceIdUpdate.from_dict({"action": "add", "id": "ann"}), {"action": "remove", "id": "ben"}],
        ),
        202,
        {"indexing_token": TOKEN},
        _token,
        TOKEN,
    ),
    Call(
        "audience_replace",
        lambda b: b.audiences.replace(name="vip", ids=({"id": str(n)} for n in range(3))),
        202,
        {"indexing_token": TOKEN},
        _token,
        TOKEN,
    ),
    Call("audience_remove", lambda b: b.audiences.remove(name="vip"), 202, {"indexing_token": TOKEN}, _token, TOKEN),
    Call("audience_view", lambda b: b.audiences.view(name="vip"), 200, AUDIENCE, lambda view: view.nb_ids, 2),
    Call(
        "audience_list",
        lambda b: b.audiences.list(limit=50),
        200,
        _list("audiences", AUDIENCE),
        lambda page: page.items[0].name,
        "vip",
    ),
    Call(
        "profile_update",
        lambda b: b.profiles.update([profile(), profile().to_dict()]),
        202,
        {"code": "SUCCESS"},
        lambda result: result.code,
        "SUCCESS",
    ),
    Call(
        "profile_mass_update",
        lambda b: b.profiles.mass_update(iter([profile()])),
        202,
        {
            "code": "SUCCESS_WITH_PARTIAL_ERRORS",
            "errors": [{"category": "attribute", "bulk_index": 0, "reason": "too long", "attribute": "plan"}],
        },
        lambda result: [(error.bulk_index, error.attribute) for error in result.errors],
        [(0, "plan")],
    ),
    Call(
        "profile_export",
        lambda b: b.profiles.export(models.AttributesExport(attributes=["plan"])),
        202,
        {"id": "export_1"},
        lambda accepted: accepted.id,
        "export_1",
    ),
    Call("export_view", lambda b: b.exports.view(id="export_1"), 200, EXPORT, lambda x: x.files[0].size, 12),
    Call(
        "export_list", lambda b: b.exports.list(), 200, _list("exports", EXPORT), lambda p: p.items[0].status, "SUCCESS"
    ),
    Call(
        "export_download",
        lambda b: b.exports.download(id="file_1"),
        307,
        None,
        lambda location: location,
        "https://files.example.com/1?signature=abc",
    ),
    Call(
        "campaign_create",
        lambda b: b.campaigns.create(**campaign()),
        200,
        {"id": CAMPAIGN_ID},
        lambda created: created.id,
        CAMPAIGN_ID,
    ),
    Call(
        "campaign_update",
        lambda b: b.campaigns.update(id=CAMPAIGN_ID, campaign=campaign()),
        200,
        {},
        lambda nothing: nothing,
        None,
    ),
    Call("campaign_delete", lambda b: b.campaigns.delete(id=CAMPAIGN_ID), 204, None, lambda nothing: nothing, None),
    Call(
        "catalog_create",
        lambda b: b.catalogs.create(name="shoes", fields=[{"name": "title", "type": "string"}]),
        201,
        {},
        lambda nothing: nothing,
        None,
    ),
    Call(
        "catalog_update",
        lambda b: b.catalogs.update(name="shoes", fields=[{"action": "remove", "name": "title"}]),
        202,
        {},
        lambda nothing: nothing,
        None,
    ),
    Call("catalog_remove", lambda b: b.catalogs.remove(name="shoes"), 202, {}, lambda nothing: nothing, None),
    Call(
        "catalog_items_edit",
        lambda b: b.catalogs.items_edit(
            name="shoes", items=[{"id": "sku-1", "action": "add", "attributes": {"title": "Runner"}}]
        ),
        202,
        {"indexing_token": TOKEN},
        _token,
        TOKEN,
    ),
    Call("catalog_view", lambda b: b.catalogs.view(name="shoes"), 200, CATALOG, lambda view: view.items, 3),
    Call(
        "catalog_list",
        lambda b: b.catalogs.list(),
        200,
        _list("catalogs", CATALOG),
        lambda page: page.items[0].fields[0].type_,
        "string",
    ),
    Call(
        "orchestration_list",
        lambda b: b.orchestrations.list(status="draft", channels="email"),
        200,
        _list("orchestrations", ORCHESTRATION),
        lambda page: page.items[0].channels,
        ["email"],
    ),
    Call(
        "orchestration_view",
        lambda b: b.orchestrations.view(orchestration_id=CAMPAIGN_ID),
        200,
        {"id": CAMPAIGN_ID, "type": "campaign", "name": "Spring", "platform_settings": {"ios": True}},
        lambda view: view["platform_settings"],
        {"ios": True},
    ),
    Call(
        "orchestration_stats",
        lambda b: b.orchestrations.stats(orchestration_id=CAMPAIGN_ID, from_=DAY, to=DAY, include_platforms=True),
        200,
        {"id": CAMPAIGN_ID, "details": [{"date": "2026-03-01", "sent": 12, "versions": [{"version": "A", "sent": 7}]}]},
        lambda stats: stats.details[0].versions[0].sent,
        7,
    ),
    Call(
        "segment_list", lambda b: b.segments.list(), 200, _list("segments", SEGMENT), lambda p: p.items[0].code, "loyal"
    ),
]


def _fitted(call: Call) -> Call:
    """Return a call whose answer is one that the documents of today promise."""
    if call.status // 100 != 2:
        return call
    answer = fit(call.operation, call.status, call.answer or {})
    return evolve(call, status=answer.status, answer=answer.body)


def _derived(operation: Operation) -> Call:
    """Return a call of an operation that is not in the table."""
    positional, keywords = derived.arguments_of(operation.id)
    status, answer = derived.answer_of(operation.id)
    return Call(
        operation.id,
        lambda batch: getattr(getattr(batch, operation.resource), operation.name)(*positional, **keywords),
        status,
        answer,
        lambda result: _members(derived.shown(result)),
        _members(answer),
    )


def _members(value: Any) -> Any:
    return set(value or ()) if value is None or isinstance(value, dict) else value


_known = {call.operation: call for call in _KNOWN}

CALLS = [_fitted(_known[id_]) if id_ in _known else _derived(operation) for id_, operation in OPERATIONS.items()]
"""One call of every operation of the documents."""


def call_of(operation: str) -> Call:
    """Return the call of an operation, also of one that the documents no longer have."""
    return next((call for call in CALLS if call.operation == operation), _known[operation])


assert OPERATIONS.keys() == operations().keys()
