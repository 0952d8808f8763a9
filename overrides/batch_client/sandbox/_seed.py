"""Profiles to fill a sandbox with: of one number always the same."""

from __future__ import annotations

from typing import Any

_LANGUAGES = ("en", "fr", "de", "es")
_REGIONS = ("US", "FR", "DE", "ES", "GB")
_PLANS = ("free", "silver", "gold")


def make_profile(number: int) -> tuple[str, dict[str, Any]]:
    """Return custom id and attributes of a profile."""
    custom_id = f"user-{number}"
    return custom_id, {
        "$email_address": f"{custom_id}@example.com",
        "$language": _LANGUAGES[number % len(_LANGUAGES)],
        "$region": _REGIONS[number % len(_REGIONS)],
        "plan": _PLANS[number % len(_PLANS)],
        "age": 18 + number * 7 % 60,
        "newsletter": number % 3 == 0,
        "date(signed_up)": f"2024-{1 + number % 12:02d}-{1 + number % 28:02d}T08:00:00Z",
        "interests": ["sport"] if number % 2 else ["music", "film"],
    }
