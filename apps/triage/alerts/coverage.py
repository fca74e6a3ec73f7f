"""Who evaluates which rule for whom: the tracker where it can do so exactly, else the watch."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from ..trackers.base import Capability, Tracker
from .rules import Alerts, Kind, Priority, Route, Rule
from .specs.sentry import AGAIN, INTERVALS

Evaluator = Literal["tracker", "watch", "nobody"]

_RECEIVERS: dict[Kind, Capability] = {
    "members": Capability.ALERT_MEMBERS,
    "email": Capability.ALERT_EMAIL,
    "slack": Capability.ALERT_SLACK,
    "pagerduty": Capability.ALERT_PAGERDUTY,
}


@dataclass(frozen=True, slots=True)
class Coverage:
    """Who evaluates a rule for issues of one priority ("": of any), and why not the tracker.

    `route` is whom they tell. "nobody" with a `why` is a rule that alerts.toml gives to a tracker that cannot evaluate
    it, and to nobody else; the `why` says what to write.
    """

    rule: Rule
    priority: Priority | Literal[""]
    route: Route
    by: Evaluator
    why: str = ""

    @property
    def missing(self) -> bool:
        """Nobody evaluates what somebody should hear of."""
        return self.by == "nobody" and bool(self.route.to)

    @property
    def evaluated(self) -> Rule:
        """The rule as whoever evaluates it has it."""
        return replace(self.rule, to=self.route.to) if self.rule.to else self.rule


def coverage(alerts: Alerts, tracker: Tracker) -> list[Coverage]:
    """Return who evaluates each rule for each of its priorities."""
    return [_covered(alerts, rule, *pair, tracker) for rule in alerts.rules for pair in _routes(alerts, rule)]


def needs(alerts: Alerts, rule: Rule, priority: str, route: Route) -> Iterator[Capability]:
    """Yield what whoever evaluates a rule must be able to do, the most telling first."""
    yield Capability.ALERT_RULES
    if rule.on == "users":
        yield Capability.ALERT_USERS
    if rule.on == "spike":
        yield Capability.ALERT_SPIKES
        if rule.minutes not in INTERVALS or rule.again not in AGAIN:
            yield Capability.ALERT_ANY_SPIKE
    if rule.environments:
        several = len(rule.environments) > 1
        yield Capability.ALERT_ENVIRONMENTS if several else Capability.ALERT_ENVIRONMENT
    if priority:
        yield Capability.ALERT_PRIORITY
    # Whom a rule names is told at any hour, and so is who hears of a P0.
    if route.when != "always" or (priority not in ("", "P0") and "quiet" in alerts.hours):
        yield Capability.ALERT_HOURS
    yield from dict.fromkeys(_RECEIVERS[alerts.receivers[name].kind] for name in route.to)


def _routes(alerts: Alerts, rule: Rule) -> list[tuple[Priority | Literal[""], Route]]:
    return [("", Route(rule.to))] if rule.to else [(one, alerts.routes[one]) for one in rule.priorities]


def _covered(alerts: Alerts, rule: Rule, priority: Priority | Literal[""], route: Route, tracker: Tracker) -> Coverage:
    if not route.to:
        return Coverage(rule, priority, route, "nobody")
    if rule.by == "watch":
        return Coverage(rule, priority, route, "watch", "alerts.toml says so.")
    lacking = next((tracker.lacks[need] for need in needs(alerts, rule, priority, route) if need in tracker.lacks), "")
    if not lacking:
        return Coverage(rule, priority, route, "tracker")
    if rule.by == "tracker" and not rule.instead:
        return Coverage(rule, priority, route, "nobody", f"{lacking} {_remedy(alerts, route)}")
    return Coverage(rule, priority, Route(rule.instead) if rule.instead else route, "watch", lacking)


def _remedy(alerts: Alerts, route: Route) -> str:
    if all(alerts.receivers[name].kind == "members" for name in route.to):
        return 'Beside by = "tracker" write instead = ["RECEIVER"]: whom sentry_watch tells then.'
    return 'Write by = "auto": then sentry_watch evaluates it.'
