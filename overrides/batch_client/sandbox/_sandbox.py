"""The sandbox: a stand-in for the API that keeps its state in memory."""

from __future__ import annotations

import pickle  # nosec B403
import random
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from copy import copy
from typing import Any, Self

import httpx
from attrs import field, frozen

from batch_client import AsyncBatchClient, BatchClient
from batch_client._transport.rates import RateLimiter
from batch_client.sandbox._answers import Answer
from batch_client.sandbox._asgi import make_app
from batch_client.sandbox._audiences import Audience, Audiences
from batch_client.sandbox._campaigns import Campaign, Campaigns
from batch_client.sandbox._catalogs import Catalog, Catalogs
from batch_client.sandbox._dispatch import Dispatcher, Handler, on_body, on_parameters
from batch_client.sandbox._exports import Export, Exports
from batch_client.sandbox._faults import Faults, Kind
from batch_client.sandbox._profiles import Profile, Profiles
from batch_client.sandbox._requests import MAX_BODY_BYTES, RecordedRequest, RequestLog
from batch_client.sandbox._seed import make_profile
from batch_client.sandbox._segments import Segments, read_custom_ids
from batch_client.sandbox._server import serve_in_thread
from batch_client.sandbox._store import Clock
from batch_client.sandbox._transport import BASE_URL, AsyncSandboxTransport, SandboxTransport
from batch_generated.types import RateLimit

REST_API_KEY = "sandbox-rest-api-key"
PROJECT_KEY = "project_00000000000000000000000000sandbx"
LARGEST_FILE = 100_000_000
"""Bytes: the most that a file of an export has."""

Seconds = float | tuple[float, float]
"""Seconds, or the least and the most of a time drawn anew for each call."""


@frozen
class Snapshot:
    """The state of a sandbox at one moment."""

    _state: bytes = field(repr=False)


