"""Issues as they are listed: with everything about them that fits into one line."""

from bisect import insort
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from .subject import Subject
from .trackers.base import Issue, NotFound, Tracker
from .words import counted

Order = Literal["last_seen", "first_seen", "events", "priority"]
# Of so many issues users are counted, which is a request or more for each.
MOST_COUNTED = 500

_LAST = "P9"  # behind every priority


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """`trend` is the number of events in each of the last 24 hours, the oldest first; `lacking` see Subject."""

    issue: Issue
    level: str
    priority: str
    assignee: str | None
    users: int
    trend: tuple[int, ...]
    lacking: str


def rows(
    tracker: Tracker, subjects: Sequence[Subject], progress: Callable[[int], None] = lambda done: None
) -> list[Row]:
    """Return a row for each issue that is still there. Raises TrackerError. `progress` gets how many are done."""
    trends = tracker.trends([subject.issue for subject in subjects]) if subjects else {}
    found: list[Row] = []
    for number, subject in enumerate(subjects, 1):
        found += there([subject], lambda one: _row(one, trends.get(one.issue.id, ())))
        progress(number)
    return found


def ordered(subjects: Iterable[Subject], order: Order) -> list[Subject]:
    """Return the issues, the most urgent or most recent or largest first; those deleted meanwhile are left out."""
    keyed = there(subjects, lambda subject: (_key(subject, order), subject))
    return [subject for _, subject in sorted(keyed, key=lambda pair: pair[0])]


def most_users(
    subjects: Iterable[Subject], number: int, most: int, progress: Callable[[int], None] = lambda done: None
) -> tuple[list[Subject], str]:
    """Return the `number` issues with the most users, and in words what was not counted.

    Those that may have many are counted first, until all others have too few events; but no more than `most` (or
    `number`, if that is more). Raises TrackerError. `progress` gets how many were counted.
    """
    found: list[Subject] = []
    for done, subject in enumerate(sorted(subjects, key=lambda one: -one.most_users)):
        if len(found) == number and subject.most_users <= found[-1].users:
            break
        if done >= max(most, number):
            those = f"the {counted(done, 'issue')} with the most events"
            return found, f"Users were counted of {those}: others may have more."
        for one in there([subject], _with_users):
            insort(found, one, key=lambda one: (-one.users, -one.issue.last_seen.timestamp()))
        del found[number:]
        progress(done + 1)
    return found, ""


def _with_users(subject: Subject) -> Subject:
    _ = subject.users  # asked for here, where an issue may be gone
    return subject


def there[T](subjects: Iterable[Subject], ask: Callable[[Subject], T]) -> list[T]:
    """Ask about each issue; leave out those that are deleted meanwhile."""
    answers: list[T] = []
    for subject in subjects:
        try:
            answers.append(ask(subject))
        except NotFound:
            continue
    return answers


def _key(subject: Subject, order: Order) -> Any:
    issue = subject.issue
    match order:
        case "events":
            return -issue.events
        case "priority":
            return subject.priority or _LAST, -issue.last_seen.timestamp()
        case "first_seen":
            return -issue.first_seen.timestamp()
    return -issue.last_seen.timestamp()


def _row(subject: Subject, trend: tuple[int, ...]) -> Row:
    return Row(
        issue=subject.issue,
        level=subject.level,
        priority=subject.priority,
        assignee=subject.assignee,
        users=subject.users,
        trend=trend,
        lacking=subject.lacking,
    )
