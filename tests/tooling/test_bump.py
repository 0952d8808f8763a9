"""A new API version end to end: pages of 2.12 come in, the client is regenerated, the report says what it means."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from scripts.codegen.build import BUNDLE
from scripts.codegen.bundle import render_bundle
from scripts.codegen.sources import read_sources
from scripts.specdiff.diff import diff
from scripts.specdiff.report import to_markdown
from scripts.tree import Tree
from scripts.vendor.vendoring import add_source_arguments, vendor_into
from tests import frozen
from tests.site import load, markdown, write_page, write_site

GOLDEN = Path("tests/data/bump-2.12.md")


def bump(name: str, document: Any) -> None:
    """Turn a page of 2.11 into one of 2.12: one property more, required, and one less."""
    document["servers"][0]["variables"]["version"]["default"] = "2.12"
    if name == "audiences/create":
        body = document["paths"]["/audiences/create"]["post"]["requestBody"]["content"]["application/json"]
        body["schema"]["properties"]["owner"] = {"type": "string", "description": "Who looks after it."}
        body["schema"]["required"].append("owner")
        del body["schema"]["properties"]["display_name"]
        body["example"] = {"name": "vip_buyers", "type": "custom_ids", "owner": "ann"}


@pytest.fixture(scope="module")
def bumped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tree in which 2.12 was vendored and the client regenerated."""
    folder = tmp_path_factory.mktemp("bump")
    site = write_site(folder / "site", bump)
    added = load("segments/list")
    bump("segments/view", added)
    operation = added["paths"].pop("/segments/list")["get"] | {"operationId": "segment_view", "summary": "View"}
    operation["description"] = "Reads one segment."
    operation["parameters"] = [
        operation["parameters"][0],
        {"in": "query", "name": "code", "required": True, "schema": {"type": "string"}, "description": "Its code."},
    ]
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/oneSegment"}}}
    operation["responses"]["200"] = {"description": "The segment.", "content": content}
    added["paths"]["/segments/view"] = {"get": operation}
    write_page(site, "segments/view.md", markdown(added))

    root = frozen.tree(folder)
    parser = argparse.ArgumentParser()
    add_source_arguments(parser)
    vendor_into(parser.parse_args(["--from", str(site)]), read_sources(root / "openapi"), root / "openapi")
    Tree(root).regenerate()
    return root


def test_client_has_the_new_method_and_speaks_the_new_version(bumped: Path) -> None:
    code = """
import httpx
from batch_client import API_VERSIONS, BatchClient

def answer(request):
    assert request.url.path == "/2.12/segments/view", request.url
    return httpx.Response(200, json={"code": request.url.params["code"]})

batch = BatchClient("key", "project", transport=httpx.MockTransport(answer))
assert API_VERSIONS[-1] == batch.api_version == "2.12"
assert batch.segments.view(code="loyal").code == "loyal"
assert "First seen in the documentation of API version 2.12" in batch.segments.view.__doc__
assert "First seen in the documentation of API version 2.11" in batch.segments.list.__doc__
"""
    environment = os.environ | {"PYTHONPATH": str(bumped / "generated")}
    subprocess.run([sys.executable, "-c", code], env=environment, check=True)


def test_report_is_the_golden_one(bumped: Path) -> None:
    report = diff(("2.11", render_bundle(frozen.bundle())), ("2.12", (bumped / BUNDLE).read_text("utf-8")))
    assert report.verdict == "major"
    text = to_markdown(report)
    if os.environ.get("UPDATE_GOLDEN") == "1":
        GOLDEN.write_text(text, encoding="utf-8")
    assert text == GOLDEN.read_text(encoding="utf-8"), "UPDATE_GOLDEN=1 make test writes it again"


def test_bundle_is_of_the_new_version(bumped: Path) -> None:
    bundle = json.loads((bumped / BUNDLE).read_text(encoding="utf-8"))
    assert bundle["info"]["version"] == "2.12"
    assert bundle["paths"]["/segments/view"]["get"]["x-first-seen"] == "2.12"
