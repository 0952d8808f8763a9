"""Puts the command line together: the options of all commands, and a group of commands a tag."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from batch_client._version import __version__
from batch_client.cli import _doctor, _jobs, _sandbox
from batch_client.cli._commands import Command, Program
from batch_client.cli._config import PROFILE, Flags
from batch_client.cli._operations import add_operations, tags
from batch_client.cli._output import Output, OutputForm
from batch_client.cli._session import Session

app = typer.Typer(
    cls=Program,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="The REST API of Batch from the shell.\n\n"
    "Keys come from --key-file, BATCH_REST_API_KEY and BATCH_PROJECT_KEY, the configuration file, the system's "
    "keyring, or a prompt; never from a flag, which others could read in the list of processes.\n\n"
    "Exit codes: 0 all in, 1 some rejected, 2 bad input, 3 the API, the network or the system failed, 130 interrupted.",
)


def _show_version(wanted: bool) -> None:
    if wanted:
        print(f"batch-client {__version__}")
        raise typer.Exit


@app.callback()
def settings(
    context: typer.Context,
    profile: Annotated[str | None, typer.Option(help=f"Profile of the configuration file; also {PROFILE}.")] = None,
    config: Annotated[
        Path | None,
        typer.Option(help="Default: ~/.config/batch-client/config.toml.", dir_okay=False),
    ] = None,
    key_file: Annotated[
        Path | None, typer.Option(help="File that holds the REST API key and nothing else.", dir_okay=False)
    ] = None,
    base_url: Annotated[str | None, typer.Option(help="Address of the API, without its version.")] = None,
    api_version: Annotated[str | None, typer.Option(help="API version; the newest unless given.")] = None,
    sandbox: Annotated[
        bool, typer.Option("--sandbox", help="Use an embedded, empty sandbox instead of the API. Needs no keys.")
    ] = False,
    output: Annotated[
        OutputForm | None, typer.Option(help="How results are shown: tables on a terminal, else JSON.")
    ] = None,
    _: Annotated[
        bool, typer.Option("--version", help="Show the version and exit.", callback=_show_version, is_eager=True)
    ] = False,
) -> None:
    form = output or (OutputForm.table if sys.stdout.isatty() else OutputForm.json)
    flags = Flags(profile, config, key_file, base_url, api_version)
    context.obj = Session(flags, sandbox, Output(form))


def _add_groups() -> None:
    for tag in tags():
        group = typer.Typer(no_args_is_help=True, help=f"The operations on {tag}.")
        add_operations(group, tag)
        for name, job in _jobs.JOBS.get(tag, {}).items():
            if name not in {command.name for command in group.registered_commands}:
                group.command(name, cls=Command)(job)
        app.add_typer(group, name=tag.replace("_", "-"))
    app.command("doctor", cls=Command)(_doctor.doctor)
    app.command("sandbox", cls=Command)(_sandbox.sandbox)


_add_groups()
