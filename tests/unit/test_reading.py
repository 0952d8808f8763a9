"""How a response becomes a model: which times are read, whose dict a model holds, what each flaw is reported as."""

from __future__ import annotations

import datetime
import re
import subprocess
import sys
from collections import OrderedDict, defaultdict
from collections.abc import Callable
from types import MappingProxyType
from typing import Any

import pytest
from dateutil.parser import isoparse
from hypothesis import example, given, settings
from hypothesis import strategies as st

from batch_generated.errors import UnexpectedShape
from batch_generated.models import AudienceList, AudienceView, EditProfile, Orchestration
from batch_generated.types import UNSET, parse_datetime
from tests.calls import AUDIENCE

DIGITS = st.text("0123456789", min_size=1, max_size=8)
DATES = st.one_of(
    st.dates().map(datetime.date.isoformat),
    st.dates().map(lambda day: day.strftime("%Y%m%d")),
    st.dates().map(lambda day: day.strftime("%G-W%V-%u")),
    st.dates().map(lambda day: day.strftime("%G-W%V")),
    st.dates().map(lambda day: day.strftime("%GW%V%u")),
    st.dates().map(lambda day: day.strftime("%Y-%j")),
    st.dates().map(lambda day: day.strftime("%Y-%m")),
)
CLOCKS = st.one_of(
    st.times().map(datetime.time.isoformat),
    st.times().map(lambda time: time.strftime("%H:%M")),
    st.times().map(lambda time: time.strftime("%H%M%S")),
    st.times().map(lambda time: time.strftime("%H")),
    st.sampled_from(["24:00:00", "24:00", "24:00:01", "23:59:60", "10:3000", "1030:00"]),
    st.builds("{}{}{}".format, st.just("10:20:30"), st.sampled_from([".", ",", ":", ""]), DIGITS),
)
ZONES = st.sampled_from(
    ["", "Z", "z", "+00:00", "-00:00", "+02", "+0230", "-05:30", "+23:59", "+24:00", "+01:60", "+01:00:30", "+1", " Z"]
)
WRITTEN = st.builds("{}{}{}{}".format, DATES, st.sampled_from(["T", "t", " ", "_", "Z", "é", ""]), CLOCKS, ZONES)


@st.composite
def spoiled(draw: st.DrawFn) -> str:
    """Return a time with a few characters changed, dropped or added."""
    text = draw(WRITTEN)
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(text)))
        text = text[:at] + draw(st.text("0129TZWz:-+., é٣", max_size=2)) + text[at + draw(st.integers(0, 2)) :]
    return text


@settings(max_examples=2000, deadline=None)
@given(st.one_of(WRITTEN, spoiled()))
@example("2024-W01T10:00:00.5Z")
@example("2024-06-15T14:30:00Z")
@example("9999-12-31T24:00:00Z")
@example("2024-06-15T14:30:00.123456789+02:00")
def test_the_times_of_iso_8601_are_read(text: str) -> None:
    try:
        expected = isoparse(text)
    except (ValueError, OverflowError):
        with pytest.raises(UnexpectedShape, match="is no ISO 8601 time"):
            parse_datetime(text)
        return
    parsed = parse_datetime(text)
    assert parsed == (expected if expected.tzinfo else expected.replace(tzinfo=datetime.UTC))
    assert isinstance(parsed.tzinfo, datetime.timezone)
    assert parsed.utcoffset() == (expected.utcoffset() or datetime.timedelta())


@pytest.mark.parametrize("value", [5, True, [], {}, ["2024-06-15T14:30:00Z"], b"2024-06-15T14:30:00Z"])
def test_what_is_not_text_is_no_time(value: Any) -> None:
    with pytest.raises(UnexpectedShape, match=re.escape(f"{value!r} should be a time")):
        parse_datetime(value)


