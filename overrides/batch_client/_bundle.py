"""Finds the bundle, the OpenAPI document that this client was generated from."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any


@cache
def load_bundle() -> dict[str, Any]:
    """Return the bundle: from the installed package, or in a source checkout from `openapi/`."""
    here = Path(__file__).parent
    path = here / "batch.json"
    if not path.is_file():
        path = here.parent.parent / "openapi" / "batch.json"
    bundle: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return bundle
