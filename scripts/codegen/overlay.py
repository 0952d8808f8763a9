"""Applies OpenAPI Overlay 1.0 documents and reports what no longer fits the document.

Overlays hold every correction of a wrong page and every fact that OpenAPI has no word for. The extension `x-kind` says
what it means that a target selects nothing, or that an action changes nothing:

- `ensure` adds what is missing: a limit, a format, a required member. What a page says itself stands, and no member is
  required that there is no property for. A target that is gone is stale, and one that lacks nothing is satisfied.
- `correct` fixes a mistake of a page. A target that is gone was fixed by the page: the action can be deleted.
- `must`, the default, states what calls depend on: credentials, rate limits, consequences. A target that is gone fails,
  unless it belongs to an operation that the documentation no longer has.

Targets are RFC 9535 JSONPath: https://spec.openapis.org/overlay/v1.0.0.html
"""

from __future__ import annotations

import copy
import difflib
import itertools
import json
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import jsonpath_rfc9535
from attrs import frozen
from jsonpath_rfc9535.segments import JSONPathChildSegment
from jsonpath_rfc9535.selectors import NameSelector

from scripts.codegen.sources import Document
from scripts.documents import ParseError, parse
from scripts.errors import ToolError

KINDS = ("ensure", "correct", "must")

EXTENSIONS = (
    "x-consequence",
    "x-idempotent",
    "x-idempotent-unless",
    "x-max-custom-properties",
    "x-max-per-project",
    "x-rate-limited-by",
    "x-rate-limits",
    "x-removes-viewed",
    "x-schema-name",
    "x-starts-job-viewed-by",
    "x-views-job",
)
"""Facts about the API that OpenAPI has no word for. An overlay states them; the generated client carries them."""


@frozen
class Action:
    """One action of an overlay."""

    where: str
    """Overlay and position, for messages."""
    kind: str
    target: str
    update: Any
    """None: what the target selects is removed."""


@frozen
class Outcome:
    """What became of an action, or of one target among several in it."""

    action: Action
    target: str
    state: str
    """`applied`; `satisfied`: there is nothing to add; `obsolete`: the page was fixed; `stale`: there is no such place;
    `parked`: the place belongs to an operation that is gone."""
    nearest: str | None = None
    """The nearest place that exists, if the state is `stale` or `obsolete`."""

    @property
    def text(self) -> str:
        near = f"; the nearest place is {self.nearest}" if self.nearest else ""
        return {
            "applied": f"{self.action.where}: applied",
            "satisfied": f"{self.action.where}: {self.target} needs nothing",
            "obsolete": f"{self.action.where}: {self.target} is gone or says so already: delete this action{near}",
            "stale": f"{self.action.where}: target {self.target} selects nothing{near}",
            "parked": f"{self.action.where}: {self.target} belongs to an operation whose page is parked",
        }[self.state]


def read_overlay(path: Path) -> list[Action]:
    """Read the actions of one overlay.

    Raises:
        ToolError: It is not an Overlay document, or actions lack a target, a reason or an effect; all are reported.
    """
    try:
        overlay = parse(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, ParseError) as error:
        raise ToolError(f"overlay {path.name} cannot be read: {error}") from error
    if not isinstance(overlay, dict) or overlay.get("overlay") != "1.0.0":
        raise ToolError(f"overlay {path.name} is not an Overlay 1.0.0 document with actions")
    actions = overlay.get("actions")
    if not isinstance(actions, list) or not actions:
        raise ToolError(f"overlay {path.name}: actions must be a list of at least one action")
    problems = [
        f"overlay {path.name}, action {number}: {problem}"
        for number, action in enumerate(actions, start=1)
        if (problem := _wrong_action(action)) is not None
    ]
    if problems:
        raise ToolError(*problems)
    return [
        Action(
            f"overlay {path.name}, action {number}",
            action.get("x-kind", "must"),
            action["target"],
            action.get("update"),
        )
        for number, action in enumerate(actions, start=1)
    ]


def _wrong_action(action: Any) -> str | None:
    if not isinstance(action, dict):
        return "is not an object with a target"
    if not isinstance(action.get("target"), str):
        return "gives no target: write a JSONPath such as $.info"
    if not isinstance(action.get("description"), str) or not action["description"]:
        return "gives no reason: write one in its description"
    if ("update" in action) == (action.get("remove") is True):
        return "must either update or remove"
    if "update" in action and action["update"] is None:
        return "updates with null, which changes nothing"
    if action.get("x-kind", "must") not in KINDS:
        return f"x-kind {action['x-kind']!r} is not one of {', '.join(KINDS)}"
    unknown = next(_unknown_extensions(action.get("update")), None)
    if unknown is not None:
        near = difflib.get_close_matches(unknown, EXTENSIONS, 1, 0.6)
        return f"nothing reads {unknown}" + (f"; did you mean {near[0]}?" if near else f": use {', '.join(EXTENSIONS)}")
    try:
        jsonpath_rfc9535.compile(action["target"])
    except jsonpath_rfc9535.JSONPathError as error:
        return f"{action['target']!r} is not a JSONPath: {error}"
    return None


