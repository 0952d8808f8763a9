"""Fixtures of the tests of the command line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from batch_client.sandbox import Sandbox
from batch_client.sandbox._sandbox import PROJECT_KEY, REST_API_KEY


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty place for the configuration, in which commands run."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    for name in ("BATCH_PROFILE", "BATCH_DEBUG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    """A sandbox that commands reach by the environment."""
    sandbox = Sandbox(indexing=0.0, exporting=0.0)
    with sandbox.serve() as url:
        monkeypatch.setenv("BATCH_BASE_URL", url)
        monkeypatch.setenv("BATCH_REST_API_KEY", REST_API_KEY)
        monkeypatch.setenv("BATCH_PROJECT_KEY", PROJECT_KEY)
        yield sandbox
