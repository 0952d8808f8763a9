"""The sandbox: a stand-in for the API that keeps its state in memory."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from batch_client import AsyncBatchClient, BatchClient
from batch_client.sandbox._answers import Answer
from batch_client.sandbox._app import Handler, build_app, on_body, on_parameters
from batch_client.sandbox._audiences import Audiences
from batch_client.sandbox._campaigns import Campaigns
from batch_client.sandbox._catalogs import Catalogs
from batch_client.sandbox._profiles import Profile, Profiles
from batch_client.sandbox._server import serve_in_thread
from batch_client.sandbox._store import Clock, Collection

REST_API_KEY = "sandbox-rest-api-key"
PROJECT_KEY = "project_00000000000000000000000000sandbx"


class Sandbox:
    """A stand-in for the API that checks every request against the bundle and keeps its state in memory.

        sandbox = Sandbox(indexing=0.5)
        with sandbox.serve(), sandbox.client() as batch:
            batch.audiences.create(name="vip", type="custom_ids").wait()

    Args:
        rest_api_key: The REST API key that is right.
        project_key: The project key that is right.
        indexing: Seconds that an indexing token stays IN_PROGRESS.
        clock: Returns seconds since the epoch.
    """

    def __init__(
        self,
        *,
        rest_api_key: str = REST_API_KEY,
        project_key: str = PROJECT_KEY,
        indexing: float = 2.0,
        clock: Clock = time.time,
    ) -> None:
        self._keys: dict[str, Any] = {"rest_api_key": rest_api_key, "project_key": project_key}
        self._url: str | None = None
        self._profiles = Profiles()
        self.app = build_app(self._handlers(clock, indexing), rest_api_key, project_key)
        """The ASGI application, to serve it in another way."""

    @property
    def profiles(self) -> dict[str, Profile]:
        """The profiles that were written, by custom id."""
        return self._profiles.by_custom_id

    @contextmanager
    def serve(self, host: str = "127.0.0.1", port: int = 0) -> Iterator[str]:
        """Serve over HTTP from a thread while a `with` block runs, which gets the base URL. Port 0 takes a free one."""
        with serve_in_thread(self.app, host, port) as url:
            self._url = url
            try:
                yield url
            finally:
                self._url = None

    def client(self, **options: Any) -> BatchClient:
        """Return a client of the served sandbox; `options` are those of `BatchClient`."""
        return BatchClient(**self._options(options))

    def async_client(self, **options: Any) -> AsyncBatchClient:
        """Return a client for asyncio of the served sandbox; `options` are those of `AsyncBatchClient`."""
        return AsyncBatchClient(**self._options(options))

    def _options(self, options: dict[str, Any]) -> dict[str, Any]:
        if self._url is None and "base_url" not in options:
            raise RuntimeError("the sandbox is not served: make its clients within `with sandbox.serve():`")
        # The sandbox refuses no request for coming too soon.
        return self._keys | {"base_url": self._url, "rate_limits": None} | options

    def _handlers(self, clock: Clock, indexing: float) -> dict[str, Handler]:
        audiences = Audiences(clock, indexing)
        catalogs = Catalogs(clock, indexing)
        campaigns = Campaigns(clock)
        return {
            "audience_create": on_body(audiences.create),
            "audience_update": on_body(audiences.update),
            "audience_replace": on_body(audiences.replace),
            "audience_remove": on_body(audiences.remove),
            "audience_view": on_parameters(audiences.view),
            "audience_list": on_parameters(audiences.list),
            "catalog_create": on_body(catalogs.create),
            "catalog_update": on_body(catalogs.update),
            "catalog_remove": on_body(catalogs.remove),
            "catalog_items_edit": on_body(catalogs.items_edit),
            "catalog_view": on_parameters(catalogs.view),
            "catalog_list": on_parameters(catalogs.list),
            "campaign_create": on_body(campaigns.create),
            "campaign_update": on_body(campaigns.update),
            "campaign_delete": on_body(campaigns.delete),
            "orchestration_list": on_parameters(campaigns.list_orchestrations),
            "profile_update": lambda call: self._profiles.update(call.body, call.errors),
            "profile_mass_update": lambda call: self._profiles.update(call.body, call.errors),
            # Nothing makes segments or exports here, so there are none to list.
            "segment_list": on_parameters(lambda p: Answer(200, Collection("segment").page(p, "segments", dict))),
            "export_list": on_parameters(lambda p: Answer(200, Collection("export").page(p, "exports", dict))),
        }
