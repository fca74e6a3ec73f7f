"""Why a rule that holds for an issue tells nobody of it: what a dry run says."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from apps.triage.alerts.rules import Alerts, Rule
from apps.triage.trends.tables import duration

from .conditions import Case, why
from .routing import UNKNOWN, is_time, route
from .state import Fired, Hour

_LATER: Mapping[Hour, str] = {"awake": "these are quiet hours", "business": "these are not business hours"}


@dataclass(frozen=True, slots=True)
class Silence:
    """`issue` is a short ID; `later`: what is due is told in other hours."""

    rule: str
    issue: str
    why: str
    later: bool


def silences(
    alerts: Alerts,
    rules: Sequence[Rule],
    case: Case,
    fired: Mapping[str, Fired],
    due: Mapping[str, Hour],
    now: datetime,
) -> Iterator[Silence]:
    """Yield each rule that holds for an issue and says nothing of it now; `due` are those that fire.

    Raises TrackerError.
    """
    issue = case.subject.issue.short_id
    for rule in rules:
        if rule.name not in due:
            if reason := _reason(alerts, rule, case, fired.get(rule.name), now):
                yield Silence(rule.name, issue, reason, later=False)
        elif not is_time(alerts, due[rule.name], now):
            yield Silence(rule.name, issue, _LATER[due[rule.name]], later=True)


def _reason(alerts: Alerts, rule: Rule, case: Case, before: Fired | None, now: datetime) -> str:
    subject, until = case.subject, before.until if before else None
    if not why(replace(rule, environments=()), case, until):
        return ""
    if subject.issue.status != "unresolved":
        return f"on the tracker it is {subject.issue.status}"
    if before and now - before.at < rule.again:
        return f"it did so less than {duration(rule.again)} ago"
    if not why(rule, case, until):
        return f"it is about {', '.join(rule.environments)}, and this happened in {_where(case)}"
    if route(alerts, rule, subject.priority) is None:
        return f"of {subject.priority or UNKNOWN} it tells nobody"
    return "sentry_alerts test made it"


def _where(case: Case) -> str:
    return ", ".join(sorted({event.environment for event in case.events.new if event.environment})) or "none"
