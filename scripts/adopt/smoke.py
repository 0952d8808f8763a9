"""Calls every operation of the generated client against the sandbox, and walks through what the client adds on top."""

from __future__ import annotations

import asyncio
import inspect
import sys
import tempfile
from collections.abc import Callable, Iterator
from typing import Any

from jsonschema import Draft202012Validator

from batch_client import APIStatusError, AsyncBatchClient, BatchClient, BatchError
from batch_client._bundle import load_bundle
from batch_client.sandbox import Sandbox
from batch_generated.api import OPERATIONS
from batch_generated.types import Operation

_EXPECTED = frozenset({400, 403, 404, 501})
"""What the sandbox may answer to a call whose values name nothing that is there."""


def main() -> int:
    """Run everything; print what failed, and return the exit code."""
    failures = [*operations(), *flows()]
    for failure in failures:
        print(failure)
    return 1 if failures else 0


def operations() -> Iterator[str]:
    """Call each operation, sync and async, with as little as its schema asks for."""
    for operation in OPERATIONS.values():
        sandbox = Sandbox(indexing=0.0, exporting=0.0)
        try:
            with sandbox.client(max_retries=0) as batch:
                _method(batch, operation)(*_positional(operation), **_keywords(operation))
            asyncio.run(_call_async(sandbox.async_client(max_retries=0), operation))
        except APIStatusError as error:
            if error.status_code not in _EXPECTED:
                yield f"{operation.method} {operation.path}: {error}"
        except Exception as error:
            yield f"{operation.method} {operation.path}: {type(error).__name__}: {error}"


async def _call_async(batch: AsyncBatchClient, operation: Operation) -> None:
    async with batch:
        result = _method(batch, operation)(*_positional(operation), **_keywords(operation))
        if inspect.isawaitable(result):
            await result


def _method(batch: Any, operation: Operation) -> Callable[..., Any]:
    method: Callable[..., Any] = getattr(getattr(batch, operation.resource), operation.name)
    return method


def _node(operation: Operation) -> dict[str, Any]:
    return next(
        node
        for item in load_bundle()["paths"].values()
        for node in item.values()
        if node["operationId"] == operation.id
    )


def _keywords(operation: Operation) -> dict[str, Any]:
    node = _node(operation)
    taken = inspect.signature(_method(BatchClient("key", "project"), operation)).parameters
    values = {
        parameter["name"]: sample(parameter["schema"])
        for parameter in node.get("parameters", ())
        if parameter.get("required")
    }
    body = _body(node)
    if isinstance(body, dict) and "body" not in taken:
        values |= body
    words = {_plain(name): name for name in taken}
    return {words[_plain(name)]: value for name, value in values.items() if _plain(name) in words}


def _positional(operation: Operation) -> list[Any]:
    taken = inspect.signature(_method(BatchClient("key", "project"), operation)).parameters
    return [_body(_node(operation))] if "body" in taken else []


def _body(node: dict[str, Any]) -> Any:
    content = node.get("requestBody", {}).get("content", {})
    return next((sample(media["schema"]) for media in content.values()), None)


def _plain(name: str) -> str:
    return "".join(character for character in name.lower() if character.isalnum())


