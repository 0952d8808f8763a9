"""CSV as it comes: long cells, damaged quotes, odd headers and odd bytes."""

from __future__ import annotations

import csv
import io
import random
import time
import tracemalloc
from collections.abc import Callable
from contextlib import closing
from functools import partial
from itertools import product
from pathlib import Path

import pytest

from batch_client.bulk import UnreadableRecord
from batch_client.cli import _csv
from batch_client.cli._files import Rows
from batch_client.cli._objects import MAX_ROW
from batch_client.sandbox import Sandbox
from tests.cli.running import execute, rejects, run

pytestmark = pytest.mark.any_documents

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
    assert (found[0], found[1]["reason"]) == (3, "is longer than 4,096 characters")


DAMAGED = {
    "text after a quote": f'ben,"a"b,"\n{FORGED}\n"',
    "text after a quote, at once": 'ben,"x"y',
    "text after a quote that is blank": 'ben,"x" ,y',
    "quotes that are not doubled": f'ben,"he said "hi", then\n{FORGED}\n"',
    "inches": 'ben,"12" TV"',
    "a space before a quote": f'ben, "x\n{FORGED}"',
    "a space of another kind before a quote": f'ben,\u00a0\u200b"x\n{FORGED}"',
    "a byte order mark before a quote": f'\ufeff"ben\n{FORGED}"',
    "an escaped quote": f'ben,"a \\", b\n{FORGED}\n"',
    "an escaped quote at the end": f'ben,"a \\""\n{FORGED}\n"\n{FORGED}\n"',
    "an escaped line break": f"ben,a\\\n{FORGED}",
    "never closed": f'ben,"open\n{FORGED}',
}


@pytest.mark.fault(
    "quotes in a CSV file that can be read in two ways, such as a quote after a space, escaped, or never closed",
    "the file is refused from that line on; no row is made of what may be inside a cell",
)
@pytest.mark.parametrize("piece", [1, 2, 3, 2**16])
@pytest.mark.parametrize("name", DAMAGED)
def test_file_is_refused_from_a_doubtful_quote_on(
    name: str, piece: int, served: Sandbox, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_csv, "_PIECE", piece)
    (home / "people.csv").write_text(f"custom_id,note\nann,1\n{DAMAGED[name]}\ncy,3\n", encoding="utf-8")
    result = run("profiles", "import", "people.csv", "--rejects", "rejects.csv")
    assert (result.exit_code, "error: people.csv: line 3: " in result.stderr) == (2, True), result.stderr
    assert "each quote inside of a quoted cell doubled" in result.stderr
    assert set(served.profiles) <= {"ann"}


def test_file_that_was_refused_goes_on_when_it_is_whole(served: Sandbox, home: Path) -> None:
    rows = "".join(f"id{number},{number}\n" for number in range(500))
    (home / "people.csv").write_text(f'custom_id,note\n{rows}ben,"x"y\ncy,3\n', encoding="utf-8")
    result = run("profiles", "import", "people.csv", "--mode", "stream")
    assert result.exit_code == 2
    assert "people.csv: line 502: text follows a closing quote" in result.stderr
    assert "to go on when the file is whole: " in result.stderr
    sent = set(served.profiles)
    assert sent
    assert not sent & {"ben", "cy"}
    calls = len(served.requests)
    (home / "people.csv").write_text(f'custom_id,note\n{rows}ben,"x""y"\ncy,3\n', encoding="utf-8")
    assert run("profiles", "import", "people.csv", "--mode", "stream").exit_code == 0
    assert len(served.profiles) == 502
    assert len(served.requests) - calls < calls + 2


@pytest.mark.parametrize(
    "cell", ['5" pipe', '5"', 'a "b" c', "it's", "C:\\x", "\\", '"C:\\x"', '"a ""b"" c"', '""', '""""']
)
def test_quotes_that_open_and_close_nothing_are_text(cell: str, served: Sandbox, home: Path) -> None:
    (home / "people.csv").write_text(f"custom_id,note,more\nann,{cell},x\n", encoding="utf-8")
    assert imported(served) == {"ann"}
    expected = cell[1:-1].replace('""', '"') if cell.startswith('"') else cell
    assert served.profiles["ann"].attributes.get("note", "") == expected


