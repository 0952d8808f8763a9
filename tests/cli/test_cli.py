"""The command line: every operation, its files, its messages and its exit codes."""

from __future__ import annotations

import csv
import datetime
import gzip
import json
import os
import re
import stat
import sys
import types
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from batch_client import BatchClient
from batch_client._calls.operations import operation_at
from batch_client.cli import _doctor
from batch_client.cli._operations import tags
from batch_client.cli._session import Session
from batch_client.sandbox import Sandbox
from batch_client.sandbox._sandbox import PROJECT_KEY, REST_API_KEY
from batch_generated.api import OPERATIONS
from tests.calls import AUDIENCE, CALLS, Call, call_of, partly_saved
from tests.cli.running import run
from tests.conftest import KEYS
from tests.contract import parameters_of


def command_of(operation: str) -> list[str]:
    resource, name = OPERATIONS[operation].resource, OPERATIONS[operation].name
    return [resource.replace("_", "-"), name.strip("_").replace("_", "-")]


def as_options(request: httpx.Request, operation: str) -> list[str]:
    """Return the options that give a request."""
    options = []
    path = operation_at(request.method, "/" + request.url.raw_path.decode().partition("?")[0].split("/", 2)[2])
    assert path is not None
    names = re.findall(r"{(\w+)}", path.path)
    pattern = re.sub(r"\\{\w+\\}", "([^/]+)", re.escape(path.path))
    found = re.search(pattern, request.url.path)
    assert found is not None
    values = dict(zip(names, found.groups(), strict=True))
    for parameter in parameters_of(operation):
        if parameter["in"] == "header" and parameter["name"] in request.headers:
            values[parameter["name"].lower()] = request.headers[parameter["name"]]
    for name, value in [*request.url.params.multi_items(), *values.items()]:
        flag = name.replace("_", "-")
        options += {"true": [f"--{flag}"], "false": [f"--no-{flag}"]}.get(value, [f"--{flag}", value])
    body = json.loads(request.content) if request.content else {}
    if isinstance(body, list) or "export_type" in body:
        return ["--body", json.dumps(body)]
    for name, value in body.items():
        flag = "--" + name.replace("_", "-")
        if isinstance(value, list) and all(isinstance(part, str) for part in value):
            options += [part for text in value for part in (flag, text)]
        else:
            options += [flag, value if isinstance(value, str) else json.dumps(value)]
    return options


