"""Prism, which serves the bundle as a mock or checks what goes through it, and arguments that schemathesis makes."""

from __future__ import annotations

import json
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.contract import BUNDLE, VERSION
from tests.node import install

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def prism_document(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundle with the version in its paths: Prism serves no base path."""
    path = tmp_path_factory.mktemp("prism") / "batch.json"
    paths = {f"/{VERSION}{path}": item for path, item in BUNDLE["paths"].items()}
    path.write_text(json.dumps(BUNDLE | {"paths": paths, "servers": [{"url": "/"}]}), encoding="utf-8")
    return path


@contextmanager
def prism(*arguments: str | Path) -> Iterator[str]:
    """Run Prism while the `with` block runs; yields its address."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    program = install(HERE, "prism")
    command = [program, *arguments, "--errors", "--port", str(port), "--host", "127.0.0.1"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            _wait_for(port)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


@pytest.fixture(scope="session")
def mock(prism_document: Path) -> Iterator[str]:
    """The address of a Prism that answers as the bundle says and refuses what breaks it."""
    with prism("mock", prism_document) as url:
        yield url


def _wait_for(port: int) -> None:
    for _ in range(300):
        try:
            socket.create_connection(("127.0.0.1", port), 0.1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    pytest.fail("Prism did not start within 30 s")


def violations(response: httpx.Response) -> str | None:
    """Return what Prism holds against a request or answer."""
    return response.headers.get("sl-violations")