def test_usual_times_are_read_without_dateutil() -> None:
    code = (
        "import sys\n"
        "from batch_generated.types import parse_datetime\n"
        "for text in sys.argv[1:]: parse_datetime(text)\n"
        "assert 'dateutil' not in sys.modules\n"
        "parse_datetime('2024-W01')\n"
        "assert 'dateutil' in sys.modules\n"
    )
    times = ["2024-06-15T14:30:00Z", "2024-06-15T14:30:00.123Z", "2024-06-15T14:30:00", "2024-06-15T14:30:00.5+02:00"]
    subprocess.run([sys.executable, "-c", code, *times], check=True)


VIEW = {name: value for name, value in AUDIENCE.items() if name != "display_name"}


@pytest.mark.parametrize("wrap", [dict, OrderedDict, MappingProxyType, lambda value: defaultdict(list, value)])
@pytest.mark.parametrize("extra", [{}, {"new": 1}, {"new": 1, "display_name": "VIP"}, {"display_name": None}])
def test_unknown_members_are_kept_in_a_dict_of_the_model(wrap: Callable[[Any], Any], extra: dict[str, Any]) -> None:
    source = wrap(VIEW | extra)
    view = AudienceView.from_dict(source)
    assert view.additional_properties == ({"new": 1} if "new" in extra else {})
    view.additional_properties["own"] = True
    assert dict(source) == VIEW | extra


def test_model_of_a_subclass_is_made_by_its_constructor() -> None:
    class Counted(AudienceView):
        made = 0

        def __init__(self, **values: Any) -> None:
            super().__init__(**values)
            type(self).made += 1

    assert isinstance(Counted.from_dict(VIEW), Counted)
    assert Counted.made == 1


@pytest.mark.parametrize(
    ("model", "value", "problem"),
    [
        (AudienceView, VIEW | {"name": None}, "AudienceView has null for its required property 'name'"),
        (AudienceView, VIEW | {"created": None}, "AudienceView has null for its required property 'created'"),
        (AudienceView, VIEW | {"type": 5}, "5 is not a valid AudienceType"),
        (AudienceView, VIEW | {"type": ["x"]}, "['x'] is not a valid AudienceType"),
        (AudienceView, VIEW | {"created": 5}, "5 should be a time"),
        (AudienceView, VIEW | {"created": "today"}, "'today' is no ISO 8601 time"),
        (AudienceView, {"created": 5}, "AudienceView lacks its required property 'name'"),
        (AudienceList, {"audiences": {}}, "audiences should be an array, not dict"),
        (AudienceList, {"audiences": [VIEW, None]}, "AudienceView should be an object, not NoneType"),
        (Orchestration, {"id": "x", "channels": ""}, "channels should be an array, not str"),
        (Orchestration, {"id": "x", "channels": {}}, "channels should be an array, not dict"),
        (Orchestration, {"id": "x", "channels": ["push", []]}, "[] is not a valid OrchestrationChannel"),
        (Orchestration, {"id": "x", "labels": "sale"}, "labels should be an array, not str"),
        (EditProfile, {"identifiers": {}, "events": [{}]}, "ProfileEvent lacks its required property 'name'"),
    ],
)
def test_flaw_is_named(model: Any, value: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(problem)}$"):
        model.from_dict(value)


def test_absent_and_null_lists_are_told_apart_from_empty_ones() -> None:
    assert AudienceList.from_dict({"audiences": None}).audiences == []
    read = Orchestration.from_dict({"id": "x", "channels": None, "labels": []})
    assert (read.channels, read.platforms, read.labels) == (UNSET, UNSET, [])
    assert Orchestration.from_dict({"id": "x", "channels": UNSET, "name": UNSET}) == Orchestration(id="x")
    mixed = Orchestration.from_dict({"id": "x", "channels": ["push", "pigeon"]})
    assert mixed.channels == ["push", "pigeon"]
    assert [type(channel).__name__ for channel in mixed.channels or ()] == ["OrchestrationChannel"] * 2