@contextmanager
def answering(monkeypatch: pytest.MonkeyPatch, call: Call) -> Iterator[list[httpx.Request]]:
    """Let commands meet the answer of a call, and library calls too; gives the requests."""
    requests: list[httpx.Request] = []

    def handler(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        return call.respond()

    @contextmanager
    def client(_: Session) -> Iterator[BatchClient]:
        with BatchClient(**KEYS, transport=httpx.MockTransport(handler), rate_limits=None) as batch:
            yield batch

    monkeypatch.setattr(Session, "client", client)
    with BatchClient(**KEYS, transport=httpx.MockTransport(handler), rate_limits=None) as batch:
        call.make(batch)
    yield requests


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.operation)
def test_every_operation_is_a_command_that_sends_the_same(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    with answering(monkeypatch, call) as requests:
        (expected,) = requests
        yes = ["--yes"] if OPERATIONS[call.operation].consequence != "" else []
        result = run(*command_of(call.operation), *as_options(expected, call.operation), *yes)
        assert result.exit_code == 0, result.output
        sent = requests[1]
        assert (sent.method, sent.url) == (expected.method, expected.url)
        if expected.content:
            assert json.loads(sent.content) == json.loads(expected.content)
        if yes:
            refused = run(*command_of(call.operation), *as_options(expected, call.operation))
            assert (refused.exit_code, len(requests)) == (2, 2)
            assert "Pass --yes to do it." in refused.stderr


def test_every_tag_and_operation_has_its_help() -> None:
    assert set(tags()) == {operation.resource for operation in OPERATIONS.values()}
    for operation in OPERATIONS.values():
        result = run(*command_of(operation.id), "--help")
        assert result.exit_code == 0
        assert operation.documentation.rsplit("/", 1)[1] in "".join(result.output.split())


def test_body_can_come_whole_and_options_go_before_it(served: Sandbox, home: Path) -> None:
    (home / "body.json").write_text('{"name": "vip", "type": "custom_ids", "display_name": "A"}', encoding="utf-8")
    result = run("audiences", "create", "--body", "@body.json", "--display-name", "B", "--wait")
    assert json.loads(result.stdout)["display_name"] == "B"
    result = run("audiences", "update", "--body", "-", input='{"name": "vip", "ids": [{"action": "add", "id": "ann"}]}')
    assert set(json.loads(result.stdout)) == {"name", "indexing_token"}
    assert list(served.audiences["vip"].ids) == ["ann"]


def test_wait_and_lists(served: Sandbox) -> None:
    for number in range(25):
        run("audiences", "create", "--name", f"a{number}", "--type", "custom_ids")
    first = run("audiences", "list")
    assert len(json.loads(first.stdout)) == 10
    assert "10 of 25; the next: --from" in first.stderr
    everything = run("audiences", "list", "--all")
    assert [row["name"] for row in json.loads(everything.stdout)] == [f"a{number}" for number in range(25)]
    gone = run("audiences", "remove", "--name", "a1", "--wait", "--yes")
    assert json.loads(gone.stdout) == {"name": "a1", "indexing_state": "APPLIED"}
    table = run("--output", "table", "audiences", "list", "--all")
    assert table.stdout.splitlines()[0].split()[:2] == ["name", "type"]
    assert len(table.stdout.splitlines()) == 25


def test_export_goes_to_a_directory_and_can_be_taken_up(served: Sandbox, home: Path) -> None:
    served.seed(profiles=5)
    body = '{"export_type": "ATTRIBUTES", "attributes": ["plan"]}'
    result = run("profiles", "export", "--body", body, "--to", "out")
    (shown,) = json.loads(result.stdout)
    assert Path(shown["path"]).stat().st_size == shown["bytes"]
    assert "batch-client exports fetch export_" in result.stderr
    (id_,) = served.exports
    assert run("exports", "fetch", id_, "--to", "again").exit_code == 0
    assert len(list((home / "again").iterdir())) == 1


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["audiences", "view", "--name", "nobody"], 3, "404 NOT_FOUND"),
        (["audiences", "create", "--name", "vip"], 2, "--type is missing"),
        (["audiences", "create", "--body", "{"], 2, "--body is no JSON"),
        (["audiences", "create", "--body", "[]"], 2, "--body must be a JSON object"),
        (["audiences", "create", "--body", "@none.json"], 2, "cannot read none.json: No such file"),
        (["audiences", "create", "--body", '{"nmae": 1}'], 2, "--body has a member 'nmae'; the operation takes name"),
        (
            ["orchestrations", "stats", "--orchestration-id", "x", "--from", "soon", "--to", "soon"],
            2,
            "--from must be a date",
        ),
        (["profiles", "import", "none.csv"], 2, "there is no file none.csv"),
        (["profiles", "import", "none"], 2, "cannot tell the format of none; pass --format"),
        (["profiles", "import", "none.csv", "--mode", "fast"], 2, "--mode must be mass or stream"),
    ],
)
def test_what_goes_wrong_is_one_line_and_a_code(arguments: list[str], code: int, says: str, served: Sandbox) -> None:
    result = run(*arguments)
    assert result.exit_code == code
    assert result.stderr.startswith("error: ")
    assert len(result.stderr.splitlines()) == 1
    assert says in result.stderr


def test_unknown_flag_is_a_usage_error() -> None:
    assert run("audiences", "view", "--nmae", "vip").exit_code == 2
    assert run("audiences", "nothing").exit_code == 2