def sample(schema: dict[str, Any], depth: int = 0) -> Any:
    """Return a value that fits a schema, with only the members that it requires."""
    while "$ref" in schema:
        schema = load_bundle()["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    if "const" in schema:
        return schema["const"]
    if schema.get("enum"):
        return schema["enum"][0]
    for keyword in ("anyOf", "oneOf", "allOf"):
        if schema.get(keyword) and "properties" not in schema and depth < 10:
            return sample(schema[keyword][0], depth + 1)
    kind = schema.get("type")
    kind = kind[0] if isinstance(kind, list) else kind
    if kind == "object" or "properties" in schema:
        required = list(schema.get("required", ()))
        properties = schema.get("properties", {})
        if schema.get("minProperties", 0) > len(required):
            required += [name for name in properties if name not in required][: schema["minProperties"]]
        made = {name: sample(properties.get(name, {}), depth + 1) for name in required}
        if "if" in schema:
            part = schema.get("then" if _holds(schema["if"], made) else "else", {})
            needed = [name for name in part.get("required", ()) if name not in made]
            made |= {name: sample(properties.get(name, {}), depth + 1) for name in needed}
        return made
    if kind == "array":
        return [sample(schema.get("items", {}), depth + 1) for _ in range(max(1, schema.get("minItems", 0)))]
    if kind in ("integer", "number"):
        return schema.get("minimum", 1)
    if kind == "boolean":
        return False
    texts = {"date-time": "2030-01-01T00:00:00Z", "date": "2030-01-01", "uri": "https://example.com"}
    return texts.get(schema.get("format", ""), "a" * max(1, schema.get("minLength", 1)))


def _holds(condition: dict[str, Any], value: Any) -> bool:
    return Draft202012Validator(condition).is_valid(value)


def flows() -> Iterator[str]:
    """Walk through waiting, bulk and exports, as far as their operations are there."""
    for flow, needs in _FLOWS.items():
        if needs <= OPERATIONS.keys():
            sandbox = Sandbox(indexing=0.0, exporting=0.0)
            try:
                with sandbox.client(max_retries=0) as batch:
                    flow(batch, sandbox)
            except (BatchError, AssertionError, AttributeError, KeyError, TypeError) as error:
                yield f"{(flow.__doc__ or '').rstrip('.')}: {type(error).__name__}: {error}"


def _check(is_right: bool, message: str) -> None:
    if not is_right:
        raise AssertionError(message)


def _audience(batch: Any, sandbox: Sandbox) -> None:
    """Create an audience, update it and wait."""
    batch.audiences.create(name="smoke", type="custom_ids").wait(timeout=10)
    batch.audiences.update(name="smoke", ids=[{"action": "add", "id": "ann"}]).wait(timeout=10)
    _check(list(sandbox.audiences["smoke"].ids) == ["ann"], "the audience does not hold what was added")


def _profiles(batch: Any, sandbox: Sandbox) -> None:
    """Send profiles in bulk."""
    report = batch.bulk.update_profiles({"identifiers": {"custom_id": f"u{n}"}} for n in range(3))
    _check((report.accepted, len(sandbox.profiles)) == (3, 3), str(report))


def _bulk_audience(batch: Any, sandbox: Sandbox) -> None:
    """Fill an audience in bulk."""
    batch.audiences.create(name="smoke", type="custom_ids").wait(timeout=10)
    report = batch.bulk.update_audience("smoke", ({"action": "add", "id": f"u{n}"} for n in range(3)))
    _check((report.accepted, report.error) == (3, None), str(report))


def _catalog(batch: Any, sandbox: Sandbox) -> None:
    """Fill a catalog in bulk."""
    batch.catalogs.create(name="smoke", fields=[{"name": "title", "type": "string"}])
    items = ({"id": f"i{n}", "action": "add", "attributes": {"title": "x"}} for n in range(3))
    report = batch.bulk.edit_catalog_items("smoke", items)
    _check((report.accepted, report.error) == (3, None), str(report))


def _export(batch: Any, sandbox: Sandbox) -> None:
    """Export profiles and download the files."""
    sandbox.seed(profiles=3)
    job = batch.profiles.export({"export_type": "ATTRIBUTES", "attributes": ["plan"]})
    with tempfile.TemporaryDirectory() as folder:
        _check(len(job.download(folder)) == 1, "the export does not have one file")
        _check(len(list(job.records())) == 3, "the export does not hold what was seeded")


_FLOWS: dict[Callable[[Any, Sandbox], None], set[str]] = {
    _audience: {"audience_create", "audience_update", "audience_view"},
    _profiles: {"profile_mass_update"},
    _bulk_audience: {"audience_create", "audience_update", "audience_view"},
    _catalog: {"catalog_create", "catalog_items_edit", "catalog_view"},
    _export: {"profile_export", "export_view", "export_download"},
}


if __name__ == "__main__":
    sys.exit(main())
