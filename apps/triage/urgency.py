"""How urgent an issue is at most, known without asking about each: its priority costs requests."""

from collections.abc import Callable

from .query import PRIORITIES, Query, Tag
from .trackers.base import Issue, Tracker

NONE = "P9"  # in place of a priority, behind each of them


def at_most(tracker: Tracker, query: Query) -> Callable[[Issue], str]:
    """Return what says of an issue that a query finds how urgent it is at most. Raises TrackerError.

    Where the tracker filters by tags, it is asked once more for the query's issues, page by page: only what one of an
    issue's events was tagged with can be its priority, or what the tracker itself or a comment says.
    """
    tagged = _tagged(tracker, query)

    def told(issue: Issue) -> str:
        if tagged is None or issue.comments != 0:
            return PRIORITIES[0]
        return min(tagged.get(issue.id, NONE), issue.priority or NONE)

    return told


def _tagged(tracker: Tracker, query: Query) -> dict[str, str] | None:
    """Return the most urgent tag of each issue that has one; None where the tracker does not filter by tags."""
    on_issues = tuple(term for term in query.terms if term.kind != "tag")
    found: dict[str, str] = {}
    for priority in PRIORITIES:
        tag = Tag("priority", priority)
        asked = Query((*on_issues, tag))
        if tag not in tracker.answers(asked):
            return None
        for issue in tracker.issues(asked):
            found.setdefault(issue.id, priority)
    return found
