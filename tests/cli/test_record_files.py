"""Records and ids from files: what JSON and Parquet hold beyond text, and what cannot be read."""

from __future__ import annotations

import datetime
import io
import json
from decimal import Decimal
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from batch_client.cli import _objects
from batch_client.sandbox import Sandbox
from tests.cli.running import assert_one_line, rejects, run

pytestmark = pytest.mark.any_documents

DEEP = "[" * 100_000 + "]" * 100_000
DIGITS = "1" * 5000


def imported(served: Sandbox, name: str) -> list[str]:
    result = run("profiles", "import", name, "--rejects", "rejects.csv")
    assert result.exit_code in (0, 1), result.output
    return list(served.profiles)


# Ids

GOOD_IDS = {
    "ann": "ann",
    "007": "007",
    7: "7",
    123.0: "123",
    -5: "-5",
    2.0**52: "4503599627370496",
    10**30: str(10**30),
}
BAD_IDS = [True, {"a": 1}, ["a"], 1.5, 1e16, 2.0**53, -1e300, "", None]


@pytest.mark.fault(
    "an id that is no text", "a whole number becomes digits, also 123.0; all else is rejected with its line"
)
@pytest.mark.parametrize("more", [{}, {"attributes": {"a": 1}}], ids=["id", "as the API takes it"])
@pytest.mark.parametrize("name", ["ids.ndjson", "ids.json"])
def test_ids_of_json_are_text_or_whole_numbers(name: str, more: dict[str, Any], served: Sandbox, home: Path) -> None:
    ids = [*GOOD_IDS, *BAD_IDS]
    lines = [json.dumps({"id": id_} | more) for id_ in ids]
    (home / name).write_text("\n".join(lines) if name == "ids.ndjson" else f"[{','.join(lines)}]", encoding="utf-8")
    options = ["--id-column", "id", "--rejects", "rejects.csv"]
    result = run("audiences", "sync", "vip", name, *options)
    assert result.exit_code == 1
    found = rejects(home / "rejects.csv")
    assert set(found) == set(range(len(GOOD_IDS) + 1, len(ids) + 1))
    assert set(served.audiences["vip"].ids) == set(GOOD_IDS.values())


def test_ids_of_profiles_as_the_api_takes_them_are_text_too(served: Sandbox, home: Path) -> None:
    profiles = [{"identifiers": {"custom_id": id_}, "attributes": {"a": 1}} for id_ in (1, 2.0, "3", True, {"b": 1})]
    (home / "p.json").write_text(json.dumps(profiles), encoding="utf-8")
    assert imported(served, "p.json") == ["1", "2", "3"]
    assert set(rejects(home / "rejects.csv")) == {4, 5}


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([1.0, None, 3.0], {"1": 1, "3": 3}),
        ([1.0, 2.5, float("nan")], {"1": 1}),
        ([1e15, 1e16], {"1000000000000000": 1}),
        ([2**63 - 1, None], {str(2**63 - 1): 1}),
        ([Decimal("12.00"), Decimal("12.50")], {"12": 1}),
        ([b"ann", b"ben"], {}),
        ([datetime.date(2024, 5, 2), datetime.date(2024, 5, 3)], {}),
        ([datetime.datetime(2024, 5, 2), None], {}),
        ([True, False], {}),
        ([["a"], ["b"]], {}),
        ([{"a": 1}, {"a": 2}], {}),
    ],
    ids=str,
)
def test_ids_of_parquet_are_text_or_whole_numbers(
    values: list[Any], expected: dict[str, int], served: Sandbox, home: Path
) -> None:
    import pyarrow
    import pyarrow.parquet

    plans = [f"p{number}" for number in range(len(values))]
    pyarrow.parquet.write_table(pyarrow.table({"custom_id": values, "plan": plans}), home / "ids.parquet")
    assert imported(served, "ids.parquet") == list(expected)
    assert len(rejects(home / "rejects.csv")) == len(values) - len(expected)


def test_value_of_parquet_that_python_has_no_form_for_rejects_its_row(served: Sandbox, home: Path) -> None:
    import pyarrow
    import pyarrow.parquet

    days = pyarrow.array([0, 2**40, 1], pyarrow.int64()).cast(pyarrow.timestamp("s"))
    pyarrow.parquet.write_table(pyarrow.table({"custom_id": ["a", "b", "c"], "day": days}), home / "ids.parquet")
    assert imported(served, "ids.parquet") == ["a", "c"]
    assert set(rejects(home / "rejects.csv")) == {2}


# JSON

BAD_VALUES = {
    "deep": DEEP,
    "digits": DIGITS,
    "NaN": "NaN",
    "Infinity": "-Infinity",
    "huge": "1e999",
    "surrogate": '"\\ud800"',
}


@pytest.mark.fault(
    "JSON that is nested too deeply, or that Python reads and the API does not", "its record is rejected"
)
@pytest.mark.parametrize("name", BAD_VALUES)
@pytest.mark.parametrize("file", ["bad.ndjson", "bad.json"])
def test_record_that_is_not_json_is_rejected(name: str, file: str, served: Sandbox, home: Path) -> None:
    lines = ['{"custom_id": "ann"}', f'{{"custom_id": "ben", "a": {BAD_VALUES[name]}}}', '{"custom_id": "cy"}']
    text = "\n".join(lines) if file == "bad.ndjson" else f"[{','.join(lines)}]"
    (home / file).write_text(text, encoding="utf-8")
    assert imported(served, file) == ["ann", "cy"]
    assert set(rejects(home / "rejects.csv")) == {2}


