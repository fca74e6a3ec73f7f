"""scrub_map: keys and patterns at any depth."""

from typing import Any, NamedTuple

import pytest

from apps.error_tracking.scrubbing import scrub_map, scrub_pii
from apps.error_tracking.scrubbing.structures import MAX_DEPTH


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"password": "abc"}, {"password": "[REDACTED]"}),
        ({"a": [{"Api-Key": "abc"}]}, {"a": [{"Api-Key": "[REDACTED]"}]}),
        ({"token": {"raw": "abc"}}, {"token": {"raw": "[REDACTED]"}}),
        ({"session": {"4f1c0a9d8e7b6a5c4d3e": 1}}, {"session": {"[REDACTED]": 1}}),
        ({"pass": {"_4111111111111111": None}}, {"pass": {"[REDACTED]": None}}),
        ({"passA": {"0pass": 0}}, {"passA": {"[REDACTED]": "[REDACTED]"}}),
        ({"password": 12345}, {"password": "[REDACTED]"}),
        ({"email": "a@example.com"}, {"email": "[EMAIL_REDACTED]"}),
        ({"a@example.com": 1}, {"[EMAIL_REDACTED]": 1}),
        ({"card": 4111111111111111}, {"card": "[CARD_REDACTED]"}),
        ({"card": 4111111111111111.0}, {"card": "[CARD_REDACTED]"}),
        ({"token": 4111111111111111}, {"token": "[REDACTED]"}),
        ({"first_name": "Jane"}, {"first_name": "[REDACTED]"}),
        ({"raw": b"password=abc"}, {"raw": "password=[REDACTED]"}),
        ({"set": ("a@example.com",)}, {"set": ["[EMAIL_REDACTED]"]}),
        ({1: object()}, {"1": "<object>"}),
    ],
)
def test_what_is_sensitive_is_replaced_at_any_depth(given: dict[Any, Any], expected: dict[str, Any]) -> None:
    assert scrub_map(given) == expected


@pytest.mark.parametrize(
    "harmless",
    [
        {"password": None, "token": "", "has_session": True},
        {"count": 3, "ratio": 0.5, "ok": False, "size": 10**11},
        {"token_count": 42, "nested": {"page": [1, 2, "three"]}},
    ],
)
def test_what_is_harmless_stays_as_it_is(harmless: dict[str, Any]) -> None:
    assert scrub_map(harmless) == harmless


def test_the_given_mapping_is_not_changed() -> None:
    given = {"a": {"password": "abc"}}

    scrub_map(given)

    assert given == {"a": {"password": "abc"}}


def test_what_is_nested_too_deep_is_cut_off() -> None:
    nested: dict[str, Any] = {"email": "a@example.com"}
    for _ in range(10_000):
        nested = {"inner": nested}

    scrubbed: Any = scrub_map(nested)

    for _ in range(MAX_DEPTH + 1):
        scrubbed = scrubbed["inner"]
    assert scrubbed == "[TOO_DEEP]"


def test_a_family_in_which_children_name_their_parent_comes_to_an_end() -> None:
    parent: dict[str, Any] = {"email": "a@example.com"}
    parent["children"] = [{"parent": parent, "token": "hunter2"} for _ in range(3)]

    scrubbed = scrub_map(parent)

    child = {"parent": "[TOO_DEEP]", "token": "[REDACTED]"}
    assert scrubbed == {"email": "[EMAIL_REDACTED]", "children": [child, child, child]}


def test_what_is_the_same_in_each_other_over_and_over_comes_to_an_end() -> None:
    friends: list[dict[str, Any]] = [{"email": "a@example.com"} for _ in range(30)]
    for friend in friends:
        friend["friends"] = friends

    assert "a@example.com" not in str(scrub_map({"friends": friends}))
    assert "a@example.com" not in str(scrub_pii({"extra": {"friends": friends}, "message": "b@example.com"}))


def test_a_named_tuple_has_keys() -> None:
    class Login(NamedTuple):
        host: str
        password: str

    assert scrub_map({"login": Login("db", "hunter2")}) == {"login": {"host": "db", "password": "[REDACTED]"}}


@pytest.mark.parametrize("identifier", ["ce81ca6357fc4c608170dca4c267013f", "4a1d7045-0e1b-4232-af14-665698fdc1e9"])
def test_an_id_that_happens_to_look_like_an_account_stays(identifier: str) -> None:
    given = {"event_id": identifier, "contexts": {"trace": {"trace_id": identifier}}, "message": f"no {identifier}"}

    assert scrub_map(given) == given


def test_what_is_no_id_does_not_stay_because_of_its_key() -> None:
    assert scrub_map({"trace_id": "jane@example.com", "span_id": "4111111111111111"}) == {
        "trace_id": "[EMAIL_REDACTED]",
        "span_id": "[CARD_REDACTED]",
    }


@pytest.mark.parametrize("key", ["timestamp", "start_timestamp"])
def test_a_time_stays_where_a_time_stands_and_nothing_else_does(key: str) -> None:
    for time in ("2026-11-24T09:00:00Z", "2026-11-24T09:00:00.123456Z"):
        assert scrub_map({key: time}) == {key: time}
    for text in ("jane@example.com", "2026-11-24T09:00:00Z jane@example.com"):
        assert "jane" not in str(scrub_map({key: text}))


@pytest.mark.parametrize("number", [1764000000123.0, 1764000000.5, 1e300, float("inf"), 5e-324])
def test_a_number_with_a_point_that_is_no_card_stays(number: float) -> None:
    assert scrub_map({"n": number}) == {"n": number}
