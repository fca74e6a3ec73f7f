"""Issues as they are listed: with everything about them that fits into one line."""

from bisect import insort
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, Literal

from .subject import Subject
from .trackers.base import Issue, NotFound, Tracker
from .urgency import NONE
from .words import counted

Order = Literal["last_seen", "first_seen", "events"]
Costly = Literal["users", "priority"]
Progress = Callable[[int], None]
# Of so many issues users or priorities are asked for, which is a request or more for each.
MOST_ASKED = 500


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


def rows(tracker: Tracker, subjects: Sequence[Subject], progress: Progress = lambda done: None) -> list[Row]:
    """Return a row for each issue that is still there. Raises TrackerError. `progress` gets how many are done."""
    trends = tracker.trends([subject.issue for subject in subjects]) if subjects else {}
    found: list[Row] = []
    for number, subject in enumerate(subjects, 1):
        found += there([subject], lambda one: _row(one, trends.get(one.issue.id, ())))
        progress(number)
    return found


def ordered(subjects: Iterable[Subject], order: Order) -> list[Subject]:
    """Return the issues, the most recent or largest first."""
    return sorted(subjects, key=lambda subject: _known(subject.issue, order))


def most_users(
    subjects: Iterable[Subject], number: int, most: int, progress: Progress = lambda done: None
) -> tuple[list[Subject], str]:
    """Return the `number` issues with the most users, and in words what was not counted; see `_foremost`."""
    ranked = [(_by_users(one, one.most_users), one) for one in subjects]
    found, asked = _foremost(ranked, lambda one: _by_users(one, one.users), number, most, progress)
    those = f"the {counted(asked, 'issue')} with the most events"
    return found, f"Users were counted of {those}: others may have more." if asked else ""


def most_urgent(
    subjects: Sequence[Subject],
    at_most: Callable[[Issue], str],
    number: int,
    most: int,
    progress: Progress = lambda done: None,
) -> tuple[list[Subject], str]:
    """Return the `number` most urgent issues, and in words of which priorities were not read; see `_foremost`.

    `at_most` says of an issue how urgent it is at most.
    """
    ranked = [(_by_priority(one, at_most(one.issue)), one) for one in subjects]
    found, asked = _foremost(ranked, lambda one: _by_priority(one, one.priority or NONE), number, most, progress)
    those = f"{asked:,} of {counted(len(subjects), 'issue')}"
    return found, f"Priorities were read of {those}: others may be more urgent." if asked else ""


type _Rank = tuple[Any, float]


def _foremost(
    ranked: Iterable[tuple[_Rank, Subject]],
    rank: Callable[[Subject], _Rank],
    number: int,
    most: int,
    progress: Progress,
) -> tuple[list[Subject], int]:
    """Return the first `number` by `rank`, which costs requests, and how many were asked if others may be before them.

    `ranked` has the best rank that each may have. The best are asked first, until no other can be among the first;
    but no more than `most` (or `number`, if that is more). Raises TrackerError. `progress` gets how many were asked.
    """
    found: list[tuple[_Rank, Subject]] = []
    for done, (best, subject) in enumerate(sorted(ranked, key=itemgetter(0))):
        if len(found) == number and best >= found[-1][0]:
            break
        if done >= max(most, number):
            return [one for _, one in found], done
        for one in there([subject], lambda subject: (rank(subject), subject)):
            insort(found, one, key=itemgetter(0))
        del found[number:]
        progress(done + 1)
    return [one for _, one in found], 0


def _by_users(subject: Subject, users: int) -> _Rank:
    return -users, -subject.issue.last_seen.timestamp()


def _by_priority(subject: Subject, priority: str) -> _Rank:
    return priority, -subject.issue.last_seen.timestamp()


def there[T](subjects: Iterable[Subject], ask: Callable[[Subject], T]) -> list[T]:
    """Ask about each issue; leave out those that are deleted meanwhile."""
    answers: list[T] = []
    for subject in subjects:
        try:
            answers.append(ask(subject))
        except NotFound:
            continue
    return answers


def _known(issue: Issue, order: Order) -> float:
    match order:
        case "events":
            return -issue.events
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
