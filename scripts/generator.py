"""Runs openapi-python-client on a document, with this repository's templates."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from scripts.bundle import FIRST_SEEN
from scripts.errors import WorkshopError
from scripts.sources import METHODS, Document

HERE = Path(__file__).resolve().parent


def generate_client(document: Document, target: Path) -> None:
    """Write the client of a document into a folder that is not there yet; a warning of the generator is an error."""
    with tempfile.TemporaryDirectory() as scratch:
        templates = Path(scratch) / "templates"
        shutil.copytree(HERE / "templates", templates)
        (templates / "bundle.jinja").write_text(render_facts(document), encoding="utf-8")
        path = Path(scratch) / "document.json"
        path.write_text(json.dumps(document), encoding="utf-8")
        _run(path, templates, target)


def render_facts(bundle: Document) -> str:
    """Return `bundle.jinja`: what the templates need of the bundle and the generator does not hand them."""
    operations: dict[str, dict[str, Any]] = {
        path: {method: _facts(bundle, path, item, method) for method in METHODS if method in item}
        for path, item in bundle["paths"].items()
    }
    variables = (bundle.get("servers") or [{}])[0].get("variables") or {}
    version = variables.get("version") or {"default": bundle["info"]["version"]}
    versions = version.get("enum") or [version["default"]]
    facts = {"api_versions": versions, "operations": operations, "rate_limits": bundle.get("x-rate-limits", {})}
    return "".join(f"{{% set {name} = {value!r} %}}\n" for name, value in facts.items())


def _facts(bundle: Document, path: str, item: dict[str, Any], method: str) -> dict[str, Any]:
    operation = item[method]
    bodies = _resolve(bundle, operation.get("requestBody", {})).get("content", {"application/json": None})
    parameters = [_resolve(bundle, node) for node in (*item.get("parameters", []), *operation.get("parameters", []))]
    places = {parameter["in"] for parameter in parameters}
    if list(bodies) != ["application/json"] or places - {"path", "query"}:
        raise WorkshopError(
            f"{path} takes a body that is not JSON or a parameter in {places}: scripts/templates knows JSON bodies and "
            "parameters in path and query only"
        )
    return {
        "descriptions": {parameter["name"]: parameter.get("description") for parameter in parameters},
        "documentation": operation.get("externalDocs", {}).get("url", ""),
        # Of an operation that no overlay speaks of, nothing is known: it is not repeated.
        "idempotent": operation.get("x-idempotent", False),
        "idempotent_unless": operation.get("x-idempotent-unless", ""),
        "consequence": operation.get("x-consequence", ""),
        "first_seen": operation.get(FIRST_SEEN, ""),
        "rate_limits": tuple(operation.get("x-rate-limited-by", {"default"} & bundle.get("x-rate-limits", {}).keys())),
        "removes_viewed": operation.get("x-removes-viewed", False),
        "views_job": operation.get("x-views-job", False),
        "job": _job_model(bundle, operation.get("x-starts-job-viewed-by")),
    }


def _job_model(bundle: Document, viewed_by: str | None) -> str:
    """Return the model that shows the job which an operation starts, given the operation that views it."""
    for path in bundle["paths"].values():
        for method in METHODS & path.keys():
            if viewed_by is not None and path[method]["operationId"] == viewed_by:
                schema = _resolve(bundle, path[method]["responses"]["200"])["content"]["application/json"]["schema"]
                return str(schema["$ref"].rsplit("/", 1)[1])
    return ""


def _resolve(bundle: Document, node: dict[str, Any]) -> dict[str, Any]:
    """Return a parameter or body, or the component that it refers to."""
    if "$ref" in node:
        _, _, kind, name = node["$ref"].split("/")
        node = bundle["components"][kind][name]
    return node


def _run(document: Path, templates: Path, target: Path) -> None:
    tools = Path(sys.executable).parent
    command: list[str | Path] = [tools / "openapi-python-client", "generate", "--meta", "none", "--fail-on-warning"]
    command += ["--path", document, "--output-path", target]
    command += ["--config", HERE / "generator.yaml", "--custom-template-path", templates]
    # The generator's hooks look for ruff on PATH, which holds it only in an activated environment.
    environment = os.environ | {"PATH": f"{tools}{os.pathsep}{os.environ['PATH']}"}
    run = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if run.returncode != 0:
        raise WorkshopError(
            f"openapi-python-client failed (a warning is a lost operation or model):\n{run.stdout}{run.stderr}"
        )
