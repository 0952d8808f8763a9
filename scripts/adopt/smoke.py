"""Calls every operation of the generated client against the sandbox, and walks through what the client adds on top."""

from __future__ import annotations

import asyncio
import inspect
import sys
import tempfile
from collections.abc import Callable, Iterator
from typing import Any

from batch_client import APIStatusError, AsyncBatchClient, BatchClient, IndexingTimeout
from batch_client.bulk import BulkReport
from batch_client.sandbox import Sandbox
from batch_client.sandbox.shapes import example
from batch_generated.api import OPERATIONS, RECORD_BODIES
from batch_generated.bundle import load_bundle
from batch_generated.references import look_up
from batch_generated.types import Operation
from scripts.errors import NOTE

_EXPECTED = frozenset({400, 403, 404})
"""What the sandbox may answer to a call whose values name nothing that is there."""


def main() -> int:
    """Run everything; print what failed and what the sandbox does not know, and return the exit code."""
    lines = [*operations(), *flows()]
    for line in lines:
        print(line)
    return 0 if all(line.startswith(NOTE) for line in lines) else 1


def operations() -> Iterator[str]:
    """Call each operation, sync and async, with as little as its schema asks for."""
    for operation in OPERATIONS.values():
        sandbox = Sandbox(indexing=0.0, exporting=0.0)
        try:
            with sandbox.client(max_retries=0) as batch:
                _method(batch, operation)(*positional(operation), **keywords(operation))
            asyncio.run(_call_async(sandbox.async_client(max_retries=0), operation))
        except APIStatusError as error:
            if error.error_code == "NOT_SIMULATED":
                yield f"{NOTE}{operation.method} {operation.path}: the sandbox does not simulate it"
            elif error.status_code not in _EXPECTED:
                yield f"{operation.method} {operation.path}: {error}"
        except Exception as error:
            yield f"{operation.method} {operation.path}: {type(error).__name__}: {error}"


async def _call_async(batch: AsyncBatchClient, operation: Operation) -> None:
    async with batch:
        result = _method(batch, operation)(*positional(operation), **keywords(operation))
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


def keywords(operation: Operation) -> dict[str, Any]:
    """Return examples of the keyword arguments that an operation requires."""
    node = _node(operation)
    taken = inspect.signature(_method(BatchClient("key", "project"), operation)).parameters
    values = {
        parameter["name"]: example(parameter["schema"])
        for parameter in node.get("parameters", ())
        if parameter.get("required")
    }
    body = _body(node)
    if isinstance(body, dict) and "body" not in taken:
        values |= body
    words = {_plain(name): name for name in taken}
    return {words[_plain(name)]: value for name, value in values.items() if _plain(name) in words}


def positional(operation: Operation) -> list[Any]:
    """Return an example of the body, if the operation takes it as it is."""
    taken = inspect.signature(_method(BatchClient("key", "project"), operation)).parameters
    return [_body(_node(operation))] if "body" in taken else []


def _body(node: dict[str, Any]) -> Any:
    content = node.get("requestBody", {}).get("content", {})
    return next((example(media["schema"]) for media in content.values()), None)


def _plain(name: str) -> str:
    return "".join(character for character in name.lower() if character.isalnum())


def flows() -> Iterator[str]:
    """Walk through waiting, bulk and exports, as far as their operations are there."""
    for flow, needs in _FLOWS.items():
        name = (flow.__doc__ or "").rstrip(".")
        if not needs <= OPERATIONS.keys():
            yield f"{NOTE}{name}: not tried, for {', '.join(sorted(needs - OPERATIONS.keys()))} is missing"
            continue
        sandbox = Sandbox(indexing=0.0, exporting=0.0)
        try:
            with sandbox.client(max_retries=0) as batch:
                flow(batch, sandbox)
        except (APIStatusError, _NotTriedError) as error:
            # The documents ask for more than the flow sends, or describe what the sandbox does not know.
            yield f"{NOTE}{name}: not tried, for {error}"
        except IndexingTimeout as error:
            # Without a state in the documents waiting only ends with its time; the contract notes that.
            is_documented = any(task.state != "absent" for task in error.tasks)
            yield f"{'' if is_documented else NOTE}{name}: {error}"
        except Exception as error:
            yield f"{name}: {type(error).__name__}: {error}"


