"""A client that openapi-generator makes from the same bundle runs the same scenario, and sees the same data.

It needs Java. Without it this test is skipped, except in CI, where it must run.
"""

from __future__ import annotations

import importlib
import inspect
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, get_args

import pytest
from attrs import frozen

from batch_client.sandbox import Sandbox
from batch_generated.api import OPERATIONS
from tests.contract import VERSION
from tests.contract.scenario import run, state_of
from tests.node import IN_CI
from tests.operations import missing

pytestmark = pytest.mark.skipif(shutil.which("java") is None and not IN_CI, reason="Java is not installed")


@pytest.fixture(scope="module")
def peer(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Generate the package and return it, imported."""
    folder = tmp_path_factory.mktemp("peer")
    program = Path(sys.executable).parent / "openapi-generator-cli"
    command = [program, "generate", "--input-spec", "openapi/batch.json", "--generator-name", "python"]
    command += ["--output", str(folder), "--package-name", "batch_peer"]
    subprocess.run(command, check=True, capture_output=True)
    sys.path.insert(0, str(folder))
    try:
        yield importlib.import_module("batch_peer")
    finally:
        sys.path.remove(str(folder))


@frozen
class PeerTag:
    """The operations of one tag, called as our client's are."""

    peer: Any
    client: Any
    tag: str

    def __getattr__(self, method: str) -> Any:
        api = getattr(self.peer, f"{self.tag.capitalize()}Api")(self.client)
        operation = OPERATIONS[f"{self.tag.removesuffix('s')}_{method}"]
        send = getattr(api, operation.id)
        if operation.method == "GET":
            # A word of Python's has another name there.
            return lambda **named: send(**{{"from_": "var_from"}.get(name, name): named[name] for name in named})
        model = _model_of(next(iter(inspect.signature(send).parameters.values())).annotation)

        def call(*bodies: Any, **named: Any) -> Any:
            body = bodies[0] if bodies else named
            return send([_read(model, item) for item in body] if isinstance(body, list) else _read(model, body))

        return call


def _read(model: Any, data: Any) -> Any:
    """Return a model of the peer, without the nulls that it would send for whatever is not in the data."""
    made = model.from_dict(data)
    pending = [made]
    while pending:
        part = pending.pop()
        for name in list(getattr(part, "__pydantic_fields_set__", ())):
            value = getattr(part, name)
            if value is None:
                part.__pydantic_fields_set__.discard(name)
            pending += value if isinstance(value, list) else [value]
    return made


def _model_of(annotation: Any) -> Any:
    """Return the model that an argument of the peer takes, or a list of."""
    if hasattr(annotation, "from_dict"):
        return annotation
    return next((model for part in get_args(annotation) if (model := _model_of(part)) is not None), None)


@frozen
class Peer:
    """The peer, with our client's resources."""

    peer: Any
    client: Any

    def __getattr__(self, tag: str) -> PeerTag:
        return PeerTag(self.peer, self.client, tag)


def seen(batch: Any) -> list[Any]:
    """Return what a client sees of the data, without times."""
    views = [batch.audiences.view(name="vip"), batch.catalogs.view(name="shoes")]
    lists = (batch.audiences.list(limit=100).audiences if isinstance(batch, Peer) else batch.audiences.list().items,)
    return [_without_times(view.to_dict()) for view in views] + [
        [audience.name for audience in names] for names in lists
    ]


def _without_times(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_times(member) for name, member in value.items()}
    if isinstance(value, list):
        return [_without_times(member) for member in value]
    return "a time" if re.match(r"\d{4}-\d\d-\d\d[ T]", str(value)) else value


def left_by_both(sandbox: Sandbox) -> dict[str, Any]:
    """Return what a run left, but for custom attributes: the peer drops them, as their names stand in no schema."""
    state = state_of(sandbox)
    for attributes, _ in state["profiles"].values():
        for name in [name for name in attributes if not name.startswith("$")]:
            del attributes[name]
    return state


# With every operation there, as here, it runs; a run with gaps would leave different data in the two sandboxes.
@pytest.mark.skipif(bool(missing()), reason="the run leaves out what the documents no longer have")
def test_peer_sees_and_leaves_the_same_data(peer: Any) -> None:
    left, shown = [], []
    ours, theirs = Sandbox(indexing=0, exporting=0), Sandbox(indexing=0, exporting=0)
    with ours.serve(), ours.client() as batch:
        # The peer follows redirects with its credentials, which the storage of files refuses.
        run(batch, redirects=False)
        left.append(left_by_both(ours))
        shown.append(seen(batch))
    with theirs.serve() as url:
        configuration = peer.Configuration(host=f"{url}/{VERSION}", access_token="sandbox-rest-api-key")
        configuration.api_key["project_key"] = "project_00000000000000000000000000sandbx"
        with peer.ApiClient(configuration) as client:
            other = Peer(peer, client)
            run(other, redirects=False)  # type: ignore[arg-type] # it is called alike
            left.append(left_by_both(theirs))
            shown.append(seen(other))
    assert left[0] == left[1]
    assert shown[0] == shown[1]
    assert [request.operation for request in ours.requests] == [request.operation for request in theirs.requests]
