"""One call of every operation: how it is made, and what the API could answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
from attrs import frozen

from batch_generated.models import (
    AttributesExport,
    AudienceIdUpdate,
    CampaignWhen,
    EditProfile,
    EmailMessage,
    ProfileAttributes,
    ProfileEvent,
    ProfileIdentifiers,
)

TOKEN = "a0082dc6860938a26280bd3ba927303b"
CAMPAIGN_ID = "orchestration_0664hyh918hr1gnzka9py5t62nrc0e1f"
AUDIENCE = {
    "name": "vip",
    "display_name": "VIP",
    "type": "CUSTOM_ID",
    "nb_ids": 2,
    "indexing_state": "APPLIED",
    "created": "2023-10-03T09:35:08Z",
    "updated": "2023-10-03T09:35:08Z",
}
CATALOG = {
    "name": "shoes",
    "fields": [{"name": "title", "type": "string"}],
    "items": 3,
    "size": 120,
    "created": "2023-10-03T09:35:08Z",
    "updated": "2023-10-03T09:35:08Z",
}
EXPORT = {
    "id": "export_1",
    "request_date": "2023-10-03T09:35:08Z",
    "scope": "PROFILE_ATTRIBUTES",
    "status": "SUCCESS",
    "files": [{"id": "file_1", "part": 1, "size": 12, "url": "https://api.batch.com/2.11/exports/download?id=file_1"}],
    "request": {"export_type": "ATTRIBUTES", "attributes": ["plan"]},
}
ORCHESTRATION = {
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
SEGMENT = {"code": "loyal", "display_name": "Loyal", "created_at": "2024-05-02T08:15:00Z"}
CAMPAIGN: dict[str, Any] = {
    "name": "Spring",
    "state": "DRAFT",
    "when": CampaignWhen(start_time="2030-03-01T08:30:00Z", local_time=True),
    "messages": [EmailMessage(subject="Hello", sender_identity_id="1", html="<p>Hello</p>")],
}
PROFILE = EditProfile(
    identifiers=ProfileIdentifiers(custom_id="ann"),
    attributes=ProfileAttributes(email_address="ann@example.com", additional_properties={"plan": "gold"}),
    events=[ProfileEvent(name="purchase")],
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
    return task.token


CALLS = [
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
            ids=[AudienceIdUpdate.from_dict({"action": "add", "id": "ann"}), {"action": "remove", "id": "ben"}],
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
        lambda b: b.profiles.update([PROFILE, PROFILE.to_dict()]),
        202,
        {"code": "SUCCESS"},
        lambda result: result.code,
        "SUCCESS",
    ),
    Call(
        "profile_mass_update",
        lambda b: b.profiles.mass_update(iter([PROFILE])),
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
        lambda b: b.profiles.export(AttributesExport(attributes=["plan"])),
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
        lambda b: b.campaigns.create(**CAMPAIGN),
        200,
        {"id": CAMPAIGN_ID},
        lambda created: created.id,
        CAMPAIGN_ID,
    ),
    Call(
        "campaign_update",
        lambda b: b.campaigns.update(id=CAMPAIGN_ID, campaign=CAMPAIGN),
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
        lambda b: b.orchestrations.stats(orchestration_id=CAMPAIGN_ID, include_platforms=True),
        200,
        {"id": CAMPAIGN_ID, "details": [{"date": "2026-03-01", "sent": 12, "versions": [{"version": "A", "sent": 7}]}]},
        lambda stats: stats.details[0].versions[0].sent,
        7,
    ),
    Call(
        "segment_list", lambda b: b.segments.list(), 200, _list("segments", SEGMENT), lambda p: p.items[0].code, "loyal"
    ),
]
