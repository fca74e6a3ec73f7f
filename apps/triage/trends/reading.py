"""Reads the events of a time span, issue by issue."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from ..query import Query
from ..trackers.base import Issue, NotFound, Tracker

# Length of a period and into how many parts it is drawn.
PERIODS = {"day": (timedelta(days=1), 24), "week": (timedelta(days=7), 7), "month": (timedelta(days=30), 30)}
# Trackers list events as they arrive; one that waited in a queue stands among newer ones.
_LATE = timedelta(days=1)


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
    seen: list[Seen] = []
    left = most
    for issue in tracker.issues(Query()):
        if issue.last_seen < since:
            break
        hits = tuple(_hits(tracker, issue, since, until, left))
        left -= len(hits)
        seen.append(Seen(issue, hits))
        progress(len(seen), most - left)
        if not left:
            return Reading(tuple(seen), stopped=True)
    return Reading(tuple(seen), stopped=False)


def _hits(tracker: Tracker, issue: Issue, since: datetime, until: datetime, most: int) -> Iterator[Hit]:
    try:
        for event in tracker.events(issue.id):
            if event.moment < since - _LATE or not most:
                return
            if since <= event.moment < until:
                most -= 1
                yield Hit(event.moment, event.user_id, event.release, event.environment)
    except NotFound:  # somebody deletes it meanwhile: what was read of it so far did happen
        return
