"""Exports: jobs that go from CREATED to SUCCESS, and files behind links that expire."""

from __future__ import annotations

import datetime
import hashlib
import hmac
import json
import re
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode

from attrs import define, field, frozen

from batch_client.sandbox._answers import Answer, Refusal, malformed, not_found
from batch_client.sandbox._contract import list_member
from batch_client.sandbox._dispatch import FILES, Call
from batch_client.sandbox._profiles import Profile
from batch_client.sandbox._requests import Request
from batch_client.sandbox._store import Clock, Collection, read_time, timestamp

LOOK_BACK_DAYS = 90
"""How far back exports of events and reachability reach."""
LINK_SECONDS = 20 * 60.0
"""How long a link to a file is good."""
_STAGES = ((0.0, "CREATED"), (0.25, "PENDING"), (0.5, "RUNNING"), (1.0, "SUCCESS"))


@frozen
class File:
    """One file of an export."""

    id: str
    part: int
    content: bytes = field(repr=False)


@define
class Export:
    """What the sandbox knows of one export."""

    id: str
    requested: float
    seconds: float
    """How long it takes."""
    request: dict[str, Any]
    files: list[File] | None = None
    """None until it is done."""

    def status(self, now: float) -> str:
        """Return its status, by the share of its time that is over."""
        share = 1.0 if self.seconds <= 0 else (now - self.requested) / self.seconds
        return [name for start, name in _STAGES if share >= start][-1]


