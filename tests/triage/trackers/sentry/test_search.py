"""What Sentry is asked to filter: never so much that a match of ours is lost."""

from datetime import UTC, datetime, timedelta

import pytest

from apps.triage.query import Query, parse
from apps.triage.trackers.sentry import Sentry
from apps.triage.trackers.sentry.search import to_parameters
from tests.triage.sentry_double import SentryDouble
from tests.triage.sentry_store import event


@pytest.mark.parametrize(
    ("query", "asked"),
    [
        ("", ""),
        ("is:ignored", "is:ignored"),
        ("times_seen:>100", "timesSeen:>100"),
        ("times_seen:>=100 first_seen:<7d", "timesSeen:>=100 firstSeen:-10085m"),
        ("first_seen:>1d", "firstSeen:+1435m"),
        ("!first_seen:>1d", "firstSeen:-1445m"),
        ("last_seen:<1h level:error error.type:ValueError", "lastSeen:-65m level:error error.type:ValueError"),
        ("environment:production", "environment:production"),
        ("release:goimg-api@1.2.3+7", "release:goimg-api@1.2.3+7"),
        ("user.id:0190-ab", "user.id:0190-ab"),
        ("request_id:abc", "request_id:abc"),
        ("tag:abc", "tags[tag]:abc"),
        ('tag:"two words"', 'tags[tag]:"two words"'),
    ],
)
def test_what_sentry_knows_is_asked_in_its_words(query: str, asked: str) -> None:
    assert to_parameters(parse(query))["query"] == asked


@pytest.mark.parametrize(
    "query",
    [
        "!is:resolved",  # Sentry's negation is fine, but this is free to check here
        "!environment:production",  # one event without it is enough for Sentry
        "times_seen:<5",  # Sentry counts events too that it does not keep any more
        "users:>3",  # Sentry counts addresses too
        "priority:P0",
        "assigned:jane@example.com",
        "broken",
        "release:latest",  # means whichever is the latest
        "tag:a*b",  # a wildcard
        "tag:[a,b]",  # a list
        "tag:>5",  # a comparison
        "level:odd",  # a 400
        "first_seen:<99999d",
        "first_seen:>3m",
    ],
)
def test_what_means_something_else_there_is_not_asked(query: str) -> None:
    assert to_parameters(parse(query))["query"] == ""


@pytest.mark.parametrize("term", ["level:error", "error.type:ValueError", "last_seen:<1h"])
def test_what_concerns_the_newest_event_is_not_asked_together_with_tags(term: str) -> None:
    """Sentry would look for one event that has both."""
    assert to_parameters(parse(f"{term} environment:production"))["query"] == "environment:production"


@pytest.mark.parametrize(
    ("query", "exact"),
    [
        ("environment:production release:r request_id:x", "environment:production release:r request_id:x"),
        ("environment:production !release:r", "environment:production"),
        ("environment:production release:latest", ""),
        ("is:unresolved level:error times_seen:>1", ""),
    ],
)
def test_it_answers_for_terms_on_tags_when_it_was_asked_for_all_of_them(sentry: Sentry, query: str, exact: str) -> None:
    assert sentry.answers(parse(query)) == frozenset(parse(exact).terms if exact else ())


def ids(sentry: Sentry, query: str) -> set[str]:
    return {issue.title for issue in sentry.issues(parse(query) if query else Query())}


def test_without_a_query_resolved_and_ignored_issues_are_there_too(double: SentryDouble, sentry: Sentry) -> None:
    for number, status in enumerate(("unresolved", "resolved", "ignored")):
        double.store.ingest(event(status, kind=f"E{number}")).status = status

    assert ids(sentry, "") == {"E0: unresolved", "E1: resolved", "E2: ignored"}
    assert ids(sentry, "is:ignored") == {"E2: ignored"}


def test_terms_on_tags_hold_for_one_and_the_same_event(double: SentryDouble, sentry: Sentry) -> None:
    double.store.ingest(event(kind="Both", environment="production", release="r@1"))
    for fields in ({"environment": "production", "release": "r@2"}, {"environment": "staging", "release": "r@1"}):
        double.store.ingest(event(kind="Apart", **fields))

    assert ids(sentry, "environment:production release:r@1") == {"Both: broken"}


def test_a_tag_with_the_name_of_a_field_of_sentry_is_found(double: SentryDouble, sentry: Sentry) -> None:
    double.store.ingest(event(tags={"assigned": "x", "title": "y z", "request_id": "abc"}))

    assert ids(sentry, 'title:"y z" request_id:abc') == {"ValueError: broken"}


def test_an_issue_is_not_lost_because_its_newest_event_is_another_one(double: SentryDouble, sentry: Sentry) -> None:
    now = datetime.now(UTC)
    for hours, fields in ((50, {"environment": "production", "level": "warning"}), (0, {"environment": "staging"})):
        double.store.ingest(event(timestamp=(now - timedelta(hours=hours)).isoformat(), **fields))

    assert ids(sentry, "environment:production last_seen:<1h level:error") == {"ValueError: broken"}
