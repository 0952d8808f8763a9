"""Runs openapi-python-client on a document, with this repository's templates and its runtime."""

from __future__ import annotations

import copy
import itertools
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from openapi_python_client.strings import PythonIdentifier, snake_case

from scripts.codegen.contract import Facts
from scripts.codegen.facts import plain_text, template_facts
from scripts.codegen.runtime.references import resolve
from scripts.codegen.schemas import kinds_of, walk
from scripts.codegen.sources import Document
from scripts.errors import ToolError

HERE = Path(__file__).resolve().parent
RUNTIME = sorted(path for path in (HERE / "runtime").glob("*.py") if path.name != "__init__.py")
"""Modules of a client that no document changes."""


def generate_client(document: Document, target: Path, facts: Facts | None = None) -> None:
    """Write the client of a document into a folder that is not there yet.

    Raises:
        ToolError: The generator failed or warned; a warning of its own is a lost operation or model.
    """
    _check_property_names(document)
    with tempfile.TemporaryDirectory() as scratch:
        known = Path(scratch) / "facts.py"
        known.write_text(repr(template_facts(document, facts or Facts())), encoding="utf-8")
        path = Path(scratch) / "document.json"
        path.write_text(json.dumps(readable(document)), encoding="utf-8")
        _run(path, known, target)
    for module in RUNTIME:
        shutil.copyfile(module, target / module.name)
    bundle = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    (target / "bundle.json").write_text(f"{bundle}\n", encoding="utf-8")


def readable(document: Document) -> Document:
    """Return a copy for the generator: descriptions as plain text, and no keyword that it cannot read."""
    result = copy.deepcopy(document)
    for node in walk([result["paths"], result.get("components", {})]):
        for member in ("description", "summary"):
            if isinstance(node.get(member), str):
                node[member] = plain_text(node[member])
        if isinstance(node.get("title"), str):
            del node["title"]  # it would name the class after it
        if node.get("type") == "number" and isinstance(node.get("enum"), list):
            del node["enum"]  # it has no class for a list of numbers
        if node.get("format") in ("uuid", "binary"):
            del node["format"]  # an id is a string to callers, and JSON holds no bytes
        if isinstance(node.get("enum"), list) and any(isinstance(value, str) for value in node["enum"]):
            node["x-enum-varnames"] = _member_names(node["enum"])
    for item in result["paths"].values():
        for operation in item.values():
            for parameter in operation.get("parameters", ()):
                _make_text(parameter, result)
    return result


def _member_names(values: list[Any]) -> list[str]:
    """Return the names of an enum's members: the generator loses values whose names coincide, or fails."""
    names: list[str] = []
    for value in values:
        name = snake_case(str(value)).upper()
        if not str(value)[:1].isalpha():
            name = f"VALUE_{name or 'EMPTY'}"
        numbered = (f"{name}_{number}" for number in itertools.count(2))
        names.append(name if name not in names else next(one for one in numbered if one not in names))
    return names


def _make_text(parameter: dict[str, Any], document: Document) -> None:
    """Make a parameter a string where the generator takes no other type: without a type, for constants and times."""
    schema = parameter.get("schema", {})
    schema = resolve(document, schema) if isinstance(schema, dict) else {}
    if parameter.get("in") == "header":
        is_text = not kinds_of(schema) or "const" in schema or schema.get("format") in ("date", "date-time")
    else:
        is_text = parameter.get("in") == "path" and kinds_of(schema) == {"null"}
    if is_text and not {"anyOf", "oneOf", "allOf"} & schema.keys():
        parameter["schema"] = {"type": "string"}


def _run(document: Path, facts: Path, target: Path) -> None:
    tools = Path(sys.executable).parent
    command = [sys.executable, "-m", "scripts.codegen.render", *map(str, (document, facts, target.absolute()))]
    # The generator's hooks look for ruff on PATH, which holds it only in an activated environment.
    environment = os.environ | {"PATH": f"{tools}{os.pathsep}{os.environ['PATH']}"}
    root = HERE.parent.parent
    run = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)
    if run.returncode != 0:
        raise ToolError(*_explain(run.stdout + run.stderr))


_PART = re.compile(
    r"^(?:WARNING parsing ([A-Z]+ \S+) within .*|Unable to (?:parse|process) schema /components/schemas/(\S+?):?)$"
)
_FOLLOWS = "Could not find reference in parsed models or enums"
"""What the generator says of an operation whose schema it could not read."""


def _explain(output: str) -> list[str]:
    """Return what the generator complained of, a line per operation or schema, without the objects that it prints."""
    if "Traceback (most recent call last)" in output:
        # The generator's own failure; its last line says which.
        lines = [line.strip() for line in output.splitlines() if line.strip() and line[0] not in "╭│╰"]
        return [f"the client cannot be generated: openapi-python-client failed: {lines[-1][:300] if lines else ''}"]
    problems: dict[str, str] = {}
    part: str | None = None
    for line in (line.strip() for line in output.splitlines()):
        if match := _PART.match(line):
            part = match[1] or f"schema {match[2]}"
        elif part is not None and line and part not in problems:
            detail = line.removeprefix("Unable to parse this part of your OpenAPI document: : ")
            problems[part] = re.sub(r"<openapi_python_client\S* object at \w+>", "…", detail)[:300]
    causes = {part: detail for part, detail in problems.items() if detail != _FOLLOWS} or problems
    return [f"the client cannot be generated: {part}: {detail}" for part, detail in causes.items()] or [
        f"the client cannot be generated: {' '.join(output.split())[:300]}"
    ]


def _check_property_names(document: Document) -> None:
    """Raise ToolError for properties that would have one name in Python; the generator does not say which they are."""
    for name, schema in document.get("components", {}).get("schemas", {}).items():
        seen: dict[str, str] = {}
        for prop in schema.get("properties", {}) if isinstance(schema, dict) else {}:
            # Where names coincide in snake_case, the generator keeps their capitals.
            identifier = PythonIdentifier(prop, "field_", skip_snake_case=True)
            if (other := seen.setdefault(identifier, prop)) != prop:
                raise ToolError(
                    f"the client cannot be generated: schema {name}: the properties {other!r} and {prop!r} "
                    "have the same name in Python"
                )
