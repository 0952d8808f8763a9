"""How a body becomes JSON: every value that has a form there, what has none, and what a request says of itself."""

from __future__ import annotations

import datetime
import json
from collections import OrderedDict, UserDict, deque, namedtuple
from collections.abc import Iterable, Iterator, Mapping
from enum import Enum, IntEnum, StrEnum
from types import MappingProxyType
from typing import Any, NamedTuple

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from batch_generated.api import OPERATIONS
from batch_generated.api.audiences import audience_update, audience_view
from batch_generated.api.profiles import profile_update
from batch_generated.models import (
    AudienceIdUpdate,
    AudienceUpdateBody,
    EditProfile,
    ProfileAttributes,
    ProfileIdentifiers,
)
from batch_generated.operations import CALL, Call
from batch_generated.types import UNSET, to_json
from batch_generated.writing import encode, materialize, members_of


class Plan(StrEnum):
    GOLD = "gold"


class Level(IntEnum):
    HIGH = 3


class Color(Enum):
    RED = "red"
    NOTHING = None


class Own:
    """A record of somebody else's making."""

    def __init__(self, **members: Any) -> None:
        self._members = members

    def to_dict(self) -> dict[str, Any]:
        return self._members


class Derived(ProfileAttributes):
    """A model of the caller's own, which writes more than its properties."""

    def to_dict(self) -> dict[str, Any]:
        return super().to_dict() | {"own": True}


Pair = namedtuple("Pair", ["a", "b"])


def expected(value: Any) -> Any:
    """Return what `json.dumps` takes in the place of a value: the rules, one by one."""
    if isinstance(value, Enum):
        return value.value
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, Mapping):
        return {key: expected(member) for key, member in value.items() if member is not UNSET}
    if isinstance(value, datetime.datetime):
        if value.tzinfo is None:
            raise ValueError("no time zone")
        return value.isoformat()
    if isinstance(value, datetime.date):
        return value.isoformat()
    if hasattr(value, "to_dict"):
        return expected(value.to_dict())
    if isinstance(value, set | frozenset):
        return sorted((expected(item) for item in value), key=json.dumps)
    if isinstance(value, Iterable) and not isinstance(value, bytes | bytearray):
        return [expected(item) for item in value]
    raise TypeError("no form in JSON")


def dumped(value: Any) -> bytes:
    text = json.dumps(expected(value), ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.encode("utf-8")


TEXT = st.text(st.characters(exclude_categories=[]), max_size=6)
TIMES = st.datetimes(timezones=st.sampled_from([datetime.UTC, datetime.timezone(datetime.timedelta(hours=-5))]))
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    TEXT,
    TIMES,
    st.datetimes(),
    st.dates(),
    st.sampled_from([Plan.GOLD, Level.HIGH, Color.RED, Color.NOTHING]),
    st.sampled_from([b"bytes", object(), 1j, datetime.timedelta(1), UNSET]),
    st.frozensets(st.integers() | st.text(max_size=3), max_size=4),
    st.sets(st.tuples(st.integers(), st.sampled_from(Plan)), max_size=3),
)
NAMES = st.one_of(TEXT, st.integers(), st.none(), st.booleans(), st.just(Plan.GOLD), st.floats(), st.just(b"x"))


class Once:
    """Stands for a generator in a value that is made twice."""

    def __init__(self, items: list[Any]) -> None:
        self.items = items


