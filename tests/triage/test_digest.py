"""The digest lists what its rules say, and says what it could not know."""

from datetime import timedelta

import pytest

from apps.triage import digest as service
from apps.triage.actions import Assign, Ignore, Prioritise, Resolve
from apps.triage.digest import Digest, digest
from apps.triage.issues import change
from apps.triage.trackers.base import Comment, Ignoring, Resolution
from tests.triage.fake_tracker import LACKS, NOW, Deaf, FakeTracker

DAY = timedelta(days=1)


def read(tracker: FakeTracker, since: timedelta = DAY) -> Digest:
    return digest(tracker, NOW - since, NOW, lambda text: None)


def listed(tracker: FakeTracker, name: str, since: timedelta = DAY) -> list[tuple[str, str]]:
    (section,) = [section for section in read(tracker, since).sections if section.name == name]
    return [(item.row.issue.id, item.why) for item in section.items]


def test_what_was_first_seen_in_the_span_is_new() -> None:
    tracker = FakeTracker()
    tracker.put({"age": 1})
    tracker.put({"age": 2}, {"age": 30})
    tracker.put({"age": 1}, status="resolved")

    assert listed(tracker, "new") == [("1", "")]
    assert listed(tracker, "new", timedelta(days=2)) == [("1", ""), ("2", "")]


def test_what_came_back_after_it_was_resolved_has_regressed() -> None:
    tracker = FakeTracker()
    issues = [tracker.put({"age": 1}, {"age": 50}) for _ in range(3)]
    for issue, text in zip(issues, ("resolved-in=goimg-api@1.1.0", "resolved", "priority=P1"), strict=True):
        tracker.said[issue.id] = [Comment("jane", f"[goimg triage] {text}", NOW - timedelta(hours=40))]
    tracker.said["2"].append(Comment("jane", "[goimg triage] reopened", NOW - timedelta(hours=30)))

    assert listed(tracker, "regressed") == [("1", "resolved-in goimg-api@1.1.0 on 2026-11-22")]


def test_what_was_not_seen_since_it_was_resolved_has_not_regressed() -> None:
    tracker = FakeTracker()
    issue = tracker.put({"age": 1}, {"age": 50})
    tracker.comment(issue.id, "[goimg triage] resolved")

    assert listed(tracker, "regressed") == []


@pytest.mark.parametrize(
    ("counts", "spikes"),
    [
        ((1,) * 23 + (5,), True),
        ((0,) * 23 + (4,), False),
        ((2,) * 23 + (5,), False),
        ((100,) * 23 + (300,), True),
    ],
)
def test_several_times_the_usual_number_of_events_is_a_spike(counts: tuple[int, ...], spikes: bool) -> None:
    tracker = FakeTracker()
    issue, new = tracker.put({"age": 0.5}, {"age": 40}), tracker.put({"age": 0.5})
    tracker.counts = {issue.id: counts, new.id: (0,) * 23 + (500,)}

    assert [one for one, _ in listed(tracker, "spiking")] == ([issue.id] if spikes else [])


def test_the_most_users_stand_first() -> None:
    tracker = FakeTracker()
    tracker.put({"user_id": "a"})
    tracker.put(*({"user_id": user} for user in "abc"))
    tracker.put({"user_id": ""})

    assert [one for one, _ in listed(tracker, "users")] == ["2", "1"]


@pytest.mark.parametrize("lacks", [{}, LACKS])
def test_what_is_urgent_and_nobodys_is_listed_by_urgency(lacks: dict) -> None:  # type: ignore[type-arg]
    tracker = FakeTracker(lacks=lacks)
    first, second, third, fourth = (tracker.put({"tags": {"priority": "P2"}}) for _ in range(4))
    change(Prioritise("P1"), tracker, [first, third], lambda done: None)
    change(Prioritise("P0"), tracker, [second], lambda done: None)
    change(Assign("jane@example.com"), tracker, [third], lambda done: None)
    assert fourth.id in tracker.kept

    assert [one for one, _ in listed(tracker, "unassigned")] == ["2", "1"]


def test_the_oldest_stand_first() -> None:
    tracker = FakeTracker()
    for age in (10, 1000, 100):
        tracker.put({"age": age})

    assert listed(tracker, "oldest") == [
        ("2", "since 2026-10-13"),
        ("3", "since 2026-11-20"),
        ("1", "since 2026-11-24"),
    ]


@pytest.mark.parametrize(
    ("how", "hours", "more", "over"),
    [
        (Ignoring(minutes=60), 2, 0, True),
        (Ignoring(minutes=60 * 3), 2, 0, False),
        (Ignoring(events=2), 0, 2, True),
        (Ignoring(events=2), 0, 1, False),
        (Ignoring(), 1000, 1000, False),
    ],
)
def test_what_was_ignored_long_enough_is_listed(how: Ignoring, hours: int, more: int, over: bool) -> None:
    tracker = FakeTracker(lacks=LACKS)
    issue = tracker.put()
    change(Ignore(how, NOW - timedelta(hours=hours)), tracker, [issue], lambda done: None)
    for _ in range(more):
        tracker.put({}, events=1 + more, id=issue.id, status="ignored")

    assert bool(listed(tracker, "waiting")) == over


def test_a_section_says_how_many_it_leaves_out() -> None:
    tracker = FakeTracker()
    for _ in range(13):
        tracker.put()

    section = read(tracker).sections[0]

    assert (len(section.items), section.more) == (service.LONGEST, 3)


def test_what_could_not_be_known_is_said() -> None:
    tracker = Deaf()
    tracker.put()

    assert read(tracker).remarks == ("Bugsink 2.6 cannot list comments without SENTRY_DSN.",)


def test_a_resolution_by_hand_is_not_mistaken_for_a_regression() -> None:
    tracker = FakeTracker()
    issue = tracker.put({"age": 1}, {"age": 50})
    change(Resolve(Resolution()), tracker, [issue], lambda done: None)

    assert listed(tracker, "regressed") == []


def test_of_very_many_issues_not_all_comments_are_read_and_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "MOST_NOTES", 2)
    tracker = FakeTracker()
    for _ in range(3):
        tracker.put({"tags": {"priority": "P0"}})

    assert read(tracker).remarks == ("Comments and priorities of the 2 last seen of 3 unresolved issues were read.",)
    assert len(listed(tracker, "unassigned")) == 2
