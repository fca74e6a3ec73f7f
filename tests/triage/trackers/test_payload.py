"""Events as the trackers give them back."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.triage.trackers import entries, payload
from apps.triage.trackers.base import Crumb, Event, Frame, Raised

TAKEN_IN = datetime(2026, 11, 24, 9, tzinfo=UTC)
KEYS = st.sampled_from(
    "event_id timestamp level message logentry formatted environment release version user id tags key value exception"
    " values type stacktrace frames lineno lineNo context context_line pre_context post_context in_app filename"
    " breadcrumbs data category entries eventID dateCreated contexts sdk".split()
)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(["", "7", "2026-11-24", "é\ud800"])
ODD = SCALARS | st.lists(SCALARS, max_size=2) | st.dictionaries(KEYS, SCALARS, max_size=2)
FRAMES = st.dictionaries(KEYS, ODD, max_size=6)
STACKS = st.fixed_dictionaries({"stacktrace": st.fixed_dictionaries({"frames": st.lists(ODD | FRAMES, max_size=1)})})
EXCEPTIONS = ODD | st.lists(ODD | STACKS, max_size=2)
ENTRY = st.fixed_dictionaries({"type": st.sampled_from(["exception", "message"]), "data": EXCEPTIONS})
ENTRIES = ODD | st.lists(ODD | ENTRY, max_size=2)
# What is odd stands where it is read.
PAYLOADS = st.dictionaries(KEYS, ODD, max_size=8) | st.fixed_dictionaries(
    {"exception": EXCEPTIONS, "breadcrumbs": ODD | st.lists(FRAMES, max_size=1), "tags": ODD, "entries": ENTRIES}
)


def read(data: dict[str, Any]) -> Event:
    return payload.event(data, issue_id="1", url="https://tracker.example.com/1", taken_in=TAKEN_IN)


@settings(deadline=None)
@given(data=PAYLOADS)
def test_no_json_is_an_error(data: dict[str, Any]) -> None:
    event = read(data)

    assert isinstance(event.moment, datetime)
    assert event.moment.tzinfo is not None
    assert all(isinstance(text, str) for text in (event.event_id, event.level, event.message, event.user_id))


@settings(deadline=None)
@given(detail=PAYLOADS)
def test_no_detail_of_the_web_api_is_an_error(detail: dict[str, Any]) -> None:
    read(entries.as_sent(detail))


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({"a": "b", "n": 1}, {"a": "b", "n": "1"}),
        ([["a", "b"], ["odd"], "odd"], {"a": "b"}),
        ([{"key": "a", "value": "b"}], {"a": "b"}),
        (None, {}),
        ("odd", {}),
    ],
)
def test_tags_come_in_any_form(tags: Any, expected: dict[str, str]) -> None:
    assert read({"tags": tags}).tags == expected


def test_an_event_is_read_whole() -> None:
    event = read(
        {
            "event_id": "0f2e5c1a-0000-4000-8000-00000000000a",
            "timestamp": "2026-11-24T08:00:00Z",
            "level": "warning",
            "environment": "production",
            "release": "goimg-api@1.2.3",
            "user": {"id": 7},
            "tags": {"request_id": "req-1"},
            "logentry": {"message": "%s rows", "formatted": "3 rows"},
        }
    )

    assert event.event_id == "0f2e5c1a00004000800000000000000a"
    assert event.moment == datetime(2026, 11, 24, 8, tzinfo=UTC)
    assert (event.level, event.environment, event.release) == ("warning", "production", "goimg-api@1.2.3")
    assert (event.user_id, event.request_id, event.message) == ("7", "req-1", "3 rows")


def test_what_is_missing_has_a_default() -> None:
    event = read({})

    assert (event.level, event.moment, event.raised, event.crumbs) == ("error", TAKEN_IN, (), ())


def test_what_stands_in_tags_only_is_found() -> None:
    tags = {"level": "fatal", "environment": "staging", "release": "1", "user.id": "7"}

    event = read({"tags": tags})

    assert (event.level, event.environment, event.release, event.user_id) == ("fatal", "staging", "1", "7")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0, datetime(1970, 1, 1, tzinfo=UTC)),
        (1.5, datetime(1970, 1, 1, 0, 0, 1, 500000, tzinfo=UTC)),
        ("2026-11-24T08:00:00", datetime(2026, 11, 24, 8, tzinfo=UTC)),
        ("2026-11-24T10:00:00+02:00", datetime(2026, 11, 24, 8, tzinfo=UTC)),
        (1e99, None),
        (float("nan"), None),
        ("yesterday", None),
        (None, None),
    ],
)
def test_a_moment_is_aware_or_none(value: Any, expected: datetime | None) -> None:
    assert payload.moment(value) == expected


FRAME = {"module": "shop.views", "function": "pay", "filename": "shop/views.py", "lineno": 12, "in_app": True}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ({}, ()),
        ({"context_line": "x"}, ((12, "x"),)),
        (
            {"pre_context": ["a", "b"], "context_line": "x", "post_context": ["c"]},
            ((10, "a"), (11, "b"), (12, "x"), (13, "c")),
        ),
        ({"context": [[11, "b"], [12, "x"], ["odd"], ["odd", "odd"]]}, ((11, "b"), (12, "x"))),
        ({"pre_context": "odd", "context_line": "x", "post_context": 7}, ((12, "x"),)),
    ],
)
def test_a_stack_has_its_lines_of_source(source: dict[str, Any], expected: tuple[tuple[int, str], ...]) -> None:
    exception = {"values": [{"type": "KeyError", "value": "'a'", "stacktrace": {"frames": [FRAME | source]}}]}

    (raised,) = read({"exception": exception}).raised

    assert raised == Raised("KeyError", "'a'", (Frame("shop.views", "pay", "shop/views.py", 12, True, expected),))


def test_a_chain_keeps_its_order() -> None:
    chain = [{"type": "IndexError"}, "odd", {"type": "ExportError", "stacktrace": "odd"}]

    assert [raised.type for raised in read({"exception": chain}).raised] == ["IndexError", "ExportError"]


def test_breadcrumbs_are_read() -> None:
    crumb = {"timestamp": 0, "category": "query", "message": "SELECT 1", "data": {"rows": 1}}

    crumbs = read({"breadcrumbs": {"values": [crumb, {"data": "odd"}]}}).crumbs

    assert crumbs == (
        Crumb(datetime(1970, 1, 1, tzinfo=UTC), "query", "info", "SELECT 1", {"rows": 1}),
        Crumb(None, "", "info", ""),
    )


def test_an_event_of_the_web_api_reads_like_one_of_an_sdk() -> None:
    detail = {
        "eventID": "a" * 32,
        "id": "12",
        "dateCreated": "2026-11-24T08:00:00Z",
        "tags": [{"key": "level", "value": "warning"}],
        "user": {"id": "7"},
        "context": {"rows": 3},
        "release": {"version": "goimg-api@1.2.3"},
        "entries": [
            {"type": "exception", "data": {"values": [{"type": "KeyError"}]}},
            {"type": "message", "data": {"message": "m", "formatted": "f"}},
            {"type": "odd", "data": 7},
        ],
    }

    event = read(entries.as_sent(detail))

    assert (event.event_id, event.level, event.release, event.user_id) == ("a" * 32, "warning", "goimg-api@1.2.3", "7")
    assert [raised.type for raised in event.raised] == ["KeyError"]
    assert event.message == "f"
    assert event.data["extra"] == {"rows": 3}
