"""Copies of whatever an application attaches: never an exception, always JSON, and bounded."""

import json
import math
from collections import UserList, deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import PurePosixPath
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from hypothesis import given
from hypothesis import strategies as st

from apps.error_tracking.delivery.plain import MAX_ENTRIES, MAX_TEXT, MAX_VALUES, PlainCopy


class Broken:
    def __repr__(self) -> str:
        raise RuntimeError("broken")


class BrokenMapping(Mapping[str, int]):
    def __getitem__(self, key: str) -> int:
        raise RuntimeError("broken")

    def __iter__(self) -> Iterator[str]:
        raise RuntimeError("broken")

    def __len__(self) -> int:
        raise RuntimeError("broken")


class Nameless(type):
    @property
    def __name__(cls) -> str:  # type: ignore[override]
        raise RuntimeError("broken")


class OfNoName(metaclass=Nameless):
    def __repr__(self) -> str:
        raise RuntimeError("broken")

    @property
    def __class__(self) -> Any:
        raise RuntimeError("broken")

    @__class__.setter
    def __class__(self, kind: Any) -> None:
        raise RuntimeError("broken")


class Liar(str):
    __slots__ = ()

    def __str__(self) -> str:
        return "something else"


class Endless(str):
    __slots__ = ()

    def __iter__(self) -> Iterator[str]:
        while True:
            yield "x"


class Unread:
    """Says so when somebody asks how it looks."""

    def __repr__(self) -> str:
        raise AssertionError("looked at")


@dataclass
class Report:
    rows: list[Unread]


AWKWARD = (Broken(), BrokenMapping(), object(), 1 << 20_000, Liar("x"), Ellipsis, print)
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.binary()
    | st.datetimes()
    | st.uuids()
    | st.decimals()
    # Not sampled_from: hypothesis shows what it samples from, and these cannot be shown.
    | st.integers(0, 6).map(lambda index: AWKWARD[index])
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner)
        | st.lists(inner).map(tuple)
        | st.dictionaries(st.text() | st.integers() | st.none(), inner)
        | st.frozensets(st.integers() | st.text())
    ),
    max_leaves=40,
)


def nodes(value: Any) -> int:
    if isinstance(value, dict):
        return 1 + sum(nodes(entry) for entry in value.values())
    return 1 + sum(nodes(item) for item in value) if isinstance(value, list) else 1


@given(VALUES)
def test_any_value_becomes_json(value: Any) -> None:
    copy = PlainCopy().of(value)

    assert json.loads(json.dumps(copy, allow_nan=False)) == copy


@given(st.dictionaries(st.text(), st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.text(), max_size=50))
def test_what_is_plain_and_small_stays_as_it_is(value: dict[str, Any]) -> None:
    assert PlainCopy().of(value) == value


@pytest.mark.parametrize(
    ("value", "copy"),
    [
        (math.nan, "nan"),
        (-math.inf, "-inf"),
        (b"\xffab", "\ufffdab"),
        (bytearray(b"ab"), "ab"),
        (datetime(2026, 11, 24, 9, 0, tzinfo=UTC), "2026-11-24T09:00:00.000000Z"),
        (Liar("as it is"), "as it is"),
        (deque([1, {2}]), [1, [2]]),
        (UserList([1, 2]), [1, 2]),
        (Report([Unread()]), "<Report>"),
        (Report, "<class 'tests.error_tracking.delivery.test_plain.Report'>"),
        (True, True),
        (1 << 5000, "<int of 5001 bits>"),
        ({1: {2}}, {"1": [2]}),
        ((1, (2, [3])), [1, [2, [3]]]),
        (Decimal("1.50"), "Decimal('1.50')"),
        (PurePosixPath("/a"), "PurePosixPath('/a')"),
        (BrokenMapping(), "<BrokenMapping>"),
        (Broken(), "<broken repr>"),
        ({"broken": OfNoName(), "kept": 1}, {"broken": "<OfNoName>", "kept": 1}),
        ({}, {}),
    ],
)
def test_each_kind_of_value_has_one_form(value: Any, copy: Any) -> None:
    assert PlainCopy().of(value) == copy


def test_a_copy_shares_nothing_that_may_change() -> None:
    row: dict[str, Any] = {"names": ["jane"]}

    copy = PlainCopy().of(row)
    row["names"].append("john")

    assert copy == {"names": ["jane"]}


def test_what_is_long_is_cut() -> None:
    assert len(PlainCopy().of("x" * 2 * MAX_TEXT)) == MAX_TEXT + 3
    assert len(PlainCopy().of(list(range(1000)))) == MAX_ENTRIES
    assert len(PlainCopy().of({str(number): 1 for number in range(1000)})) == MAX_ENTRIES


def test_of_a_long_queue_only_what_is_kept_is_looked_at() -> None:
    queue: deque[Any] = deque([*range(MAX_ENTRIES), Unread()])

    assert PlainCopy().of(queue) == list(range(MAX_ENTRIES))


def test_a_text_that_never_ends_when_it_is_gone_through_is_not_gone_through() -> None:
    assert PlainCopy().of(Endless("as it is")) == "as it is"


def test_what_the_sdk_bounds_itself_is_not_cut() -> None:
    spans = [{"op": "db"}] * 1000

    assert PlainCopy().of({"spans": spans}) == {"spans": spans}


def test_what_holds_itself_comes_to_an_end() -> None:
    circle: list[Any] = []
    circle.append(circle)

    assert json.dumps(PlainCopy().of(circle)).endswith('"<list>"' + "]" * 13)


def test_a_small_list_that_holds_another_many_times_comes_to_an_end_soon() -> None:
    value: Any = "x"
    for _ in range(12):
        value = [value] * MAX_ENTRIES

    assert nodes(PlainCopy().of(value)) <= MAX_VALUES + 1


@pytest.mark.django_db
def test_the_database_is_not_asked_for_a_query(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert PlainCopy().of(ContentType.objects.all()) == "<QuerySet of ContentType>"
