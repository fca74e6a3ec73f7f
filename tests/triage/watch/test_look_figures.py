"""A look at what rules count: events within a time, and users."""

from dataclasses import replace
from datetime import timedelta

from apps.triage.trackers.base import Capability
from tests.triage.watch.moving import SPIKE, USERS, Moving, Watching


def test_a_spike_is_more_than_so_many_events_in_less_than_the_time(tracker: Moving) -> None:
    tracker.fails("1", 7200)
    watching = Watching(tracker, SPIKE)
    tracker.passes(minutes=5)
    tracker.fails("1", *(6.0 * number for number in range(11)))  # 10 in any minute, the 11th exactly one later
    assert watching.told() == []

    tracker.passes(minutes=5)
    tracker.fails("1", *(5.9 * number for number in range(11)))
    assert watching.told() == [("1", "11 events within 1 minute (spike)")]


def test_a_burst_that_came_and_went_between_two_looks_is_seen(tracker: Moving) -> None:
    tracker.fails("1", 7200)
    watching = Watching(tracker, SPIKE)
    tracker.passes(minutes=60)
    tracker.fails("1", *(1800 + number for number in range(12)), 0.0, 600.0)

    assert watching.told() == [("1", "12 events within 1 minute (spike)")]


def test_a_burst_on_both_sides_of_a_look_is_seen(tracker: Moving) -> None:
    tracker.fails("1", 7200)
    watching = Watching(tracker, SPIKE)
    tracker.passes(minutes=5)
    tracker.fails("1", *range(6))
    assert watching.told() == []

    tracker.passes(seconds=20)
    tracker.fails("1", *range(5))
    assert watching.told() == [("1", "11 events within 1 minute (spike)")]


def test_a_spike_is_told_again_when_its_time_is_over_and_there_is_another_one(tracker: Moving) -> None:
    watching = Watching(tracker, SPIKE)
    tracker.fails("1", *range(11))
    assert len(watching.told()) == 1

    tracker.passes(hours=23)
    tracker.fails("1", *range(11))
    assert watching.told() == []

    tracker.passes(hours=1)
    assert watching.told() == []
    tracker.fails("1", *range(11))
    assert watching.told() == [("1", "11 events within 1 minute (spike)")]


def test_events_that_were_told_of_are_not_counted_for_the_next_spike(tracker: Moving) -> None:
    watching = Watching(tracker, replace(SPIKE, again=timedelta(minutes=1), minutes=60))
    tracker.fails("1", *range(11))
    assert len(watching.told()) == 1

    tracker.passes(minutes=2)
    tracker.fails("1", *range(5))
    assert watching.told() == []


def test_users_are_counted_and_more_than_so_many_is_told(tracker: Moving) -> None:
    watching = Watching(tracker, USERS)
    tracker.fails("1", *range(20), users=[f"u{number}" for number in range(10)])
    assert watching.told() == []

    tracker.passes(minutes=1)
    tracker.fails("1", users=["another"])
    assert watching.told() == [("1", "11 users affected (user impact)")]


def test_users_are_counted_from_events_where_the_tracker_does_not_count_them(tracker: Moving) -> None:
    tracker.lacks = {Capability.USER_COUNTS: "It does not count."}
    watching = Watching(tracker, USERS)
    tracker.fails("1", *range(20), users=[f"u{number}" for number in range(10)])
    assert watching.told() == []

    tracker.fails("1", *range(3), users=["u10", "u11", "u12"])
    assert watching.told() == [("1", "more than 10 users affected (user impact)")]


def test_users_of_other_environments_do_not_count(tracker: Moving) -> None:
    watching = Watching(tracker, replace(USERS, environments=("production",)))
    tracker.fails("1", *range(10), users=[f"u{number}" for number in range(10)])
    tracker.fails("1", *range(10), users=[f"s{number}" for number in range(10)], environment="staging")
    assert watching.told() == []

    tracker.fails("1", users=["u10"])
    assert watching.told() == [("1", "more than 10 users affected (user impact)")]


def test_a_spike_counts_the_events_of_its_environments_only(tracker: Moving) -> None:
    watching = Watching(tracker, replace(SPIKE, environments=("production",)))
    tracker.fails("1", *range(10), environment="production")
    tracker.fails("1", *range(10), environment="staging")

    assert watching.told() == []
