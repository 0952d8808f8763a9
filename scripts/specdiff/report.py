"""Tells findings to people and to programs: the verdict first, what breaks before the rest."""

from __future__ import annotations

import json
from typing import Any

from attrs import frozen

from scripts.specdiff.findings import Finding, Level

_MOST_ROWS = 50
_MOST_LINES = 80
"""Of each table, and of the changelog, in Markdown: a pull request's comment holds 65,536 characters."""
_ADDITIONS = ("-added", "new-optional")


@frozen
class Report:
    """What a comparison found."""

    findings: list[Finding]
    python_skipped: str | None = None
    """Why the Python clients were not compared; None if they were."""

    @property
    def counts(self) -> dict[Level, int]:
        return {level: sum(finding.worst is level for finding in self.findings) for level in reversed(Level)}

    @property
    def verdict(self) -> str:
        """The next release by semantic versioning."""
        if any(finding.worst is Level.BREAKING for finding in self.findings):
            return "major"
        if any(part in finding.rule for finding in self.findings for part in _ADDITIONS):
            return "minor"
        return "patch"


@frozen
class _Row:
    """Findings that are one change to a caller: a shared schema shows in many operations."""

    first: Finding
    places: list[str]


def _rows(findings: list[Finding]) -> list[_Row]:
    rows: dict[Any, _Row] = {}
    for finding in findings:
        place = f"{finding.operation} {finding.path}".strip()
        if finding.also_in:
            place = f"{finding.path}, in {finding.operation} and {len(finding.also_in)} more"
        key = (
            (finding.rule, finding.text, finding.symbols, finding.direction) if finding.symbols else finding.fingerprint
        )
        rows.setdefault(key, _Row(finding, [])).places.append(place)
    return list(rows.values())


def to_json(report: Report) -> str:
    """Return the report as JSON."""
    return json.dumps(
        {
            "verdict": report.verdict,
            "counts": {level.word: count for level, count in report.counts.items()},
            "python_skipped": report.python_skipped,
            "findings": [
                {
                    "rule": finding.rule,
                    "level": finding.worst.word,
                    "wire_level": finding.level.word,
                    "python_level": None if finding.python_level is None else finding.python_level.word,
                    "direction": finding.direction,
                    "operation": finding.operation,
                    "path": finding.path,
                    "component": finding.component,
                    "also_in": list(finding.also_in),
                    "text": finding.text,
                    "old": finding.old,
                    "new": finding.new,
                    "symbols": list(finding.symbols),
                    "advice": finding.advice,
                    "fingerprint": finding.fingerprint,
                }
                for finding in report.findings
            ],
            "changelog": changelog(report),
        },
        indent=2,
        ensure_ascii=False,
        default=str,
    )


def to_text(report: Report) -> str:
    """Return the report for a terminal."""
    lines = [f"next release: {report.verdict} ({_counted(report)})"]
    if report.python_skipped:
        lines.append(f"the Python clients were not compared: {report.python_skipped}")
    for row in _rows(report.findings):
        finding = row.first
        lines += [
            "",
            f"{finding.worst.word.upper():<9} {finding.rule}",
            f"          {_where(row.places, 3)}",
            f"          {finding.text}",
            f"          on the wire: {finding.level.word}{_python(finding)}",
        ]
        if finding.symbols:
            lines.append(f"          {', '.join(finding.symbols)}: {finding.advice}")
    fragment = changelog(report)
    return "\n".join([*lines, "", "changelog:", "", fragment or "(nothing)"]) + "\n"


def to_markdown(report: Report) -> str:
    """Return the report for a pull request: verdict and counts, what breaks, and the rest folded."""
    lines = [f"## Spec change: next release is **{report.verdict}**", "", _counted(report), ""]
    if report.python_skipped:
        lines += [f"> The Python clients were not compared: {_escape(report.python_skipped)}", ""]
    by_level = {level: _rows([f for f in report.findings if f.worst is level]) for level in Level}
    if by_level[Level.BREAKING]:
        lines += ["### Breaking", "", *_table(by_level[Level.BREAKING]), ""]
    for level, title in ((Level.WARNING, "Warnings"), (Level.INFO, "Everything else")):
        if by_level[level]:
            lines += [f"<details><summary>{title} ({len(by_level[level])})</summary>", "", *_table(by_level[level]), ""]
            lines += ["</details>", ""]
    fragment = changelog(report)
    if fragment:
        lines += [
            "<details><summary>For CHANGELOG.md</summary>",
            "",
            "```markdown",
            *_shortened(fragment.replace("```", "'''").splitlines()),
            "```",
            "",
            "</details>",
            "",
        ]
    return "\n".join(lines)


def changelog(report: Report) -> str:
    """Return the fragment for CHANGELOG.md; empty if callers notice nothing."""
    sections: dict[str, list[str]] = {"Breaking": [], "Added": [], "Changed": []}
    for row in _rows(report.findings):
        finding = row.first
        name = f"`{finding.symbols[0]}`" if finding.symbols else finding.operation
        line = f"- {name}: {finding.text}."
        if finding.worst is Level.BREAKING:
            sections["Breaking"].append(f"{line} {finding.advice}".rstrip())
        elif any(part in finding.rule for part in _ADDITIONS):
            sections["Added"].append(line)
        elif finding.worst is Level.WARNING:
            sections["Changed"].append(line)
    return "\n\n".join(f"### {title}\n\n" + "\n".join(lines) for title, lines in sections.items() if lines)


def _shortened(lines: list[str]) -> list[str]:
    rest = len(lines) - _MOST_LINES
    return lines if rest <= 0 else [*lines[:_MOST_LINES], f"{rest} more lines: `make diff` shows all"]


def _counted(report: Report) -> str:
    words = [f"{count} {level.word}" for level, count in report.counts.items()]
    return ", ".join(words) if report.findings else "nothing changed for callers"


def _python(finding: Finding) -> str:
    return "" if finding.python_level is None else f", in Python: {finding.python_level.word}"


def _where(places: list[str], most: int) -> str:
    shown = ", ".join(places[:most])
    return shown if len(places) <= most else f"{shown} and {len(places) - most} more"


def _table(rows: list[_Row]) -> list[str]:
    lines = ["| change | old | new | where | in Python | what to do |", "|---|---|---|---|---|---|"]
    for row in rows[:_MOST_ROWS]:
        finding = row.first
        cells = (
            f"{_escape(finding.text)}<br>`{finding.rule}`",
            _code(finding.old),
            _code(finding.new),
            _escape(_where(row.places, 2)),
            "<br>".join(_code(symbol) for symbol in finding.symbols),
            _escape(finding.advice),
        )
        lines.append(f"| {' | '.join(cells)} |")
    if len(rows) > _MOST_ROWS:
        lines.append(f"| {len(rows) - _MOST_ROWS} more: `make diff` shows all | | | | | |")
    return lines


def _code(value: Any) -> str:
    if value is None or value == "":
        return ""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    text = text if len(text) <= 120 else f"{text[:119]}…"
    return f"`{text.replace('`', chr(39)).replace('|', chr(92) + '|').replace(chr(10), ' ')}`"


def _escape(text: str) -> str:
    """Keep a document's words from being Markdown, HTML or a mention of somebody."""
    for character in "\\`*_[]<>|":
        text = text.replace(
            character, f"\\{character}" if character not in "<>" else {"<": "&lt;", ">": "&gt;"}[character]
        )
    return text.replace("@", "@\u200b").replace("\n", " ")
