"""Reads the events of a time span."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from ..query import Query
from ..trackers.base import Issue, Tracker

# Length of a period and into how many parts it is drawn.
PERIODS = {"day": (timedelta(days=1), 24), "week": (timedelta(days=7), 7), "month": (timedelta(days=30), 30)}


@dataclass(frozen=True, slots=True)
class Hit:
    """What is counted of an event."""

    moment: datetime
    user: str
    release: str
    environment: str


@dataclass(frozen=True, slots=True)
class Seen:
    """An issue and those of its stored events that lie in the span, newest first."""

    issue: Issue
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read; `stopped` says that it were more events than were to be read at most."""

    seen: tuple[Seen, ...]
    stopped: bool


def read(
    tracker: Tracker, since: datetime, until: datetime, most: int, progress: Callable[[int, int], None]
) -> Reading:
    """Read the events from `since` to `until`, `most` of them at most. Raises TrackerError.

    `progress` gets how many (issues, events) were read so far.
    """
    issues = list(_issues(tracker, since, progress))
    hits: defaultdict[str, list[Hit]] = defaultdict(list)
    events = (event for event in tracker.events_of(issues, since) if since <= event.moment < until)
    for number, event in enumerate(islice(events, most), 1):
        hits[event.issue_id].append(Hit(event.moment, event.user_id, event.release, event.environment))
        progress(len(issues), number)
    stopped = next(events, None) is not None
    return Reading(tuple(Seen(issue, _newest_first(hits[issue.id])) for issue in issues), stopped)


def _issues(tracker: Tracker, since: datetime, progress: Callable[[int, int], None]) -> Iterator[Issue]:
    for number, issue in enumerate(tracker.issues(Query()), 1):
        if issue.last_seen < since:
            return
        progress(number, 0)
        yield issue


def _newest_first(hits: Iterable[Hit]) -> tuple[Hit, ...]:
    return tuple(sorted(hits, key=lambda hit: hit.moment, reverse=True))