# Imports


PEOPLE = """custom_id,email,plan,age,signed_up,tags
ann,ann@example.com,gold,42,2024-05-02,a;b
ben,ben@example.com,silver,,2024-05-02T10:00:00+02:00,"[""c""]"
"""
MAPS = ["--map", "email=$email_address", "--type", "age=integer", "--type", "signed_up=date", "--type", "tags=array"]


def test_csv_becomes_profiles(served: Sandbox, home: Path) -> None:
    (home / "people.csv").write_text(PEOPLE, encoding="utf-8-sig")
    result = run("profiles", "import", "people.csv", *MAPS)
    assert (result.exit_code, json.loads(result.stdout)["accepted"]) == (0, 2)
    assert {id_: found.attributes for id_, found in served.profiles.items()} == {
        "ann": {
            "$email_address": "ann@example.com",
            "plan": "gold",
            "age": 42,
            "date(signed_up)": "2024-05-02T00:00:00+00:00",
            "tags": ["a", "b"],
        },
        "ben": {
            "$email_address": "ben@example.com",
            "plan": "silver",
            "date(signed_up)": "2024-05-02T10:00:00+02:00",
            "tags": ["c"],
        },
    }
    assert not (home / "people.csv.checkpoint").exists()


def parquet(path: Path) -> None:
    import pyarrow
    import pyarrow.parquet

    day = datetime.datetime(2024, 5, 2, tzinfo=datetime.UTC)
    pyarrow.parquet.write_table(pyarrow.table({"custom_id": [1, 2], "plan": ["gold", None], "seen": [day, day]}), path)


FILES: dict[str, Any] = {
    "people.ndjson": '{"custom_id": "1", "plan": "gold"}\n\n{"identifiers": {"custom_id": "2"}}\n',
    "people.json": '[{"custom_id": "1", "plan": "gold"}, {"custom_id": "2"}]',
    "people.tsv": "plan\tcustom_id\ngold\t1\n\t2\n",
    "people.txt": "1\n2\n",
    "people.parquet": parquet,
}


@pytest.mark.parametrize("name", FILES)
def test_every_format_is_read(name: str, served: Sandbox, home: Path) -> None:
    make = FILES[name]
    make(home / name) if callable(make) else (home / name).write_text(make, encoding="utf-8")
    result = run("profiles", "import", name)
    assert result.exit_code == 0, result.stderr
    assert list(served.profiles) == ["1", "2"]
    assert served.profiles["1"].attributes.get("plan", "gold") == "gold"


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_separator_is_that_of_the_header(separator: str, served: Sandbox, home: Path) -> None:
    rows = [["custom_id", "plan", "note, or two"], ["ann", "gold", "a,b;c|d"]]
    with (home / "people.csv").open("w", encoding="utf-8", newline="") as target:
        csv.writer(target, delimiter=separator).writerows(rows)
    result = run("profiles", "import", "people.csv", "--map", "note, or two=note")
    assert result.exit_code == 0, result.stderr
    assert served.profiles["ann"].attributes == {"plan": "gold", "note": "a,b;c|d"}


def test_standard_input_is_read(served: Sandbox) -> None:
    result = run("profiles", "import", "-", "--format", "ndjson", input='{"custom_id": "ann"}\n')
    assert (result.exit_code, list(served.profiles)) == (0, ["ann"])


BAD_ROWS = [
    ("a1,x,1,,", 2, "", "age: is no whole number"),
    (",1,1,,", 3, "", "custom_id: is empty"),
    ("a3,1", 4, "", "has 2 cells where the header has 5"),
    ('a4,1,"two\nlines",,', None, "", ""),
    ("a5,1,1,,never", 7, "", "seen: is no date"),
    ("a6,1," + "x" * 301 + ",,", 8, "attributes.plan", ""),
    ("a7,1,\udcff,,", 9, "", "is not encoded in UTF-8"),
    ("a8,1,1,perhaps,", 10, "", "vip: is not true or false"),
    ("a10,1,1,,", None, "", ""),
]


