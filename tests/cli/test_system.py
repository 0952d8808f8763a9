"""What the system does to commands: closed streams, full devices, odd settings. Each ends in one line and a code."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from batch_client import BatchClient
from batch_client.cli import _doctor
from batch_client.cli._session import Session
from batch_client.sandbox import Sandbox
from tests.cli.running import assert_one_line, execute, run
from tests.conftest import KEYS

pytestmark = pytest.mark.any_documents

DRY = ["profiles", "import", "people.csv", "--dry-run"]


@pytest.fixture(autouse=True)
def people(home: Path) -> None:
    (home / "people.csv").write_text("custom_id,plan\nann,a\n,b\n", encoding="utf-8")


# Streams


@pytest.mark.fault(
    "standard output that is closed or full", "one line and exit code 3, never 1; an import shows its summary"
)
@pytest.mark.parametrize(("redirect", "reason"), [(">&-", "Bad file descriptor"), ("> /dev/full", "No space left")])
@pytest.mark.parametrize("output", ["json", "table"])
def test_output_that_cannot_be_written_is_one_line(
    redirect: str, reason: str, output: str, served: Sandbox, home: Path
) -> None:
    with served.client() as batch:
        batch.audiences.create(name="vip", type="custom_ids")
    result = execute("--output", output, "audiences", "list", redirect=redirect)
    assert_one_line(result, 3, f"cannot write to standard output: {reason}")
    for arguments in (["--help"], ["--version"], ["audiences", "view", "--help"]):
        assert_one_line(execute(*arguments, redirect=redirect), 3, reason)
    result = execute("profiles", "import", "people.csv", redirect=redirect)
    assert (result.returncode, "1 accepted, 1 invalid" in result.stderr) == (3, True)
    assert f"error: cannot write to standard output: {reason}" in result.stderr


@pytest.mark.parametrize(
    ("redirect", "code"),
    [("2>&-", 1), ("2> /dev/full", 1), ("2>&- >&-", 3), ("<&- 2>&-", 1), ("<&- >&- 2>&-", 3), ("> /dev/full 2>&1", 3)],
)
def test_messages_that_nobody_can_read_change_no_import(redirect: str, code: int, served: Sandbox, home: Path) -> None:
    result = execute("profiles", "import", "people.csv", "--rejects", "rejects.csv", redirect=redirect)
    assert (result.returncode, list(served.profiles)) == (code, ["ann"])
    assert result.stderr == ""
    assert ("accepted" in result.stdout) == (code == 1)
    assert (home / "rejects.csv").read_text(encoding="utf-8").count("\n") == 2


@pytest.mark.fault("standard input that is closed", "one line and exit code 2")
@pytest.mark.parametrize("kind", ["csv", "ndjson", "json", "txt", "parquet"])
def test_closed_input_is_one_line(kind: str, served: Sandbox) -> None:
    result = execute("profiles", "import", "-", "--format", kind, redirect="<&-")
    assert_one_line(result, 2, "Bad file descriptor")
    assert served.requests == []


def test_closed_input_has_no_body_and_no_answers(served: Sandbox) -> None:
    assert_one_line(execute("audiences", "create", "--body", "-", redirect="<&-"), 2, "cannot read standard input")
    assert_one_line(execute("audiences", "remove", "--name", "vip", redirect="<&-"), 2, "Pass --yes to do it.")
    assert execute("audiences", "list", redirect="<&-").returncode == 0


def test_reader_who_has_enough_changes_no_exit_code(served: Sandbox) -> None:
    for number in range(30):
        with served.client() as batch:
            batch.audiences.create(name=f"a{number}", type="custom_ids")
    assert execute("audiences", "list", "--all", redirect="| true; exit ${PIPESTATUS[0]}").returncode == 0
    result = execute("profiles", "import", "people.csv", redirect="| true; exit ${PIPESTATUS[0]}")
    assert (result.returncode, "1 accepted, 1 invalid" in result.stderr) == (1, True)
    assert execute("--help", redirect="| true; exit ${PIPESTATUS[0]}").stderr == ""


@pytest.mark.fault("help whose reader has enough, as `head`", "exit code 0, as for every command")
@pytest.mark.parametrize(
    "command", [["--help"], ["profiles", "--help"], ["profiles", "import", "--help"], ["doctor", "-h"]]
)
def test_help_that_nobody_reads_to_the_end_is_done(command: list[str]) -> None:
    result = execute(*command, redirect="| true; exit ${PIPESTATUS[0]}")
    assert (result.returncode, result.stderr) == (0, "")


@pytest.mark.fault("Ctrl-C while the command line starts", "one line and exit code 130")
@pytest.mark.parametrize("module", ["batch_client", "httpx", "batch_client.cli._app", "typer", "rich.console"])
def test_interrupted_start_is_one_line(module: str, home: Path) -> None:
    # The signal comes while the module is looked for.
    (home / "interrupt.py").write_text(
        "import os, signal, sys\n"
        "class Finder:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        f"        if name == {module!r}:\n"
        "            os.kill(os.getpid(), signal.SIGINT)\n"
        "sys.meta_path.insert(0, Finder())\n"
        "from batch_client_command import main\n"
        "main()\n",
        encoding="utf-8",
    )
    result = subprocess.run([sys.executable, "interrupt.py", "--help"], capture_output=True, text=True, check=False)
    assert (result.returncode, result.stderr, result.stdout) == (130, "error: interrupted\n", "")


# Settings

PROXIES = ["foo", "socks5://127.0.0.1:1", "http://[", "ftp://x", "http://user:secret\n@x", "http://x:99999999", "://"]


@pytest.mark.fault(
    "a proxy or certificate file of the environment that cannot be used", "one line that names the variables"
)
@pytest.mark.parametrize("name", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "HTTP_PROXY"])
@pytest.mark.parametrize("value", PROXIES, ids=ascii)
def test_odd_proxies_are_one_line(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)
    monkeypatch.setenv("BATCH_REST_API_KEY", "key")
    monkeypatch.setenv("BATCH_PROJECT_KEY", "project")
    monkeypatch.setenv("BATCH_BASE_URL", "https://127.0.0.1:9")
    try:
        BatchClient(**KEYS).close()
    except Exception:
        assert_one_line(run("audiences", "list"), 2, name)
        assert "secret" not in run("audiences", "list").stderr
        assert "FAIL settings" in run("doctor").stderr
    assert run("doctor").exit_code in (2, 3)
    assert run("--sandbox", "audiences", "list").exit_code == 0


@pytest.mark.parametrize("name", ["SSL_CERT_FILE", "SSL_CERT_DIR"])
@pytest.mark.parametrize("value", ["/none", "people.csv", "/", "\udcff"], ids=ascii)
def test_odd_certificate_files_are_one_line(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)
    monkeypatch.setenv("BATCH_REST_API_KEY", "key")
    monkeypatch.setenv("BATCH_PROJECT_KEY", "project")
    monkeypatch.setenv("BATCH_BASE_URL", "https://127.0.0.1:9")
    for command in (["audiences", "list"], ["doctor"]):
        result = run(*command)
        assert result.exit_code in (2, 3)
        assert "unexpected" not in result.stderr
    assert run(*DRY).exit_code in (1, 2)


CONFIGURATIONS: dict[str, bytes] = {
    "a profile that is no table": b"[profiles]\ndefault = 1",
    "a profile that is an array": b"[[profiles.default]]\nproject_key = 'x'",
    "profiles that are no table": b"profiles = 'x'",
    "an array of profiles": b"profiles = [1, 2]",
    "a default that is no name": b"default_profile = 1\n[profiles.default]",
    "a default that is a table": b"[default_profile]\na = 1",
    "a default that is not there": b"default_profile = 'x'",
    "a key that is a table": b"[profiles.default.project_key]\na = 1",
    "a key that is a number": b"[profiles.default]\nproject_key = 1",
    "a date": b"[profiles.default]\nproject_key = 2024-01-01",
    "no TOML": b"[profiles",
    "the same table twice": b"[profiles.default]\n[profiles.default]",
    "no UTF-8": b"[profiles.default]\nproject_key = '\xff'",
    "a NUL": b"\0",
    "a deep array": b"a = " + b"[" * 5000,
    "a large number": b"a = " + b"1" * 5000,
    "a key file that is a folder": b"[profiles.default]\nrest_api_key_file = '/'",
    "a key file of nobody": b"[profiles.default]\nrest_api_key_file = '~nobody-of-this-name/x'",
    "a key file with a NUL": b'[profiles.default]\nrest_api_key_file = "a\\u0000b"',
    "a key file that is no text": b"[profiles.default]\nrest_api_key_file = 'binary'",
    "a key of two lines": b'[profiles.default]\nrest_api_key = "a\\nb"\nproject_key = "x"',
    "an address that is none": b'[profiles.default]\nrest_api_key = "a"\nproject_key = "x"\nbase_url = "x"',
}


@pytest.mark.fault("a configuration file that is damaged or has other types", "one line and exit code 2")
@pytest.mark.parametrize("name", CONFIGURATIONS)
def test_odd_configuration_is_one_line(name: str, home: Path) -> None:
    (home / "config.toml").write_bytes(CONFIGURATIONS[name])
    (home / "config.toml").chmod(0o600)
    (home / "binary").write_bytes(b"\xff\xfe")
    for command in (["audiences", "list"], ["profiles", "import", "people.csv"]):
        assert_one_line(run("--config", "config.toml", *command), 2, "")
    result = run("--config", "config.toml", "doctor")
    assert (result.exit_code, "unexpected" in result.stderr) == (2, False)
    assert run("--config", "config.toml", *DRY).exit_code == 1  # for its row without an id; nothing is configured


@pytest.mark.parametrize(
    "arguments",
    [
        ["--config", ".", "audiences", "list"],
        ["--config", "people.csv/x", "audiences", "list"],
        ["--config", "x" * 5000, "audiences", "list"],
        ["--key-file", ".", "audiences", "list"],
        ["--key-file", "x" * 5000, "audiences", "list"],
        ["profiles", "import", ".", "--format", "csv"],
        ["profiles", "import", "people.csv/x", "--format", "csv"],
        ["profiles", "import", "x" * 5000 + ".csv"],
        ["profiles", "import", ".gz"],
        ["profiles", "import", "x.gz"],
        ["profiles", "import", "people.csv", "--format", "parquet"],
        ["profiles", "import", "people.csv", "--rejects", "."],
        ["profiles", "import", "people.csv", "--rejects", "x" * 5000],
        ["profiles", "import", "people.csv", "--checkpoint", "."],
        ["profiles", "import", "people.csv", "--checkpoint", "x" * 5000],
        ["audiences", "create", "--body", "@."],
        ["audiences", "create", "--body", "@people.csv"],
        ["audiences", "create", "--body", "NaN"],
        ["audiences", "create", "--body", '{"name": NaN}'],
        ["audiences", "create", "--body", '{"name": "a", "type": "\\udcff"}'],
        ["audiences", "create", "--name", "a", "--type", "custom_ids", "--timeout", "nan"],
        ["audiences", "create", "--name", "a", "--type", "custom_ids", "--timeout", "inf"],
        ["audiences", "list", "--limit", "1" * 5000],
        ["audiences", "list", "--limit", "x"],
        ["audiences", "view"],
        ["audiences", "view", "--nmae", "x"],
        ["audiences", "nothing"],
        ["nothing"],
        ["profiles", "import"],
    ],
    ids=lambda arguments: " ".join(arguments)[:60],
)
def test_odd_arguments_are_one_line(arguments: list[str], served: Sandbox, home: Path) -> None:
    assert_one_line(run(*arguments), 2, "")
    assert served.requests == []
    assert {path.name for path in home.iterdir()} == {"people.csv"}


@pytest.mark.fault("arguments with bytes that are not UTF-8", "one line and exit code 2")
@pytest.mark.parametrize(
    "arguments",
    [
        ["audiences", "view", "--name", "\udcff"],
        ["audiences", "create", "--name", "\udcff", "--type", "custom_ids"],
        ["audiences", "create", "--body", '{"name": "\udcff"}'],
        ["audiences", "sync", "\udcff", "people.csv"],
        ["profiles", "import", "people.csv", "--map", "plan=\udcff"],
        ["profiles", "import", "people.csv", "--id-column", "\udcff"],
        ["exports", "fetch", "\udcff", "--to", "x"],
        ["--profile", "\udcff", "audiences", "list"],
        ["--base-url", "\udcff", "audiences", "list"],
        ["--api-version", "\udcff", "audiences", "list"],
    ],
    ids=ascii,
)
def test_arguments_that_are_no_text_are_one_line(arguments: list[str], served: Sandbox) -> None:
    assert_one_line(execute(*arguments), 2, "is not encoded in UTF-8")
    assert served.requests == []


DATES = ["", "soon", "Wed, 21 Oct 2015 07:28:00 -0000", "Wed, 99 Oct 2015 07:28:00 GMT", "1", "\xff", "9" * 400]
DATES += ["Mon, 01 Jan 0001 00:00:00 GMT", "Fri, 31 Dec 9999 23:59:59 -2359", "Wed, 21 Oct 2015 07:28:00 +9999"]


@pytest.mark.fault("a response whose date cannot be read", "doctor says so and goes on")
@pytest.mark.parametrize("date", DATES, ids=ascii)
def test_doctor_reads_any_date(date: str, served: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    check = _doctor._check_clock

    def check_with_date(session: Session, response: httpx.Response) -> bool:
        response.headers = httpx.Headers({"date": date.encode("latin-1")})
        return check(session, response)

    monkeypatch.setattr(_doctor, "_check_clock", check_with_date)
    result = run("doctor")
    assert (result.exit_code, result.stderr.splitlines()[-1].split()[1]) in ((0, "clock:"), (3, "clock:"))


# Whatever else


@pytest.mark.fault(
    "an error that nobody foresaw", "one line without values, exit code 3; BATCH_DEBUG=1 shows the traceback"
)
def test_unforeseen_error_is_one_line(served: Sandbox, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise LookupError("ann@example.com\x1b[2J")

    monkeypatch.setattr("batch_client.cli._import.write_csv", fail)
    command = ["profiles", "import", "people.csv", "--rejects", "rejects.csv"]
    result = run(*command)
    summary, message = result.stderr.splitlines()
    assert (result.exit_code, "1 accepted, 1 invalid" in summary) == (3, True)
    assert message.startswith("error: unexpected LookupError at test_system.py:")
    assert "ann@example.com" not in result.stderr
    monkeypatch.setenv("BATCH_DEBUG", "1")
    result = run(*command)
    assert result.exit_code == 3
    assert "Traceback (most recent call last):" in result.stderr
    assert r"LookupError: ann@example.com\x1b[2J" in result.stderr


def test_import_that_the_library_breaks_off_says_how_far_it_was(
    served: Sandbox, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("batch_client.bulk._run.Run.finish", fail)
    result = run("profiles", "import", "people.csv")
    assert_one_line(result, 3, "error: No space left on device; bulk: 2 records in 1 calls")
    assert "1 accepted, 0 rejected, 1 invalid" in result.stderr
    assert "; to go on: batch-client" in result.stderr


def test_user_without_a_home_can_do_without(served: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_home(self: Path) -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("XDG_CONFIG_HOME")
    monkeypatch.setattr(Path, "expanduser", no_home)
    result = run("audiences", "list")
    assert (result.exit_code, json.loads(result.stdout)) == (0, [])
    assert os.environ["BATCH_BASE_URL"].startswith("http://127.0.0.1")
