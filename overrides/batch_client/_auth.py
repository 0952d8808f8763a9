"""Adds the two credentials to requests for the API's own address, and takes them off again once they were sent."""

from __future__ import annotations

from collections.abc import Generator

import httpx


class ProjectAuth(httpx.Auth):
    """The REST API key and the project key as headers.

    A request for any other scheme, host or port gets neither. After the answer the headers are removed, so that the
    request which errors, answers and logs hold on to shows no credential.
    """

    def __init__(self, rest_api_key: str, project_key: str, base_url: str) -> None:
        self._headers = {"Authorization": f"Bearer {rest_api_key}", "X-Batch-Project": project_key}
        self._origin = _origin(httpx.URL(base_url))

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        if _origin(request.url) != self._origin:
            yield request
            return
        request.headers.update(self._headers)
        try:
            yield request
        finally:
            for name in self._headers:
                del request.headers[name]


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port