@pytest.mark.parametrize("dry_run", [[], ["--dry-run"]])
def test_every_bad_row_is_told_with_its_line(dry_run: list[str], served: Sandbox, home: Path) -> None:
    text = "custom_id,age,plan,vip,seen\n" + "\n".join(row for row, *_ in BAD_ROWS)
    (home / "bad.csv").write_bytes(text.encode("utf-8", "surrogateescape"))
    types_ = ["--type", "age=integer", "--type", "vip=boolean", "--type", "seen=date"]
    result = run("profiles", "import", "bad.csv", *types_, "--rejects", "rejects.csv", *dry_run)
    assert result.exit_code == 1
    with (home / "rejects.csv").open(encoding="utf-8", newline="") as source:
        rejects = {int(row["line"]): row for row in csv.DictReader(source)}
    expected = [(line, field, reason) for _, line, field, reason in BAD_ROWS if line is not None]
    assert sorted(rejects) == [line for line, _, _ in expected]
    for line, field, reason in expected:
        told = f"{rejects[line]['field']}: {rejects[line]['reason']}".removeprefix(": ")
        assert reason in told, told
        assert field in rejects[line]["field"]
    assert "line 3: invalid: custom_id: is empty" in result.stderr
    assert list(served.profiles) == ([] if dry_run else ["a4", "a10"])


def test_damaged_file_ends_the_import_which_goes_on_with_a_whole_one(served: Sandbox, home: Path) -> None:
    rows = "".join(f"u{number},{number * 7919 % 100_003}\n" for number in range(12_000))
    whole = gzip.compress(f"custom_id,n\n{rows}".encode())
    unanswered = 0
    for damaged in (whole[:-2_000], whole[:-3_000] + b"\xff" * 3_000):
        (home / "people.csv.gz").write_bytes(damaged)
        result = run("profiles", "import", "people.csv.gz")
        assert (result.exit_code, result.stderr.count("\n")) == (2, 1 + result.stderr.startswith("goes on"))
        counted = re.search(
            r"error: cannot read people.csv.gz beyond line (1\d{4}): .*: (\d+) accepted, .* (\d+) without an answer",
            result.stderr,
        )
        assert counted, result.stderr
        lines, accepted, missing = map(int, counted.groups())
        assert lines - 1 == accepted + missing
        unanswered += missing
        assert "; to go on when the file is whole: batch-client" in result.stderr
    (home / "people.csv.gz").write_bytes(whole)
    result = run("profiles", "import", "people.csv.gz")
    assert (result.exit_code, len(served.profiles)) == (0, 12_000), result.stderr
    assert 12_000 <= sum(len(request.body) for request in served.requests) <= 12_000 + unanswered


def test_file_that_is_no_text_is_refused(served: Sandbox, home: Path) -> None:
    (home / "people.csv").write_bytes("custom_id\nann\n".encode("utf-16"))
    result = run("profiles", "import", "people.csv")
    assert (result.exit_code, result.stderr) == (
        2,
        "error: people.csv: line 1 is not encoded in UTF-8; convert the file, for example with iconv\n",
    )
    (home / "people.csv.gz").write_bytes(b"custom_id\nann\n")
    result = run("profiles", "import", "people.csv.gz")
    assert (result.exit_code, "Not a gzipped file" in result.stderr) == (2, True)


def test_checkpoint_goes_elsewhere_where_nothing_can_be_written(
    served: Sandbox, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "ids.txt").write_text("ann\n", encoding="utf-8")
    monkeypatch.setattr("os.access", lambda _, mode: mode != os.W_OK)
    result = run("profiles", "import", "ids.txt")
    told = "error: cannot write ids.txt.checkpoint; pass --checkpoint with a file that can be written\n"
    assert (result.exit_code, result.stderr, served.requests) == (2, told, [])
    assert run("profiles", "import", "ids.txt", "--checkpoint", "elsewhere").exit_code == 0


