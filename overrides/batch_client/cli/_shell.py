"""Writes command lines that can be pasted into a shell."""

from __future__ import annotations

import re
import shlex
import subprocess  # nosec B404 # only its quoting is used; nothing runs
import sys
from collections.abc import Iterable

from batch_client.cli._terminal import printable

_SPECIAL_ON_WINDOWS = re.compile(r"[&|<>^%!;,=()@$`'{}#]")


def command_line(arguments: Iterable[str]) -> str:
    """Return a command of this program, quoted for the shell of the system."""
    quote = _quote_on_windows if sys.platform == "win32" else _quote
    return " ".join(["batch-client", *map(quote, arguments)])


def same_command() -> str:
    """Return the command line as it was typed, to be run again."""
    return command_line(sys.argv[1:])


def _quote(argument: str) -> str:
    """Quote for POSIX shells; what a terminal cannot show as it is gets the form `$'...'` of bash, zsh and ksh."""
    if _is_shown(argument):
        return shlex.quote(argument)
    return "$'" + "".join(_in_dollar_quotes(sign) for sign in argument) + "'"


def _in_dollar_quotes(sign: str) -> str:
    if sign in "\\'":
        return f"\\{sign}"
    if _is_shown(sign):
        return sign
    return "".join(f"\\x{byte:02x}" for byte in sign.encode("utf-8", "surrogateescape"))


def _is_shown(text: str) -> bool:
    """Return whether standard error shows text as it is."""
    try:
        text.encode(getattr(sys.stderr, "encoding", None) or "utf-8")
    except UnicodeEncodeError:
        return False
    return printable(text) == text


def _quote_on_windows(argument: str) -> str:
    quoted = subprocess.list2cmdline([argument])
    # That quotes for the program; cmd and PowerShell also read other characters that stand outside of quotes.
    return f'"{quoted}"' if quoted == argument and _SPECIAL_ON_WINDOWS.search(argument) else quoted
