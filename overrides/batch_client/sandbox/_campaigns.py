"""Campaigns: kept, replaced, deleted, listed and counted as orchestrations; the sandbox sends nothing to anybody."""

from __future__ import annotations

import datetime
import secrets
import string
from collections.abc import Callable
from typing import Any

from attrs import define

from batch_client.sandbox._answers import Answer, Refusal, malformed
from batch_client.sandbox._contract import list_member
from batch_client.sandbox._store import Clock, Collection, read_time, timestamp

SENDING_SECONDS = 60.0
"""Seconds after its start in which a campaign is over."""
LOOK_BACK = datetime.timedelta(days=183)
"""How far back statistics reach: six months."""


@define
class Campaign:
    """What the sandbox knows of one campaign."""

    id: str
    created: float
    updated: float
    definition: dict[str, Any]
    """As it was created or last updated."""

    @property
    def started(self) -> float | None:
        """When it starts or started; None while it is a draft or stopped."""
        if self.definition["state"] != "RUNNING":
            return None
        # "Now" is when the campaign was set running, which is when its definition was last written.
        return read_time(self.definition["when"].get("start_time"), self.updated)

    def status(self, now: float) -> str:
        """Return the status as orchestrations show it."""
        if self.started is not None and now >= self.started + SENDING_SECONDS:
            return "completed"
        return str(self.definition["state"]).lower()

    @property
    def channels(self) -> list[str]:
        return [message["channel_type"] for message in self.definition["messages"]]

    @property
    def platforms(self) -> list[str]:
        return sorted(
            {platform for message in self.definition["messages"] for platform in message.get("platform_type", [])}
        )


class Campaigns:
    """The campaign operations, and those that list, show and count them as orchestrations.

    Args:
        count_reached: Returns how many profiles a channel reaches.
    """

    def __init__(self, clock: Clock, count_reached: Callable[[str], int]) -> None:
        self._clock = clock
        self._count_reached = count_reached
        self.objects: Collection[Campaign] = Collection("campaign")

    def create(self, body: dict[str, Any]) -> Answer:
        alphabet = string.digits + string.ascii_lowercase
        id_ = "orchestration_" + "".join(secrets.choice(alphabet) for _ in range(32))
        now = self._clock()
        campaign = Campaign(id_, now, now, body)
        self._show(campaign)  # refuses what cannot be shown, and is read whenever campaigns are listed
        self.objects.add(id_, campaign)
        return Answer(200, {"id": id_})

    def update(self, body: dict[str, Any]) -> Answer:
        campaign = self.objects.get(body["id"])
        now = self._clock()
        if campaign.started is not None and campaign.started <= now:
            raise malformed("the campaign runs or is over, so it cannot be updated")
        self._show(Campaign(campaign.id, campaign.created, now, body["campaign"]))
        campaign.definition, campaign.updated = body["campaign"], now
        return Answer(200, {})

    def delete(self, body: dict[str, Any]) -> Answer:
        self.objects.get(body["id"])
        self.objects.remove(body["id"])
        return Answer(200, {})

    def list_orchestrations(self, parameters: dict[str, Any]) -> Answer:
        now = self._clock()

        def wanted(campaign: Campaign) -> bool:
            return (
                _asks_for(parameters.get("status"), [campaign.status(now)])
                and _asks_for(parameters.get("type"), ["campaign"])
                and _asks_for(parameters.get("channels"), campaign.channels)
            )

        return Answer(
            200, self.objects.page(parameters, list_member("orchestration_list", "orchestrations"), self._show, wanted)
        )

    def view_orchestration(self, parameters: dict[str, Any]) -> Answer:
        campaign = self.objects.get(parameters["orchestration_id"])
        if campaign.channels[0] != "push":
            raise Refusal(403, "API_MISUSE", "only push campaigns can be viewed")
        shown = self._show(campaign)
        details = ("id", "type", "name", "status", "source", "labels")
        times = {"created_date": campaign.created, "updated_date": campaign.updated, "start_time": campaign.started}
        return Answer(
            200,
            {name: shown[name] for name in details if name in shown}
            | {name: timestamp(time) for name, time in times.items() if time is not None},
        )

    def count_orchestration(self, parameters: dict[str, Any]) -> Answer:
        campaign = self.objects.get(parameters["orchestration_id"])
        now = datetime.datetime.fromtimestamp(self._clock(), datetime.UTC)
        first = _read_date(parameters.get("from", "0001-01-01"))
        last = _read_date(parameters.get("to", "9999-12-31"))
        if "from" in parameters and first < (now - LOOK_BACK).date():
            raise malformed("from is more than six months back")
        details = []
        if campaign.started is not None and campaign.started <= now.timestamp():
            day = datetime.datetime.fromtimestamp(campaign.started, datetime.UTC).date()
            if first <= day <= last:
                sent = self._count_reached(campaign.channels[0])
                figures = {"date": day.isoformat(), "sent": sent, "delivered": sent, "unique_open": 0, "total_open": 0}
                platforms = campaign.platforms if parameters.get("include_platforms") else []
                details = [figures | {"platform": platform} for platform in platforms] or [figures]
        return Answer(200, {"id": campaign.id, "details": details})

    def _show(self, campaign: Campaign) -> dict[str, Any]:
        definition = campaign.definition
        shown = {
            "id": campaign.id,
            "type": "campaign",
            "channels": campaign.channels,
            "platforms": campaign.platforms,
            "source": "api",
            "created_date": _date_time(campaign.created),
            "name": definition["name"],
            "labels": definition.get("labels", []),
            "status": campaign.status(self._clock()),
        }
        if "start_time" in definition["when"]:
            shown["start_time"] = _date_time(read_time(definition["when"]["start_time"], campaign.updated))
        return shown


def _asks_for(filter: str | list[str] | None, values: list[str]) -> bool:
    """Return whether a filter, one value or several, keeps what has these values."""
    wanted = [filter] if isinstance(filter, str) else filter
    return wanted is None or any(value in wanted for value in values)


def _read_date(text: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise malformed(f"{text!r} is not a date in the years 1 to 9999") from None


def _date_time(seconds: float) -> str:
    """Return a time as orchestrations show it, without a zone."""
    return datetime.datetime.fromtimestamp(seconds, datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S")
