"""Opens or updates the pull request of an adoption, failed or not, and leaves alone what people pushed to it."""

from __future__ import annotations

import argparse
import datetime
import itertools
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from attrs import frozen

from scripts.adopt.report import TITLE_OF_SUCCESS
from scripts.codegen.build import ROOT
from scripts.errors import ToolError

_WRITTEN = ("openapi", "generated", "README.md")
_BOT = "41898282+github-actions[bot]@users.noreply.github.com"
_MAX_BODY = 60_000
"""Characters of a report that fit into a pull request, with room for what is added."""


@frozen
class _Branch:
    name: str
    commit: str
    """What it is at now; empty if it is not there. It is only overwritten as long as it is at that."""
    taken: tuple[str, ...]
    """Branches of earlier runs that hold commits of people."""


def main(arguments: list[str] | None = None, root: Path = ROOT) -> int:
    """Run the command line on a clone; return its exit code."""
    parser = argparse.ArgumentParser(prog="python -m scripts.adopt.refresh", description=__doc__)
    parser.add_argument("--report", type=Path, required=True, help="the report of make adopt")
    parser.add_argument("--branch", default="spec-refresh", help="where to push (default: spec-refresh)")
    parser.add_argument("--tests", default="not run", help="how the tests ended")
    options = parser.parse_args(arguments)
    try:
        print(refresh(root, options.report, options.branch, options.tests))
    except ToolError as error:
        error.print()
        return 1
    return 0


def refresh(root: Path, report: Path, name: str, tests: str) -> str:
    """Push what an adoption changed and open or update its pull request; return what was done.

    A failed adoption changed nothing. Its commit is empty, so that there can be a pull request that says what failed.

    Raises:
        ToolError: git or gh failed.
    """
    text = report.read_text(encoding="utf-8") if report.is_file() else "# Not adopted: make adopt wrote no report\n"
    is_adopted = text.startswith(TITLE_OF_SUCCESS)
    if is_adopted and not _run(root, "git", "status", "--porcelain", "--", *_WRITTEN):
        return "the documents have not changed"
    branch = _free_branch(root, name)
    title = "Adopt the published documents" if is_adopted else "The published documents cannot be adopted yet"
    _run(root, "git", "add", "--", *_WRITTEN)
    author = ("-c", "user.name=github-actions[bot]", "-c", f"user.email={_BOT}")
    _run(root, "git", *author, "commit", "--quiet", "--allow-empty", "--message", title)
    target = f"refs/heads/{branch.name}"
    _run(root, "git", "push", "--quiet", f"--force-with-lease={target}:{branch.commit}", "origin", f"HEAD:{target}")
    body = _body(text, tests, branch.taken)
    number = _run(root, "gh", "pr", "list", "--head", branch.name, "--json", "number", "--jq", ".[].number")
    if number:
        _run(root, "gh", "pr", "edit", number.split()[0], "--title", title, "--body", body)
        return f"updated pull request {number.split()[0]} from {branch.name}"
    _run(root, "gh", "pr", "create", "--head", branch.name, "--title", title, "--body", body)
    return f"opened a pull request from {branch.name}"


def _body(report: str, tests: str, taken: tuple[str, ...]) -> str:
    if len(report) > _MAX_BODY:
        report = f"{report[:_MAX_BODY]}\n\nThe report is cut off here; the run has all of it.\n"
    lines = [f"Tests: {tests}. Every week this branch is replaced, until somebody pushes a commit to it."]
    if taken:
        lines.append(f"Left alone, for people pushed commits to them: {', '.join(taken)}.")
    return "\n\n".join([report.rstrip(), *lines])


def _free_branch(root: Path, name: str) -> _Branch:
    """Return the first branch of a name that is not there, or holds nothing but commits of earlier runs."""
    taken: list[str] = []
    for candidate in _names(name):
        line = _run(root, "git", "ls-remote", "origin", f"refs/heads/{candidate}")
        commit = line.split()[0] if line else ""
        if not commit:
            return _Branch(candidate, commit, tuple(taken))
        _run(root, "git", "fetch", "--quiet", "origin", commit)
        people = _run(root, "git", "log", "--format=%ae%n%ce", f"HEAD..{commit}").split()
        if set(people) <= {_BOT}:
            return _Branch(candidate, commit, tuple(taken))
        taken.append(candidate)
    raise AssertionError("there is always another name")


def _names(name: str) -> Iterator[str]:
    yield name
    today = f"{name}-{datetime.datetime.now(datetime.UTC).date()}"
    yield today
    for number in itertools.count(2):
        yield f"{today}-{number}"


def _run(root: Path, *command: str) -> str:
    try:
        run = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    except OSError as error:
        raise ToolError(f"{command[0]} cannot be run: {error.strerror}") from error
    if run.returncode != 0:
        raise ToolError(f"{' '.join(command[:3])} failed: {(run.stderr or run.stdout).strip()[-500:]}")
    return run.stdout.strip()


if __name__ == "__main__":
    sys.exit(main())
