"""Standard input, output and error: what is shown cannot control a terminal, and a stream that fails is reported.

Everything that a command shows goes through `printable` or `printable_json`: names and texts come from the API and from
files, and a terminal obeys what it is sent.
"""

from __future__ import annotations

import os
import re
import sys
import unicodedata
from contextlib import suppress
from typing import IO, Any, cast

_BLANK = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0]")
"""Characters that Unicode counts as printable and that show nothing, so that two names look the same."""


class OutputError(Exception):
    """Standard output cannot be written."""


def printable(text: str) -> str:
    r"""Return text in which each character that controls or deceives a reader is an escape such as `\x1b`.

    These are line breaks, tabs, other control characters, marks that change the direction of text, those without a
    width, private and unassigned ones, and halves of surrogate pairs.
    """
    if _is_printable(text):
        return text
    return "".join(sign if _is_shown(sign) else sign.encode("unicode_escape").decode() for sign in text)


def printable_json(text: str) -> str:
    """Return JSON that stands for the same values and has an escape for each character that `printable` escapes.

    Between its strings JSON has no such character but line breaks, which stay.
    """
    return "\n".join(line if _is_printable(line) else _escape_json(line) for line in text.split("\n"))


def _escape_json(line: str) -> str:
    return "".join(sign if _is_shown(sign) else _json_escape(sign) for sign in line)


def _json_escape(sign: str) -> str:
    units = sign.encode("utf-16-be", "surrogatepass").hex()
    return "".join(rf"\u{units[at : at + 4]}" for at in range(0, len(units), 4))


def _is_printable(text: str) -> bool:
    return text.isprintable() and _BLANK.search(text) is None


def _is_shown(sign: str) -> bool:
    # Python does not count the spaces of other widths as printable; French text is full of them.
    return _is_printable(sign) or unicodedata.category(sign) == "Zs"


def say(text: str) -> None:
    """Write a line to standard error."""
    print(printable(text), file=messages())


def write(text: str) -> None:
    """Write text to standard output, as it is.

    Raises:
        BrokenPipeError: whoever read the output has enough, as `head` does.
        OutputError: it cannot be written.
    """
    try:
        sys.stdout.write(text)
    except BrokenPipeError:
        discard(sys.stdout)
        raise
    except OSError as error:
        discard(sys.stdout)
        raise OutputError(f"cannot write to standard output: {error.strerror}") from None


def flush() -> None:
    """Write out what is buffered of standard output; raises as `write` does."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        discard(sys.stdout)
        raise
    except OSError as error:
        discard(sys.stdout)
        raise OutputError(f"cannot write to standard output: {error.strerror}") from None


def discard(stream: IO[Any]) -> None:
    """Let what is left of a stream go nowhere, or the interpreter would fail to write it when it ends."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def messages() -> IO[str]:
    """Return standard error for messages: that nobody can read them must not end what they are about."""
    return cast("IO[str]", _Unfailing(sys.stderr))


class _Unfailing:
    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        try:
            return self._stream.write(text)
        except OSError:
            discard(self._stream)
            return len(text)

    def flush(self) -> None:
        try:
            self._stream.flush()
        except OSError:
            discard(self._stream)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def prepare_streams() -> None:
    """Let standard streams that were closed fail when they are used, and no text fail for the encoding of a terminal.

    A closed stream is opened on the null device, so that no connection or file gets its number. Input and output are in
    the wrong direction, so that using them is an error as on a full disk; messages are not needed.
    """
    for name, flags, mode in (("stdin", os.O_WRONLY, "r"), ("stdout", os.O_RDONLY, "w"), ("stderr", os.O_WRONLY, "w")):
        if getattr(sys, name) is None:
            number = os.open(os.devnull, flags)
            setattr(sys, name, os.fdopen(number, mode, encoding="utf-8", closefd=False))
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError):  # one that was replaced need not be able to
            cast("Any", stream).reconfigure(errors="backslashreplace")
