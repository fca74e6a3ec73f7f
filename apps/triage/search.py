"""Which issues a query finds, the same on every tracker: what a tracker does not filter is filtered here."""

import operator
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from .query import Query, Term, age
from .subject import Subject
from .trackers.base import Capability, Event, NotFound, Tracker, Unsupported
from .words import counted

MOST_ISSUES, MOST_EVENTS, MOST_OF_ONE = 10_000, 50_000, 1_000

_SIGNS: dict[str, Callable[[float, float], bool]] = {
    "=": operator.eq,
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
}
# What costs a request more is asked last. Keys that stand here have to be asked for on some trackers.
_COSTLY = ("level", "priority", "assigned", "users")


@dataclass(slots=True)
class Budget:
    """How much one search may read: issues, events in all, events of one issue. It counts down.

    `looked_at` counts issues, `passed_over` the issues of which not all events were looked at; `used_up` says that
    the search ended early.
    """

    issues: int = MOST_ISSUES
    events: int = MOST_EVENTS
    of_one: int = MOST_OF_ONE
    looked_at: int = 0
    passed_over: int = 0
    used_up: bool = False

    @property
    def stopped(self) -> str:
        """What was not looked at, in words; empty when everything was."""
        if self.used_up:
            looked_at = counted(self.looked_at, "issue")
            return f"Stopped early, after {looked_at}: there may be more. A narrower query reads less."
        if self.passed_over:
            events = f"the newest {counted(self.of_one, 'event')} {'was' if self.of_one == 1 else 'were'}"
            return f"Of {counted(self.passed_over, 'issue')} only {events} looked at."
        return ""


Progress = Callable[[int, int], None]


def search(
    tracker: Tracker, query: Query, now: datetime, budget: Budget, progress: Progress = lambda looked_at, found: None
) -> Iterator[Subject]:
    """Yield the issues that a query finds, last seen first. Raises TrackerError.

    `progress` gets how many issues were looked at and how many of them were found.
    """
    answered = tracker.answers(query)
    terms = sorted((term for term in query.terms if term not in answered), key=_cost)
    found = 0
    for issue in tracker.issues(query):
        if budget.looked_at >= budget.issues:
            budget.used_up = True
        if budget.used_up:
            return
        subject = Subject(tracker, issue)
        budget.looked_at += 1
        try:
            matches = _matches(subject, terms, now, budget)
        except NotFound:  # somebody deletes it meanwhile
            continue
        found += matches
        progress(budget.looked_at, found)
        if matches:
            yield subject


def _cost(term: Term) -> int:
    if term.kind == "tag":
        return len(_COSTLY) + 1
    return _COSTLY.index(term.key) + 1 if term.key in _COSTLY else 0


def _matches(subject: Subject, terms: Sequence[Term], now: datetime, budget: Budget) -> bool:
    on_issue = [term for term in terms if term.kind != "tag"]
    if not all(_holds(subject, term, now) != term.negated for term in on_issue):
        return False
    on_events = [term for term in terms if term.kind == "tag"]
    return not on_events or _events_match(subject, on_events, budget)


def _holds(subject: Subject, term: Term, now: datetime) -> bool:
    issue, sign = subject.issue, _SIGNS[term.operator]
    if term.key == "users":
        return _users_hold(subject, term)
    if term.kind == "count":
        return sign(issue.events, int(term.value))
    if term.kind == "age":
        span = now - (issue.first_seen if term.key == "first_seen" else issue.last_seen)
        return sign(span.total_seconds(), age(term.value).total_seconds())
    if term.key == "assigned":
        return _assigned(subject).casefold() == term.value.casefold()
    if term.key:
        return _texts(subject)[term.key]() == term.value
    wanted = term.value.casefold()
    return any(wanted in text.casefold() for text in (issue.title, issue.type, issue.culprit))


def _users_hold(subject: Subject, term: Term) -> bool:
    """Whether the number of users holds; not asked for where the number of events says it."""
    most, wanted = subject.most_users, int(term.value)
    if most < wanted or (most == wanted and term.operator in (">", "<=")):
        return term.operator.startswith("<")
    return _SIGNS[term.operator](subject.users, wanted)


def _texts(subject: Subject) -> dict[str, Callable[[], str]]:
    return {
        "is": lambda: subject.issue.status,
        "level": lambda: subject.level,
        "error.type": lambda: subject.issue.type,
        "priority": lambda: subject.priority,
    }


def _assigned(subject: Subject) -> str:
    assignee = subject.assignee
    if subject.lacking:
        lacks = subject.tracker.lacks.get(Capability.ASSIGN, "")
        raise Unsupported(f"{lacks} {subject.lacking}".strip())
    return assignee or "nobody"


def _events_match(subject: Subject, terms: Sequence[Term], budget: Budget) -> bool:
    """Whether one event has all that is wanted and none has what is not."""
    wanted = [term for term in terms if not term.negated]
    unwanted = [term for term in terms if term.negated]
    found = not wanted
    for number, event in enumerate(subject.tracker.events(subject.issue.id)):
        if number >= budget.of_one or budget.events <= 0:
            budget.passed_over += 1
            budget.used_up |= budget.events <= 0
            break
        budget.events -= 1
        if any(value_of(event, term.key) == term.value for term in unwanted):
            return False
        found = found or all(value_of(event, term.key) == term.value for term in wanted)
        if found and not unwanted:
            break
    return found


def value_of(event: Event, key: str) -> str | None:
    """Return what an event has under a key of a query, or None."""
    match key:
        case "environment":
            return event.environment
        case "release":
            return event.release
        case "user.id":
            return event.user_id
    return event.tags.get(key)