def test_whole_file_of_brackets_has_no_records(served: Sandbox, home: Path) -> None:
    (home / "bad.json").write_text(DEEP, encoding="utf-8")
    assert imported(served, "bad.json") == []
    (home / "bad.json").write_text(DEEP[:100_000], encoding="utf-8")
    assert_one_line(run("profiles", "import", "bad.json"), 2, "is no JSON array of objects")


@pytest.mark.parametrize("chunk", [1, 3, 2**20])
def test_array_is_read_whatever_the_chunks(
    chunk: int, served: Sandbox, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_objects, "_CHUNK", chunk)
    rows = ['{"custom_id": "a"}', "12.5", '"{"', "NaN", '[{"custom_id": "x"}]', '{"custom_id": "b", "n": ["]", "}"]}']
    rows += [f'{{"custom_id": "c", "n": ["\\\\", "\\"]}}", {DIGITS}]}}', '{"custom_id": "d"}']
    (home / "rows.json").write_text(" [ " + " , ".join(rows) + " ] ", encoding="utf-8")
    assert imported(served, "rows.json") == ["a", "b", "d"]
    assert set(rejects(home / "rejects.csv")) == {2, 3, 4, 5, 7}


@pytest.mark.fault(
    "a JSON array with values that are no objects", "each is rejected with its row, and every object is sent"
)
def test_every_value_of_an_array_is_a_row(monkeypatch: pytest.MonkeyPatch) -> None:
    values = [
        "7",
        "-1.5e3",
        "null",
        "true",
        '"]"',
        '"\\""',
        "[]",
        "[[1],{}]",
        "{}",
        '{"a":[1]}',
        '{"b":"}"}',
        "NaN",
        "1e999",
    ]
    places = [(",", ""), (" ,\n", " ")]
    for count, (comma, end), chunk in product(range(4), places, [1, 2, 5, 2**20]):
        monkeypatch.setattr(_objects, "_CHUNK", chunk)
        for chosen in product(values, repeat=count):
            text = f"[{end}{comma.join(chosen)}{end}]{end}"
            expected = [value if isinstance(value, dict) else None for value in json.loads(text)]
            found = [value if isinstance(value, dict) else None for value in _objects.Objects(io.StringIO(text))]
            assert found == expected, (text, chunk)


@pytest.mark.parametrize(
    ("text", "ids", "bad"),
    [
        ('[{"custom_id":"a"},7,{"custom_id":"bb"}]', ["a", "bb"], {2}),
        ('[{"custom_id":"a"},7]', ["a"], {2}),
        ('[7,{"custom_id":"b"}]', ["b"], {1}),
        ('[{"custom_id":"a"},null,{"custom_id":"b"}]', ["a", "b"], {2}),
        ('{"custom_id":"a"} 7 {"custom_id":"b"}', ["a", "b"], {2}),
        ('{"custom_id":"a"} 7', ["a"], {2}),
        ('{"custom_id":"a"} NaN', ["a"], {2}),
        (f'{{"custom_id":"a"}} {DIGITS}', ["a"], {2}),
    ],
)
def test_values_near_the_end_are_rejected(
    text: str, ids: list[str], bad: set[int], served: Sandbox, home: Path
) -> None:
    (home / "rows.json").write_text(text, encoding="utf-8")
    assert imported(served, "rows.json") == ids
    assert set(rejects(home / "rejects.csv")) == bad


def test_record_that_is_too_long_is_skipped(served: Sandbox, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_objects, "_CHUNK", 100)
    monkeypatch.setattr(_objects, "MAX_ROW", 1000)
    records = ['{"custom_id": "a"}', f'{{"custom_id": "x", "n": "{{{"y" * 5000}"}}', '{"custom_id": "b"}']
    (home / "rows.json").write_text(f"[{','.join(records)}]", encoding="utf-8")
    assert imported(served, "rows.json") == ["a", "b"]
    assert "is longer than 1,000 characters" in rejects(home / "rejects.csv")[2]["reason"]


@pytest.mark.parametrize("end", ["", ",", "]]", '] {"custom_id": "b"}', '{"custom_id": "b"}]', ", {]"])
def test_damaged_array_is_one_line(end: str, served: Sandbox, home: Path) -> None:
    (home / "bad.json").write_text('[{"custom_id": "a"}' + end, encoding="utf-8")
    assert_one_line(run("profiles", "import", "bad.json"), 2, "is no JSON array of objects, nor one object a line: ")


@pytest.mark.parametrize("name", BAD_VALUES)
def test_body_that_is_not_json_is_one_line(name: str, served: Sandbox, home: Path) -> None:
    (home / "body.json").write_text(f'{{"name": "a", "type": {BAD_VALUES[name]}}}', encoding="utf-8")
    assert_one_line(run("audiences", "create", "--body", "@body.json"), 2, "body.json is no JSON: ")
    body = '{"name": "a", "attributes": ["x"], "n": NaN}'
    assert_one_line(run("profiles", "export", "--body", body), 2, "--body is no JSON: NaN is not JSON")
    assert served.requests == []


def test_cell_with_deep_json_is_rejected(served: Sandbox, home: Path) -> None:
    (home / "people.csv").write_text(f"custom_id,tags\nann,{DEEP}\nben,[NaN]\ncy,a;b\n", encoding="utf-8")
    result = run("profiles", "import", "people.csv", "--type", "tags=array")
    assert (result.exit_code, list(served.profiles)) == (1, ["cy"])


def test_deep_configuration_is_one_line(home: Path) -> None:
    (home / "config.toml").write_text(f"a = {DEEP[:2000]}", encoding="utf-8")
    assert_one_line(run("--config", "config.toml", "audiences", "list"), 2, "cannot read the configuration file")
