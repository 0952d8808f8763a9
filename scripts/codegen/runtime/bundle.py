"""Reads the bundle, the OpenAPI document that this client was generated from."""

import json
from functools import cache
from pathlib import Path
from typing import Any


@cache
def load_bundle() -> dict[str, Any]:
    """Return the bundle. It is shared, so leave it as it is."""
    bundle: dict[str, Any] = json.loads(Path(__file__).with_name("bundle.json").read_text(encoding="utf-8"))
    return bundle


__all__ = ["load_bundle"]
