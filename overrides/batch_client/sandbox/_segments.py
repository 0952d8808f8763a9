"""Segments: lists of profiles, which the dashboard makes and the API only lists."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from attrs import define

from batch_client.sandbox._answers import Answer
from batch_client.sandbox._contract import list_member
from batch_client.sandbox._store import Clock, Collection, timestamp


@define
class Segment:
    """What the sandbox knows of one segment."""

    code: str
    created: float
    custom_ids: list[str]


def read_custom_ids(code: str, custom_ids: Iterable[str]) -> list[str]:
    """Return the custom ids of a segment.

    Raises:
        ValueError: The code or an id is not a string, or one string takes the place of the ids.
    """
    read = [] if isinstance(custom_ids, str) else list(custom_ids)
    if isinstance(custom_ids, str) or not all(isinstance(part, str) for part in (code, *read)):
        raise ValueError(f"segment {code!r}: codes and custom ids are strings, the ids in a list")
    return read


class Segments:
    """The segment operation, and a way to make segments."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.objects: Collection[Segment] = Collection("segment")

    def put(self, code: str, custom_ids: list[str]) -> None:
        """Make a segment."""
        self.objects.add(code, Segment(code, self._clock(), custom_ids))

    def list(self, parameters: dict[str, Any]) -> Answer:
        return Answer(200, self.objects.page(parameters, list_member("segment_list", "segments"), self._show))

    def _show(self, segment: Segment) -> dict[str, Any]:
        made = timestamp(segment.created)
        name = segment.code.replace("_", " ").capitalize()
        return {"code": segment.code, "display_name": name, "created_at": made, "updated_at": made}