def _call(batch: Any, id_: str, **arguments: Any) -> Any:
    """Call an operation with some arguments, and examples of whatever else it requires."""
    operation = OPERATIONS[id_]
    return _method(batch, operation)(*positional(operation), **_merge(keywords(operation), arguments))


def _wait(task: Any) -> None:
    """Wait for what an update started; without a token in its answer, which the contract notes, there is nothing."""
    if hasattr(task, "wait"):
        task.wait(timeout=10)


def _record(id_: str, record: dict[str, Any]) -> dict[str, Any]:
    """Return a record of a body that holds many, with examples of whatever else it requires."""
    node = look_up(load_bundle(), f"#{RECORD_BODIES[id_].schema}")
    made: dict[str, Any] = _merge(example(node), record)
    return made


def _merge(made: Any, given: Any) -> Any:
    """Return what is given, completed by what was made up."""
    if isinstance(made, dict) and isinstance(given, dict):
        return made | {name: _merge(made.get(name), value) for name, value in given.items()}
    if isinstance(made, list) and made and isinstance(given, list):
        return [_merge(made[0], value) for value in given]
    return given


class _NotTriedError(Exception):
    """The documents ask for more than a flow sends."""


def _check_report(report: BulkReport) -> None:
    if report.invalid:
        raise _NotTriedError(f"what it sends does not fit: {report.invalid[0]}")
    if isinstance(report.error, APIStatusError | IndexingTimeout):
        raise report.error
    if report.rejected:
        raise _NotTriedError(f"what it sends is refused: {report.rejected[0]}")
    _check((report.accepted, report.error) == (3, None), str(report))


def _check(is_right: bool, message: str) -> None:
    if not is_right:
        raise AssertionError(message)


def _audience(batch: Any, sandbox: Sandbox) -> None:
    """Create an audience, update it and wait."""
    _wait(_call(batch, "audience_create", name="smoke", type="custom_ids"))
    entry = _record("audience_update", {"action": "add", "id": "ann"})
    _wait(_call(batch, "audience_update", name="smoke", ids=[entry]))
    _check(list(sandbox.audiences["smoke"].ids) == ["ann"], "the audience does not hold what was added")


def _profiles(batch: Any, sandbox: Sandbox) -> None:
    """Send profiles in bulk."""
    records = [_record("profile_mass_update", {"identifiers": {"custom_id": f"u{n}"}}) for n in range(3)]
    _check_report(batch.bulk.update_profiles(records))
    _check(len(sandbox.profiles) == 3, "the profiles are not there")


def _bulk_audience(batch: Any, sandbox: Sandbox) -> None:
    """Fill an audience in bulk."""
    _wait(_call(batch, "audience_create", name="smoke", type="custom_ids"))
    entries = [_record("audience_update", {"action": "add", "id": f"u{n}"}) for n in range(3)]
    _check_report(batch.bulk.update_audience("smoke", entries))


def _catalog(batch: Any, sandbox: Sandbox) -> None:
    """Fill a catalog in bulk."""
    _call(batch, "catalog_create", name="smoke", fields=[{"name": "title", "type": "string"}])
    item = {"action": "add", "attributes": {"title": "x"}}
    items = [_record("catalog_items_edit", item | {"id": f"i{n}"}) for n in range(3)]
    _check_report(batch.bulk.edit_catalog_items("smoke", items))


def _export(batch: Any, sandbox: Sandbox) -> None:
    """Export profiles and download the files."""
    sandbox.seed(profiles=3)
    job = batch.profiles.export(
        _merge(_body(_node(OPERATIONS["profile_export"])), {"export_type": "ATTRIBUTES", "attributes": ["plan"]})
    )
    if not hasattr(job, "download"):
        return  # the contract notes that the answer names no job
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
