"""Every operation of the client as a command, made from the client's own methods."""

from __future__ import annotations

import inspect
import math
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import Any

import typer
from rich.status import Status
from rich.text import Text

from batch_client import ExportJob, IndexingTask, Page, Poll
from batch_client.cli._arguments import JSON_HELP, Argument, arguments_of, collect, read_json, read_object
from batch_client.cli._commands import Command
from batch_client.cli._session import Session, session_of
from batch_client.cli._shell import command_line
from batch_client.cli._terminal import printable, say
from batch_generated.api import OPERATIONS, Resources
from batch_generated.types import Operation


def check_seconds(value: float | None) -> float | None:
    """Return the value of --timeout."""
    if value is not None and not 0 <= value < math.inf:
        raise typer.BadParameter("must be a number of seconds from 0")
    return value


_WAIT = typer.Option(False, "--wait", help="Wait until the update has taken effect.")
_WAIT_FOR_EXPORT = typer.Option(False, "--wait", help="Wait until the export is done.")

_TIMEOUT = typer.Option(None, "--timeout", help="Maximum wait in seconds.", callback=check_seconds)
_TO = typer.Option(None, "--to", help="Directory that the files go to, once the export is done.", file_okay=False)
_ALL = typer.Option(False, "--all", help="Walk all pages, not only the first.")
_YES = typer.Option(False, "--yes", "-y", help="Do not ask.")
_UNKNOWN = "What {0.method} {0.path} changes is not known here, and it may not be possible to undo it."
_BODY = typer.Option(None, "--body", help=f"The whole body, over which other options take precedence. {JSON_HELP}")


def tags() -> list[str]:
    """Return the names of the client's resources."""
    return [name for name, member in vars(Resources).items() if isinstance(member, cached_property)]


def add_operations(group: typer.Typer, tag: str) -> None:
    """Add a command for each operation of a resource."""
    module = import_module(f"batch_generated.api.{tag}")
    resource = getattr(module, str(vars(Resources)[tag].func.__annotations__["return"]).strip('"'))
    for operation in OPERATIONS.values():
        if operation.resource == tag:
            command = _command(tag, operation.name, getattr(resource, operation.name), operation)
            group.command(operation.name.strip("_").replace("_", "-"), cls=Command)(command)


def _command(tag: str, name: str, method: Any, operation: Operation) -> Any:
    arguments = arguments_of(method)
    takes_whole_body = [argument.name for argument in arguments] == ["body"]
    takes_body = operation.method != "GET" and not takes_whole_body
    result_kind = str(inspect.signature(method).return_annotation).partition("[")[0]

    def run(context: typer.Context, **options: Any) -> None:
        session = session_of(context)
        if takes_whole_body:
            collected = {"body": read_json("--body", options["body"])}
        else:
            body = read_object("--body", options["body"]) if options.get("body") is not None else {}
            collected = collect(arguments, options, body)
        if operation.consequence != "":
            session.confirm(operation.consequence or _UNKNOWN.format(operation), yes=options["yes"])
        with session.client() as batch:
            call = getattr(getattr(batch, tag), name)
            result = call(collected.pop("body")) if takes_whole_body else call(**collected)
            _finish(session, result, operation, options)

    parameters = [inspect.Parameter("context", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=typer.Context)]
    # What stands in the body of --body need not be given again, so it is looked for when both are known.
    parameters += [argument.option(required=argument.is_required and not takes_body) for argument in arguments]
    extra: list[tuple[str, Any, Any]] = [("body", str | None, _BODY)] if takes_body else []
    match result_kind:
        case "IndexingTask":
            extra += [("wait", bool, _WAIT), ("timeout", float | None, _TIMEOUT)]
        case "ExportJob":
            extra += [("wait", bool, _WAIT_FOR_EXPORT), ("timeout", float | None, _TIMEOUT), ("to", Path | None, _TO)]
        case "Page":
            extra += [("all", bool, _ALL)]
    if operation.consequence != "":
        extra += [("yes", bool, _YES)]
    parameters += [
        inspect.Parameter(option, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)
        for option, annotation, default in extra
    ]
    command: Any = run  # typer reads what is set here
    command.__signature__ = inspect.Signature(parameters)
    command.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    command.__doc__ = _help(method, operation, arguments if takes_body else [])
    return command


def _help(method: Any, operation: Operation, arguments: list[Argument]) -> str:
    text = (inspect.getdoc(method) or "").partition("\n\n")[0]
    required = ", ".join(argument.flag for argument in arguments if argument.is_required)
    needs = f"\n\nNeeds {required}, or --body with them." if required else ""
    return f"{text}{needs}\n\nDocumentation: {operation.documentation}"


def _finish(session: Session, result: Any, operation: Operation, options: dict[str, Any]) -> None:
    """Wait if that was asked for, and show what an operation gave."""
    if isinstance(result, Page):
        _show_page(session, result, walk=options["all"])
    elif isinstance(result, IndexingTask):
        if options["wait"]:
            view = _wait(session, result, options["timeout"])
            session.output.show(view if view is not None else {"name": result.name, "indexing_state": result.state})
        else:
            session.output.show({"name": result.name, "indexing_token": result.token})
    elif isinstance(result, ExportJob):
        if options["to"] is not None:
            download(session, result, options["to"], options["timeout"])
        elif options["wait"]:
            session.output.show(_wait(session, result, options["timeout"]))
        else:
            session.output.show({"id": result.id})
    elif result is not None:
        session.output.show(result)
    elif session.is_watched:
        say("done")


def _show_page(session: Session, page: Page[Any], *, walk: bool) -> None:
    if walk:
        session.output.show_rows(page)
        return
    session.output.show_rows(page.items)
    if page.has_more:
        count = "" if page.count is None else f" of {page.count}"
        say(f"{len(page.items)}{count}; the next: --from {page.next_from}, all: --all")


def download(session: Session, job: ExportJob[Any], directory: Path, timeout: float | None) -> None:
    """Wait for an export, download its files, and show where they are."""
    resume = command_line([*session.arguments, "exports", "fetch", job.id, "--to", str(directory)])
    say(f"export {job.id}; to resume: {resume}")
    _wait(session, job, timeout)
    paths = job.download(directory)
    session.output.show_rows({"path": str(path), "bytes": path.stat().st_size} for path in paths)


def _wait(session: Session, waited: Any, timeout: float | None) -> Any:
    options: dict[str, Any] = {} if timeout is None else {"timeout": timeout}
    if not session.messages.is_terminal:
        return waited.wait(**options)
    with Status("waiting", console=session.messages) as status:

        def show(poll: Poll) -> None:
            following = "" if poll.next_in is None else f", next look in {poll.next_in:.0f} s"
            status.update(Text(printable(f"{poll.state} for {poll.elapsed:.0f} s{following}")))

        return waited.wait(on_poll=show, **options)