def test_bad_lines_of_json_are_told(served: Sandbox, home: Path) -> None:
    (home / "bad.ndjson").write_bytes(b'{"custom_id": "1"}\n{\n[]\n\n{"custom_id": "\xff"}\n{"plan": "x"}\n')
    result = run("profiles", "import", "bad.ndjson")
    assert result.exit_code == 1
    told = [line.partition(":")[0] for line in result.stderr.splitlines()]
    assert told[:4] == ["line 2", "line 3", "line 5", "line 6"]


def test_what_the_api_rejects_is_told_with_its_line(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (home / "people.csv").write_text("custom_id,plan\nann,gold\nben,odd\n", encoding="utf-8")
    call = call_of("profile_mass_update")
    errors = [{"category": "attribute", "bulk_index": 1, "reason": "unknown plan", "attribute": "plan"}]
    answer = httpx.Response(202, json=partly_saved(errors))
    monkeypatch.setattr(type(call), "respond", lambda _: answer)
    with answering(monkeypatch, call):
        result = run("profiles", "import", "people.csv")
    assert result.exit_code == 1
    assert "line 3 (ben): rejected: plan: unknown plan" in result.stderr


@pytest.mark.parametrize(
    ("content", "options", "says"),
    [
        ("", [], "is empty; its first line must name the columns"),
        ("id,id\n", [], "has the column 'id' twice"),
        ("a,b\n", [], "which column holds the id? Pass --id-column with one of a, b"),
        ("custom_id\n", ["--id-column", "key"], "--id-column: there is no column 'key'"),
        ("custom_id\n", ["--map", "email=x"], "--map: there is no column 'email'; there are custom_id"),
        ("custom_id\n", ["--map", "email"], "--map 'email' must be COLUMN=…"),
        ("custom_id,a\n", ["--type", "a=number"], "there is no type 'number'; there are string, integer"),
        ("custom_id\n", ["--rejects", "none/rejects.csv"], "cannot write none/rejects.csv"),
    ],
)
def test_bad_options_of_an_import_are_told_before_anything_is_sent(
    content: str, options: list[str], says: str, served: Sandbox, home: Path
) -> None:
    (home / "people.csv").write_text(content, encoding="utf-8")
    result = run("profiles", "import", "people.csv", *options)
    assert result.exit_code == 2
    assert says in result.stderr
    assert served.requests == []


def test_failed_import_goes_on_when_run_again(served: Sandbox, home: Path) -> None:
    (home / "ids.txt").write_text("".join(f"u{number}\n" for number in range(2_000)), encoding="utf-8")
    served.fail_next("profile_update", 401)
    command = ["profiles", "import", "ids.txt", "--mode", "stream"]
    first = run(*command)
    assert first.exit_code == 3
    assert "; to go on: batch-client" in first.stderr
    assert (home / "ids.txt.checkpoint").exists()
    second = run(*command)
    assert second.exit_code == 0
    assert "goes on from ids.txt.checkpoint" in second.stderr
    assert (len(served.profiles), (home / "ids.txt.checkpoint").exists()) == (2_000, False)


def test_changed_file_is_refused_after_an_interruption(served: Sandbox, home: Path) -> None:
    ids = [{"custom_id": f"u{number}"} for number in range(500)]
    (home / "ids.json").write_text(json.dumps(ids)[:-5], encoding="utf-8")
    command = ["profiles", "import", "ids.json", "--mode", "stream"]
    cut = run(*command)
    assert cut.exit_code == 2
    assert "error: ids.json is no JSON array of objects, nor one object a line: it ends within a record" in cut.stderr
    assert len(served.profiles) == 400
    (home / "ids.json").write_text(json.dumps(ids[::-1]), encoding="utf-8")
    changed = run(*command)
    assert changed.exit_code == 2
    assert "these are not the records that the checkpoint ids.json.checkpoint was made with" in changed.stderr
    (home / "ids.json").write_text(json.dumps(ids), encoding="utf-8")
    assert run(*command).exit_code == 0
    assert len(served.profiles) == 500


def test_audience_is_synced(served: Sandbox, home: Path) -> None:
    (home / "ids.csv").write_text("id,action,level\nann,,3\nben,,\ncy,remove,\n", encoding="utf-8")
    result = run("audiences", "sync", "vip", "ids.csv", "--type", "level=integer")
    assert (result.exit_code, json.loads(result.stdout)["indexing"]) == (0, {"APPLIED": 1})
    assert served.audiences["vip"].ids == {"ann": {"level": 3}, "ben": {}}
    (home / "ids.txt").write_text("dee\n", encoding="utf-8")
    assert run("audiences", "sync", "vip", "ids.txt", "--replace").exit_code == 2
    assert run("audiences", "sync", "vip", "ids.txt", "--replace", "--yes").exit_code == 0
    assert served.audiences["vip"].ids == {"dee": {}}


def test_catalog_is_imported_by_the_types_of_its_fields(served: Sandbox, home: Path) -> None:
    (home / "shoes.csv").write_text("id,title,price,in_stock\n1,Boot,99.5,true\n2,Shoe,x,no\n", encoding="utf-8")
    missing = run("catalogs", "import", "shoes", "shoes.csv")
    assert (missing.exit_code, "there is no catalog 'shoes'; --create" in missing.stderr) == (2, True)
    types_ = ["--create", "--type", "price=float", "--type", "in_stock=boolean"]
    made = run("catalogs", "import", "shoes", "shoes.csv", *types_)
    assert made.exit_code == 1
    assert "line 3 (2): invalid: price: is no number" in made.stderr
    again = run("catalogs", "import", "shoes", "shoes.csv")
    assert again.exit_code == 1
    assert served.catalogs["shoes"].items == {"1": {"title": "Boot", "price": 99.5, "in_stock": True}}


def test_dry_run_needs_no_keys(home: Path) -> None:
    (home / "ids.txt").write_text("ann\nben\n", encoding="utf-8")
    for command in (["profiles", "import"], ["audiences", "sync", "vip"], ["audiences", "sync", "vip", "--replace"]):
        result = run(*command, "ids.txt", "--dry-run")
        assert (result.exit_code, "2 rows checked, 0 invalid; nothing was sent" in result.stderr) == (0, True)


def test_embedded_sandbox_needs_nothing(home: Path) -> None:
    (home / "ids.txt").write_text("ann\nben\n", encoding="utf-8")
    assert run("--sandbox", "profiles", "import", "ids.txt").exit_code == 0
    assert run("--sandbox", "audiences", "sync", "vip", "ids.txt").exit_code == 0
    assert run("--sandbox", "doctor").exit_code == 0


# Keys and settings


def write_config(home: Path, text: str) -> Path:
    path = home / "config" / "batch-client" / "config.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    path.chmod(0o600)
    return path


def test_no_flag_takes_a_key() -> None:
    for command in ([], *(command_of(operation) for operation in OPERATIONS), ["profiles", "import"], ["doctor"]):
        flags = {word.strip("│,") for word in run(*command, "--help").output.split() if "--" in word}
        assert not {flag for flag in flags if "key" in flag} - {"--key-file"}, command


def test_missing_keys_are_told() -> None:
    result = run("audiences", "list")
    assert result.exit_code == 2
    assert "error: no rest_api_key: set BATCH_REST_API_KEY and BATCH_PROJECT_KEY, or write" in result.stderr


def test_profiles_of_the_configuration_file(served: Sandbox, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (home / "key").write_text(f"{REST_API_KEY}\n", encoding="utf-8")
    write_config(
        home,
        f"""default_profile = "test"
[profiles.test]
rest_api_key_file = "{home / "key"}"
project_key = "{PROJECT_KEY}"
[profiles.wrong]
rest_api_key = "wrong"
""",
    )
    assert run("--profile", "wrong", "audiences", "list").exit_code == 3  # stronger than the environment
    monkeypatch.delenv("BATCH_REST_API_KEY")
    monkeypatch.delenv("BATCH_PROJECT_KEY")
    assert run("audiences", "list").exit_code == 0
    assert run("--profile", "wrong", "--key-file", "key", "audiences", "list").exit_code == 2  # it has no project key
    unknown = run("--profile", "none", "audiences", "list")
    assert (unknown.exit_code, "has no profile 'none'; it has test, wrong" in unknown.stderr) == (2, True)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[", "cannot read the configuration file"),
        ('[profiles.default]\nkey = "x"', "profile default has 'key'; it may have rest_api_key"),
        ("[profiles.default]\nproject_key = 1", "project_key of profile default must be a string"),
        ('[profiles.default]\nrest_api_key_file = "/none"', "cannot read the key file /none"),
    ],
)
def test_bad_configuration_is_told(text: str, says: str, home: Path) -> None:
    write_config(home, text)
    result = run("audiences", "list")
    assert (result.exit_code, says in result.stderr, len(result.stderr.splitlines())) == (2, True, 1)


def test_file_with_a_key_that_others_can_read_is_warned_of(served: Sandbox, home: Path) -> None:
    path = write_config(home, '[profiles.default]\nrest_api_key = "x"')
    path.chmod(0o644)
    assert "warning: " in run("audiences", "list").stderr
    path.chmod(stat.S_IRUSR)
    assert "warning: " not in run("audiences", "list").stderr


def test_keyring_is_asked_last(served: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, str]] = []

    def get_password(service: str, name: str) -> str:
        asked.append((service, name))
        return REST_API_KEY

    keyring: Any = types.ModuleType("keyring")  # which is not installed here
    keyring.get_password = get_password
    monkeypatch.setitem(sys.modules, "keyring", keyring)
    monkeypatch.delenv("BATCH_REST_API_KEY")
    assert run("audiences", "list").exit_code == 0
    assert asked == [("batch-client", "default/rest_api_key")]


