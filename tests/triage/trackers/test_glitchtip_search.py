"""What GlitchTip is asked to filter: never so that a match is lost, and never what it would misunderstand."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.triage.query import Query, Term, parse
from apps.triage.trackers.glitchtip import GlitchTip
from tests.triage.glitchtip_double import GlitchTipDouble
from tests.triage.glitchtip_events import event, raised


def titles(glitchtip: GlitchTip, query: str) -> list[str]:
    return sorted(issue.title for issue in glitchtip.issues(parse(query)))


def asked(double: GlitchTipDouble) -> dict[str, list[str]]:
    """Return the parameters of the last request."""
    return parse_qs(urlsplit(double.asked[-1][1]).query)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("is:unresolved", ["one", "two"]),
        ("is:ignored", ["three"]),
        ("is:resolved", []),
        ("environment:staging", ["two"]),
        ("release:goimg-api@2.0.0", ["two"]),
        ("user.id:user-2", ["three", "two"]),
        ("request_id:req-number-3", ["three"]),
        ("is:unresolved user.id:user-2", ["two"]),
        ("user.id:nobody", []),
    ],
)
def test_a_status_and_one_tag_are_filtered_there(
    double: GlitchTipDouble, glitchtip: GlitchTip, query: str, found: list[str]
) -> None:
    double.store.ingest(event("one"))
    second = {"environment": "staging", "release": "goimg-api@2.0.0", "user": {"id": "user-2"}}
    double.store.ingest(event("two", **second))
    third = double.store.ingest(event("three", user={"id": "user-2"}, tags={"request_id": "req-number-3"}))
    third.status = "ignored"

    assert titles(glitchtip, query) == found
    assert glitchtip.answers(parse(query)) == frozenset(parse(query).terms)


def test_several_tags_narrow_down_but_are_left_to_check(double: GlitchTipDouble, glitchtip: GlitchTip) -> None:
    double.store.ingest(event("both, in two events", user={"id": "user-1"}, environment="staging"))
    double.store.ingest(event("both, in two events", user={"id": "user-2"}, environment="production"))
    double.store.ingest(event("one of them", user={"id": "user-1"}))
    query = "is:unresolved user.id:user-1 environment:staging"

    assert titles(glitchtip, query) == ["both, in two events"]
    assert titles(glitchtip, "user.id:user-1 environment:production") == ["both, in two events", "one of them"]
    assert glitchtip.answers(parse(query)) == frozenset(parse("is:unresolved").terms)


@pytest.mark.parametrize(
    "query",
    [
        "!is:resolved",
        "!user.id:user-9",
        "level:warning",
        "error.type:ValueError",
        "times_seen:>0",
        "users:<5",
        "priority:P1",
        "assigned:jane@example.com",
        "size",  # part of a word only
        '"ValueError: no"',  # GlitchTip would look for a tag
        "has:request_id",
        'request_id:a"b"',
        f"note:{'x' * 300}",
    ],
)
def test_what_it_cannot_filter_or_would_misunderstand_is_left_to_check(
    double: GlitchTipDouble, glitchtip: GlitchTip, query: str
) -> None:
    double.store.ingest(raised(level="error", tags={"has": "request_id", "request_id": 'a"b"', "note": "x" * 300}))

    assert titles(glitchtip, query) == ["ValueError: no such size"]
    assert glitchtip.answers(parse(query)) == frozenset()
    assert "query" not in asked(double)


@pytest.mark.parametrize("negated", ["!release:goimg-api@9", "!request_id:x"])
def test_one_tag_beside_negated_ones_is_exact(glitchtip: GlitchTip, negated: str) -> None:
    assert glitchtip.answers(parse(f"user.id:user-1 {negated}")) == frozenset(parse("user.id:user-1").terms)


def test_one_tag_beside_one_that_cannot_be_sent_is_not_exact(glitchtip: GlitchTip) -> None:
    assert glitchtip.answers(parse("user.id:user-1 has:x")) == frozenset()


def test_first_seen_is_narrowed_down_with_a_margin(double: GlitchTipDouble, glitchtip: GlitchTip) -> None:
    now = datetime.now(UTC)
    for hours in (1, 5, 50):
        double.store.ingest(event(f"{hours} hours"), received=now - timedelta(hours=hours))

    assert titles(glitchtip, "first_seen:<2h") == ["1 hours"]
    assert titles(glitchtip, "first_seen:<1h") == ["1 hours"]  # the caller looks again
    assert titles(glitchtip, "first_seen:>2h") == ["5 hours", "50 hours"]
    assert titles(glitchtip, "!first_seen:<2h first_seen:<1d") == ["5 hours"]
    assert glitchtip.answers(parse("first_seen:<2h first_seen:>1h")) == frozenset()


def test_a_walk_ends_where_issues_were_last_seen_too_long_ago(double: GlitchTipDouble, glitchtip: GlitchTip) -> None:
    now = datetime.now(UTC)
    for hours in range(300):
        double.store.ingest(event(f"{hours} hours"), received=now - timedelta(hours=hours))
    list(glitchtip.issues(parse("last_seen:<1h")))  # which asks for the project, too
    double.asked.clear()

    assert titles(glitchtip, "last_seen:<3h") == ["0 hours", "1 hours", "2 hours", "3 hours"]
    assert len(double.asked) == 1
    assert len(titles(glitchtip, "last_seen:>3h")) == 300  # all of them: the caller looks


def test_a_walk_is_by_the_last_event_since_other_orders_lose_issues_between_pages(
    double: GlitchTipDouble, glitchtip: GlitchTip
) -> None:
    double.store.ingest(event())

    titles(glitchtip, "is:unresolved")

    assert asked(double)["sort"] == ["-last_seen"]


@pytest.mark.parametrize(
    "value", ["it's", "'", "a b", "a:b:c", "\\", "\\'", "#x", "$(x)", "a*", "ü", "f" * 32, "=", "-x", '"', 'a"']
)
@pytest.mark.parametrize("key", ["kind", "uuid", "urn", "user.id"])
def test_odd_values_are_found(double: GlitchTipDouble, glitchtip: GlitchTip, key: str, value: str) -> None:
    double.store.ingest(event("other"))
    double.store.ingest(event("odd", user=None, tags={key: value}))

    assert "odd" in [issue.title for issue in glitchtip.issues(Query((Term(key, value),)))]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(value=st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=300))
def test_no_value_makes_it_fail_or_lose_a_match(double: GlitchTipDouble, glitchtip: GlitchTip, value: str) -> None:
    sent = double.store.ingest(event(tags={"kind": value}))

    assert str(sent.id) in [issue.id for issue in glitchtip.issues(Query((Term("kind", value),)))]
