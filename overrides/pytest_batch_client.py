"""The pytest plugin: a sandbox and its clients as fixtures, new for each test.

Every pytest run in the environment loads it, so it lives outside the package and imports nothing but pytest.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from batch_client import AsyncBatchClient, BatchClient
    from batch_client.sandbox import Sandbox


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known."""
    config.addinivalue_line(
        "markers", "batch_sandbox(**options): arguments of the Sandbox that the fixture batch_sandbox makes"
    )


@pytest.fixture
def batch_sandbox(request: pytest.FixtureRequest) -> Sandbox:
    """A sandbox in which indexing and exports take no time, unless the marker `batch_sandbox` says otherwise."""
    options: dict[str, Any] = {"indexing": 0.0, "exporting": 0.0}
    for mark in reversed(list(request.node.iter_markers("batch_sandbox"))):
        options |= mark.kwargs
    return _import_sandbox()(**options)


@pytest.fixture
def batch_client(batch_sandbox: Sandbox) -> Iterator[BatchClient]:
    """A client of the fixture `batch_sandbox`."""
    with batch_sandbox.client() as client:
        yield client


@pytest.fixture
def async_batch_client(batch_sandbox: Sandbox) -> AsyncBatchClient:
    """A client of the fixture `batch_sandbox` for asyncio. It holds no connection that would have to be closed."""
    return batch_sandbox.async_client()


def _import_sandbox() -> type[Sandbox]:
    """Return the class; let the test fail with one line if it cannot be imported."""
    try:
        from batch_client.sandbox import Sandbox
    except ImportError as error:
        reason = _why_missing(error)
    else:
        return Sandbox
    # Outside the handler, so that the import's own traceback is not shown too.
    pytest.fail(f"the fixture batch_sandbox is not available: {reason}", pytrace=False)


def _why_missing(error: ImportError) -> str:
    """Return why the sandbox cannot be imported, in one line."""
    found = sys.modules.get("batch_client")
    if error.name != "batch_client.sandbox" or found is None:
        return str(error)
    where = found.__file__ or ", ".join(found.__path__)
    return f"{where} hides the installed package batch_client; rename it"