def parsed(text: str, rows: Callable[[], list[str] | None]) -> tuple[list[list[str]], bool]:
    found: list[list[str]] = []
    try:
        while (row := rows()) is not None:
            found.append(row)
    except (csv.Error, _csv.DamagedRowError):
        return found, True
    return found, False


def test_rows_are_those_of_the_standard_library_or_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """Try all short files of the signs that matter: whoever reads on, reads what others read."""
    refused = 0
    for signs in product('",\\\n a', repeat=5):
        text = "id,a\n" + "".join(signs)
        theirs = csv.reader(io.StringIO(text, newline=""), strict=True)
        expected, is_damaged = parsed(text, partial(next, theirs, None))
        for piece in (1, 2**16):
            monkeypatch.setattr(_csv, "_PIECE", piece)
            rows, stopped = parsed(text, _csv.CsvRows(io.StringIO(text, newline=""), ",").read)
            assert rows == expected[: len(rows)], text
            assert stopped or (len(rows) == len(expected) and not is_damaged), text
            refused += stopped
    assert refused


def test_what_the_standard_library_writes_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    signs = random.Random(7)
    for _ in range(3000):
        monkeypatch.setattr(_csv, "_PIECE", signs.choice([1, 2, 3, 7, 100]))
        separator, line_break = signs.choice(",;\t|"), signs.choice(["\n", "\r\n", "\r"])
        width = signs.randint(2, 4)
        header = [f"c{number}" for number in range(width)]
        cells = ["".join(signs.choices('a"\n\r,;\t| é', k=signs.randint(0, 5))) for _ in range(width * 5)]
        table = [cells[row * width : (row + 1) * width] for row in range(5)]
        target = io.StringIO(newline="")
        # Without quotes it writes line breaks other than its own as they are.
        quoting = csv.QUOTE_MINIMAL if line_break == "\r\n" else csv.QUOTE_ALL
        csv.writer(target, delimiter=separator, lineterminator=line_break, quoting=quoting).writerows([header, *table])
        rows = _csv.CsvRows(io.StringIO(target.getvalue(), newline=""), ",;\t|")
        assert parsed("", rows.read) == ([header, *table], False), target.getvalue()


def test_lines_are_counted_whatever_breaks_them(monkeypatch: pytest.MonkeyPatch) -> None:
    for line_break, piece in product(["\n", "\r\n", "\r"], [1, 2, 3, 100]):
        monkeypatch.setattr(_csv, "_PIECE", piece)
        text = line_break.join(["", "id,a", "1,2", "", '3,"x', "", 'y"', "5,6", ""])
        rows, lines = _csv.CsvRows(io.StringIO(text, newline=""), ","), []
        while True:
            lines.append(rows.line)
            if rows.read() is None:
                break
        assert lines == [2, 3, 4, 5, 8, 9]


@pytest.mark.fault("a CSV cell of 20 million line breaks", "its row is rejected in a few seconds and in flat memory")
def test_cell_of_millions_of_lines_is_skipped_in_flat_memory(home: Path) -> None:
    for lines in (10_000_000, 20_000_000):
        (home / "long.csv").write_text('id,a\n1,"' + "x\n" * lines + '"\n2,b\n', encoding="utf-8")
        start = time.process_time()
        with closing(Rows(home / "long.csv", "csv")) as rows:
            tracemalloc.start()
            first, second = rows
            peak = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
        assert (isinstance(first, UnreadableRecord), second) == (True, {"id": "2", "a": "b"})
        assert rows.places.line_of(1) == lines + 3
        assert peak < 4 * MAX_ROW
        assert time.process_time() - start < 20


@pytest.mark.fault("empty lines before a CSV header", "they are skipped, and rows have the lines that they are on")
@pytest.mark.parametrize("empty", ["\n", "\r\n\r\n", " \n", "\ufeff\n"])
def test_empty_lines_before_the_header_are_skipped(empty: str, served: Sandbox, home: Path) -> None:
    (home / "people.csv").write_text(f"{empty}custom_id;plan\nann;a\n;b\n", encoding="utf-8", newline="")
    assert imported(served) == {"ann"}
    assert list(rejects(home / "rejects.csv")) == [3 + empty.count("\n")]


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
