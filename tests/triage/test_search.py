"""A query finds the same issues whatever the tracker filters itself."""

from dataclasses import replace

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.triage.query import KEYS, QueryError, parse
from apps.triage.search import Budget, search
from apps.triage.trackers.base import Issue, NotFound, Unsupported
from apps.triage.trackers.glitchtip import search as glitchtip
from apps.triage.trackers.sentry import search as sentry
from tests.triage.fake_tracker import LACKS, NOW, Deaf, FakeTracker

TERMS = [
    "is:unresolved",
    "!is:resolved",
    "environment:staging",
    "release:goimg-api@1.1.0",
    "user.id:u1",
    "!user.id:u2",
    "request_id:r1",
    "error.type:KeyError",
    "level:warning",
    "times_seen:>1",
    "users:>=2",
    "first_seen:>1d",
    "last_seen:<2h",
    "priority:P0",
    "assigned:jane@example.com",
    "assigned:nobody",
    "POSTER",
    '!"zero"',
]


def world() -> FakeTracker:
    tracker = FakeTracker(lacks=LACKS)
    tracker.put(
        {"user_id": "u1", "environment": "staging", "tags": {"request_id": "r1"}, "release": "goimg-api@1.1.0"},
        {"user_id": "u2", "age": 48},
    )
    tracker.put(
        {"user_id": "u1", "age": 3, "tags": {"priority": "P0", "request_id": "r2"}},
        title="ZeroDivisionError: division by zero",
        type="ZeroDivisionError",
        level="warning",
    )
    tracker.put({"user_id": "u3", "age": 30, "environment": "staging"}, status="resolved", level="")
    tracker.said["1"] = []
    tracker.comment("1", "[goimg triage] assigned=jane@example.com")
    tracker.comment("2", "[goimg triage] priority=P1")
    return tracker


def found(tracker: FakeTracker, text: str, budget: Budget | None = None) -> list[str]:
    return [subject.issue.id for subject in search(tracker, parse(text), NOW, budget or Budget())]


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("", "123"),
        ("is:unresolved", "12"),
        ("is:resolved", "3"),
        ("!is:resolved", "12"),
        ("environment:staging", "13"),
        ("environment:Staging", ""),
        ("!environment:staging", "2"),
        ("release:goimg-api@1.1.0", "1"),
        ("user.id:u1", "12"),
        ("user.id:u2 environment:staging", ""),  # no event has both
        ("user.id:u1 environment:staging", "1"),
        ("request_id:r2", "2"),
        ("!request_id:r2", "13"),
        ("error.type:ZeroDivisionError", "2"),
        ("!error.type:ZeroDivisionError", "13"),
        ("level:warning", "2"),
        ("level:error", "13"),  # of the third the newest event says so
        ("times_seen:2", "1"),
        ("times_seen:<=1", "23"),
        ("users:>1", "1"),
        ("users:1", "23"),
        ("first_seen:>1d", "13"),
        ("first_seen:<1d", "2"),
        ("last_seen:<2h", "1"),
        ("priority:P1", "2"),  # set here; the application said P0
        ("assigned:Jane@example.com", "1"),
        ("assigned:nobody", "23"),
        ("poster", "13"),
        ("VIEWS", "123"),
        ('"division by"', "2"),
        ('!"division by" is:unresolved', "1"),
        ("is:unresolved is:resolved", ""),
    ],
)
def test_each_term_finds_what_it_says(text: str, ids: str) -> None:
    assert found(world(), text) == list(ids)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(TERMS), max_size=4))
def test_a_query_finds_what_each_of_its_terms_finds(terms: list[str]) -> None:
    together = [text for text in terms if parse(text).on_events]
    alone = [text for text in terms if not parse(text).on_events]

    expected = set(found(world(), " ".join(together)))
    for text in alone:
        expected &= set(found(world(), text))

    assert set(found(world(), " ".join(terms))) == expected


