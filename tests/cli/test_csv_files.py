"""CSV as it comes: long cells, damaged quotes, odd headers and odd bytes."""

from __future__ import annotations

import time
from contextlib import closing
from pathlib import Path

import pytest

from batch_client.cli import _csv
from batch_client.cli._files import Rows
from batch_client.sandbox import Sandbox
from tests.cli.running import execute, rejects, run

FORGED = "mallory,evil"


def imported(served: Sandbox, *options: str) -> set[str]:
    result = run("profiles", "import", "people.csv", "--rejects", "rejects.csv", *options)
    assert result.exit_code in (0, 1), result.output
    return set(served.profiles)


@pytest.mark.fault("a CSV cell of more than 131,072 characters", "it is one cell: no row is made of the text inside it")
@pytest.mark.parametrize("length", [131_073, 300_000, 2_000_000])
def test_long_cell_makes_no_row(length: int, served: Sandbox, home: Path) -> None:
    cell = "x" * length + f"\n{FORGED}\n" + "y" * length
    (home / "people.csv").write_text(f'custom_id,note\nann,1\nben,"{cell}"\ncy,3\n', encoding="utf-8")
    assert imported(served) == {"ann", "cy"}
    (line,) = rejects(home / "rejects.csv")  # the API takes no text of that length
    assert line == 3


@pytest.mark.parametrize(
    "row",
    [
        f'ben,"{"x" * 5000}\n{FORGED}\n{"y" * 5000}"',
        f'ben,"{FORGED}""\n{FORGED}\n""{"y" * 5000}"',
        'ben,"' + f"\n{FORGED}" * 1000 + '"',
        f"ben,{'x' * 9000}",
        'ben,"' + '"' * 9000 + '"',
    ],
    ids=["lines", "quotes", "many lines", "one line", "only quotes"],
)
def test_row_that_is_too_long_is_skipped_to_its_end(
    row: str, served: Sandbox, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_csv, "MAX_ROW", 4096)
    monkeypatch.setattr(_csv, "_PIECE", 7)
    (home / "people.csv").write_text(f"custom_id,note\nann,1\n{row}\ncy,3\n", encoding="utf-8")
    assert imported(served) == {"ann", "cy"}
    (found,) = rejects(home / "rejects.csv").items()
    assert (found[0], found[1]["reason"]) == (3, "is longer than 4,096 characters; is a quote never closed?")


DAMAGED = {
    "text after a quote": ('ben,"a"b,"\n' + FORGED + '\n"', {"ann", "cy"}),
    "quote in a quoted cell": ('ben,"he said "hello,\n' + FORGED + '\n" to me"', {"ann", "cy"}),
    "inches": ('ben,"12" TV"', {"ann", "cy"}),
    "inches on both sides": ('ben,"12" by 9" TV"', {"ann", "cy"}),
    "never closed": (f'ben,"open\n{FORGED}', {"ann"}),
    "quote in an open cell": ('ben,5" pipe', {"ann", "ben", "cy"}),
}


@pytest.mark.fault(
    "a quote in a CSV file that never closes, or stands in the wrong place",
    "its row is rejected, with its line; no row is made of what may be inside a cell",
)
@pytest.mark.parametrize("name", DAMAGED)
def test_damaged_quotes_make_no_row(name: str, served: Sandbox, home: Path) -> None:
    row, expected = DAMAGED[name]
    (home / "people.csv").write_text(f"custom_id,note\nann,1\n{row}\ncy,3\n", encoding="utf-8")
    found = imported(served)
    assert found == expected
    if "ben" not in found:
        assert min(rejects(home / "rejects.csv")) == 3


def test_cell_of_thousands_of_lines_is_one_cell(served: Sandbox, home: Path) -> None:
    lines = "\n".join(FORGED for _ in range(5000))
    (home / "people.csv").write_text(f'custom_id,plan,note\nann,a,"{lines}"\nben,b,c\n', encoding="utf-8")
    assert imported(served, "--map", "note=") == {"ann", "ben"}


@pytest.mark.parametrize("line_break", ["\r", "\r\n", "\n"])
def test_line_breaks_of_all_systems_are_read(line_break: str, served: Sandbox, home: Path) -> None:
    text = line_break.join(["custom_id,plan", "ann,a", ",b", "cy,c", ""])
    (home / "people.csv").write_text(text, encoding="utf-8", newline="")
    assert imported(served) == {"ann", "cy"}
    assert list(rejects(home / "rejects.csv")) == [3]


