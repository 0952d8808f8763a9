"""Audiences: lists of ids, indexed in the background."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from attrs import define, field

from batch_client.sandbox._answers import Answer, malformed
from batch_client.sandbox._contract import list_member
from batch_client.sandbox._store import Clock, Collection, Indexing, timestamp


@define
class Audience:
    """What the sandbox knows of one audience."""

    name: str
    display_name: str | None
    created: float
    updated: float
    ids: dict[str, dict[str, Any]] = field(factory=dict)
    """The attributes of each custom id."""
    indexing: Indexing = field(factory=Indexing, repr=False)


class Audiences:
    """The audience operations.

    Args:
        indexing: Returns the seconds that an update stays IN_PROGRESS.
    """

    def __init__(self, clock: Clock, indexing: Callable[[], float]) -> None:
        self._clock = clock
        self._indexing = indexing
        self.objects: Collection[Audience] = Collection("audience")

    def create(self, body: dict[str, Any]) -> Answer:
        self.advance()
        now = self._clock()
        audience = Audience(body["name"], body.get("display_name"), now, now)
        self.objects.add(audience.name, audience)
        return self._accept(audience, "create", ())

    def update(self, body: dict[str, Any]) -> Answer:
        audience = self._get(body["name"])
        for number, change in enumerate(body["ids"]):
            if change["action"] == "remove" and "attributes" in change:
                raise malformed(f"ids[{number}]: attributes go with add only")
        return self._accept(audience, "update", body["ids"])

    def replace(self, body: dict[str, Any]) -> Answer:
        return self._accept(self._get(body["name"]), "replace", body["ids"])

    def remove(self, body: dict[str, Any]) -> Answer:
        return self._accept(self._get(body["name"]), "remove", ())

    def view(self, parameters: dict[str, Any]) -> Answer:
        audience = self._get(parameters["name"])
        return Answer(200, self._show(audience, parameters.get("indexing_token")))

    def list(self, parameters: dict[str, Any]) -> Answer:
        self.advance()
        return Answer(200, self.objects.page(parameters, list_member("audience_list", "audiences"), self._show))

    def advance(self) -> None:
        """Let the updates that are due take effect."""
        now = self._clock()
        for audience in self.objects.values():
            for change, ids in audience.indexing.advance(now):
                self._apply(audience, change, ids)

    def _apply(self, audience: Audience, change: str, ids: Any) -> None:
        if change == "remove":
            self.objects.remove(audience.name)
        elif change == "replace":
            audience.ids = {entry["id"]: entry.get("attributes", {}) for entry in ids}
        else:
            for entry in ids:
                if entry["action"] == "add":
                    audience.ids[entry["id"]] = entry.get("attributes", {})
                else:
                    audience.ids.pop(entry["id"], None)
        if change != "create":
            audience.updated = self._clock()

    def _accept(self, audience: Audience, change: str, ids: Any) -> Answer:
        due = self._clock() + self._indexing()
        token = audience.indexing.accept((change, ids), due, replaces=change == "replace")
        return Answer(202, {"indexing_token": token})

    def _get(self, name: str) -> Audience:
        self.advance()
        return self.objects.get(name)

    def _show(self, audience: Audience, token: str | None = None) -> dict[str, Any]:
        shown: dict[str, Any] = {
            "name": audience.name,
            "type": "CUSTOM_ID",
            "nb_ids": len(audience.ids),
            "indexing_state": audience.indexing.state(token),
            "created": timestamp(audience.created),
            "updated": timestamp(audience.updated),
        }
        if audience.display_name is not None:
            shown["display_name"] = audience.display_name
        return shown