class Sandbox:
    """A stand-in for the API that checks every request against the bundle and keeps its state in memory.

        with Sandbox(indexing=0.5) as sandbox, sandbox.client() as batch:
            batch.audiences.create(name="vip", type="custom_ids").wait()

    Clients reach it without a socket, or over HTTP within `serve()`. What it assumes where the documentation is silent
    stands in its README.

    Args:
        rest_api_key: The REST API key that is right.
        project_key: The project key that is right.
        indexing: Seconds that an indexing token stays IN_PROGRESS, or a range to draw from.
        exporting: Seconds that an export takes, likewise.
        latency: Seconds that every answer takes, likewise.
        faults: How large a share of all calls fails in each way: an error status, when nothing is done, or "lost",
            when the call is carried out and the connection breaks before the answer. `{429: 0.05, "lost": 0.01}`
        rate_limits: Rate limits to enforce, by 429; default: none. `RATE_LIMITS` are those of the API.
        export_file_size: Most bytes that a file of an export has.
        random_seed: Makes what is drawn the same each time.
        keep_requests: How many requests `requests` keeps.
        keep_bytes: How many bytes of bodies it keeps with them.
        clock: Returns seconds since the epoch.

    Raises:
        ValueError: A time, share or number is not one.
    """

    def __init__(
        self,
        *,
        rest_api_key: str = REST_API_KEY,
        project_key: str = PROJECT_KEY,
        indexing: Seconds = 2.0,
        exporting: Seconds = 2.0,
        latency: Seconds = 0.0,
        faults: Mapping[Kind, float] | None = None,
        rate_limits: Mapping[str, RateLimit] | None = None,
        export_file_size: int = LARGEST_FILE,
        random_seed: int | None = None,
        keep_requests: int = 1000,
        keep_bytes: int = MAX_BODY_BYTES,
        clock: Clock = time.time,
    ) -> None:
        self._keys: dict[str, Any] = {"rest_api_key": rest_api_key, "project_key": project_key}
        self._url: str | None = None
        self._rate_limits = rate_limits
        self._random = random.Random(random_seed)  # noqa: S311 - draws times and faults, guards nothing
        self._faults = Faults(faults or {}, self._random)
        self._profiles = Profiles(clock)
        self._segments = Segments(clock)
        self._audiences = Audiences(clock, self._draw(indexing))
        self._catalogs = Catalogs(clock, self._draw(indexing))
        self._campaigns = Campaigns(clock, self._profiles.count_reached)
        self._exports = Exports(
            clock,
            lambda: self._profiles.by_custom_id,
            lambda: {segment.code: segment.custom_ids for segment in self._segments.objects.values()},
            self._draw(exporting),
            export_file_size,
        )
        self._dispatcher = Dispatcher(
            self._handlers(),
            self._exports.send_file,
            {"authorization": f"Bearer {rest_api_key}", "x-batch-project": project_key},
            self._faults,
            None if rate_limits is None else RateLimiter(rate_limits, "sandbox", {}, exact=True),
            self._draw(latency),
            RequestLog(keep_requests, keep_bytes),
        )
        self.app = make_app(self._dispatcher)
        """The ASGI application, to serve it in another way."""

    @property
    def profiles(self) -> Mapping[str, Profile]:
        """The profiles, by custom id, as they are now: what is returned does not change."""
        with self._dispatcher.lock:
            return dict(self._profiles.by_custom_id)

    @property
    def audiences(self) -> Mapping[str, Audience]:
        """The audiences, by name, with the updates that are due by now; likewise."""
        with self._dispatcher.lock:
            self._audiences.advance()
            return {audience.name: copy(audience) for audience in self._audiences.objects.values()}

    @property
    def catalogs(self) -> Mapping[str, Catalog]:
        """The catalogs, by name, with the edits that are due by now; likewise."""
        with self._dispatcher.lock:
            self._catalogs.advance()
            return {catalog.name: copy(catalog) for catalog in self._catalogs.objects.values()}

    @property
    def campaigns(self) -> Mapping[str, Campaign]:
        """The campaigns, by id; likewise."""
        with self._dispatcher.lock:
            return {campaign.id: copy(campaign) for campaign in self._campaigns.objects.values()}

    @property
    def exports(self) -> Mapping[str, Export]:
        """The exports, by id; likewise."""
        with self._dispatcher.lock:
            return {export.id: copy(export) for export in self._exports.objects.values()}

    @property
    def requests(self) -> list[RecordedRequest]:
        """The latest requests, oldest first: `keep_requests` of them, with the latest `keep_bytes` of whole bodies.

        The body of an older request, and of one that was refused before it was read as JSON, is None.
        """
        return self._dispatcher.requests

    def fail_next(
        self, operation: str, status: Kind = 500, *, retry_after: float | None = None, times: int = 1
    ) -> None:
        """Let the next calls of an operation fail.

        Args:
            operation: Its id, such as "audience_update".
            status: The error status, or "lost": carried out, with the connection breaking before the answer.
            retry_after: Seconds for the Retry-After header.
            times: How many calls fail.

        Raises:
            ValueError: there is no such operation or fault.
        """
        with self._dispatcher.lock:
            self._faults.fail_next(operation, status, retry_after, times)

    def seed(self, *, profiles: int = 0, segments: Mapping[str, Iterable[str]] | None = None) -> None:
        """Put data in, the same each time.

        Args:
            profiles: How many profiles to make, with custom ids from "user-1" on.
            segments: Custom ids by the codes of segments, which the API cannot create.

        Raises:
            ValueError: there is such a segment already, or what is given is not what is asked for; nothing is put in.
        """
        made = {code: read_custom_ids(code, custom_ids) for code, custom_ids in (segments or {}).items()}
        if not isinstance(profiles, int) or profiles < 0:
            raise ValueError(f"profiles is a whole number from 0 on, not {profiles!r}")
        with self._dispatcher.lock:
            for code in made:
                if code in self._segments.objects:
                    raise ValueError(f"there is a segment {code!r} already")
            for number in range(1, profiles + 1):
                custom_id, attributes = make_profile(number)
                self._profiles.by_custom_id[custom_id] = Profile(attributes)
            for code, custom_ids in made.items():
                self._segments.put(code, custom_ids)

    def snapshot(self) -> Snapshot:
        """Return the state as it is now."""
        with self._dispatcher.lock:
            return Snapshot(pickle.dumps([store.objects for store in self._stores()] + [self._profiles.by_custom_id]))

    def restore(self, snapshot: Snapshot) -> None:
        """Put the state back to what it was."""
        with self._dispatcher.lock:
            # The bytes are our own: a snapshot never leaves the process.
            *stores, profiles = pickle.loads(snapshot._state)  # noqa: S301 # nosec B301
            for store, objects in zip(self._stores(), stores, strict=True):
                store.objects = objects
            self._profiles.by_custom_id = profiles

    def client(self, **options: Any) -> BatchClient:
        """Return a client of the sandbox; `options` are those of `BatchClient`."""
        if self._url is None and not options.keys() & {"base_url", "transport", "http_client"}:
            options["transport"] = SandboxTransport(self._dispatcher)
        return BatchClient(**self._options(options))

    def async_client(self, **options: Any) -> AsyncBatchClient:
        """Return a client of the sandbox for asyncio; `options` are those of `AsyncBatchClient`."""
        if self._url is None and not options.keys() & {"base_url", "transport", "http_client"}:
            options["transport"] = AsyncSandboxTransport(self._dispatcher)
        return AsyncBatchClient(**self._options(options))

    def transport(self) -> httpx.BaseTransport:
        """Return a transport for any httpx client."""
        return SandboxTransport(self._dispatcher)

    def async_transport(self) -> httpx.AsyncBaseTransport:
        """Return a transport for any httpx client for asyncio."""
        return AsyncSandboxTransport(self._dispatcher)

    @contextmanager
    def serve(self, host: str = "127.0.0.1", port: int = 0) -> Iterator[str]:
        """Serve over HTTP from a thread while a `with` block runs, which gets the base URL. Port 0 takes a free one."""
        with serve_in_thread(self.app, host, port) as url:
            self._url = url
            try:
                yield url
            finally:
                self._url = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing is to be closed: the state goes with the object."""

    def _options(self, options: dict[str, Any]) -> dict[str, Any]:
        # Where the sandbox refuses no request for coming too soon, its clients need not wait.
        limits = {} if self._rate_limits is not None else {"rate_limits": None}
        return self._keys | {"base_url": self._url or BASE_URL} | limits | options

    def _draw(self, seconds: Seconds) -> Callable[[], float]:
        """Return what draws a time."""
        times = seconds if isinstance(seconds, tuple) else (seconds, seconds)
        if not (
            len(times) == 2 and all(isinstance(time, (int, float)) for time in times) and 0 <= times[0] <= times[1]
        ):
            raise ValueError(f"a time is seconds from 0 on, or a range of them, not {seconds!r}")
        least, most = times
        return (lambda: least) if least == most else (lambda: self._random.uniform(least, most))

    def _stores(self) -> tuple[Any, ...]:
        return self._audiences, self._catalogs, self._campaigns, self._exports, self._segments

    def _handlers(self) -> dict[str, Handler]:
        def update_profiles(call: Any) -> Answer:
            return self._profiles.update(call.body, call.errors)

        return {
            "audience_create": on_body(self._audiences.create),
            "audience_update": on_body(self._audiences.update),
            "audience_replace": on_body(self._audiences.replace),
            "audience_remove": on_body(self._audiences.remove),
            "audience_view": on_parameters(self._audiences.view),
            "audience_list": on_parameters(self._audiences.list),
            "catalog_create": on_body(self._catalogs.create),
            "catalog_update": on_body(self._catalogs.update),
            "catalog_remove": on_body(self._catalogs.remove),
            "catalog_items_edit": on_body(self._catalogs.items_edit),
            "catalog_view": on_parameters(self._catalogs.view),
            "catalog_list": on_parameters(self._catalogs.list),
            "campaign_create": on_body(self._campaigns.create),
            "campaign_update": on_body(self._campaigns.update),
            "campaign_delete": on_body(self._campaigns.delete),
            "orchestration_list": on_parameters(self._campaigns.list_orchestrations),
            "orchestration_view": on_parameters(self._campaigns.view_orchestration),
            "orchestration_stats": on_parameters(self._campaigns.count_orchestration),
            "profile_update": update_profiles,
            "profile_mass_update": update_profiles,
            "profile_export": on_body(self._exports.create),
            "export_list": self._exports.list,
            "export_view": self._exports.view,
            "export_download": self._exports.download,
            "segment_list": on_parameters(self._segments.list),
        }
