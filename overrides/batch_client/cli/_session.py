"""What all commands of one invocation share: the client, and where output goes."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import httpx
import typer
from attrs import field, frozen
from rich.console import Console

from batch_client import BatchClient, ConfigurationError
from batch_client.cli._config import HOW_TO_SET_KEYS, Flags, find
from batch_client.cli._exits import BAD_INPUT, InputError
from batch_client.cli._output import Output
from batch_client.cli._terminal import messages, say

_NETWORK_VARIABLES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy", "ssl_cert_file", "ssl_cert_dir")
"""What httpx takes from the environment."""


@frozen
class Session:
    """One invocation."""

    flags: Flags
    sandbox: bool
    output: Output
    messages: Console = field(factory=lambda: Console(file=messages(), highlight=False, markup=False, emoji=False))

    @property
    def arguments(self) -> list[str]:
        """The options of all commands that say which project is meant."""
        return [*self.flags.arguments, *(["--sandbox"] if self.sandbox else [])]

    @property
    def is_watched(self) -> bool:
        """Whether somebody sees the messages and can answer questions."""
        return self.messages.is_terminal and sys.stdin.isatty()

    @contextmanager
    def client(self) -> Iterator[BatchClient]:
        """Give a client, of an embedded sandbox if that was asked for."""
        with ExitStack() as stack:
            if self.sandbox:
                from batch_client.sandbox import Sandbox

                sandbox = stack.enter_context(Sandbox(indexing=0.5, exporting=0.5))
                yield stack.enter_context(sandbox.client())
                return
            found = find(self.flags, self._ask if self.is_watched else None)
            for member in ("rest_api_key", "project_key"):
                if member not in found:
                    raise InputError(f"no {member}: {HOW_TO_SET_KEYS}; or try it with --sandbox")
            arguments: dict[str, Any] = {member: setting.value for member, setting in found.items()}
            del found  # so that no traceback shows the keys among the variables
            yield stack.enter_context(make_client(arguments))

    @contextmanager
    def offline_client(self) -> Iterator[BatchClient]:
        """Give a client for what sends nothing: it needs no keys."""
        with make_client({"rest_api_key": "none", "project_key": "none"}) as batch:
            yield batch

    def confirm(self, consequence: str, *, yes: bool) -> None:
        """Ask before what cannot be taken back; end the command unless the answer is yes."""
        if yes:
            return
        if not self.is_watched:
            raise InputError(f"{consequence} Pass --yes to do it.")
        say(consequence)
        if not typer.confirm("Go on?", err=True):
            raise typer.Exit(BAD_INPUT)

    def _ask(self, member: str) -> str:
        return str(typer.prompt({"rest_api_key": "REST API key"}.get(member, "Project key"), hide_input=True, err=True))


def session_of(context: typer.Context) -> Session:
    """Return the session of a command's context."""
    session: Session = context.find_root().obj
    return session


def make_client(arguments: dict[str, Any], **options: Any) -> BatchClient:
    """Return a client.

    Raises:
        ConfigurationError, InputError: a setting is wrong, or what the environment says of proxies and certificates.
    """
    try:
        return BatchClient(**arguments, **options)
    except ConfigurationError:
        raise
    except (ImportError, OSError, ValueError, httpx.InvalidURL) as error:
        # The message could show the password of a proxy.
        wrong = [name for name in os.environ if name.lower() in _NETWORK_VARIABLES]
        about = f"; check {', '.join(sorted(wrong))}" if wrong else ""
        raise InputError(f"no client can be made of these settings: {type(error).__name__}{about}") from None