def test_doctor_finds_what_is_wrong(served: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    well = run("doctor")
    assert (well.exit_code, "FAIL" in well.stderr) == (0, False)
    assert REST_API_KEY not in well.output
    assert PROJECT_KEY not in well.output
    monkeypatch.setattr(_doctor, "MOST_SECONDS_OFF", -1.0)
    assert "FAIL clock" in run("doctor").stderr
    monkeypatch.setenv("BATCH_REST_API_KEY", "wrong")
    refused = run("doctor")
    assert (refused.exit_code, "FAIL keys" in refused.stderr) == (3, True)
    monkeypatch.setenv("BATCH_BASE_URL", "http://127.0.0.1:9")
    unreachable = run("doctor")
    assert (unreachable.exit_code, "FAIL network" in unreachable.stderr) == (3, True)
    monkeypatch.setenv("BATCH_API_VERSION", "1.0")
    assert run("doctor").exit_code == 2
    monkeypatch.delenv("BATCH_PROJECT_KEY")
    missing = run("doctor")
    assert (missing.exit_code, "FAIL project_key: is set nowhere" in missing.stderr) == (2, True)


def test_output_of_an_unknown_enum_value_passes_through(monkeypatch: pytest.MonkeyPatch) -> None:
    call = call_of("audience_view")
    monkeypatch.setattr(
        type(call), "respond", lambda _: httpx.Response(200, json=AUDIENCE | {"type": "EMAIL", "new": 1})
    )
    with answering(monkeypatch, call):
        shown = json.loads(run("audiences", "view", "--name", "vip").stdout)
    assert (shown["type"], shown["new"]) == ("EMAIL", 1)
