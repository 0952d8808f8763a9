"""Parses JSON and YAML into what JSON can hold, and refuses what two readers would read differently."""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn

import yaml


class ParseError(ValueError):
    """A text is neither JSON nor YAML; the message is one line."""


class _CoreLoader(yaml.CSafeLoader):
    """YAML 1.2's core schema, as far as JSON has its values: no dates, and `no` and `on` are strings."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode):
                key.tag = "tag:yaml.org,2002:str"  # `400:` is a name in OpenAPI, not a number
        keys = [key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
        _refuse_twins(keys, f"line {node.start_mark.line + 1}: ")
        return super().construct_mapping(node, deep)


_CoreLoader.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("int", r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", "-+0123456789"),
    ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", "-+.0123456789"),
):
    _CoreLoader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(rf"^(?:{_pattern})$"), list(_first))


def parse(text: str) -> Any:
    """Return the value of a text that is JSON, if it starts like it, or else YAML.

    Raises:
        ParseError: It is neither, has a key twice in one object, or holds NaN or Infinity, which JSON has not.
    """
    try:
        if text.lstrip()[:1] in ("{", "["):
            return json.loads(text, object_pairs_hook=_object, parse_constant=_refuse_constant)
        return yaml.load(text, _CoreLoader)  # noqa: S506 - a safe loader, with fewer types
    except json.JSONDecodeError as error:
        raise ParseError(f"line {error.lineno}: {error.msg}") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f"line {mark.line + 1}: " if mark is not None else ""
        raise ParseError(f"{line}{getattr(error, 'problem', None) or 'not readable'}") from error
    except RecursionError as error:
        raise ParseError("nested too deep") from error


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        _refuse_twins([key for key, _ in pairs], "")
    return members


def _refuse_twins(keys: list[str], where: str) -> None:
    seen: set[str] = set()
    for key in keys:
        if key in seen:
            raise ParseError(f"{where}the key {key!r} occurs twice in one object")
        seen.add(key)


def _refuse_constant(name: str) -> NoReturn:
    raise ParseError(f"{name} is not a JSON value")
