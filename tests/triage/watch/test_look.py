"""A look: which issues are told, once, and to whom."""

from dataclasses import replace
from datetime import timedelta

import pytest

from apps.triage import notes
from apps.triage.alerts.rules import Route, Rule
from apps.triage.trackers.base import Ignoring, Resolution
from apps.triage.watch.look import TEST_TAG
from tests.triage.memory_tracker import NOW
from tests.triage.watch.moving import ALL, NEW, Moving, Watching


def test_a_new_issue_is_told_once(tracker: Moving) -> None:
    watching = Watching(tracker, NEW)
    tracker.fails("1")

    assert watching.told() == [("1", "new issue")]

    tracker.passes(minutes=1)
    tracker.fails("1")
    assert watching.told() == []


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
