"""What `make faults` prints of the tests that carry the marker `fault`."""

from __future__ import annotations

from pathlib import Path

from tests.faults.marked import Row, read_report

REPORT = """<testsuites><testsuite>
<testcase name="a"><properties><property name="fault" value="('a fork', &quot;a client's own&quot;)"/></properties>
</testcase>
<testcase name="b"><properties><property name="fault" value="('a full disk', 'one line')"/></properties></testcase>
<testcase name="c"><properties><property name="fault" value="('a full disk', 'one line')"/></properties>
<failure message="m"/></testcase>
<testcase name="d"/>
</testsuite></testsuites>"""


def test_fault_fails_with_one_of_its_tests(tmp_path: Path) -> None:
    (tmp_path / "report.xml").write_text(REPORT, encoding="utf-8")
    assert read_report(tmp_path / "report.xml") == [
        Row("a fork", "a client's own"),
        Row("a full disk", "one line", passed=False),
    ]


def test_run_that_wrote_no_report_shows_no_fault(tmp_path: Path) -> None:
    assert read_report(tmp_path / "report.xml") == []
