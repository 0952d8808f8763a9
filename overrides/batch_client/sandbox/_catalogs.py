"""Catalogs: typed fields, and items indexed in the background."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

from attrs import define, field

from batch_client.sandbox._answers import Answer, malformed
from batch_client.sandbox._contract import list_member
from batch_client.sandbox._store import Clock, Collection, Indexing, timestamp
from batch_generated.api import MAX_CATALOG_FIELDS, MAX_CATALOGS


@define
class Catalog:
    """What the sandbox knows of one catalog."""

    name: str
    fields: dict[str, str]
    created: float
    updated: float
    items: dict[str, dict[str, Any]] = field(factory=dict)
    """The attributes of each item. Replaced, never changed, so that it can be read while calls run."""
    size: int = 0
    """Bytes of all items' attributes as JSON."""
    indexing: Indexing = field(factory=Indexing, repr=False)


class Catalogs:
    """The catalog operations.

    Args:
        indexing: Returns the seconds that an edit stays IN_PROGRESS.
    """

    def __init__(self, clock: Clock, indexing: Callable[[], float]) -> None:
        self._clock = clock
        self._indexing = indexing
        self.objects: Collection[Catalog] = Collection("catalog")

    def create(self, body: dict[str, Any]) -> Answer:
        if len(self.objects) >= MAX_CATALOGS and body["name"] not in self.objects:
            raise malformed(f"a project holds at most {MAX_CATALOGS} catalogs")
        now = self._clock()
        fields: dict[str, str] = {}
        for entry in body["fields"]:
            if entry["name"] in fields:
                raise malformed(f"field {entry['name']!r} is listed twice")
            fields[entry["name"]] = entry["type"]
        self.objects.add(body["name"], Catalog(body["name"], fields, now, now))
        return Answer(201, {})

    def update(self, body: dict[str, Any]) -> Answer:
        catalog = self._get(body["name"])
        fields = dict(catalog.fields)
        for change in body["fields"]:
            if change["action"] == "add":
                if change["name"] in fields:
                    raise malformed(f"catalog {catalog.name!r} has a field {change['name']!r} already")
                fields[change["name"]] = change["type"]
            elif fields.pop(change["name"], None) is None:
                raise malformed(f"catalog {catalog.name!r} has no field {change['name']!r}")
        if len(fields) > MAX_CATALOG_FIELDS:
            raise malformed(f"a catalog holds at most {MAX_CATALOG_FIELDS} fields")
        catalog.fields = fields
        catalog.updated = self._clock()
        return Answer(202, {})

    def remove(self, body: dict[str, Any]) -> Answer:
        self._get(body["name"])
        self.objects.remove(body["name"])
        return Answer(202, {})

    def items_edit(self, body: dict[str, Any]) -> Answer:
        catalog = self._get(body["name"])
        edits = [
            (edit["id"], edit.get("attributes", {}) if edit["action"] == "add" else None) for edit in body["items"]
        ]
        token = catalog.indexing.accept(edits, self._clock() + self._indexing())
        return Answer(202, {"indexing_token": token})

    def view(self, parameters: dict[str, Any]) -> Answer:
        catalog = self._get(parameters["name"])
        shown = self._show(catalog)
        if "indexing_token" in parameters:
            shown["indexing_state"] = catalog.indexing.state(parameters["indexing_token"])
        return Answer(200, shown)

    def list(self, parameters: dict[str, Any]) -> Answer:
        self.advance()
        return Answer(200, self.objects.page(parameters, list_member("catalog_list", "catalogs"), self._show))

    def _get(self, name: str) -> Catalog:
        self.advance()
        return self.objects.get(name)

    def advance(self) -> None:
        """Let the edits that are due take effect."""
        now = self._clock()
        for catalog in self.objects.values():
            for edits in catalog.indexing.advance(now):
                self._apply(catalog, edits)

    def _apply(self, catalog: Catalog, edits: Iterable[tuple[str, dict[str, Any] | None]]) -> None:
        items = dict(catalog.items)
        for id_, attributes in edits:
            catalog.size += _size(attributes) - _size(items.pop(id_, None))
            if attributes is not None:
                items[id_] = attributes
        catalog.items = items
        catalog.updated = self._clock()

    def _show(self, catalog: Catalog) -> dict[str, Any]:
        return {
            "name": catalog.name,
            "fields": [{"name": name, "type": kind} for name, kind in catalog.fields.items()],
            "items": len(catalog.items),
            "size": catalog.size,
            "created": timestamp(catalog.created),
            "updated": timestamp(catalog.updated),
        }


def _size(attributes: dict[str, Any] | None) -> int:
    return 0 if attributes is None else len(json.dumps(attributes).encode())
