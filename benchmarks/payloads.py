"""The requests and responses that every subject sends and receives."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

AUDIENCE_NAME = "vip"
NOW = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
"""The API takes events of the last hours only."""


def audience(number: int, name: str = AUDIENCE_NAME) -> dict[str, Any]:
    """Return an audience as the API describes it."""
    return {
        "name": name,
        "display_name": f"Customers of segment {number}",
        "type": "CUSTOM_ID",
        "nb_ids": 1000 + number,
        "indexing_state": "APPLIED",
        "created": "2024-05-02T08:15:00Z",
        "updated": "2024-06-03T09:16:01.123Z",
    }


def orchestration(number: int) -> dict[str, Any]:
    """Return an orchestration as the API lists it."""
    return {
        "id": f"orchestration_{number:032}",
        "type": "campaign",
        "channels": ["push", "email"],
        "platforms": ["ios", "android", "web"],
        "source": "dashboard",
        "created_date": "2024-05-02T08:15:00",
        "name": f"Newsletter {number}",
        "labels": ["newsletter", "monthly"],
        "status": "running",
        "start_time": "2024-06-03T09:16:01",
    }


def profile(number: int) -> dict[str, Any]:
    """Return a profile update with eight attributes, of every kind that profiles have, and an event."""
    return {
        "identifiers": {"custom_id": f"user-{number}"},
        "attributes": {
            "$email_address": f"user-{number}@example.com",
            "$language": "en",
            "plan": "gold",
            "age": 20 + number % 60,
            "newsletter": True,
            "date(signed_up)": "2024-05-02T08:15:00Z",
            "interests": ["sport", "film"],
            "score": 1.5,
        },
        "events": [{"name": "purchase", "time": NOW, "attributes": {"amount": 3, "label": "shoes"}}],
    }


def _encode(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


PAGE_SIZE, PROFILE_COUNT = 100, 200
AUDIENCE = _encode(audience(0))
AUDIENCES = _encode({"audiences": [audience(n, f"audience-{n}") for n in range(PAGE_SIZE)], "has_more": False})
ORCHESTRATIONS = _encode({"orchestrations": [orchestration(n) for n in range(PAGE_SIZE)], "has_more": False})
PROFILES = [profile(n) for n in range(PROFILE_COUNT)]
ACCEPTED = _encode({"code": "SUCCESS"})

# What the SDKs of other APIs retrieve, of about the size of an audience.
OPENAI_MODEL = _encode(
    {
        "id": AUDIENCE_NAME,
        "object": "model",
        "created": 1714637700,
        "owned_by": "organization-owner",
        "padding": "x" * 90,
    }
)
STRIPE_CUSTOMER = _encode(
    {
        "id": AUDIENCE_NAME,
        "object": "customer",
        "created": 1714637700,
        "email": "user@example.com",
        "livemode": False,
        "metadata": {"plan": "gold"},
        "name": "Ann Example",
        "phone": None,
    }
)
