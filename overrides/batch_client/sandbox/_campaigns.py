"""Campaigns: kept, replaced, deleted and listed as orchestrations; the sandbox sends nothing to anybody."""

from __future__ import annotations

import datetime
import secrets
import string
from typing import Any

from attrs import define

from batch_client.sandbox._answers import Answer, malformed
from batch_client.sandbox._store import Clock, Collection


@define
class _Campaign:
    id: str
    created: float
    definition: dict[str, Any]


class Campaigns:
    """The campaign operations, and the one that lists them."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._campaigns: Collection[_Campaign] = Collection("campaign")

    def create(self, body: dict[str, Any]) -> Answer:
        alphabet = string.digits + string.ascii_lowercase
        campaign = _Campaign(
            "orchestration_" + "".join(secrets.choice(alphabet) for _ in range(32)), self._clock(), body
        )
        self._campaigns.add(campaign.id, campaign)
        return Answer(200, {"id": campaign.id})

    def update(self, body: dict[str, Any]) -> Answer:
        campaign = self._campaigns.get(body["id"])
        if campaign.definition["state"] == "RUNNING" and campaign.definition["when"].get("start_time") == "now":
            raise malformed("the campaign runs or is over, so it cannot be updated")
        campaign.definition = body["campaign"]
        return Answer(200, {})

    def delete(self, body: dict[str, Any]) -> Answer:
        self._campaigns.get(body["id"])
        self._campaigns.remove(body["id"])
        return Answer(200, {})

    def list_orchestrations(self, parameters: dict[str, Any]) -> Answer:
        def wanted(campaign: _Campaign) -> bool:
            shown = _show(campaign)
            return (
                parameters.get("status", shown["status"]) == shown["status"]
                and parameters.get("type", shown["type"]) == shown["type"]
                and parameters.get("channels", shown["channels"][0]) in shown["channels"]
            )

        return Answer(200, self._campaigns.page(parameters, "orchestrations", _show, wanted))


def _show(campaign: _Campaign) -> dict[str, Any]:
    definition = campaign.definition
    created = datetime.datetime.fromtimestamp(campaign.created, datetime.UTC)
    return {
        "id": campaign.id,
        "type": "campaign",
        "channels": [message["channel_type"] for message in definition["messages"]],
        "source": "api",
        "created_date": created.strftime("%Y-%m-%dT%H:%M:%S"),
        "name": definition["name"],
        "labels": definition.get("labels", []),
        "status": definition["state"].lower(),
        **({"start_time": definition["when"]["start_time"]} if "start_time" in definition["when"] else {}),
    }
