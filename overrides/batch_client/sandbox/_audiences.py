"""Audiences: lists of ids, indexed in the background."""

from __future__ import annotations

from typing import Any

from attrs import define, field

from batch_client.sandbox._answers import Answer, malformed
from batch_client.sandbox._store import Clock, Collection, Indexing, timestamp


@define
class _Audience:
    name: str
    display_name: str | None
    created: float
    updated: float
    indexing: Indexing
    ids: dict[str, dict[str, Any]] = field(factory=dict)


class Audiences:
    """The audience operations."""

    def __init__(self, clock: Clock, indexing_seconds: float) -> None:
        self._clock = clock
        self._indexing_seconds = indexing_seconds
        self._audiences: Collection[_Audience] = Collection("audience")

    def create(self, body: dict[str, Any]) -> Answer:
        self._advance()
        now = self._clock()
        indexing = Indexing(self._clock, self._indexing_seconds)
        audience = _Audience(body["name"], body.get("display_name"), now, now, indexing)
        self._audiences.add(audience.name, audience)
        return _accepted(indexing.accept(lambda: None))

    def update(self, body: dict[str, Any]) -> Answer:
        audience = self._get(body["name"])
        for number, change in enumerate(body["ids"]):
            if change["action"] == "remove" and "attributes" in change:
                raise malformed(f"ids[{number}]: attributes go with add only")

        def apply() -> None:
            for change in body["ids"]:
                if change["action"] == "add":
                    audience.ids[change["id"]] = change.get("attributes", {})
                else:
                    audience.ids.pop(change["id"], None)
            audience.updated = self._clock()

        return _accepted(audience.indexing.accept(apply))

    def replace(self, body: dict[str, Any]) -> Answer:
        audience = self._get(body["name"])

        def apply() -> None:
            audience.ids = {entry["id"]: entry.get("attributes", {}) for entry in body["ids"]}
            audience.updated = self._clock()

        return _accepted(audience.indexing.accept(apply, replaces=True))

    def remove(self, body: dict[str, Any]) -> Answer:
        audience = self._get(body["name"])
        return _accepted(audience.indexing.accept(lambda: self._audiences.remove(audience.name)))

    def view(self, parameters: dict[str, Any]) -> Answer:
        audience = self._get(parameters["name"])
        return Answer(200, self._show(audience, parameters.get("indexing_token")))

    def list(self, parameters: dict[str, Any]) -> Answer:
        self._advance()
        return Answer(200, self._audiences.page(parameters, "audiences", self._show))

    def _get(self, name: str) -> _Audience:
        self._advance()
        return self._audiences.get(name)

    def _advance(self) -> None:
        for audience in self._audiences.values():
            audience.indexing.advance()

    def _show(self, audience: _Audience, token: str | None = None) -> dict[str, Any]:
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


def _accepted(token: str) -> Answer:
    return Answer(202, {"indexing_token": token})
