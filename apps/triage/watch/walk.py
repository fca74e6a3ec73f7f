"""Which issues a look is about: those seen since the last one, and a stretch before that."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from apps.triage.query import Query
from apps.triage.trackers.base import Issue, Tracker

from .state import Known, State

# How far before the last look an issue is read again: events may arrive late (from an outbox), and somebody may have
# resolved what was seen. Both cost a row of a list each. Where there is little to read, all of it is read.
REACH = timedelta(hours=24)
AT_LEAST = 300
MOST_KNOWN = 5_000  # issues that are remembered


def issues(tracker: Tracker, until: datetime) -> Iterator[Issue]:
    """Yield the issues that were last seen since `until`, and AT_LEAST in any case, last seen first."""
    for number, issue in enumerate(tracker.issues(Query())):
        if number >= AT_LEAST and issue.last_seen < until:
            return
        yield issue


def first(tracker: Tracker, place: str, since: datetime | None, now: datetime) -> State:
    """Return the state to begin with: what is on the tracker is known, but for what began after `since`.

    Raises TrackerError.
    """
    rows: list[Issue] = []
    newest = now
    for issue in tracker.issues(Query()):
        newest = issue.last_seen if not rows else newest
        floor = min(since or newest, newest - REACH)
        if len(rows) >= AT_LEAST and issue.last_seen < floor:
            break
        rows.append(issue)
    state = State(place, min(since or newest, newest - REACH), newest)
    state.known = {one.id: remembered(one, None) for one in rows if since is None or one.first_seen < since}
    return state


def remembered(issue: Issue, environments: tuple[str, ...] | None) -> Known:
    """Return what is kept of an issue."""
    return Known(issue.events, issue.first_seen, issue.last_seen, issue.status, environments)


def forget(state: State) -> None:
    """Drop the issues that were not seen for longest, where there are too many; they stay old ones."""
    too_many = sorted(state.known, key=lambda key: state.known[key].last_seen)[: len(state.known) - MOST_KNOWN]
    for key in too_many:
        state.floor = max(state.floor, state.known.pop(key).first_seen + timedelta(microseconds=1))
        state.fired.pop(key, None)
