"""What all commands of one invocation share: the client, where output goes, and how errors end it."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, NoReturn

import typer
from attrs import field, frozen
from rich.console import Console

from batch_client import BatchClient, BatchError, ConfigurationError
from batch_client.bulk import BulkError, BulkInterrupted, CheckpointError
from batch_client.cli._config import HOW_TO_SET_KEYS, Flags, find
from batch_client.cli._output import Output

DONE, REJECTED, BAD_INPUT, FAILED, INTERRUPTED = 0, 1, 2, 3, 130


class InputError(Exception):
    """What was passed cannot be used; the message says what and how to mend it."""


@frozen
class Session:
    """One invocation."""

    flags: Flags
    sandbox: bool
    output: Output
    messages: Console = field(factory=lambda: Console(stderr=True, highlight=False))

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
            yield stack.enter_context(BatchClient(**arguments))

    @contextmanager
    def offline_client(self) -> Iterator[BatchClient]:
        """Give a client for what sends nothing: it needs no keys."""
        with BatchClient("none", "none") as batch:
            yield batch

    def confirm(self, consequence: str, *, yes: bool) -> None:
        """Ask before what cannot be taken back; end the command unless the answer is yes."""
        if yes:
            return
        if not self.is_watched:
            raise InputError(f"{consequence} Pass --yes to do it.")
        self.messages.print(consequence, markup=False)
        if not typer.confirm("Go on?", err=True):
            raise typer.Exit(BAD_INPUT)

    def _ask(self, member: str) -> str:
        return str(typer.prompt({"rest_api_key": "REST API key"}.get(member, "Project key"), hide_input=True, err=True))


def session_of(context: typer.Context) -> Session:
    """Return the session of a command's context."""
    session: Session = context.find_root().obj
    return session


@contextmanager
def told_in_one_line() -> Iterator[None]:
    """Turn what goes wrong into a line on standard error and an exit code."""
    try:
        yield
    except (InputError, ConfigurationError, CheckpointError) as error:
        # The notes tell how far a run was that the error ended.
        fail("; ".join([str(error), *getattr(error, "__notes__", ())]), BAD_INPUT)
    except BulkError as error:
        fail(str(error), REJECTED)
    except BatchError as error:
        fail(str(error), FAILED)
    except BulkInterrupted as error:
        fail(f"interrupted: {error}", INTERRUPTED)
    except (KeyboardInterrupt, typer.Abort):
        fail("interrupted", INTERRUPTED)
    except ModuleNotFoundError as error:
        fail(str(error) if "pip install" in str(error) else f"needs {error.name}: pip install {error.name}", BAD_INPUT)
    except BrokenPipeError:
        # Whoever read the output has enough, as `head` does.
        sys.stdout = None  # keeps the interpreter from flushing into the closed pipe
        raise typer.Exit(DONE) from None


def fail(message: str, code: int) -> NoReturn:
    """End the command with a message and an exit code."""
    print(f"error: {' '.join(message.split())}", file=sys.stderr)
    raise typer.Exit(code)


def same_command() -> str:
    """Return the command line as it was typed, to be run again."""
    return shlex.join(["batch-client", *sys.argv[1:]])
