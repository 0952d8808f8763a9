"""What openapi-generator makes of the same bundle: its Python client, which is synchronous and sends by urllib3."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module  # what is generated is not there when types are checked
from pathlib import Path
from typing import Any

from benchmarks import payloads
from benchmarks.subjects import API, PROJECT_KEY, REST_API_KEY, Call, Site, expect
from benchmarks.tools import BUNDLE, run_tool

TITLE, PACKAGE = "openapi-generator", "openapi-generator-cli"
MODULE = "openapi_generator_client"


def generate(folder: Path) -> None:
    """Generate the package into a folder; raise GenerationFailedError if that fails."""
    arguments = ("--generator-name", "python", "--package-name", MODULE, "--output", folder)
    run_tool("openapi-generator-cli", "generate", "--input-spec", BUNDLE, *arguments)


@contextmanager
def view_over_loopback(site: Site) -> Iterator[Call]:
    package = import_module(MODULE)
    settings = package.Configuration(
        host=f"{site.url}/2.11", access_token=REST_API_KEY, api_key={"project_key": PROJECT_KEY}
    )
    with package.ApiClient(settings) as client:
        audiences = package.AudiencesApi(client)

        def call() -> Any:
            return audiences.audience_view(name="vip")

        expect(call().name, payloads.AUDIENCE_NAME)
        yield call


@contextmanager
def parse_audiences(site: Site) -> Iterator[Call]:
    model = import_module(MODULE).AudienceList

    def call() -> Any:
        return model.from_json(payloads.AUDIENCES.decode())

    expect(len(call().audiences), payloads.PAGE_SIZE)
    yield call


@contextmanager
def parse_orchestrations(site: Site) -> Iterator[Call]:
    model = import_module(MODULE).OrchestrationList

    def call() -> Any:
        return model.from_json(payloads.ORCHESTRATIONS.decode())

    expect(len(call().orchestrations), payloads.PAGE_SIZE)
    yield call


def import_program(site: Site) -> str:
    return f"import {MODULE}"


def client_program(site: Site) -> str:
    return f"import {MODULE}\n{_client_source(API)}"


def view_program(site: Site) -> str:
    return (
        f"import {MODULE}\nclient = {_client_source(f'{site.url}/2.11')}\n"
        f"assert {MODULE}.AudiencesApi(client).audience_view(name='vip').name == 'vip'"
    )


def _client_source(url: str) -> str:
    arguments = {"host": url, "access_token": REST_API_KEY, "api_key": {"project_key": PROJECT_KEY}}
    return f"{MODULE}.ApiClient({MODULE}.Configuration(**{arguments!r}))"
