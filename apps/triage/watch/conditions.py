"""Whether a rule's condition holds for an issue, and why, in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from apps.triage.alerts.rules import Rule
from apps.triage.subject import Subject
from apps.triage.trackers.base import Capability
from apps.triage.words import counted

from .events import Events, Limit, within
from .state import Known

_SHOWN = 200  # users that are counted for a message where the tracker does not count them


@dataclass(frozen=True, slots=True)
class Case:
    """An issue that changed. `is_new`: it was never seen before; `is_back`: it was resolved."""

    subject: Subject
    events: Events
    known: Known | None
    is_new: bool
    is_back: bool
    limit: Limit


def why(rule: Rule, case: Case, told_until: datetime | None) -> str:
    """Return why the rule fires, empty if it does not. Raises TrackerError.

    `told_until`: of a spike, what happened up to then was told.
    """
    match rule.on:
        case "new issue":
            return _appeared(rule, case)
        case "spike":
            return _spiked(rule, case, told_until)
    return _spread(rule, case)


def _appeared(rule: Rule, case: Case) -> str:
    if case.is_new or case.is_back:
        return ("new issue" if case.is_new else "came back") * bool(within(case.events.new, rule.environments))
    seen = case.known.environments if case.known else None
    if seen is None or not rule.environments or set(seen) & set(rule.environments):
        return ""
    here = within(case.events.new, rule.environments)
    return f"new in {here[0].environment}, known from {', '.join(seen) or 'nowhere'}" if here else ""


def _spiked(rule: Rule, case: Case, told_until: datetime | None) -> str:
    events = within(case.events.read, rule.environments)
    moments = sorted(event.moment for event in events if told_until is None or event.moment > told_until)
    most = _most_within(moments, timedelta(minutes=rule.minutes))
    return f"{counted(most, 'event')} within {counted(rule.minutes, 'minute')}" if most > rule.events else ""


def _most_within(moments: Sequence[datetime], window: timedelta) -> int:
    """Return how many of the moments, in order, at most are less than a window apart."""
    most = start = 0
    for end, moment in enumerate(moments):
        while moment - moments[start] >= window:
            start += 1
        most = max(most, end - start + 1)
    return most


def _spread(rule: Rule, case: Case) -> str:
    subject = case.subject
    if subject.issue.events <= rule.users or not within(case.events.new, rule.environments):
        return ""
    if _counts_users(subject):
        number = subject.users
        if number <= rule.users or not rule.environments:
            return f"{counted(number, 'user')} affected" * (number > rule.users)
    found = _users(subject, rule.environments, rule.users + 1, case.limit)
    return f"more than {counted(rule.users, 'user')} affected" * (found > rule.users)


def users_in_words(subject: Subject) -> str:
    """Return how many people an issue's events concern. Raises TrackerError."""
    if _counts_users(subject):
        return f"{subject.users:,}"
    found = _users(subject, (), _SHOWN, Limit(_SHOWN))
    return f"{found} or more" if subject.issue.events > _SHOWN else str(found)


def _counts_users(subject: Subject) -> bool:
    return subject.issue.users is not None or Capability.USER_COUNTS not in subject.tracker.lacks


def _users(subject: Subject, environments: Sequence[str], enough: int, limit: Limit) -> int:
    """Count the users of an issue's newest events, up to `enough`."""
    found: set[str] = set()
    for number, event in enumerate(subject.tracker.events(subject.issue.id)):
        if len(found) >= enough:
            break
        if number >= limit.events:
            limit.cut += 1
            break
        if event.user_id and (not environments or event.environment in environments):
            found.add(event.user_id)
    return len(found)
