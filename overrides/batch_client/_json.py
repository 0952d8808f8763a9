"""Reads JSON as RFC 8259 has it: what Python reads beyond that, or what cannot be sent, is refused with a reason.

The reasons hold no values, because they reach reports and checkpoints.
"""

from __future__ import annotations

import json
import math
import re
from typing import Any, NoReturn

SPACE = re.compile(r"[ \t\r\n]*")
"""What may stand between two values."""
_SURROGATE = re.compile("\\\\u[dD][89a-fA-F]|[\ud800-\udfff]")


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _finite(text: str) -> float:
    value = float(text)
    if math.isinf(value):
        raise ValueError("a number is too large")
    return value


_DECODER = json.JSONDecoder(parse_constant=_refuse_constant, parse_float=_finite)


def loads(text: str | bytes) -> Any:
    """Return the value of JSON.

    Raises:
        ValueError: it is not JSON, or nothing that can be sent; the message is the reason.
    """
    if isinstance(text, bytes):
        text = text.decode("utf-8-sig")
    start = SPACE.match(text)
    value, end = decode(text, 0 if start is None else start.end())
    if (rest := SPACE.match(text, end)) is not None and rest.end() < len(text):
        raise json.JSONDecodeError("Extra data", text, rest.end())
    return value


def decode(text: str, at: int) -> tuple[Any, int]:
    """Return the value that begins at a place in a text, and where it ends.

    Raises:
        json.JSONDecodeError: what is there is not JSON, perhaps because the text is cut.
        ValueError: it is JSON that cannot be sent, or is too large to be read.
    """
    try:
        value, end = _DECODER.raw_decode(text, at)
    except json.JSONDecodeError:
        raise
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    except ValueError as error:
        # Python's own message advises to change the interpreter.
        raise ValueError("a number has too many digits" if "int_max_str" in str(error) else str(error)) from None
    if _SURROGATE.search(text, at, end) is not None:
        _check_encodable(value)
    return value, end


def _check_encodable(value: Any) -> None:
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise ValueError("it holds half of a surrogate pair, or is not encoded in UTF-8") from None
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