def test_several_byte_order_marks_are_no_part_of_the_first_column(served: Sandbox, home: Path) -> None:
    (home / "people.csv").write_text("\ufeff\ufeff\ufeffcustom_id,plan\nann,a\n\ufeffben,b\n", encoding="utf-8")
    assert imported(served) == {"ann"}
    assert "byte order mark" in rejects(home / "rejects.csv")[3]["reason"]


def test_null_characters_are_rejected(served: Sandbox, home: Path) -> None:
    (home / "people.csv").write_bytes(b"custom_id,plan\nann,a\nb\0n,b\ncy,c\n")
    assert imported(served) == {"ann", "cy"}
    assert "NUL character" in rejects(home / "rejects.csv")[3]["reason"]
    (home / "people.csv").write_bytes("custom_id\nann\n".encode("utf-16-le"))
    result = run("profiles", "import", "people.csv")
    assert (result.exit_code, "line 1 holds a NUL character" in result.stderr) == (2, True)


# Headers


@pytest.mark.fault("a CSV header of more than 131,072 characters", "it is read")
def test_long_header_is_read(served: Sandbox, home: Path) -> None:
    columns = [f"column_{number}" for number in range(20_000)]
    text = f"custom_id,{','.join(columns)}\nann,{',' * (len(columns) - 1)}\n"
    (home / "people.csv").write_text(text, encoding="utf-8")
    assert imported(served) == {"ann"}
    result = run("profiles", "import", "people.csv", "--id-column", "none")
    assert (result.exit_code, "and 19,951 more" in result.stderr) == (2, True)


@pytest.mark.fault("a CSV header that has the separator of another in quotes", "the one outside of quotes separates")
@pytest.mark.parametrize("header", ['custom_id,"a;b;c;d"', '"custom_id","a ""b""; c; d"', 'custom_id,"a;\nb;c"'])
def test_separators_in_quotes_do_not_count(header: str, served: Sandbox, home: Path) -> None:
    (home / "people.csv").write_text(f"{header}\nann,\n", encoding="utf-8")
    assert imported(served) == {"ann"}


# Pipes and large files


@pytest.mark.fault("a file that is a pipe, such as <(cat file)", "it is read once, in order, whatever its format")
@pytest.mark.parametrize("kind", ["csv", "json", "ndjson", "txt", "parquet"])
@pytest.mark.parametrize("file", ["<(cat people)", "-"])
def test_pipe_is_read_once(kind: str, file: str, served: Sandbox, home: Path) -> None:
    texts = {"csv": "id\nann\nben\n", "json": '[{"custom_id": "ann"}, {"custom_id": "ben"}]', "txt": "ann\nben\n"}
    texts["ndjson"] = texts["json"].replace("}, {", "}\n{")[1:-1]
    if kind == "parquet":
        import pyarrow
        import pyarrow.parquet

        pyarrow.parquet.write_table(pyarrow.table({"id": ["ann", "ben"]}), home / "people")
    else:
        (home / "people").write_text(texts[kind], encoding="utf-8")
    source = f"{file} < people" if file == "-" else file
    result = execute("profiles", "import", "--format", kind, redirect=source)
    assert (result.returncode, list(served.profiles)) == (0, ["ann", "ben"]), result.stderr


def seconds_to_read(path: Path, name: str) -> float:
    start = time.process_time()
    with closing(Rows(path, name)) as rows:
        assert len(list(rows)) == 1
    return time.process_time() - start


@pytest.mark.fault("a line of hundreds of megabytes", "reading it takes time in proportion to its length")
@pytest.mark.parametrize(
    ("kind", "start", "end"),
    [("ndjson", '{"a": "', '"}\n'), ("json", '[{"a": "', '"}]'), ("csv", 'id,a\n1,"', '"\n'), ("txt", "", "\n")],
)
def test_long_lines_take_linear_time(kind: str, start: str, end: str, home: Path) -> None:
    seconds = []
    for megabytes in (8, 64):
        (home / "long").write_text(start + "x" * (megabytes * 2**20) + end, encoding="utf-8")
        seconds.append(min(seconds_to_read(home / "long", kind) for _ in range(2)))
    # In proportion it is 8 times as much; in quadratic time 64 times.
    assert seconds[1] < 24 * seconds[0] + 0.1
