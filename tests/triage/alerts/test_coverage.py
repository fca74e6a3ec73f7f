"""Who evaluates a rule: the tracker only where it does so exactly."""

from dataclasses import replace
from datetime import time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from apps.triage.alerts.coverage import coverage, needs
from apps.triage.alerts.rules import DAYS, Alerts, Receiver, Route, Rule, Span
from apps.triage.trackers.base import Capability
from apps.triage.trackers.bugsink.lacks import LACKS as BUGSINK
from apps.triage.trackers.glitchtip.lacks import LACKS as GLITCHTIP
from apps.triage.trackers.sentry.lacks import LACKS as SENTRY
from apps.triage.watch import routing
from tests.triage.memory_tracker import MemoryTracker

DAY = timedelta(days=1)
NEW = Rule(name="new", on="new issue", to=("chat",))
SPIKE = Rule(name="spike", on="spike", events=10, minutes=1, again=DAY, to=("all",), by="tracker")
USERS = Rule(name="users", on="users", users=10, again=DAY, to=("all",), by="tracker")


def file(*rules: Rule, **changes: Any) -> Alerts:
    receivers = {
        "chat": Receiver(name="chat", kind="slack", variable="ALERT_SLACK_URL"),
        "mail": Receiver(name="mail", kind="email", to=("team@example.com",)),
        "pager": Receiver(name="pager", kind="pagerduty", variable="ALERT_PAGERDUTY_KEY"),
        "all": Receiver(name="all", kind="members"),
    }
    routes = {"P0": Route(("pager", "chat")), "P1": Route(("mail",), "business"), "P2": Route(("mail",)), "P3": Route()}
    known: dict[str, Any] = {"timezone": ZoneInfo("UTC"), "rules": rules, "receivers": receivers, "routes": routes}
    return Alerts(**(known | changes))


def who(rule: Rule, lacks: Any) -> list[tuple[str, str]]:
    return [(one.by, one.why) for one in coverage(file(rule), MemoryTracker(lacks=lacks))]


@pytest.mark.parametrize(
    ("rule", "lacks", "by", "capability"),
    [
        (NEW, GLITCHTIP, "tracker", None),
        (NEW, SENTRY, "watch", Capability.ALERT_SLACK),
        (NEW, BUGSINK, "watch", Capability.ALERT_RULES),
        (replace(NEW, to=("mail",)), GLITCHTIP, "watch", Capability.ALERT_EMAIL),
        (replace(NEW, to=("chat", "pager")), GLITCHTIP, "watch", Capability.ALERT_PAGERDUTY),
        (replace(NEW, environments=("a",)), GLITCHTIP, "watch", Capability.ALERT_ENVIRONMENT),
        (replace(NEW, to=("all",), by="tracker"), BUGSINK, "nobody", Capability.ALERT_RULES),
        (replace(NEW, to=("all",), by="tracker", environments=("a",)), SENTRY, "tracker", None),
        (replace(NEW, to=("all",), by="tracker", environments=("a", "b")), SENTRY, "nobody", "alert on several"),
        (SPIKE, GLITCHTIP, "nobody", Capability.ALERT_SPIKES),
        (SPIKE, SENTRY, "tracker", None),
        (replace(SPIKE, minutes=2), SENTRY, "nobody", Capability.ALERT_ANY_SPIKE),
        (replace(SPIKE, again=2 * DAY), SENTRY, "nobody", Capability.ALERT_ANY_SPIKE),
        (USERS, SENTRY, "nobody", Capability.ALERT_USERS),
        (USERS, GLITCHTIP, "nobody", Capability.ALERT_USERS),
    ],
)
def test_a_rule_is_the_trackers_where_it_lacks_nothing(rule: Rule, lacks: Any, by: str, capability: Any) -> None:
    if capability == "alert on several":
        capability = Capability.ALERT_ENVIRONMENTS

    [(evaluator, why)] = who(rule, lacks)
    assert evaluator == by
    assert why.startswith(lacks[capability]) if capability else why == ""


@pytest.mark.parametrize("lacks", [BUGSINK, GLITCHTIP])
def test_instead_is_whom_the_watch_tells_where_the_tracker_cannot(lacks: Any) -> None:
    alerts = file(replace(SPIKE, instead=("mail",)))

    [found] = coverage(alerts, MemoryTracker(lacks=lacks))

    assert (found.by, found.route, found.missing) == ("watch", Route(("mail",)), False)
    assert routing.rules(alerts, MemoryTracker(lacks=lacks)) == [replace(alerts.rules[0], to=("mail",))]


def test_the_tracker_evaluates_it_for_its_own_receivers_where_it_can() -> None:
    alerts = file(replace(SPIKE, instead=("mail",)))

    [found] = coverage(alerts, MemoryTracker(lacks=SENTRY))

    assert (found.by, found.route) == ("tracker", Route(("all",)))
    assert routing.rules(alerts, MemoryTracker(lacks=SENTRY)) == []


@pytest.mark.parametrize(
    ("rule", "remedy"),
    [
        (SPIKE, 'Beside by = "tracker" write instead = ["RECEIVER"]: whom sentry_watch tells then.'),
        (replace(SPIKE, to=("chat",)), 'Write by = "auto": then sentry_watch evaluates it.'),
    ],
)
def test_what_nobody_evaluates_says_what_to_write(rule: Rule, remedy: str) -> None:
    assert who(rule, BUGSINK) == [("nobody", f"{BUGSINK[Capability.ALERT_RULES]} {remedy}")]


def test_what_the_file_gives_to_the_watch_is_the_watchs() -> None:
    assert who(replace(NEW, by="watch"), {}) == [("watch", "alerts.toml says so.")]


def test_each_priority_has_its_own_answer() -> None:
    rule = replace(NEW, to=(), priorities=("P0", "P1", "P2", "P3"))
    lacks = {Capability.ALERT_PAGERDUTY: "No pager.", Capability.ALERT_HOURS: "No hours."}

    assert who(rule, lacks) == [("watch", "No pager."), ("watch", "No hours."), ("tracker", ""), ("nobody", "")]


def test_only_what_somebody_should_hear_of_is_missing() -> None:
    rule = replace(NEW, to=(), priorities=("P0", "P3"), by="tracker")

    assert [one.missing for one in coverage(file(rule), MemoryTracker(lacks=BUGSINK))] == [True, False]


@pytest.mark.parametrize(("priority", "needed"), [("P0", False), ("P2", True), ("", False)])
def test_quiet_hours_are_hours_for_all_but_p0_and_for_what_goes_out_at_any_hour(priority: str, needed: bool) -> None:
    alerts = file(NEW, hours={"quiet": Span(DAYS, time(22), time(7))})

    found = set(needs(alerts, NEW, priority, Route(("chat",))))

    assert (Capability.ALERT_HOURS in found) is needed
