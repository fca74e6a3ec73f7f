"""Who hears of an issue, and whether it is the time for that."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from apps.triage.alerts.coverage import coverage
from apps.triage.alerts.rules import Alerts, Priority, Route, Rule
from apps.triage.trackers.base import Tracker

from .state import Hour

# Errors of a program that does not classify them have no priority: somebody must look in business hours.
UNKNOWN: Priority = "P1"
_SOONEST: tuple[Hour, ...] = ("any", "awake", "business")


def rules(alerts: Alerts, tracker: Tracker) -> list[Rule]:
    """Return the rules that the watch evaluates, each for the priorities for which the tracker does not."""
    covered = coverage(alerts, tracker)
    found = []
    for rule in alerts.rules:
        mine = [one for one in covered if one.rule == rule and one.by == "watch"]
        if mine:
            found.append(replace(mine[0].evaluated, priorities=tuple(one.priority for one in mine if one.priority)))
    return found


def route(alerts: Alerts, rule: Rule, priority: str) -> Route | None:
    """Return who hears of a rule that fires for an issue of that priority; None: the rule is not about it."""
    if rule.to:
        return Route(rule.to)
    for known, found in alerts.routes.items():
        if known == (priority or UNKNOWN):
            return found if known in rule.priorities else None
    return None


def hour(rule: Rule, priority: str, heard: Route) -> Hour:
    """Return when those who hear of it may be told: what a rule names them for at any hour, and so a P0."""
    if rule.to or (heard.when == "always" and priority == "P0"):
        return "any"
    return "awake" if heard.when == "always" else "business"


def soonest(hours: Collection[Hour]) -> Hour:
    """Return the earliest of several."""
    return min(hours, key=_SOONEST.index)


def is_time(alerts: Alerts, when: Hour, now: datetime) -> bool:
    """Say whether a message may be sent now, by the hours of the alerts file and its time zone."""
    local = now.astimezone(alerts.timezone)
    quiet, business = alerts.hours.get("quiet"), alerts.hours.get("business")
    if when == "any":
        return True
    if quiet and quiet.contains(local):
        return False
    return when == "awake" or business is None or business.contains(local)
