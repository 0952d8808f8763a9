"""Commands as typer runs them: each takes text that UTF-8 has a form for, and ends as `_exits` says."""

from __future__ import annotations

from typing import Any

from typer.core import TyperCommand, TyperGroup

from batch_client.cli._exits import InputError, exit_on_error


class Command(TyperCommand):
    """A command."""

    def invoke(self, ctx: Any) -> Any:
        _check_texts(self, ctx)
        return super().invoke(ctx)


class Program(TyperGroup):
    """All commands."""

    def make_context(self, *args: Any, **kwargs: Any) -> Any:
        with exit_on_error():
            return super().make_context(*args, **kwargs)

    def invoke(self, ctx: Any) -> Any:
        with exit_on_error():
            _check_texts(self, ctx)
            return super().invoke(ctx)


def _check_texts(command: Any, context: Any) -> None:
    """Raise InputError if an argument holds bytes that are not UTF-8; a file's name may."""
    for parameter in command.params:
        value = context.params.get(parameter.name)
        texts = [value] if isinstance(value, str) else value if isinstance(value, list | tuple) else []
        if parameter.type.name in ("str", "text") and not all(_is_utf_8(text) for text in texts):
            raise InputError(f"{parameter.get_error_hint(context)} is not encoded in UTF-8")


def _is_utf_8(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