class Exports:
    """The operations that make exports, list, show and download them.

    Args:
        profiles: What is exported, by custom id.
        segments: The custom ids of each segment.
        seconds: Returns how long an export takes.
        file_size: Most bytes a file has.
    """

    def __init__(
        self,
        clock: Clock,
        profiles: Callable[[], Mapping[str, Profile]],
        segments: Callable[[], Mapping[str, Iterable[str]]],
        seconds: Callable[[], float],
        file_size: int,
    ) -> None:
        self._clock = clock
        self._profiles = profiles
        self._segments = segments
        self._seconds = seconds
        self._file_size = file_size
        self._secret = secrets.token_bytes(32)
        self.objects: Collection[Export] = Collection("export")

    def create(self, body: dict[str, Any]) -> Answer:
        now = self._clock()
        if body["export_type"] == "ATTRIBUTES":
            segment = body.get("filter", {}).get("segment")
            if segment is not None and segment not in self._segments():
                raise malformed(f"filter.segment: no segment {segment!r}")
        else:
            oldest = now - datetime.timedelta(days=LOOK_BACK_DAYS).total_seconds()
            if read_time(body.get("from"), now) < oldest:
                raise malformed(f"from is more than {LOOK_BACK_DAYS} days back")
            read_time(body.get("to"), now)
        export = Export(f"export_{secrets.token_hex(16)}", now, self._seconds(), body)
        self.objects.add(export.id, export)
        return Answer(202, {"id": export.id})

    def list(self, call: Call) -> Answer:
        self._advance()
        return Answer(
            200,
            self.objects.page(
                call.parameters, list_member("export_list", "exports"), lambda export: self._show(export, call.request)
            ),
        )

    def view(self, call: Call) -> Answer:
        self._advance()
        return Answer(200, self._show(self.objects.get(call.parameters["id"]), call.request))

    def download(self, call: Call) -> Answer:
        """Redirect to the file, on another host name."""
        self._advance()
        file = self._file(call.parameters["id"])
        expires = int(self._clock() + LINK_SECONDS)
        query = urlencode({"expires": expires, "signature": self._sign(file.id, str(expires))})
        return Answer(307, headers={"Location": f"{call.request.other_origin}{FILES}{file.id}?{query}"})

    def send_file(self, request: Request) -> Answer:
        """Answer a request for a file by its link."""
        # The storage behind such links refuses requests that are signed and bring credentials too.
        if {"authorization", "x-batch-project"} & request.headers.keys():
            raise malformed("credentials of the API were sent to another host")
        query = dict(parse_qsl(request.query))
        id_, expires = request.path.removeprefix(FILES), query.get("expires", "")
        signature = query.get("signature", "").encode()
        if not hmac.compare_digest(self._sign(id_, expires).encode(), signature):
            raise Refusal(403, "SIGNATURE_INVALID", "the link was not made here")
        if request.method not in ("GET", "HEAD"):
            raise Refusal(405, "METHOD_NOT_ALLOWED", "files are only read")
        if self._clock() > int(expires):
            raise Refusal(403, "LINK_EXPIRED", "the link has expired; ask for the download again")
        content = self._file(id_).content
        tag = f'"{hashlib.sha256(content).hexdigest()}"'
        headers = {"Content-Disposition": f'attachment; filename="{id_}.json"', "ETag": tag}
        rest = re.fullmatch(r"bytes=([0-9]{1,18})-", request.headers.get("range", ""))
        if rest is None or int(rest[1]) >= len(content) or request.headers.get("if-range", tag) != tag:
            return Answer(200, content, headers)
        start = int(rest[1])
        headers["Content-Range"] = f"bytes {start}-{len(content) - 1}/{len(content)}"
        return Answer(206, content[start:], headers)

    def _sign(self, id_: str, expires: str) -> str:
        return hmac.new(self._secret, f"{id_} {expires}".encode(), hashlib.sha256).hexdigest()

    def _file(self, id_: str) -> File:
        for export in self.objects.values():
            for file in export.files or ():
                if file.id == id_:
                    return file
        raise not_found("file", id_)

    def _advance(self) -> None:
        now = self._clock()
        for export in self.objects.values():
            if export.files is None and export.status(now) == "SUCCESS":
                records = self._records(export.request, now)
                parts = _cut((json.dumps(record, ensure_ascii=False).encode() for record in records), self._file_size)
                export.files = [
                    File(f"file_{secrets.token_hex(16)}", number, content) for number, content in enumerate(parts, 1)
                ]

    def _records(self, request: dict[str, Any], now: float) -> Iterator[dict[str, Any]]:
        profiles = self._profiles()
        segment = request.get("filter", {}).get("segment")
        wanted = profiles.keys() if segment is None else set(self._segments()[segment])
        first, last = read_time(request.get("from"), 0.0), read_time(request.get("to"), now)
        for custom_id, profile in profiles.items():
            if custom_id not in wanted:
                continue
            identity = {"custom_id": custom_id} if "custom_id" in request.get("identifiers", ["custom_id"]) else {}
            if request["export_type"] == "ATTRIBUTES":
                names = request.get("attributes", [])
                yield identity | {name: profile.attributes[name] for name in names if name in profile.attributes}
            elif request["export_type"] == "EVENTS":
                for event in profile.events:
                    if (
                        event.get("name") in request.get("events", [])
                        and first <= read_time(event["time"], now) <= last
                    ):
                        yield identity | event
            else:
                channels = request.get("channels", [])
                yield identity | {"reachable": {channel: profile.reached_by(channel) for channel in channels}}

    def _show(self, export: Export, request: Request) -> dict[str, Any]:
        now = self._clock()
        status = export.status(now)
        shown: dict[str, Any] = {
            "id": export.id,
            "request_date": timestamp(export.requested),
            "scope": _SCOPES.get(export.request["export_type"], export.request["export_type"]),
            "status": status,
            "request": export.request,
            "files": [],
        }
        if status in ("RUNNING", "SUCCESS"):
            shown["start_date"] = timestamp(export.requested + export.seconds / 2)
        if status == "SUCCESS":
            shown["completion_date"] = timestamp(export.requested + export.seconds)
            version = request.path.split("/")[1]
            shown["files"] = [
                {
                    "id": file.id,
                    "part": file.part,
                    "size": len(file.content),
                    "url": f"{request.origin}/{version}/exports/download?id={file.id}",
                }
                for file in export.files or ()
            ]
        return shown


_SCOPES = {"ATTRIBUTES": "PROFILE_ATTRIBUTES", "EVENTS": "PROFILE_EVENTS", "REACHABILITY": "PROFILE_REACHABILITY"}


def _cut(records: Iterable[bytes], size: int) -> Iterator[bytes]:
    """Yield JSON arrays of the records, none larger than a size unless one record is."""
    part: list[bytes] = []
    length = 2
    for record in records:
        if part and length + len(record) + 2 > size:
            yield b"[" + b",\n".join(part) + b"]"
            part, length = [], 2
        part.append(record)
        length += len(record) + 2
    yield b"[" + b",\n".join(part) + b"]"
