"""Gives each change its rule and its level.

A rule is named as oasdiff names it where the meaning is the same: subject, aspect, action. The level follows from one
principle: a request that accepts less, or a response that promises less, breaks callers; the reverse does not. What
departs from the principle stands in `EXCEPTIONS`, with its reason.
"""

from __future__ import annotations

from scripts.specdiff.changes import Change, Effect
from scripts.specdiff.findings import Level

REQUEST, RESPONSE, NONE = "request", "response", "none"

_LEVELS = {
    REQUEST: {
        Effect.LESS: Level.BREAKING,
        Effect.MORE: Level.INFO,
        Effect.OTHER: Level.BREAKING,
        Effect.NONE: Level.INFO,
    },
    RESPONSE: {
        Effect.LESS: Level.INFO,
        Effect.MORE: Level.BREAKING,
        Effect.OTHER: Level.BREAKING,
        Effect.NONE: Level.INFO,
    },
}

EXCEPTIONS: dict[tuple[str, str], tuple[Level, str]] = {
    (REQUEST, "property-removed"): (Level.WARNING, "Most APIs pass over a property that they no longer know."),
    (REQUEST, "pattern-changed"): (Level.WARNING, "Which of two patterns takes more cannot be told."),
    (RESPONSE, "pattern-changed"): (Level.INFO, "As above, and callers seldom check."),
    (RESPONSE, "pattern-removed"): (Level.INFO, "Callers seldom rely on a pattern."),
    (RESPONSE, "pattern-generalized"): (Level.INFO, "As above."),
    (RESPONSE, "enum-value-added"): (Level.WARNING, "Callers should be ready for new values; not all are."),
    (RESPONSE, "enum-removed"): (Level.WARNING, "As above, for any value."),
    (RESPONSE, "additional-properties-allowed"): (Level.INFO, "Callers pass over properties that they do not know."),
    (RESPONSE, "additional-properties-generalized"): (Level.INFO, "As above."),
    (RESPONSE, "optional-property-added"): (Level.INFO, "As above."),
    (RESPONSE, "required-property-added"): (Level.INFO, "As above."),
    (RESPONSE, "optional-property-removed"): (Level.WARNING, "It could be absent before, yet callers may rely on it."),
    (RESPONSE, "optional-write-only-property-removed"): (Level.INFO, "It was never sent."),
    (RESPONSE, "required-write-only-property-removed"): (Level.INFO, "It was never sent."),
    (RESPONSE, "required-property-became-not-write-only"): (Level.WARNING, "It is sent from now on."),
    (REQUEST, "discriminator-property-name-changed"): (Level.INFO, "The properties themselves are compared."),
    (RESPONSE, "discriminator-property-name-changed"): (Level.INFO, "As above."),
    ("request-parameter", "default-value-added"): (
        Level.BREAKING,
        "To leave the parameter out means another thing.",
    ),
    ("request-parameter", "default-value-changed"): (Level.BREAKING, "As above."),
    ("request-parameter", "default-value-removed"): (Level.BREAKING, "As above."),
}
"""By direction, or by subject, and aspect with action: the level, and why it is not that of the principle."""


def subject_of(base: str, change: Change) -> str:
    """Return what a rule is about. `base` is the outermost: request-body, request-parameter, response-body …"""
    return subject_inside(base) if change.path else base


def subject_inside(base: str) -> str:
    """Return what a rule about something inside of `base` is about."""
    if base.endswith("-property"):
        return base
    return {"request-body": "request-property", "response-body": "response-property"}.get(base, f"{base}-property")


def rule_of(base: str, direction: str, change: Change) -> tuple[str, Level]:
    """Return the rule and the level of a change of a schema."""
    subject = subject_of(base, change)
    tail = _tail(change)
    if change.aspect == "property":
        rule = _property_rule(base, direction, change)
        tail = rule.removeprefix(f"{direction}-") if direction == RESPONSE else f"property-{change.action}"
    else:
        rule = f"{subject}-{tail}"
    level = _LEVELS[direction][change.effect]
    for key in ((base, tail), (direction, tail)):
        if key in EXCEPTIONS:
            level = EXCEPTIONS[key][0]
            break
    if direction == REQUEST and change.closed:
        level = Level.BREAKING
    if (direction == REQUEST and change.read_only) or (direction == RESPONSE and change.write_only):
        # It does not travel that way, so nothing about it can break.
        level = Level.INFO
    return rule, level


def _tail(change: Change) -> str:
    if change.aspect == "enum" and change.action == "became":
        return "became-enum"
    if change.aspect == "nullable":
        return f"{change.action}-nullable"
    return f"{change.aspect}-{change.action}" if change.action else change.aspect


def _property_rule(base: str, direction: str, change: Change) -> str:
    need = "required" if change.required else "optional"
    if change.action in ("became-required", "became-optional"):
        subject = subject_of(base, change)
        default = "-with-default" if direction == REQUEST and change.required and change.default else ""
        return f"{subject}-{change.action}{default}"
    if change.action.endswith(("read-only", "write-only")):
        return f"{direction}-{need}-property-{change.action}"
    if direction == RESPONSE:
        hidden = "write-only-" if change.write_only else ""
        return f"response-{need}-{hidden}property-{change.action}"
    if base.startswith("request-parameter"):
        return f"request-parameter-property-{change.action}"
    if change.action == "added":
        return f"new-{need}-request-property{'-with-default' if change.required and change.default else ''}"
    return "request-property-removed"


def text_of(change: Change) -> str:
    """Return a change of a schema in words."""
    old, new = _quoted(change.old), _quoted(change.new)
    what = change.aspect.replace("-", " ")
    if change.aspect == "property":
        need = "required" if change.required else "optional"
        if change.action in ("added", "removed"):
            return f"{need} property {change.action}"
        return f"property {change.action.replace('-', ' ')}"
    if change.aspect == "enum" and change.action == "became":
        return f"only {new} from now on"
    if change.aspect == "nullable":
        return "null from now on" if change.action == "became" else "no longer null"
    if change.aspect in ("deprecated", "reactivated"):
        return change.aspect
    if change.old is not None and change.new is not None:
        return f"{what} {change.action}: {old} → {new}"
    return f"{what} {change.action}: {old if change.new is None else new}"


def _quoted(value: object) -> str:
    text = str(value)
    return text if len(text) <= 80 else f"{text[:77]}…"
