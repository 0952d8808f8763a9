"""Audiences: lists of ids, indexed in the background."""

from __future__ import annotations

from collections.abc import Callable, Sequence
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
    """The attributes of each custom id. Replaced, never changed, so that it can be read while calls run."""
    indexing: Indexing = field(factory=Indexing, repr=False)


_Changes = Sequence[tuple[str, dict[str, Any] | None]]
"""Custom ids, each with its attributes; None removes it."""


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
        return self._accept(audience, "create")

    def update(self, body: dict[str, Any]) -> Answer:
        audience = self._get(body["name"])
        changes: list[tuple[str, dict[str, Any] | None]] = []
        for number, change in enumerate(body["ids"]):
            if change["action"] == "remove" and "attributes" in change:
                raise malformed(f"ids[{number}]: attributes go with add only")
            changes.append((change["id"], change.get("attributes", {}) if change["action"] == "add" else None))
        return self._accept(audience, "update", changes)

    def replace(self, body: dict[str, Any]) -> Answer:
        changes = [(entry["id"], entry.get("attributes", {})) for entry in body["ids"]]
        return self._accept(self._get(body["name"]), "replace", changes)

    def remove(self, body: dict[str, Any]) -> Answer:
        return self._accept(self._get(body["name"]), "remove")

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
            for kind, changes in audience.indexing.advance(now):
                self._apply(audience, kind, changes)

    def _apply(self, audience: Audience, kind: str, changes: _Changes) -> None:
        if kind == "remove":
            self.objects.remove(audience.name)
        elif changes or kind == "replace":
            ids = {} if kind == "replace" else dict(audience.ids)
            for id_, attributes in changes:
                if attributes is None:
                    ids.pop(id_, None)
                else:
                    ids[id_] = attributes
            audience.ids = ids
        if kind != "create":
            audience.updated = self._clock()

    def _accept(self, audience: Audience, kind: str, changes: _Changes = ()) -> Answer:
        due = self._clock() + self._indexing()
        token = audience.indexing.accept((kind, changes), due, replaces=kind == "replace")
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
