"""A rule that holds for an issue and tells nobody: a dry run says why."""

from dataclasses import replace
from datetime import time, timedelta
from typing import Any

import pytest

from apps.triage.alerts.rules import DAYS, Route, Rule, Span
from apps.triage.watch.silence import Silence
from tests.triage.watch.moving import NEW, SPIKE, Moving, Watching

PRODUCTION = replace(NEW, environments=("production",))
BY_PRIORITY = replace(NEW, to=(), priorities=("P0", "P1", "P2"))


def silent(tracker: Moving, *rules: Rule, **fields: Any) -> list[Silence]:
    """What a dry run says of an issue that appears."""
    watching = Watching(tracker, *rules, **fields)
    tracker.fails("1")
    return watching.silent()


def test_a_rule_that_tells_somebody_now_is_not_silent() -> None:
    assert silent(Moving(), NEW) == []


def test_an_issue_of_another_environment() -> None:
    watching = Watching(tracker := Moving(), PRODUCTION)
    tracker.fails("1", environment="staging")

    why = "it is about production, and this happened in staging"
    assert watching.silent() == [Silence("new issue", "GOIMG-1", why, later=False)]


def test_a_spike_that_was_told_already() -> None:
    watching = Watching(tracker := Moving(), SPIKE)
    tracker.fails("1", *range(11))
    watching.look()
    tracker.passes(minutes=2)
    tracker.fails("1", *range(11))

    assert [(one.rule, one.why) for one in watching.silent()] == [("spike", "it did so less than 1 d ago")]


def test_an_issue_that_somebody_ignores() -> None:
    watching = Watching(tracker := Moving(), NEW)
    tracker.kept["1"] = replace(tracker.fails("1"), status="ignored")

    assert [one.why for one in watching.silent()] == ["on the tracker it is ignored"]


def test_a_priority_of_which_nobody_hears() -> None:
    routes = {"P0": Route(("pager",)), "P1": Route()}

    [found] = silent(Moving(), replace(BY_PRIORITY, priorities=("P0",)), routes=routes)

    assert (found.why, found.later) == ("of P1 it tells nobody", False)


def test_an_error_that_sentry_alerts_test_made() -> None:
    watching = Watching(tracker := Moving(), NEW)
    tracker.fails("1", alert_test="run-0")

    assert [one.why for one in watching.silent()] == ["sentry_alerts test made it"]


@pytest.mark.parametrize(
    ("hours", "when", "why"),
    [
        ({"quiet": Span(DAYS, time(0), time(23, 59))}, "always", "these are quiet hours"),
        ({"business": Span(("sun",), time(9), time(10))}, "business", "these are not business hours"),
    ],
)
def test_what_waits_for_its_hour_is_said_to_wait(hours: Any, when: Any, why: str) -> None:
    routes = {"P1": Route(("chat",), when)}

    [found] = silent(Moving(), replace(BY_PRIORITY, priorities=("P1",)), routes=routes, hours=hours)

    assert (found.rule, found.why, found.later) == ("new issue", why, True)


def test_what_does_not_hold_is_not_spoken_of() -> None:
    tracker = Moving()
    watching = Watching(tracker, SPIKE, replace(NEW, again=timedelta(0)))
    tracker.fails("1")
    watching.look()
    tracker.fails("1")

    assert watching.silent() == []
