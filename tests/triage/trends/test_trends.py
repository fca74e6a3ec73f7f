"""The figures, against events of which each is known."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from apps.triage.trackers.base import Capability, Comment, Event, Issue, NotFound, Release
from apps.triage.trends import PERIODS, Trends, trends
from apps.triage.trends.figures import change
from tests.triage.memory_tracker import ALICE, BOB, NOW, MemoryTracker

HOUR = timedelta(hours=1)


@pytest.fixture
def tracker() -> MemoryTracker:
    return MemoryTracker()


def of(tracker: MemoryTracker, period: str = "day", most: int = 1000) -> Trends:
    return trends(tracker, period, NOW, most=most)


def test_events_issues_and_users_are_those_of_the_period(tracker: MemoryTracker) -> None:
    tracker.add(1, 2, 30, user=[ALICE, BOB])
    tracker.add(3, user=ALICE)
    tracker.add(40, user=BOB)

    found = of(tracker)

    assert (found.totals.events, found.totals.issues, found.totals.users) == (3, 2, 2)
    assert (found.before.events, found.before.issues, found.before.users) == (2, 2, 2)


def test_an_event_without_a_user_is_no_user(tracker: MemoryTracker) -> None:
    tracker.add(1, 2)

    assert of(tracker).totals.users == 0


def test_an_issue_is_new_when_it_was_first_seen_in_the_period(tracker: MemoryTracker) -> None:
    new = tracker.add(1)
    tracker.add(2, first_seen=NOW - 25 * HOUR)
    tracker.add(3, first_seen=NOW - 90 * HOUR)

    found = of(tracker)

    assert found.new_issues == (new,)
    assert found.totals.new_issues == 1


def test_an_event_on_the_border_counts_in_the_later_period(tracker: MemoryTracker) -> None:
    tracker.add(24, 48, 0)

    found = of(tracker)

    assert (found.totals.events, found.before.events) == (1, 1)


@pytest.mark.parametrize(("period", "age", "part"), [("day", 0.5, 23), ("week", 25, 5), ("month", 29 * 24 + 1, 0)])
def test_events_stand_in_the_part_in_which_they_happened(
    tracker: MemoryTracker, period: str, age: float, part: int
) -> None:
    tracker.add(age)

    series = of(tracker, period).series

    assert len(series) == PERIODS[period][1]
    assert [place for place, count in enumerate(series) if count] == [part]


def test_environments_are_told_with_the_busiest_first(tracker: MemoryTracker) -> None:
    tracker.add(1, environment="staging", user=ALICE)
    tracker.add(1, 2, environment="production", user=[ALICE, BOB])
    tracker.add(3, environment="production", user=BOB)

    found = of(tracker).environments

    assert [(one.name, one.events, one.issues, one.users) for one in found] == [
        ("production", 3, 2, 2),
        ("staging", 1, 1, 1),
    ]
    assert sum(found[0].series) == 3


def test_the_ten_issues_with_the_most_events_are_told(tracker: MemoryTracker) -> None:
    for number in range(12):
        tracker.add(*(1 + part / 100 for part in range(number + 1)))

    found = of(tracker).top

    assert [one.events for one in found] == list(range(12, 2, -1))


def test_a_release_counts_its_events_and_the_issues_that_it_brought(tracker: MemoryTracker) -> None:
    tracker.add(1, 2, release="goimg-api@1.1.0")
    tracker.add(3, release="goimg-api@1.0.0", first_seen=NOW - 100 * HOUR)

    newest, oldest = of(tracker).releases

    assert (newest.version, newest.events, newest.new_issues) == ("goimg-api@1.1.0", 2, 1)
    assert (oldest.version, oldest.events, oldest.new_issues) == ("goimg-api@1.0.0", 1, 0)


def test_a_release_is_alive_until_the_next_one_exists(tracker: MemoryTracker) -> None:
    tracker.versions = [
        Release(version="goimg-api@1.0.0", created=NOW - 500 * HOUR),
        Release(version="goimg-api@1.1.0", created=NOW - 6 * HOUR),
    ]
    tracker.add(1, 2, 3, release="goimg-api@1.1.0")
    tracker.add(20, release="goimg-api@1.0.0")

    newest, oldest = of(tracker).releases

    assert (newest.days, newest.per_day) == (0.25, 3.0)
    assert oldest.days == 0.75


def test_a_release_that_still_fails_is_still_alive(tracker: MemoryTracker) -> None:
    tracker.versions = [Release(version=f"goimg-api@1.{n}.0", created=NOW - (500 - n * 494) * HOUR) for n in (0, 1)]
    tracker.add(1, release="goimg-api@1.1.0")
    tracker.add(20, 0.001, release="goimg-api@1.0.0")

    assert of(tracker).releases[1].days == pytest.approx(1, abs=0.01)


def test_the_events_of_some_minutes_are_no_forecast_for_a_day(tracker: MemoryTracker) -> None:
    tracker.add(0.01, 0.02)

    assert of(tracker).releases[0].per_day == 2.0


def test_the_events_of_more_than_a_day_are_shared_out(tracker: MemoryTracker) -> None:
    tracker.add(1, 2, 48)

    assert of(tracker, "week").releases[0].per_day == 1.5


def test_the_time_to_resolution_is_that_of_the_note(tracker: MemoryTracker) -> None:
    issue = tracker.add(10, 8, status="resolved")
    tracker.said[issue.id] = [
        Comment("", "[goimg triage] assigned=nobody", NOW - 7 * HOUR),
        Comment("", "[goimg triage] resolved-in=goimg-api@1.1.0", NOW - 6 * HOUR),
    ]

    repair = of(tracker).repair

    assert (repair.resolved, repair.known, repair.mean, repair.median) == (1, 1, 4 * HOUR, 4 * HOUR)
    assert repair.remark == ""


def test_where_the_tracker_says_when_an_issue_was_resolved_no_note_is_needed(tracker: MemoryTracker) -> None:
    issue = tracker.add(10, 8, status="resolved")
    tracker.kept[issue.id] = replace(issue, resolved=NOW - 5 * HOUR)

    assert of(tracker).repair.mean == 5 * HOUR


def test_a_resolved_issue_that_somebody_deletes_meanwhile_has_no_known_moment(tracker: MemoryTracker) -> None:
    tracker.add(10, 8, status="resolved")

    def issue(issue_id: str) -> Issue:
        raise NotFound("gone")

    tracker.issue = issue  # type: ignore[method-assign]

    assert (of(tracker).repair.resolved, of(tracker).repair.known) == (1, 0)


def test_without_a_note_the_last_event_says_at_least_how_long_it_took(tracker: MemoryTracker) -> None:
    tracker.add(10, 8, status="resolved")

    repair = of(tracker).repair

    assert (repair.resolved, repair.known, repair.mean, repair.at_least) == (1, 0, None, 2 * HOUR)
    assert repair.remark == (
        "Bugsink 2.6 does not say when 1 of 1 were resolved, only that they are: known is what sentry_triage noted."
    )


def test_a_note_from_before_the_last_event_is_of_another_resolution(tracker: MemoryTracker) -> None:
    issue = tracker.add(10, 3, status="resolved")
    tracker.said[issue.id] = [Comment("", "[goimg triage] resolved-in=goimg-api@1.1.0", NOW - 6 * HOUR)]

    assert of(tracker).repair.known == 0


def test_who_reopens_after_a_note_makes_it_one_of_another_resolution(tracker: MemoryTracker) -> None:
    issue = tracker.add(10, 8, status="resolved")
    tracker.said[issue.id] = [
        Comment("", "[goimg triage] resolved", NOW - 6 * HOUR),
        Comment("", "[goimg triage] reopened", NOW - 5 * HOUR),
    ]

    assert of(tracker).repair.known == 0


def test_what_was_resolved_in_the_period_counts_though_it_last_failed_before(tracker: MemoryTracker) -> None:
    issue = tracker.add(40, status="resolved")
    tracker.add(40, status="resolved")
    tracker.said[issue.id] = [Comment("", "[goimg triage] resolved", NOW - HOUR)]

    assert (of(tracker).repair.resolved, of(tracker).repair.mean) == (1, 39 * HOUR)


def test_a_tracker_without_comments_says_so(tracker: MemoryTracker) -> None:
    tracker.lacks = {Capability.READ_COMMENTS: "Bugsink 2.6 cannot list comments."}
    tracker.add(10, 8, status="resolved")

    assert of(tracker).repair.remark.endswith("Bugsink 2.6 cannot list comments.")


def test_of_many_resolved_issues_some_are_asked_about_and_it_says_so(
    tracker: MemoryTracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("apps.triage.trends.repair.MOST_ASKED", 1)
    for hours in (10, 9):
        issue = tracker.add(hours, status="resolved")
        tracker.said[issue.id] = [Comment("", "[goimg triage] resolved", NOW - HOUR)]

    found = of(tracker).repair

    assert (found.resolved, found.known, found.mean) == (2, 1, 8 * HOUR)
    assert found.remark.endswith("known is what sentry_triage noted. Only the 1 last seen of them were asked about.")


def test_what_is_not_resolved_has_no_time_to_resolution(tracker: MemoryTracker) -> None:
    tracker.add(10, 8)

    repair = of(tracker).repair

    assert (repair.resolved, repair.mean, repair.at_least, repair.remark) == (0, None, None, "")


def test_issues_that_were_last_seen_earlier_are_not_read(tracker: MemoryTracker) -> None:
    tracker.add(1)
    old = tracker.add(49)

    of(tracker)

    assert f"events {old.id}" not in tracker.asked


def test_an_event_that_arrived_late_does_not_hide_those_behind_it(tracker: MemoryTracker) -> None:
    issue = tracker.add(1, 60, 2)
    tracker.events = lambda issue_id: iter(tracker.stored[issue_id])  # type: ignore[method-assign]
    tracker.stored[issue.id] = [tracker.stored[issue.id][place] for place in (2, 0, 1)]

    assert of(tracker).totals.events == 2


def test_where_it_had_to_stop_early_it_says_so(tracker: MemoryTracker) -> None:
    tracker.add(1, 2, 3)
    tracker.add(4)

    found = of(tracker, most=2)

    assert found.totals.events == 2
    assert found.remarks[-1] == "Stopped after 2 events: every figure is too low; --max-events N reads more."


def test_an_issue_that_somebody_deletes_meanwhile_does_not_stop_it(tracker: MemoryTracker) -> None:
    tracker.add(1)
    gone = tracker.add(2)

    def issues(query: object) -> Iterator[Issue]:
        yield from list(tracker.kept.values())

    def events(issue_id: str) -> Iterator[Event]:
        tracker.kept.pop(gone.id, None)
        return MemoryTracker.events(tracker, issue_id)

    tracker.issues, tracker.events = issues, events  # type: ignore[method-assign]

    assert of(tracker).totals.events == 1


def test_an_empty_tracker_has_figures_too(tracker: MemoryTracker) -> None:
    found = of(tracker, "month")

    assert found.totals == replace(found.totals, events=0, issues=0, new_issues=0, users=0)
    assert (found.top, found.releases, found.environments) == ((), (), ())


@pytest.mark.parametrize(("now", "before", "per_cent"), [(3, 2, 50.0), (0, 4, -100.0), (5, 0, None), (0, 0, None)])
def test_a_change_is_told_in_per_cent_of_what_was_before(now: int, before: int, per_cent: float | None) -> None:
    assert change(now, before) == per_cent
