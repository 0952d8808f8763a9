"""Reports, as Markdown, what adopting new documents changes or why it failed."""

from __future__ import annotations

from attrs import define, field

from scripts.codegen.bundle import Bundle
from scripts.codegen.records import compare_records
from scripts.specdiff.report import Report, to_markdown
from scripts.vendor.incoming import Change

TITLE_OF_SUCCESS = "# Adopted"


@define
class AdoptReport:
    """What is known so far; each step adds its part."""

    change: Change | None = None
    bundle: Bundle | None = None
    smoke: list[str] = field(factory=list)
    """What the sandbox did not know."""
    diff: Report | None = None
    steps: dict[str, str] = field(factory=dict)
    """What became of each step."""
    problems: list[str] = field(factory=list)
    """Why a step failed."""

    @property
    def is_adopted(self) -> bool:
        return not self.problems and all(state == "done" for state in self.steps.values())

    def to_markdown(self) -> str:
        """Return the whole report."""
        title = TITLE_OF_SUCCESS if self.is_adopted else "# Not adopted: nothing was written"
        lines = [title, "", *(f"- {step}: {state}" for step, state in self.steps.items()), ""]
        if self.problems:
            lines += ["## What is wrong", "", *(f"- {' '.join(problem.split())}" for problem in self.problems), ""]
        if self.change is not None:
            lines += [*_pages(self.change), ""]
        if self.bundle is not None:
            lines += [*_corrections(self.bundle), "", *_names(self.bundle), "", *_limits(self.bundle), ""]
        if self.smoke:
            lines += ["## Not simulated", "", *(f"- {line}" for line in self.smoke), ""]
        if self.diff is not None:
            lines += [to_markdown(self.diff).rstrip(), ""]
        return "\n".join(lines)


def _pages(change: Change) -> list[str]:
    lines = ["## Pages", ""]
    for state in ("new", "changed", "returned"):
        names = [page.name for page in change.pages if page.state == state]
        lines += _listed(state, names)
    lines.append(f"- unchanged: {change.count('unchanged')}")
    lines += _listed("missing, parked now", [page.name for page in change.missing])
    lines += _listed("kept as they are", [page.name for page in change.kept])
    origins = [page for page in change.pages if page.known is not None and page.known.origin != page.origin]
    lines += _listed(
        "origin changed", [f"{page.name} ({page.known.origin} → {page.origin})" for page in origins if page.known]
    )
    lines += [f"- look-alike: new {route}, missing {missing}" for route, missing in change.lookalikes]
    lines += [f"- {note}" for note in change.notes]
    lines.append(f"- API versions: {', '.join(change.api_versions)}")
    return lines


def _corrections(bundle: Bundle) -> list[str]:
    lines = ["## Corrections", ""]
    counts = {
        state: [o for o in bundle.outcomes if o.state == state]
        for state in ("applied", "satisfied", "obsolete", "stale", "parked")
    }
    lines.append("- " + ", ".join(f"{len(outcomes)} {state}" for state, outcomes in counts.items()))
    for state in ("obsolete", "stale", "parked"):
        lines += [f"- {outcome.text}" for outcome in counts[state]]
    return lines


def _names(bundle: Bundle) -> list[str]:
    changes = compare_records(bundle.before, bundle.record)
    lines = ["## Names", "", f"- kept: {changes.kept} classes"]
    lines += _listed("new", changes.new)
    return [*lines, *(f"- {line}" for line in changes.lines())]


def _limits(bundle: Bundle) -> list[str]:
    notes = [f"skipped {route}: {reason}" for route, reason in bundle.skipped.items()] + [
        *bundle.facts.notes,
        *bundle.notes,
    ]
    return ["## Missing limits and other notes", "", *([f"- {note}" for note in notes] or ["- none"])]


def _listed(title: str, names: list[str]) -> list[str]:
    return [f"- {title}: {', '.join(names)}"] if names else []
