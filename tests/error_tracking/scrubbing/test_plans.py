"""What is worked out once for each combination of keys."""

from collections import Counter
from collections.abc import Iterator

import pytest
from django.http import QueryDict

from apps.error_tracking.scrubbing import plans, scrub_map
from apps.error_tracking.scrubbing.request import scrub_request_counted
from apps.error_tracking.scrubbing.structures import scrub_mapping


@pytest.fixture(autouse=True)
def _nothing_known() -> Iterator[None]:
    plans.known.clear()
    yield
    plans.known.clear()


def test_the_same_keys_are_planned_once_and_read_the_same_both_times() -> None:
    given = {"page": "two", "password": "hunter2", "filename": "jane-doe.jpg", "server_version": "1.2.3.4"}

    first, second = scrub_map(given), scrub_map(given)

    assert first == second == given | {"password": "[REDACTED]", "filename": "upload.jpg"}
    assert list(plans.known) == [tuple(given)]


def test_a_key_that_is_personal_itself_is_not_kept() -> None:
    assert scrub_map({"jane@example.com": "x", "a": 1}) == {"[EMAIL_REDACTED]": "x", "a": 1}
    assert not plans.known


def test_keys_that_are_no_texts_are_not_kept() -> None:
    assert scrub_map({1: "a", None: "password=abc"}) == {"1": "a", "None": "password=[REDACTED]"}
    assert not plans.known


def test_a_mapping_that_is_more_than_a_dict_is_read_as_its_items() -> None:
    query = QueryDict("page=1&page=2&token=abc")

    for _ in range(2):
        assert scrub_map(query) == {"page": "2", "token": "[REDACTED]"}


def test_what_is_kept_is_bounded() -> None:
    for number in range(plans._MOST_PLANS + 10):
        scrub_map({f"key_{number}": 1})
    scrub_map({f"key_{number}": 1 for number in range(plans._LONGEST)})

    assert 0 < len(plans.known) <= plans._MOST_PLANS
    assert max(map(len, plans.known)) == 1


def test_what_its_key_replaced_is_counted_once() -> None:
    found = Counter[str]()

    scrub_mapping({"password": "mail jane@example.com", "dsn": "secret=abc"}, found)

    assert found == {"key": 2}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("page=2&sort=new", "page=2&sort=new"),
        ("page=2&token=abc", "page=2&token=[REDACTED]"),
        ("page=2&to%6ben=abc", "page=2&token=[REDACTED]"),
        ("mot+de+passe=abc", "mot%20de%20passe=[REDACTED]"),
        ("page&phone=0", "page=&phone=[REDACTED]"),
        ("", ""),
    ],
)
def test_a_query_string_is_taken_apart_where_a_key_says_something(query: str, expected: str) -> None:
    assert scrub_request_counted({"query_string": query}, Counter()) == {"query_string": expected}
