"""Renders the templates by openapi-python-client, used as a library in a process of its own.

Arguments: the document, the facts as a Python literal, and the folder to write, which is not there yet.
"""

from __future__ import annotations

import ast
import gc
import json
import sys
from pathlib import Path

import typer
from openapi_python_client import Project
from openapi_python_client.cli import handle_errors
from openapi_python_client.config import Config, ConfigFile, MetaType
from openapi_python_client.parser import GeneratorData
from openapi_python_client.parser.errors import GeneratorError

from scripts.codegen.arguments import accepted_type, parameters_of
from scripts.codegen.resources import describe_resource

HERE = Path(__file__).resolve().parent


def main(document: Path, facts: Path, target: Path) -> int:
    """Write the client and return the exit code; what the generator complains of is printed as its own command does."""
    gc.disable()  # it keeps all it reads until it ends, so that looking for garbage only costs time
    config = Config.from_sources(
        ConfigFile.load_from_path(HERE / "generator.yaml"), MetaType.NONE, document, "utf-8", False, output_path=target
    )
    data = GeneratorData.from_dict(json.loads(document.read_text(encoding="utf-8")), config=config)
    if isinstance(data, GeneratorError):
        return _report([data])
    project = Project(openapi=data, config=config, custom_template_path=HERE / "templates")
    known = ast.literal_eval(facts.read_text(encoding="utf-8"))
    project.env.globals.update(
        known, describe_resource=describe_resource, parameters_of=parameters_of, accepted_type=accepted_type
    )
    return _report([*project.build()])


def _report(errors: list[GeneratorError]) -> int:
    try:
        handle_errors(errors, fail_on_warning=True)
    except typer.Exit as end:
        return end.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main(*map(Path, sys.argv[1:])))
