"""The issues with the most users are found without counting those of every issue."""

from datetime import UTC, datetime

import pytest

from apps.triage.query import Query, parse
from apps.triage.rows import most_users
from apps.triage.search import Budget, search
from apps.triage.subject import Subject
from apps.triage.trackers.base import Issue, NotFound
from tests.triage.fake_tracker import FakeTracker

NOW = datetime.now(UTC)


class Counting(FakeTracker):
    """Keeps of which issues users were counted."""

    def users(self, issue: Issue) -> int:
        self.asked.append(f"users {issue.id}")
        return super().users(issue)

    def failing_for(self, *people: str, **fields: object) -> Issue:
        """Add an issue with an event of each of them."""
        return self.put(*({"user_id": user} for user in people), **fields)

    @property
    def counted(self) -> list[str]:
        """IDs of the issues, in the order in which they were counted."""
        return [asked.removeprefix("users ") for asked in self.asked if asked.startswith("users ")]


@pytest.fixture
def tracker() -> Counting:
    found = Counting()
    for people in (["a"], ["a"] * 5, ["a", "b", "c"], ["a", "b"], ["a"]):
        found.failing_for(*people)
    return found


def subjects(tracker: Counting) -> list[Subject]:
    return [Subject(tracker, issue) for issue in tracker.issues(Query())]


def ids(found: list[Subject]) -> list[str]:
    return [subject.issue.id for subject in found]


def test_counting_ends_where_all_others_have_too_few_events(tracker: Counting) -> None:
    found, uncounted = most_users(subjects(tracker), 2, most=100)

    assert (ids(found), uncounted) == (["3", "4"], "")
    assert tracker.counted == ["2", "3", "4"]


def test_what_the_tracker_says_of_users_at_most_counts_too(tracker: Counting) -> None:
    tracker.failing_for(*["a"] * 9, most_users=1)

    most_users(subjects(tracker), 2, most=100)

    assert "6" not in tracker.counted


def test_what_was_not_counted_is_said(tracker: Counting) -> None:
    found, uncounted = most_users(subjects(tracker), 1, most=1)

    assert ids(found) == ["2"]
    assert uncounted == "Users were counted of the 1 issue with the most events: others may have more."


def test_as_many_as_are_wanted_are_counted_in_any_case(tracker: Counting) -> None:
    found, uncounted = most_users(subjects(tracker), 5, most=1)

    assert (ids(found)[:2], len(found), uncounted) == (["3", "4"], 5, "")


def test_an_issue_that_somebody_deletes_meanwhile_is_left_out(
    tracker: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    def users(issue: Issue) -> int:
        if issue.id == "3":
            raise NotFound("gone")
        return FakeTracker.users(tracker, issue)

    monkeypatch.setattr(tracker, "users", users)

    assert ids(most_users(subjects(tracker), 1, most=100)[0]) == ["4"]


@pytest.mark.parametrize(
    ("query", "found", "counted"),
    [
        ("users:>2", {"3"}, {"2", "3"}),
        ("users:>=3", {"3"}, {"2", "3"}),
        ("users:<=1", {"1", "2", "5"}, {"2", "3", "4"}),
        ("users:<2", {"1", "2", "5"}, {"2", "3", "4"}),
        ("users:3", {"3"}, {"2", "3"}),
        ("!users:>2", {"1", "2", "4", "5"}, {"2", "3"}),
    ],
)
def test_a_query_counts_the_users_only_where_the_events_do_not_say_it(
    tracker: Counting, query: str, found: set[str], counted: set[str]
) -> None:
    got = list(search(tracker, parse(query), NOW, Budget()))

    assert set(ids(got)) == found
    assert set(tracker.counted) == counted
