"""Who hears of an issue, and whether it is the time for that."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from apps.triage.alerts.coverage import coverage
from apps.triage.alerts.rules import Alerts, Priority, Route, Rule, When
from apps.triage.trackers.base import Tracker

# Errors of a program that does not classify them have no priority: somebody must look in business hours.
UNKNOWN: Priority = "P1"


def rules(alerts: Alerts, tracker: Tracker) -> list[Rule]:
    """Return the rules that the watch evaluates, each for the priorities for which the tracker does not."""
    covered = coverage(alerts, tracker)
    found = []
    for rule in alerts.rules:
        mine = [one for one in covered if one.rule == rule and one.by == "watch"]
        if mine:
            found.append(replace(rule, priorities=tuple(one.priority for one in mine if one.priority)))
    return found


def route(alerts: Alerts, rule: Rule, priority: str) -> Route | None:
    """Return who hears of a rule that fires for an issue of that priority; None: the rule is not about it."""
    if rule.to:
        return Route(rule.to)
    for known, found in alerts.routes.items():
        if known == (priority or UNKNOWN):
            return found if known in rule.priorities else None
    return None


def soonest(whens: Iterable[When]) -> When:
    """Return the more urgent of several."""
    return "always" if "always" in whens else "business"


def is_time(alerts: Alerts, when: When, priority: str, now: datetime) -> bool:
    """Say whether a message may be sent now: a P0 also in quiet hours, what can wait in business hours only."""
    local = now.astimezone(alerts.timezone)
    quiet, business = alerts.hours.get("quiet"), alerts.hours.get("business")
    if quiet and priority != "P0" and quiet.contains(local):
        return False
    return when == "always" or business is None or business.contains(local)
