"""Which rules fire for which issues: each once, and none is missed."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from apps.triage import notes
from apps.triage.alerts.rules import Route, Rule
from apps.triage.query import Query
from apps.triage.trackers.base import Capability, Event, Ignoring, Issue, NotFound, Resolution, TrackerError
from apps.triage.watch import look as looking
from apps.triage.watch import walk
from apps.triage.watch.look import TEST_TAG
from tests.triage.memory_tracker import NOW
from tests.triage.watch.moving import NEW, SPIKE, USERS, Moving, Watching

ALL = (NEW, SPIKE, USERS)


@pytest.fixture
def tracker() -> Moving:
    return Moving()


def test_a_new_issue_is_told_once(tracker: Moving) -> None:
    watching = Watching(tracker, NEW)
    tracker.fails("1")

    assert watching.told() == [("1", "new issue")]

    tracker.passes(minutes=1)
    tracker.fails("1")
    assert watching.told() == []


def test_a_new_issue_is_told_though_its_newest_event_is_not_given(
    monkeypatch: pytest.MonkeyPatch, tracker: Moving
) -> None:
    def refuse(issue_id: str) -> Event:
        raise NotFound(f"{issue_id} has no event")

    watching = Watching(tracker, NEW)
    tracker.fails("1")
    monkeypatch.setattr(tracker, "latest_event", refuse)

    assert watching.told() == [("1", "new issue")]


def test_a_first_look_tells_nothing_of_the_past_even_when_it_goes_on(tracker: Moving) -> None:
    tracker.fails("old", 30 * 24 * 3600)
    tracker.fails("yesterday", 3600)
    watching = Watching(tracker, NEW)

    tracker.passes(minutes=1)
    tracker.fails("old")
    tracker.fails("yesterday")
    assert watching.told() == []


def test_a_first_look_since_a_moment_tells_what_began_after_it(tracker: Moving) -> None:
    tracker.fails("before", 3 * 3600)
    tracker.fails("after", 3600)

    assert watching_since(tracker, hours=2).told() == [("after", "new issue")]


def watching_since(tracker: Moving, **span: float) -> Watching:
    return Watching(tracker, NEW, since=tracker.now - timedelta(**span))


def test_an_issue_that_waited_in_an_outbox_since_before_the_first_look_is_new(tracker: Moving) -> None:
    watching = Watching(tracker, NEW)
    tracker.passes(minutes=5)
    tracker.fails("late", 3600)

    assert watching.told() == [("late", "new issue")]


def test_an_issue_that_comes_back_after_it_was_resolved_is_told_as_often_as_it_does(tracker: Moving) -> None:
    watching = Watching(tracker, NEW)
    tracker.fails("1")
    watching.told()
    for _ in range(2):
        tracker.resolve("1", Resolution())
        assert watching.told() == []
        tracker.passes(minutes=1)
        tracker.fails("1")
        assert watching.told() == [("1", "came back (new issue)")]


def test_an_issue_that_was_resolved_and_came_back_between_two_looks_is_known_by_its_note(tracker: Moving) -> None:
    tracker.fails("1")
    watching = Watching(tracker, NEW)
    tracker.passes(seconds=10)
    tracker.clock = tracker.now
    tracker.resolve("1", Resolution())
    tracker.comment("1", notes.write("resolved"))
    tracker.kept["1"] = replace(tracker.kept["1"], comments=1)
    tracker.passes(seconds=10)
    tracker.fails("1")

    assert watching.told() == [("1", "came back (new issue)")]


def test_an_issue_that_somebody_reopens_without_an_event_is_not_told(tracker: Moving) -> None:
    tracker.fails("1")
    tracker.resolve("1", Resolution())
    watching = Watching(tracker, NEW)
    tracker.reopen("1")

    assert watching.told() == []


def test_what_is_ignored_is_never_told(tracker: Moving) -> None:
    tracker.fails("1")
    watching = Watching(tracker, *ALL)
    tracker.ignore("1", Ignoring())
    tracker.passes(minutes=1)
    tracker.fails("1", *range(40))

    assert watching.told() == []


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


def test_an_issue_that_was_seen_in_staging_is_new_when_it_reaches_production(tracker: Moving) -> None:
    watching = Watching(tracker, replace(NEW, environments=("production",)))
    tracker.fails("1", environment="staging")
    assert watching.told() == []

    tracker.passes(hours=3)
    tracker.fails("1", environment="production")
    tracker.fails("1", environment="staging")
    assert watching.told() == [("1", "new in production, known from staging (new issue)")]

    tracker.fails("1", environment="production")
    assert watching.told() == []


def test_a_spike_counts_the_events_of_its_environments_only(tracker: Moving) -> None:
    watching = Watching(tracker, replace(SPIKE, environments=("production",)))
    tracker.fails("1", *range(10), environment="production")
    tracker.fails("1", *range(10), environment="staging")

    assert watching.told() == []


def test_several_rules_for_one_issue_are_one_message_with_all_reasons(tracker: Moving) -> None:
    watching = Watching(tracker, *ALL)
    tracker.fails("1", *range(12), users=[f"u{number}" for number in range(12)])

    assert watching.told() == [
        (
            "1",
            "new issue",
            "12 events within 1 minute (spike)",
            "12 users affected (user impact)",
        )
    ]
    assert [one.receiver for one in watching.state.waiting] == ["chat"]


def test_a_message_says_what_a_person_needs_and_nothing_personal(tracker: Moving) -> None:
    watching = Watching(tracker, NEW, runbook="docs/runbook.md")
    tracker.fails("1", users=["u1"], priority="P0")
    tracker.kept["1"] = replace(tracker.kept["1"], title="ValueError: no account for jane@example.com")

    ((message, _),) = watching.look().told

    assert message.headline == "P0 production: ValueError: no account for [EMAIL_REDACTED]"
    assert dict(message.facts()) == {
        "Why": "new issue",
        "Issue": "GOIMG-1",
        "Events": "1",
        "Users": "1",
        "First seen": f"{NOW:%Y-%m-%d %H:%M:%S} UTC",
        "Level": "error",
        "Release": "goimg-api@1.0.0",
        "Where": "apps.gallery.views in post",
        "Link": "https://tracker.example.com/issues/1",
        "Runbook": "docs/runbook.md",
    }


BY_PRIORITY = Rule(name="new issue", on="new issue", priorities=("P0", "P1", "P3"))


@pytest.mark.parametrize(
    ("priority", "receivers"),
    [
        ("P0", [("pager", "any"), ("chat", "any")]),
        ("P1", [("chat", "business"), ("mail", "business")]),
        ("P2", []),  # the rule is not about it
        ("P3", []),  # nobody hears of it
        ("", [("chat", "business"), ("mail", "business")]),  # nobody said: as P1
    ],
)
def test_the_priority_decides_who_hears_of_it(tracker: Moving, priority: str, receivers: list[tuple[str, str]]) -> None:
    watching = Watching(tracker, BY_PRIORITY)
    tracker.fails("1", **{"priority": priority} if priority else {})

    watching.look()

    assert [(one.receiver, one.when) for one in watching.state.waiting] == receivers


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


def test_issues_made_to_try_the_alerts_are_told_by_the_trial_only(tracker: Moving) -> None:
    watching, trial = Watching(tracker, NEW), Watching(tracker, NEW)
    tracker.fails("trial", **{TEST_TAG: "run-1"})
    tracker.fails("real")

    assert [issue for issue, *_ in watching.told()] == ["real"]
    told = trial.look(test="run-1").told
    assert [(message.issue_id, message.test) for message, _ in told] == [("trial", True)]


def test_one_event_with_the_mark_of_a_trial_does_not_silence_an_issue(tracker: Moving) -> None:
    watching = Watching(tracker, NEW)
    tracker.fails("1", 10)
    tracker.fails("1", **{TEST_TAG: "somebody's"})

    assert [issue for issue, *_ in watching.told()] == ["1"]


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


@pytest.mark.parametrize(
    ("rule", "priority", "when"),
    [
        (NEW, "P2", "any"),  # a rule that names its receivers
        (BY_PRIORITY, "P0", "any"),
        (BY_PRIORITY, "P1", "business"),
        (replace(BY_PRIORITY, priorities=("P2",)), "P2", "awake"),
    ],
)
def test_the_rule_and_the_priority_decide_at_which_hour_it_is_told(
    tracker: Moving, rule: Rule, priority: str, when: str
) -> None:
    routes = {"P0": Route(("pager",)), "P1": Route(("chat",), "business"), "P2": Route(("chat",))}
    watching = Watching(tracker, rule, routes=routes)
    tracker.fails("1", priority=priority)

    watching.look()

    assert [one.when for one in watching.state.waiting] == [when]
