"""What resource methods take and return follows from the document: the decisions, without the templates."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from openapi_python_client.config import Config, ConfigFile, MetaType
from openapi_python_client.parser import GeneratorData

from scripts.codegen.contract import Facts
from scripts.codegen.facts import template_facts
from scripts.codegen.generator import readable
from scripts.codegen.resources import Method, Resource, describe_resource
from scripts.codegen.schemas import resolve
from tests import frozen


def resource(document: dict[str, Any], tag: str) -> Resource:
    config = Config.from_sources(ConfigFile(), MetaType.NONE, Path("x"), "utf-8", False, output_path=None)
    data = GeneratorData.from_dict(readable(document), config=config)
    assert isinstance(data, GeneratorData)
    collection = next(one for name, one in data.endpoint_collections_by_tag.items() if name == tag)
    return describe_resource(collection, template_facts(document, Facts())["operations"])


def method(document: dict[str, Any], operation: str) -> Method:
    tag = next(
        node["tags"][0]
        for item in document["paths"].values()
        for node in item.values()
        if node["operationId"] == operation
    )
    return next(one for one in resource(document, tag).methods if one.operation == operation)


@pytest.mark.parametrize(
    ("operation", "kind", "returns", "async_returns"),
    [
        ("audience_create", "task", "IndexingTask[AudienceView]", "AsyncIndexingTask[AudienceView]"),
        ("audience_remove", "task", "IndexingTask[None]", "AsyncIndexingTask[None]"),
        ("audience_view", "model", "AudienceView", "AudienceView"),
        ("audience_list", "page", "Page[AudienceView]", "AsyncPages[AudienceView]"),
        ("export_download", "location", "str", "str"),
        ("profile_export", "job", "ExportJob[Export]", "AsyncExportJob[Export]"),
        ("catalog_remove", "nothing", "None", "None"),
    ],
)
def test_what_a_method_returns(operation: str, kind: str, returns: str, async_returns: str) -> None:
    shape = method(frozen.bundle(), operation).shape
    assert shape.kind == kind
    assert (shape.annotation(is_async=False), shape.annotation(is_async=True)) == (returns, async_returns)


def test_token_without_a_name_is_only_returned() -> None:
    document = frozen.bundle()
    body = document["paths"]["/audiences/create"]["post"]["requestBody"]["content"]["application/json"]
    schema = resolve(body["schema"], document["components"]["schemas"])
    schema["properties"]["title"] = schema["properties"].pop("name")
    schema["required"].remove("name")
    assert method(document, "audience_create").shape.kind == "model"


def test_arguments_that_must_be_given_come_first() -> None:
    stats = method(frozen.bundle(), "orchestration_stats")
    declared = [argument.declaration for argument in stats.declared]
    assert declared[0] == "orchestration_id: str"
    optional = ["=" in text for text in declared]
    assert optional == sorted(optional)


def test_members_of_a_body_are_arguments_unless_a_parameter_has_a_name_of_theirs() -> None:
    document = frozen.bundle()
    create = method(document, "audience_create")
    assert [argument.name for argument in create.members] == ["name", "type", "display_name"]
    assert (create.body, create.name_of_task) == (None, "name")
    parameter = {"in": "query", "name": "display_name", "schema": {"type": "string"}}
    document["paths"]["/audiences/create"]["post"]["parameters"].append(parameter)
    create = method(document, "audience_create")
    assert create.members == ()
    assert create.body == "AudienceCreateBody | Mapping[str, Any]"
    assert [argument.name for argument in create.declared] == ["display_name"]


def test_only_models_that_annotations_name_are_imported() -> None:
    audiences = resource(frozen.bundle(), "audiences")
    assert [line.rpartition(" ")[2] for line in audiences.imports] == ["AudienceId", "AudienceIdUpdate", "AudienceView"]
    assert audiences.interfaces == ["AsyncCaller", "AsyncIndexingTask", "AsyncPages", "Caller", "IndexingTask", "Page"]