def _unknown_extensions(node: Any, are_names: bool = False) -> Iterator[str]:
    """Yield the extensions in an update that nothing reads. `are_names` says that the keys are names, as of headers."""
    if isinstance(node, list):
        for item in node:
            yield from _unknown_extensions(item)
    elif isinstance(node, dict):
        for key, value in node.items():
            if not are_names and key.startswith("x-") and key not in EXTENSIONS:
                yield key
            yield from _unknown_extensions(
                value, not are_names and key in ("properties", "patternProperties", "headers")
            )


def apply_action(document: Document, action: Action, parked: Collection[str] = ()) -> list[Outcome]:
    """Apply an action to a document, in place, and say what became of each of its targets.

    Args:
        parked: Paths of operations that the documentation no longer has, and names of schemas that only they had.
    """
    outcomes = []
    for target in _single_targets(action.target):
        nodes = jsonpath_rfc9535.find(target, document)
        if not nodes:
            state = "obsolete" if action.kind == "correct" else "stale"
            if any(f"'{name}'" in target for name in parked):
                state = "parked"
            outcomes.append(Outcome(action, target, state, _nearest(document, target)))
        elif action.update is None:
            # From the back, so that removing one element leaves the positions of the others in the same array.
            for node in reversed(nodes):
                if node.parent is None:
                    raise ToolError(f"{action.where}: would remove the whole document")
                holder: Any = node.parent.value
                del holder[node.location[-1]]
            outcomes.append(Outcome(action, target, "applied"))
        else:
            is_changed = [_update(node.value, action) for node in nodes]
            unchanged = "satisfied" if action.kind == "ensure" else "obsolete"
            outcomes.append(Outcome(action, target, "applied" if any(is_changed) else unchanged))
            for node in nodes:
                outcomes += [
                    Outcome(action, f"{target}.properties['{name}']", "stale", f"{target}.properties")
                    for name in _without_property(node.value, action)
                ]
    return outcomes


def _single_targets(target: str) -> Iterator[str]:
    """Yield a target once for each combination of the names that it lists."""
    query = jsonpath_rfc9535.compile(target)
    choices = [
        [[selector] for selector in segment.selectors]
        if isinstance(segment, JSONPathChildSegment)
        and all(isinstance(selector, NameSelector) for selector in segment.selectors)
        else [list(segment.selectors)]
        for segment in query.segments
    ]
    for chosen in itertools.product(*choices):
        parts = []
        for segment, selectors in zip(query.segments, chosen, strict=True):
            text = f"[{', '.join(str(selector) for selector in selectors)}]"
            parts.append(text if isinstance(segment, JSONPathChildSegment) else f"..{text}")
        yield "$" + "".join(parts)


def _nearest(document: Document, target: str) -> str | None:
    """Return the longest beginning of a target that exists, with the most similar name where it goes wrong."""
    segments = jsonpath_rfc9535.compile(target).segments
    texts = [str(segment) for segment in segments]
    for length in range(len(texts) - 1, -1, -1):
        beginning = "$" + "".join(texts[:length])
        nodes = jsonpath_rfc9535.find(beginning, document)
        if nodes:
            names = {str(name) for node in nodes if isinstance(node.value, dict) for name in node.value}
            selector = segments[length].selectors[0]
            wanted = selector.name if isinstance(selector, NameSelector) else ""
            similar = difflib.get_close_matches(wanted, names, 1, 0.5)
            return f"{beginning}['{similar[0]}']" if similar else beginning
    return None


def _without_property(target: Any, action: Action) -> list[str]:
    """Return the members that an action would require of an object that has no such property."""
    if action.kind != "ensure" or not isinstance(target, dict) or "properties" not in target:
        return []
    required = action.update.get("required") if isinstance(action.update, dict) else None
    if not isinstance(required, list):
        return []
    return [name for name in required if name not in target["properties"]]


def _update(target: Any, action: Action) -> bool:
    """Apply an update to what a target selects; return whether it changed anything."""
    before, update = json.dumps(target), copy.deepcopy(action.update)
    if isinstance(target, list):
        if not (action.kind == "ensure" and update in target):
            target.append(update)
    elif not (isinstance(target, dict) and isinstance(update, dict)):
        raise ToolError(f"{action.where}: updates what is neither an object nor an array")
    elif action.kind == "ensure":
        _add_missing(target, update)
        for name in _without_property(target, action):
            target["required"].remove(name)
        if target.get("required") == []:
            del target["required"]
    else:
        _merge(target, update)
    return json.dumps(target) != before


def _merge(target: dict[str, Any], update: dict[str, Any]) -> None:
    for key, value in update.items():
        existing = target.get(key)
        if isinstance(existing, dict) and isinstance(value, dict):
            _merge(existing, value)
        elif isinstance(existing, list) and isinstance(value, list):
            existing.extend(value)
        else:
            target[key] = value


def _add_missing(target: dict[str, Any], update: dict[str, Any]) -> None:
    for key, value in update.items():
        existing = target.setdefault(key, value)
        if isinstance(existing, dict) and isinstance(value, dict):
            _add_missing(existing, value)
        elif isinstance(existing, list) and isinstance(value, list):
            existing.extend(entry for entry in value if entry not in existing)
