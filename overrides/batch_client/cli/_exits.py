"""How a command ends: the exit codes, and one line on standard error for whatever goes wrong."""

from __future__ import annotations

import os
import re
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import typer

from batch_client import BatchError, ConfigurationError
from batch_client.bulk import BulkError, BulkInterrupted, CheckpointError
from batch_client.cli._terminal import OutputError, flush, say

DONE, REJECTED, BAD_INPUT, FAILED, INTERRUPTED = 0, 1, 2, 3, 130

DEBUG = "BATCH_DEBUG"
"""Environment variable that shows the traceback of an error that nobody foresaw."""


class InputError(Exception):
    """What was passed cannot be used; the message says what and how to fix it."""


def fail(message: str, code: int) -> NoReturn:
    """End the command with a message and an exit code."""
    say("error: " + re.sub(r"\s*[\r\n]\s*", " ", message.strip()))
    raise typer.Exit(code)


@contextmanager
def exit_on_error() -> Iterator[None]:
    """Turn what goes wrong into a line on standard error and an exit code, and see that all output is written."""
    ended: typer.Exit | None = None
    try:
        with _errors_in_one_line():
            yield
    except typer.Exit as exit_:
        ended = exit_
    try:
        flush()
    except BrokenPipeError:
        pass
    except OutputError as error:
        if ended is None or ended.exit_code in (DONE, REJECTED):
            say(f"error: {error}")
            ended = typer.Exit(FAILED)
    if ended is not None:
        raise ended


@contextmanager
def _errors_in_one_line() -> Iterator[None]:
    try:
        yield
    except (InputError, ConfigurationError, CheckpointError) as error:
        _fail_with_notes(str(error), error, BAD_INPUT)
    except BulkError as error:
        fail(str(error), REJECTED)
    except (BatchError, OutputError) as error:
        _fail_with_notes(str(error), error, FAILED)
    except BulkInterrupted as error:
        fail(f"interrupted: {error}", INTERRUPTED)
    except (KeyboardInterrupt, EOFError, typer.Abort):
        fail("interrupted", INTERRUPTED)
    except ModuleNotFoundError as error:
        fail(str(error) if "pip install" in str(error) else f"needs {error.name}: pip install {error.name}", BAD_INPUT)
    except BrokenPipeError:
        # Whoever read the output has enough, as `head` does.
        raise typer.Exit(DONE) from None
    except OSError as error:
        where = "" if error.filename is None else f"{error.filename}: "
        _fail_with_notes(f"{where}{error.strerror or type(error).__name__}", error, FAILED)
    except SystemExit as exit_:
        # How rich ends the process when nobody reads the help it shows.
        if isinstance(exit_.__context__, BrokenPipeError):
            raise typer.Exit(DONE) from None
        raise
    except typer.Exit:
        raise
    except Exception as error:
        _fail_unforeseen(error)


def _fail_with_notes(message: str, error: Exception, code: int) -> NoReturn:
    """End the command with a message and the notes of an error, which tell how far an import was and how it goes on."""
    fail("; ".join([message, *getattr(error, "__notes__", ())]), code)


def _fail_unforeseen(error: Exception) -> NoReturn:
    """End the command for an error that no code expects; its message may hold values of records or keys."""
    # typer does not export the classes of its usage errors.
    usage_error = getattr(error, "format_message", None)
    if usage_error is not None:
        context = getattr(error, "ctx", None)
        more = "" if context is None else f" See {context.command_path} --help"
        if type(error).__name__ == "NoArgsIsHelpError":
            raise typer.Exit(BAD_INPUT)  # the help that was shown says it all
        fail(f"{usage_error()}{more}", BAD_INPUT)
    if os.environ.get(DEBUG):
        for line in "".join(traceback.format_exception(error)).splitlines():
            say(line)
    place = traceback.extract_tb(error.__traceback__)[-1]
    message = f"unexpected {type(error).__name__} at {Path(place.filename).name}:{place.lineno}"
    _fail_with_notes(f"{message}; {DEBUG}=1 shows where it comes from; please report it", error, FAILED)
