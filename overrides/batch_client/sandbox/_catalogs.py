"""Catalogs: typed fields, and items indexed in the background."""

from __future__ import annotations

import json
from typing import Any

from attrs import define, field

from batch_client._bundle import load_bundle
from batch_client.sandbox._answers import Answer, malformed
from batch_client.sandbox._store import Clock, Collection, Indexing, timestamp


@define
class _Catalog:
    name: str
    fields: dict[str, str]
    created: float
    updated: float
    indexing: Indexing
    items: dict[str, dict[str, Any]] = field(factory=dict)


class Catalogs:
    """The catalog operations."""

    def __init__(self, clock: Clock, indexing_seconds: float) -> None:
        self._clock = clock
        self._indexing_seconds = indexing_seconds
        self._catalogs: Collection[_Catalog] = Collection("catalog")
        create = load_bundle()["paths"]["/catalogs/create"]["post"]
        self._most_catalogs: int = create["x-most-per-project"]
        body = create["requestBody"]["content"]["application/json"]["schema"]
        self._most_fields: int = body["properties"]["fields"]["maxItems"]

    def create(self, body: dict[str, Any]) -> Answer:
        if len(self._catalogs) >= self._most_catalogs and body["name"] not in self._catalogs:
            raise malformed(f"a project holds at most {self._most_catalogs} catalogs")
        now = self._clock()
        fields = {entry["name"]: entry["type"] for entry in body["fields"]}
        indexing = Indexing(self._clock, self._indexing_seconds)
        self._catalogs.add(body["name"], _Catalog(body["name"], fields, now, now, indexing))
        return Answer(201, {})

    def update(self, body: dict[str, Any]) -> Answer:
        catalog = self._get(body["name"])
        fields = dict(catalog.fields)
        for change in body["fields"]:
            if change["action"] == "add":
                fields[change["name"]] = change["type"]
            elif fields.pop(change["name"], None) is None:
                raise malformed(f"catalog {catalog.name!r} has no field {change['name']!r}")
        if len(fields) > self._most_fields:
            raise malformed(f"a catalog holds at most {self._most_fields} fields")
        catalog.fields = fields
        catalog.updated = self._clock()
        return Answer(202, {})

    def remove(self, body: dict[str, Any]) -> Answer:
        self._get(body["name"])
        self._catalogs.remove(body["name"])
        return Answer(202, {})

    def items_edit(self, body: dict[str, Any]) -> Answer:
        catalog = self._get(body["name"])

        def apply() -> None:
            for edit in body["items"]:
                if edit["action"] == "add":
                    catalog.items[edit["id"]] = edit.get("attributes", {})
                else:
                    catalog.items.pop(edit["id"], None)
            catalog.updated = self._clock()

        return Answer(202, {"indexing_token": catalog.indexing.accept(apply)})

    def view(self, parameters: dict[str, Any]) -> Answer:
        catalog = self._get(parameters["name"])
        shown = self._show(catalog)
        if "indexing_token" in parameters:
            shown["indexing_state"] = catalog.indexing.state(parameters["indexing_token"])
        return Answer(200, shown)

    def list(self, parameters: dict[str, Any]) -> Answer:
        for catalog in self._catalogs.values():
            catalog.indexing.advance()
        return Answer(200, self._catalogs.page(parameters, "catalogs", self._show))

    def _get(self, name: str) -> _Catalog:
        catalog = self._catalogs.get(name)
        catalog.indexing.advance()
        return catalog

    def _show(self, catalog: _Catalog) -> dict[str, Any]:
        return {
            "name": catalog.name,
            "fields": [{"name": name, "type": kind} for name, kind in catalog.fields.items()],
            "items": len(catalog.items),
            "size": sum(len(json.dumps(attributes).encode()) for attributes in catalog.items.values()),
            "created": timestamp(catalog.created),
            "updated": timestamp(catalog.updated),
        }
