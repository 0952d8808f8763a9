"""A differ that nobody here wrote, that of Redocly, judges the same changes: both must agree on what breaks.

It needs Node. Without it these tests are skipped, except in CI, where they must run.
"""

from __future__ import annotations

import copy
import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scripts.specdiff.compare import compare_documents
from scripts.specdiff.findings import Level
from tests.contract import BUNDLE
from tests.node import install, needs_npm
from tests.tooling.test_diff import create_body, schema

HERE = Path("tests/second_opinion").resolve()

pytestmark = needs_npm


@pytest.fixture(scope="session")
def redocly() -> str:
    return install(HERE, "redocly")


def property_of(name: str, **members: Any) -> Callable[[Any], None]:
    return lambda document: create_body(document)["properties"][name].update(members)


CHANGES: dict[str, tuple[Callable[[Any], Any], bool]] = {
    "operation removed": (lambda d: d["paths"].pop("/segments/list"), True),
    "operation added": (lambda d: d["paths"].update({"/x": copy.deepcopy(d["paths"]["/segments/list"])}), False),
    "required property added to a request": (
        lambda d: (create_body(d)["properties"].update(x={"type": "string"}), create_body(d)["required"].append("x")),
        True,
    ),
    "optional property added to a request": (
        lambda d: create_body(d)["properties"].update(x={"type": "string"}),
        False,
    ),
    "property of a request became required": (lambda d: create_body(d)["required"].append("display_name"), True),
    "bound tightened in a request": (property_of("name", maxLength=10), True),
    "bound loosened in a request": (property_of("name", maxLength=1000), False),
    "type changed in a request": (property_of("display_name", type="integer"), True),
    "type changed in an answer": (
        lambda d: schema("AudienceView")(d)["properties"]["nb_ids"].update(type="string"),
        True,
    ),
    "property of an answer became optional": (lambda d: schema("AudienceView")(d)["required"].remove("nb_ids"), True),
    "property added to an answer": (lambda d: schema("Segment")(d)["properties"].update(x={"type": "string"}), False),
    "value of an enum removed from a request": (lambda d: schema("CampaignState")(d)["enum"].remove("STOPPED"), True),
    "parameter became required": (
        lambda d: d["paths"]["/audiences/list"]["get"]["parameters"][0].update(required=True),
        True,
    ),
    "answer of success removed": (lambda d: d["paths"]["/audiences/view"]["get"]["responses"].pop("200"), True),
    "words changed": (property_of("name", description="Other words."), False),
}


@pytest.mark.parametrize("name", CHANGES)
def test_both_agree_on_what_breaks(redocly: str, tmp_path: Path, name: str) -> None:
    change, breaking = CHANGES[name]
    new = copy.deepcopy(BUNDLE)
    change(new)
    paths = [tmp_path / "old.json", tmp_path / "new.json"]
    for path, document in zip(paths, (BUNDLE, new), strict=True):
        path.write_text(json.dumps(document))
    command = [redocly, "diff", *map(str, paths), "--format", "json", "--fail-on", "none"]
    environment = os.environ | {"REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true"}
    run = subprocess.run(command, capture_output=True, text=True, check=True, env=environment, cwd=HERE)
    assert (json.loads(run.stdout)["bump"] == "major") is breaking
    ours = compare_documents(BUNDLE, new)
    assert any(finding.level is Level.BREAKING for finding in ours) is breaking
    assert bool(ours) is (name != "words changed")
