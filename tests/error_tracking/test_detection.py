"""Detection: says where and what, agrees with the scrubber, and never shows a value."""

from typing import Any

import pytest

from apps.error_tracking.detection import detect, detect_in_event
from apps.error_tracking.scrubbing import scrub_map, scrub_string
from tests.error_tracking.scrubbing import corpus

SAMPLE = 7  # every seventh case: all of them take their time


def scrubbed(value: Any) -> Any:
    return scrub_string(value) if isinstance(value, str) else scrub_map({"value": value})["value"]


def places(value: Any) -> list[tuple[str, str]]:
    return [(finding.path, finding.kind) for finding in detect(value)]


def test_it_finds_something_exactly_where_the_scrubber_replaces_something() -> None:
    cases = [*corpus.leaks()[::SAMPLE], *corpus.harmless()[::SAMPLE]]

    differing = [case.given for case in cases if bool(places(case.given)) != (scrubbed(case.given) != case.given)]

    assert differing == []


def test_what_is_scrubbed_is_clean() -> None:
    left = [case.given for case in corpus.leaks()[::SAMPLE] if places(scrubbed(case.given))]

    assert left == []


def test_a_place_leads_to_the_value() -> None:
    value = {"extra": {"to": ["me", "jane@example.com"], "password": "hunter2"}, "order": 7}

    assert places(value) == [("extra.to[1]", "email"), ("extra.password", "key")]


@pytest.mark.parametrize("key", ["jane@example.com", "Jane Doe", "4111 1111 1111 1111"])
def test_a_key_that_is_data_is_not_shown(key: str) -> None:
    found = list(detect({key: {"password": "hunter2"}}))

    assert (found[-1].path, found[-1].kind) == (f"key[{len(key)}].password", "key")
    assert key not in str(found)


@pytest.mark.parametrize(
    ("value", "place"),
    [
        ({"headers": [["authorization", "hunter2"]]}, "headers[0][1]"),
        ({"argv": ["--token", "hunter2"]}, "argv[1]"),
        ({"env": {"name": "DB_PASSWORD", "value": "hunter2"}}, "env.value"),
    ],
)
def test_a_value_beside_its_name_is_found(value: Any, place: str) -> None:
    assert places(value) == [(place, "key")]


def test_a_card_that_was_parsed_as_a_number_is_found() -> None:
    assert places({"n": int("4111" + "1111" * 3)}) == [("n", "card")]


def test_an_address_with_a_full_width_at_sign_is_found() -> None:
    assert [path for path, _ in places({"to": "jane\uff20example.com"})] == ["to"]


def test_what_is_nested_too_deep_to_be_looked_at_is_said() -> None:
    value: Any = "jane@example.com"
    for _ in range(60):
        value = [value]

    assert [kind for _, kind in places(value)] == ["too_deep"]


def test_of_an_event_line_1_is_told_by_path() -> None:
    event = {
        "event_id": "a" * 32,
        "modules": {"django": "6.1"},
        "user": {"id": "7", "email": "jane@example.com"},
        "exception": [{"type": "E", "value": "x", "stacktrace": {"frames": [{"filename": "/home/jane/a.py"}]}}],
        "request": {"headers": [["X-Customer", "Jane"], ["Accept", "*/*"]], "query_string": "q=jane&page=2"},
    }

    found = [finding.path for finding in detect_in_event(event) if finding.kind == "not_allowed"]

    assert sorted(found) == [
        "exception.values[0].stacktrace.frames[0].filename",
        "modules",
        "request.headers.X-Customer",
        "request.query_string",
        "user.email",
    ]


def test_what_stands_in_for_a_value_is_clean() -> None:
    request = {
        "query_string": "key[9]=str[12]&token=[REDACTED]",
        "data": {"password": "[REDACTED]", "key[8]": "str[3]"},
    }

    assert list(detect_in_event({"request": request})) == []


def test_an_event_that_is_none_is_told_and_not_a_crash() -> None:
    assert [finding.kind for finding in detect_in_event({"exception": {"values": 5}})] == ["unreadable"]


def test_a_number_that_is_none_is_clean() -> None:
    nan = float("nan")

    assert list(detect_in_event({"extra": {"ratio": nan, "list": [nan, "a"]}, "measurements": nan})) == []


def test_a_name_is_somebodys_if_its_owner_is_somebody() -> None:
    found = list(detect({"user": {"name": "Tomasz Dubois", "id": 4}, "runtime": {"name": "CPython"}}))

    assert [(finding.path, finding.kind) for finding in found] == [("user.name", "key")]