def containers(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    lists = st.lists(inner, max_size=4)
    members = st.dictionaries(st.text(max_size=4), inner | st.just(UNSET), max_size=4)
    return st.one_of(
        lists,
        members,
        st.dictionaries(NAMES, inner, max_size=3),
        lists.map(tuple),
        lists.map(deque),
        lists.map(Once),
        st.tuples(inner, inner).map(lambda pair: Pair(*pair)),
        members.map(OrderedDict),
        members.map(MappingProxyType),
        members.map(UserDict),
        members.map(lambda value: Own(**value)),
        members.map(lambda value: ProfileAttributes(language="fr", additional_properties=value)),
        members.map(lambda value: Derived(additional_properties=value)),
        st.builds(lambda one, two: EditProfile(identifiers=one, attributes=two), inner, inner | st.just(UNSET)),
    )


def made(value: Any) -> Any:
    """Return a value with its generators made: each gives its items once."""
    if isinstance(value, Once):
        return (made(item) for item in value.items)
    if type(value) in (list, tuple, deque):
        return type(value)(made(item) for item in value)
    if type(value) is dict:
        return {name: made(member) for name, member in value.items()}
    return value


def outcome(write: Any, value: Any) -> Any:
    """Return what is written, or that it is refused: of several flaws, another one may be met first."""
    try:
        return write(value)
    except (ValueError, TypeError):
        return "refused"


@settings(max_examples=1000, deadline=None)
@given(st.recursive(LEAVES, containers, max_leaves=12))
def test_every_value_is_written_as_the_rules_say(value: Any) -> None:
    wanted = outcome(dumped, made(value))
    assert outcome(encode, made(value)) == wanted
    assert outcome(lambda it: dumped(to_json(it)), made(value)) == wanted


@settings(max_examples=300, deadline=None)
@given(st.recursive(LEAVES, containers, max_leaves=8))
def test_what_can_be_read_twice_is_written_like_what_was_given(value: Any) -> None:
    wanted = outcome(dumped, made(value))
    assert outcome(lambda body: encode(materialize(body)), made(value)) == wanted


def times(*items: Any) -> tuple[Iterator[Any], list[int]]:
    """Return a generator of items and a list that grows with each that is taken."""
    taken: list[int] = []

    def give() -> Iterator[Any]:
        for number, item in enumerate(items):
            taken.append(number)
            yield item

    return give(), taken


def test_generator_beside_an_unset_member_is_read_once() -> None:
    first, taken = times(1, 2)
    second, _ = times({"plan": UNSET, "n": (n for n in "ab")}, {3, 1})
    value = {"first": first, "again": first, "second": second, "last": [{"gone": UNSET}]}
    assert json.loads(encode(value)) == {
        "first": [1, 2],
        "again": [],
        "second": [{"n": ["a", "b"]}, [1, 3]],
        "last": [{}],
    }
    assert taken == [0, 1]


def test_unset_is_left_out_of_objects_and_refused_elsewhere() -> None:
    attributes = ProfileAttributes(additional_properties={"plan": UNSET, "$language": "fr"})
    assert encode([attributes, {"a": {"b": UNSET}}]) == b'[{},{"a":{}}]'
    assert attributes.to_dict() == {}
    for value in (UNSET, [UNSET], {"a": [UNSET]}, {"a": UNSET, "b": [UNSET]}):
        with pytest.raises(TypeError, match="Unset has no form in JSON"):
            encode(value)
        with pytest.raises(TypeError, match="Unset has no form in JSON"):
            to_json(value)


@pytest.mark.parametrize(
    ("value", "error", "reason"),
    [
        ({"a": float("nan")}, ValueError, "Out of range float"),
        ([{"a": UNSET, "b": float("inf")}], ValueError, "Out of range float"),
        ("\ud800", UnicodeEncodeError, "surrogates not allowed"),
        ({"a": datetime.datetime(2026, 1, 1)}, ValueError, "2026-01-01T00:00:00 has no time zone"),
        ({"a": b"x"}, TypeError, "bytes has no form in JSON"),
        ({"a": object()}, TypeError, "object has no form in JSON"),
        ({b"a": 1}, TypeError, "keys must be str"),
    ],
)
def test_what_has_no_form_in_json_is_refused(value: Any, error: type[Exception], reason: str) -> None:
    with pytest.raises(error, match=reason):
        encode(value)


def test_value_that_contains_itself_is_nested_too_deeply() -> None:
    circle: dict[str, Any] = {}
    circle["again"] = [circle]
    deep: Any = None
    for _ in range(100_000):
        deep = [deep]
    for value in (circle, deep, {"a": UNSET, "b": circle}):
        with pytest.raises(RecursionError):
            encode(value)


def test_subclass_of_what_json_has_is_written_as_that() -> None:
    class Odd(StrEnum):
        LABEL = "written"

        def __new__(cls, text: str) -> Odd:
            member = str.__new__(cls, text)
            member._value_ = "value"
            return member

    class Triple(NamedTuple):
        a: int

        def to_dict(self) -> dict[str, int]:
            return {"a": self.a}

    assert encode({"list": [Odd.LABEL, [Triple(1)]]}) == b'{"list":["written",[[1]]]}'
    # As a record it is the object that it says it is.
    assert (
        materialize([Triple(1), {"a": 2}]) == materialize({"ids": [Triple(1), {"a": 2}]})["ids"] == [{"a": 1}, {"a": 2}]
    )


def test_own_to_dict_of_a_derived_model_is_what_is_written() -> None:
    assert encode([Derived(language="fr")]) == b'[{"$language":"fr","own":true}]'
    assert to_json([Derived(language="fr")]) == [{"$language": "fr", "own": True}]


@pytest.mark.parametrize(
    "body",
    [
        {"name": "vip", "ids": iter([{"action": "add", "id": "ann"}]), "display_name": UNSET},
        MappingProxyType({"name": "vip", "ids": ({"action": "add", "id": "ann"},)}),
        AudienceUpdateBody(name="vip", ids=iter([AudienceIdUpdate(action="add", id="ann")])),  # type: ignore[arg-type] # works
        Own(name="vip", ids=deque([{"action": "add", "id": "ann"}]), display_name=UNSET),
    ],
)
def test_request_carries_its_operation_and_its_body(body: Any) -> None:
    request = audience_update.build_request(body=body)
    assert json.loads(request["content"]) == {"name": "vip", "ids": [{"action": "add", "id": "ann"}]}
    assert request["headers"] == {"Content-Type": "application/json"}
    call = request["extensions"][CALL]
    assert call == Call(OPERATIONS["audience_update"], call.body)
    assert call.body["name"] == "vip"
    assert "display_name" not in call.body
    (record,) = call.body["ids"]
    assert members_of(record) == {"action": "add", "id": "ann"}


def test_records_that_are_given_once_are_sent_and_kept() -> None:
    records = ({"identifiers": {"custom_id": f"u{number}"}} for number in range(3))
    request = profile_update.build_request(body=records)
    assert len(json.loads(request["content"])) == len(request["extensions"][CALL].body) == 3


def test_request_without_a_body_says_so() -> None:
    request = audience_view.build_request(name="vip")
    assert request["extensions"] == {CALL: (OPERATIONS["audience_view"], UNSET)}
    assert "content" not in request


def test_call_shows_no_data() -> None:
    assert repr(Call(OPERATIONS["profile_update"], [{"identifiers": {"custom_id": "ann"}}])) == "Call(profile_update)"


def test_members_of_what_is_no_object_are_none() -> None:
    identifiers = ProfileIdentifiers(custom_id="ann")
    assert members_of(EditProfile(identifiers=identifiers)) == {"identifiers": identifiers}
    assert members_of({"a": 1, "b": UNSET}) == {"a": 1}
    for value in ([{}], "a", None, 5, Plan.GOLD, {1}):
        assert members_of(value) is None


class Plain:
    """A client as users of the generator may write one: it only hands out its httpx clients."""

    raise_on_unexpected_status = False

    def __init__(self, transport: httpx.MockTransport) -> None:
        self._transport = transport

    def get_httpx_client(self) -> httpx.Client:
        return httpx.Client(base_url="http://test/2.11", transport=self._transport)

    def get_async_httpx_client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(base_url="http://test/2.11", transport=self._transport)


async def test_free_functions_hand_the_call_to_httpx() -> None:
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(202, json={"code": "SUCCESS"})

    client = Plain(httpx.MockTransport(answer))
    body = [{"identifiers": {"custom_id": "ann"}}]
    results = [
        profile_update.sync(client=client, body=body),
        profile_update.sync_detailed(client=client, body=body).parsed,
        await profile_update.asyncio(client=client, body=body),
        (await profile_update.asyncio_detailed(client=client, body=body)).parsed,
    ]
    assert [result.to_dict() for result in results if result is not None] == [{"code": "SUCCESS"}] * 4
    for request in seen:
        assert request.extensions[CALL] == Call(OPERATIONS["profile_update"], body)
        assert request.headers["Content-Type"] == "application/json"
        assert json.loads(request.content) == body


@pytest.mark.parametrize("status", [200, 202, 299])
def test_success_is_read_from_four_attributes_of_a_response(status: int) -> None:
    class Received:
        status_code = status
        is_success = True
        content = b'{"code":"SUCCESS"}'

        def json(self) -> Any:
            return json.loads(self.content)

    client = Plain(httpx.MockTransport(lambda _: httpx.Response(500)))
    result = profile_update.parse_response(client=client, response=Received())
    assert result is not None
    assert result.to_dict() == {"code": "SUCCESS"}
