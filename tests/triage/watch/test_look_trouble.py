"""A look at a tracker that fails, has too much, or another clock; and after days in which nobody looked."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from apps.triage.query import Query
from apps.triage.trackers.base import Event, Issue, NotFound, TrackerError
from apps.triage.watch import look as looking
from apps.triage.watch import walk
from tests.triage.memory_tracker import NOW
from tests.triage.watch.moving import ALL, NEW, SPIKE, Moving, Watching


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> dict[str, Exception]:
    """What reading the events of an issue raises."""
    errors: dict[str, Exception] = {}
    whole = Moving.events

    def events(self: Moving, issue_id: str) -> Iterator[Event]:
        if issue_id in errors:
            raise errors[issue_id]
        return whole(self, issue_id)

    monkeypatch.setattr(Moving, "events", events)
    return errors


BAD_GATEWAY = TrackerError("GET https://tracker.example.com/events answered 502.")


@pytest.mark.parametrize(
    ("error", "said"),
    [(BAD_GATEWAY, str(BAD_GATEWAY)), (IndexError("a bug of ours"), "IndexError, which was reported.")],
)
def test_an_issue_that_cannot_be_read_is_looked_at_again_and_keeps_back_no_other(
    tracker: Moving, broken: dict[str, Exception], error: Exception, said: str
) -> None:
    watching = Watching(tracker, NEW)
    for name in ("1", "2", "3"):
        tracker.fails(name)
    broken["2"] = error

    seen = watching.look()
    assert [message.issue_id for message, _ in seen.told] == ["1", "3"]
    assert seen.remarks == [f"GOIMG-2 is looked at again the next time: {said}"]

    broken.clear()
    assert [issue for issue, *_ in watching.told()] == ["2"]


def test_a_new_issue_is_told_though_its_newest_event_is_not_given(
    monkeypatch: pytest.MonkeyPatch, tracker: Moving
) -> None:
    def refuse(issue_id: str) -> Event:
        raise NotFound(f"{issue_id} has no event")

    watching = Watching(tracker, NEW)
    tracker.fails("1")
    monkeypatch.setattr(tracker, "latest_event", refuse)

    assert watching.told() == [("1", "new issue")]


def test_a_tracker_on_which_nothing_can_be_read_is_left_and_looked_at_from_there(
    tracker: Moving, broken: dict[str, Exception]
) -> None:
    for number in range(walk.AT_LEAST):
        tracker.fails(f"old{number}", 3600)
    watching = Watching(tracker, NEW)
    tracker.passes(days=3)
    for number in range(10):
        tracker.fails(f"{number}", 2 * 24 * 3600)
    broken |= dict.fromkeys(map(str, range(10)), BAD_GATEWAY)

    seen = watching.look()
    assert (seen.changed, seen.problem) == (3, "Stopped early, after 3 issues that could not be looked at.")

    broken.clear()
    tracker.passes(days=3)
    assert len(watching.told()) == 10


def test_issues_that_can_never_be_read_do_not_keep_back_what_lies_behind_them_for_ever(
    tracker: Moving, broken: dict[str, Exception]
) -> None:
    watching = Watching(tracker, NEW)
    tracker.fails("behind", 60)
    for name in ("1", "2", "3"):
        tracker.fails(name)
        broken[name] = BAD_GATEWAY

    for _ in range(looking.MOST_TRIED):
        seen = watching.look()
        assert (seen.told, seen.problem != "") == ([], True)
    seen = watching.look()
    assert [message.issue_id for message, _ in seen.told] == ["behind"]
    assert (seen.problem, len(seen.remarks)) == ("", 3)
    assert "could not be read in 5 looks and more, what lies behind it is: GET " in seen.remarks[0]

    broken.clear()
    assert [issue for issue, *_ in watching.told()] == ["1", "2", "3"]
    assert watching.state.unread == {}


def test_what_happened_while_nobody_looked_for_days_is_told(tracker: Moving) -> None:
    for number in range(walk.AT_LEAST + 50):
        tracker.fails(f"old{number}", 3600)
    watching = Watching(tracker, *ALL)
    tracker.passes(days=5)
    tracker.fails("early", 4 * 24 * 3600)
    tracker.fails("late")

    assert [issue for issue, *_ in watching.told()] == ["late", "early"]


def test_too_many_changed_issues_are_looked_at_in_several_looks(
    tracker: Moving, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "MOST_CHANGED", 2)
    watching = Watching(tracker, NEW)
    for name in ("1", "2", "3"):
        tracker.fails(name)

    seen = watching.look()
    assert (len(seen.told), seen.problem) == (2, "Stopped early, after 2 issues: the next look reads on.")
    assert [issue for issue, *_ in watching.told()] == ["3"]


def test_an_issue_with_more_events_than_are_read_is_said(tracker: Moving, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looking, "MOST", 5)
    watching = Watching(tracker, NEW)
    tracker.fails("1", *range(6))

    assert watching.look().remarks == ["Of 1 issue only the newest events were read."]


def test_a_large_tracker_costs_a_look_no_more_than_what_changed(tracker: Moving) -> None:
    for number in range(5_000):
        tracker.put({"age": 48 + number / 100}, id=f"{number}")
    tracker.fails("recent")
    watching = Watching(tracker, *ALL)
    rows: list[str] = []
    issues = tracker.issues

    def counted(query: Query) -> Iterator[Issue]:
        for issue in issues(query):
            rows.append(issue.id)
            yield issue

    tracker.issues = counted  # type: ignore[method-assign]
    tracker.fails("7")
    tracker.asked.clear()

    assert watching.told() == []
    assert {asked for asked in tracker.asked if asked.startswith("events")} == {"events 7"}
    assert len(rows) == walk.AT_LEAST + 1  # the one behind says that it is enough


def test_more_issues_than_are_remembered_stay_old_ones(tracker: Moving, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walk, "MOST_KNOWN", 2)
    watching = Watching(tracker, NEW)
    for name in ("1", "2", "3"):
        tracker.passes(seconds=1)
        tracker.fails(name)
        assert len(watching.told()) == 1
    assert set(watching.state.known) == {"2", "3"}

    tracker.passes(days=2)
    tracker.fails("1")
    assert watching.told() == []


def test_a_clock_that_goes_back_neither_repeats_nor_silences(tracker: Moving) -> None:
    tracker.fails("1", 7200)
    watching = Watching(tracker, NEW, SPIKE)
    tracker.passes(days=365)
    tracker.fails("1", *range(11))
    assert len(watching.told()) == 1

    tracker.now = NOW + timedelta(hours=1)
    assert watching.told() == []
    tracker.passes(hours=25)
    tracker.fails("2")
    assert [issue for issue, *_ in watching.told()] == ["2"]


def test_an_issue_that_is_deleted_while_it_is_looked_at_is_passed_over(
    tracker: Moving, monkeypatch: pytest.MonkeyPatch
) -> None:
    watching = Watching(tracker, NEW)
    tracker.fails("1")
    tracker.fails("2")
    whole = Moving.events

    def events(self: Moving, issue_id: str) -> Iterator[Event]:
        if issue_id == "1":
            self.delete("1")
        return whole(self, issue_id)

    monkeypatch.setattr(Moving, "events", events)

    assert [issue for issue, *_ in watching.told()] == ["2"]