_keys = st.sampled_from(
    [
        f"{sign}{key}:{more}"
        for key in [*KEYS, "environment", "tag", ""]
        for sign in ("", "!")
        for more in ("", ">", '"')
    ]
)
_texts = st.lists(st.builds("{}{}".format, _keys, st.text(max_size=12)), max_size=4).map(" ".join)


@settings(max_examples=300, deadline=None)
@given(_texts)
def test_no_text_crashes_a_search_or_what_a_tracker_is_asked(text: str) -> None:
    try:
        query = parse(text)
    except QueryError:
        return

    found(world(), text)
    for to_parameters in (sentry.to_parameters, glitchtip.to_parameters):
        assert str(httpx.QueryParams(to_parameters(query)))


def test_what_the_tracker_filters_exactly_is_not_checked_again() -> None:
    tracker = world()
    tracker.answered = ("is", "environment")

    assert found(tracker, "is:unresolved environment:staging") == ["1", "2"]
    assert "events 2" not in tracker.asked


def test_events_are_read_only_of_issues_that_could_match() -> None:
    tracker = world()

    found(tracker, "environment:staging is:resolved")

    assert [asked for asked in tracker.asked if asked.startswith("events")] == ["events 3"]


def test_an_issue_that_is_deleted_meanwhile_is_not_found() -> None:
    class Vanishing(FakeTracker):
        def events(self, issue_id: str):  # type: ignore[no-untyped-def]
            if issue_id == "1":
                raise NotFound("there is no issue 1")
            return super().events(issue_id)

    tracker = Vanishing()
    tracker.kept, tracker.stored = world().kept, world().stored

    assert found(tracker, "environment:staging") == ["3"]


def test_a_search_says_that_it_stopped_after_so_many_issues() -> None:
    budget = Budget(issues=2)

    assert found(world(), "", budget) == ["1", "2"]
    assert budget.stopped == "Stopped early, after 2 issues: there may be more. A narrower query reads less."


def test_a_search_that_ends_exactly_at_its_bound_was_complete() -> None:
    budget = Budget(issues=3)

    assert found(world(), "", budget) == ["1", "2", "3"]
    assert budget.stopped == ""


def test_a_search_says_that_it_stopped_after_so_many_events() -> None:
    budget = Budget(events=2)

    assert found(world(), "environment:staging", budget) == ["1"]
    assert "Stopped early" in budget.stopped


def test_a_search_says_that_one_issue_had_too_many_events() -> None:
    budget = Budget(of_one=1)

    assert found(world(), "user.id:u2", budget) == []
    assert budget.stopped == "Of 1 issue only the newest 1 event was looked at."


def test_five_thousand_issues_are_counted() -> None:
    tracker = FakeTracker()
    template = tracker.put()
    tracker.kept = {str(n): replace(template, id=str(n), short_id=f"GOIMG-{n}") for n in range(5000)}

    assert len(found(tracker, "is:unresolved poster")) == 5000


def test_who_is_assigned_cannot_be_searched_where_it_is_kept_nowhere() -> None:
    tracker = Deaf(lacks=LACKS)
    tracker.put()

    with pytest.raises(Unsupported) as refused:
        found(tracker, "assigned:nobody")

    assert str(refused.value) == ("Bugsink 2.6 has no assignee. Bugsink 2.6 cannot list comments without SENTRY_DSN.")


@pytest.mark.parametrize(
    ("own", "noted", "tagged", "priority"),
    [
        (None, "P0", "P2", "P0"),
        (None, "", "P2", "P2"),
        (None, "", "high", ""),
        ("P1", "P0", "P2", "P0"),  # the tracker has one name for both
        ("P3", "P0", "P2", "P3"),  # changed on the tracker's page since
        ("P2", "", "", "P2"),
    ],
)
def test_a_priority_is_what_was_set_last(own: str | None, noted: str, tagged: str, priority: str) -> None:
    tracker = FakeTracker()
    issue: Issue = tracker.put({"tags": {"priority": tagged}}, priority=own)
    if noted:
        tracker.comment(issue.id, f"[goimg triage] priority={noted}")

    assert found(tracker, f"priority:{priority}") == [issue.id] if priority else found(tracker, "!priority:P1")
