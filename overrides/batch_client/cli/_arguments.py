"""Makes the options of a command from the signature of a client's method, and the arguments from the options."""

from __future__ import annotations

import datetime
import inspect
import re
import sys
from collections.abc import Callable, Mapping
from enum import Enum
from importlib import import_module
from pathlib import Path
from typing import Any

import typer
from attrs import frozen

from batch_client._json import loads
from batch_client.cli._exits import InputError

_WHOLE_BODY = "The body of the call."
JSON_HELP = "JSON, or @FILE, or - for standard input."


@frozen
class Argument:
    """One parameter of a method, as an option."""

    name: str
    annotation: Any
    convert: Callable[[str, Any], Any]
    help: str
    is_required: bool

    @property
    def flag(self) -> str:
        return "--" + self.name.strip("_").replace("_", "-")

    def option(self, *, required: bool) -> inspect.Parameter:
        """Return the parameter that typer makes the option of."""
        default = ... if required else None
        flags = f"{self.flag}/--no-{self.flag[2:]}" if self.annotation is bool else self.flag
        option = typer.Option(default, flags, help=self.help)
        annotation = self.annotation if required else self.annotation | None
        return inspect.Parameter(self.name, inspect.Parameter.KEYWORD_ONLY, default=option, annotation=annotation)


def arguments_of(method: Callable[..., Any]) -> list[Argument]:
    """Return the parameters of a method of a resource class, without `self`."""
    told = _descriptions(inspect.getdoc(method) or "")
    parameters = list(inspect.signature(method).parameters.values())[1:]
    return [_argument(parameter, told.get(parameter.name, "")) for parameter in parameters]


def _argument(parameter: inspect.Parameter, told: str) -> Argument:
    kinds = [kind for kind in re.split(r" \| (?![^\[]*\])", str(parameter.annotation)) if kind != "Unset"]
    annotation, convert = next(
        ((annotation, convert) for kind, annotation, convert in _SIMPLE if kinds == [kind]), (str, read_json)
    )
    enum = re.fullmatch(r"(Iterable\[)?(\w+) \| str\]?", " | ".join(kinds))
    if enum is not None:
        values = ", ".join(str(member) for member in _enum(enum[2]))
        annotation = list[str] if enum[1] else str
        convert, told = _as_it_is, f"{told} Known values: {values}."
    if convert is read_json:
        told = f"{_WHOLE_BODY if parameter.name == 'body' else told} {JSON_HELP}".strip()
    default = parameter.default
    if isinstance(default, int):
        told = f"{told} Default: {default}."
    return Argument(parameter.name, annotation, convert, told, default is inspect.Parameter.empty)


def _enum(name: str) -> type[Enum]:
    found: type[Enum] = getattr(import_module("batch_generated.models"), name)
    return found


def _descriptions(docstring: str) -> dict[str, str]:
    """Return what a docstring says of each argument."""
    _, _, told = docstring.partition("\nArgs:\n")
    told, _, _ = told.partition("\n\n")
    found = re.findall(r"^    (\w+): (.*(?:\n {8}.*)*)", told, flags=re.MULTILINE)
    return {name: " ".join(text.split()) for name, text in found}


def read_json(flag: str, text: str) -> Any:
    """Return the value of JSON, given as it is, as @FILE, or as - for standard input."""
    source, content = flag, text.encode()
    try:
        if text == "-":
            source = "standard input"
            content = sys.stdin.buffer.read()
        elif text.startswith("@"):
            source = text[1:]
            content = Path(source).read_bytes()
        return loads(content)
    except OSError as error:
        raise InputError(f"cannot read {source}: {error.strerror}") from None
    except ValueError as error:
        raise InputError(f"{source} is no JSON: {error}") from None


def read_object(flag: str, text: str) -> dict[str, Any]:
    """Return the members of a JSON object, read as `read_json` does."""
    value = read_json(flag, text)
    if not isinstance(value, dict):
        raise InputError(f"{flag} must be a JSON object")
    return value


def _as_it_is(_: str, value: Any) -> Any:
    return value


def _date(flag: str, text: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise InputError(f"{flag} must be a date such as 2026-01-31, not {text!r}") from None


def _time(flag: str, text: str) -> datetime.datetime:
    try:
        return datetime.datetime.fromisoformat(text)
    except ValueError:
        raise InputError(f"{flag} must be a time such as 2026-01-31T08:00:00Z, not {text!r}") from None


_SIMPLE: tuple[tuple[str, Any, Callable[[str, Any], Any]], ...] = (
    ("str", str, _as_it_is),
    ("int", int, _as_it_is),
    ("float", float, _as_it_is),
    ("bool", bool, _as_it_is),
    ("datetime.date", str, _date),
    ("datetime.datetime", str, _time),
    ("Iterable[str]", list[str], _as_it_is),
)


def collect(arguments: list[Argument], values: Mapping[str, Any], body: dict[str, Any]) -> dict[str, Any]:
    """Return the arguments of the method from the options that were passed and the members of a whole body.

    Raises:
        InputError: a value cannot be read, a required one is missing, or the body has a member that is unknown.
    """
    known = {argument.name.strip("_"): argument for argument in arguments}
    for member in body:
        if member not in known:
            raise InputError(f"--body has a member {member!r}; the operation takes {', '.join(known)}")
    collected = {known[member].name: value for member, value in body.items()}
    for argument in arguments:
        value = values.get(argument.name)
        if value is not None and value != []:
            collected[argument.name] = argument.convert(argument.flag, value)
        elif argument.is_required and argument.name not in collected:
            raise InputError(f"{argument.flag} is missing")
    return collected
