"""The pull request of an adoption: opened whatever happened, and never over the commits of people."""

from __future__ import annotations

import datetime
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.adopt.refresh import main

ADOPTED = "# Adopted\n\n- vendor: done\n"
FAILED = "# Not adopted: nothing was written\n\n- vendor: failed\n"
GH = """#!{python}
import json, os, sys
with open(os.environ["GH_CALLS"], "a") as calls:
    print(json.dumps(sys.argv[1:]), file=calls)
if sys.argv[2] == "list":
    print(os.environ.get("GH_NUMBER", ""))
"""


def git(folder: Path, *arguments: str, who: str = "ann@example.com") -> str:
    command = ["git", "-c", "user.name=x", "-c", f"user.email={who}", *arguments]
    run = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    return run.stdout.strip()


class World:
    """A repository on a server, a clone of it in which adoptions run, and a gh that writes down how it was called."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder, self.server, self.clone = folder, folder / "server", folder / "clone"
        self._calls = folder / "calls"
        git(folder, "init", "--quiet", "--bare", "--initial-branch=main", "server")
        git(folder, "clone", "--quiet", "server", "clone")
        for name in ("openapi", "generated"):
            (self.clone / name).mkdir()
            (self.clone / name / "file").write_text("old", encoding="utf-8")
        (self.clone / "README.md").write_text("old", encoding="utf-8")
        git(self.clone, "add", ".")
        git(self.clone, "commit", "--quiet", "--message=Begin")
        git(self.clone, "push", "--quiet", "origin", "HEAD:main")
        (folder / "bin").mkdir()
        (folder / "bin/gh").write_text(GH.format(python=sys.executable), encoding="utf-8")
        (folder / "bin/gh").chmod(0o755)
        monkeypatch.setenv("PATH", f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}")
        monkeypatch.setenv("GH_CALLS", str(self._calls))

    def run(self, text: str | None, content: str) -> int:
        """Run an adoption that writes some content, or none, on what the server's main is."""
        git(self.clone, "checkout", "--quiet", "--detach", "origin/main")
        (self.clone / "openapi/file").write_text(content, encoding="utf-8")
        report = self.folder / "report.md"
        report.unlink(missing_ok=True)
        if text is not None:
            report.write_text(text, encoding="utf-8")
        return main(["--report", str(report), "--tests", "success"], self.clone)

    def push(self, branch: str, who: str, *, amend: bool = False) -> str:
        """Push a commit of somebody to a branch and return it."""
        git(self.folder, "clone", "--quiet", f"--branch={branch}", "server", "other")
        options = ["--amend", "--no-edit", "--quiet"] if amend else ["--message=Fix", "--quiet"]
        git(self.folder / "other", "commit", "--allow-empty", *options, who=who)
        git(self.folder / "other", "push", "--quiet", "--force", "origin", branch)
        return self.at(branch)

    def at(self, branch: str) -> str:
        return git(self.server, "rev-parse", branch)

    def branches(self) -> set[str]:
        return set(git(self.server, "for-each-ref", "--format=%(refname:short)", "refs/heads").split()) - {"main"}

    def shows(self, branch: str) -> str:
        return git(self.server, "show", f"{branch}:openapi/file")

    def calls(self) -> list[list[str]]:
        return [json.loads(line) for line in self._calls.read_text(encoding="utf-8").splitlines()]


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    return World(tmp_path, monkeypatch)


def test_adoption_opens_a_pull_request_with_the_report(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert world.run(ADOPTED, "new") == 0
    assert world.shows("spec-refresh") == "new"
    _, create = world.calls()
    assert create[:4] == ["pr", "create", "--head", "spec-refresh"]
    assert create[5] == "Adopt the published documents"
    assert create[-1].startswith("# Adopted")
    assert "Tests: success." in create[-1]
    assert capsys.readouterr().out == "opened a pull request from spec-refresh\n"


@pytest.mark.parametrize("report", [FAILED, None])
def test_failed_adoption_opens_a_pull_request_too(world: World, report: str | None) -> None:
    assert world.run(report, "old") == 0
    assert world.shows("spec-refresh") == "old"
    assert world.at("spec-refresh") != world.at("main")
    assert world.calls()[1][5] == "The published documents cannot be adopted yet"
    assert world.calls()[1][-1].startswith("# Not adopted")


def test_documents_that_have_not_changed_open_none(world: World) -> None:
    assert world.run(ADOPTED, "old") == 0
    assert world.branches() == set()


def test_branch_of_an_earlier_run_is_replaced(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    assert world.run(ADOPTED, "new") == 0
    monkeypatch.setenv("GH_NUMBER", "7")
    assert world.run(ADOPTED, "newer") == 0
    assert (world.branches(), world.shows("spec-refresh")) == ({"spec-refresh"}, "newer")
    assert world.calls()[-1][:3] == ["pr", "edit", "7"]


@pytest.mark.parametrize("amend", [False, True])
def test_commits_of_people_are_left_alone(world: World, amend: bool) -> None:
    assert world.run(ADOPTED, "new") == 0
    fixed = world.push("spec-refresh", "ann@example.com", amend=amend)
    assert world.run(ADOPTED, "newer") == 0
    assert world.at("spec-refresh") == fixed
    today = f"spec-refresh-{datetime.datetime.now(datetime.UTC).date()}"
    assert (world.branches(), world.shows(today)) == ({"spec-refresh", today}, "newer")
    assert world.calls()[-1][3] == today
    assert "Left alone, for people pushed commits to them: spec-refresh." in world.calls()[-1][-1]


def test_commit_that_arrives_meanwhile_is_left_alone(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert world.run(ADOPTED, "new") == 0
    hook = world.clone / ".git/hooks/pre-push"
    other = world.folder / "other"
    commit = 'git -C "$1" -c user.name=x -c user.email=ann@example.com commit --quiet --allow-empty --message=Fix'
    script = f'#!/bin/sh\nset -- "{other}"\nunset GIT_DIR\n{commit}\ngit -C "$1" push --quiet origin spec-refresh\n'
    git(world.folder, "clone", "--quiet", "--branch=spec-refresh", "server", "other")
    hook.write_text(script, encoding="utf-8")
    hook.chmod(0o755)
    assert world.run(ADOPTED, "newer") == 1
    assert world.at("spec-refresh") == git(other, "rev-parse", "HEAD")
    assert world.shows("spec-refresh") == "new"
    assert capsys.readouterr().err.startswith("error: git push --quiet failed: ")


def test_report_that_is_too_long_is_cut_off(world: World) -> None:
    assert world.run(f"{ADOPTED}{'x' * 100_000}", "new") == 0
    body = world.calls()[1][-1]
    assert len(body) < 65_536
    assert "The report is cut off here" in body
