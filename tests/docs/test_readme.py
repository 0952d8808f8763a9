"""The README's examples run as they stand, against the sandbox."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from batch_client import API_VERSIONS, BatchClient, errors
from batch_client.sandbox import Sandbox
from tests.conftest import FakeClock

README = Path("README.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```python\n(.*?)```", README, re.DOTALL)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.strip().splitlines()[0])
def test_example_runs(
    example: str,
    clock: FakeClock,
    sandbox: Sandbox,
    sandbox_url: str,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.chdir(tmp_path)
    keys: dict[str, Any] = sandbox._keys
    monkeypatch.setenv("BATCH_REST_API_KEY", keys["rest_api_key"])
    monkeypatch.setenv("BATCH_PROJECT_KEY", keys["project_key"])
    monkeypatch.setenv("BATCH_BASE_URL", sandbox_url)
    monkeypatch.setattr("batch_client.sandbox.Sandbox", lambda **_: sandbox)
    with BatchClient() as batch:
        batch.catalogs.create(name="shoes", fields=[{"name": "title", "type": "string"}])
        if 'create(name="vip"' not in example:
            batch.audiences.create(name="vip", type="custom_ids").wait()
        exec(example, {"batch": batch})  # noqa: S102 - the README is ours


def test_versions_and_errors_are_those_of_the_code() -> None:
    assert f"{', '.join(API_VERSIONS[:-1])} and {API_VERSIONS[-1]}" in README
    named = {name for name, value in vars(errors).items() if isinstance(value, type) and issubclass(value, Exception)}
    assert [name for name in sorted(named) if name not in README] == []
