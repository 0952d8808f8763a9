"""Schemathesis judges the sandbox: it may neither break down nor answer what the bundle does not say."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from batch_client.sandbox import Sandbox
from batch_generated.api import OPERATIONS
from tests.contract import VERSION
from tests.operations import SIMULATED
from tests.sandbox.test_sandbox import HEADERS

LEFT_OUT = {
    "unsupported_method": "the documentation names 404 ROUTE_NOT_FOUND for a route that does not exist, not 405",
    "positive_data_acceptance": "what a schema cannot say is refused too: taken names, foreign cursors, old dates",
}
MERGED = "^/profiles/(update|mass-update)$"
UNKNOWN = "|".join(f"^{re.escape(one.path)}$" for id_, one in OPERATIONS.items() if id_ not in SIMULATED) or "^$"
PARTLY = "an invalid attribute is dropped alone, and the call still answers 202, as documented"


@pytest.mark.parametrize(
    ("which", "left_out"),
    [
        (f"--exclude-path-regex={MERGED}|{UNKNOWN}", LEFT_OUT),
        (f"--include-path-regex={MERGED}", LEFT_OUT | {"negative_data_rejection": PARTLY}),
    ],
    ids=["most operations", "profile updates"],
)
def test_no_finding(which: str, left_out: dict[str, str], tmp_path: Path) -> None:
    with Sandbox(indexing=0, exporting=0).serve() as url:
        command = [str(Path(sys.executable).parent / "schemathesis"), "run", str(Path("openapi/batch.json").resolve())]
        command += ["--url", f"{url}/{VERSION}", which, "--exclude-checks", ",".join(left_out)]
        command += [part for name, value in HEADERS.items() for part in ("--header", f"{name}: {value}")]
        command += ["--max-examples", "20", "--seed", "1", "--no-color"]
        run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout
    assert "Stateful" in run.stdout
