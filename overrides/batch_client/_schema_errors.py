"""Reads where in a value an error of the JSON schema validator is."""

from __future__ import annotations

import re
from typing import Any

_INDEX = re.compile(r"\+?[0-9]{1,20}")


def path_of(error: Any, value: Any) -> list[str | int]:
    """Return the path within a value to what an error of jsonschema-rs is about."""
    path: list[str | int] = []
    for part in error.instance_path:
        if isinstance(value, dict) and isinstance(part, int):
            # The validator takes a key such as "007" for the index 7.
            part = next((key for key in value if _INDEX.fullmatch(key) and int(key) == part), str(part))
        path.append(part)
        value = value[part]
    return path
