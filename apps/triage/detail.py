"""Everything about one issue and one of its events."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice

from .references import Reference
from .rows import Row, rows
from .search import value_of
from .subject import Subject
from .trackers.base import Comment, Event, Issue, NotFound, Tracker, Unsupported

MOST_COUNTED = 1_000  # events whose tags are counted
RECENT = 5
# What an event says beside its tags; on some trackers these are tags as well.
_FIELDS = ("environment", "release", "user.id")


@dataclass(frozen=True, slots=True)
class Detail:
    """`tags` are counted over `counted` events, the newest; `all_counted` says whether these were all.

    `comments` is None where they cannot be read: `lacking` says why. `others` are issues of the same request.
    """

    row: Row
    event: Event
    tags: Mapping[str, Counter[str]]
    counted: int
    all_counted: bool
    recent: tuple[Event, ...]
    comments: tuple[Comment, ...] | None
    lacking: str
    others: tuple[Issue, ...]


def detail(tracker: Tracker, reference: Reference, event_id: str | None) -> Detail:
    """Return everything about an issue; the event is `event_id`, else the one that was named, else the newest.

    Raises TrackerError, NotFound for an event that is not this issue's.
    """
    subject = Subject(tracker, reference.issue)
    event = _event(subject, reference, event_id)
    events = list(islice(tracker.events(reference.issue.id), MOST_COUNTED + 1))
    tags: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for one in events[:MOST_COUNTED]:
        for key in dict.fromkeys((*_FIELDS, *one.tags)):
            if value := value_of(one, key):
                tags[key][value] += 1
    comments, lacking = _comments(tracker, reference.issue)
    found = rows(tracker, [subject])
    if not found:
        raise NotFound(f"{reference.issue.short_id} was deleted while it was read.")
    counted = min(len(events), MOST_COUNTED)
    recent = tuple(one for one in events if one.event_id != event.event_id)[:RECENT]
    return Detail(
        found[0], event, tags, counted, len(events) <= MOST_COUNTED, recent, comments, lacking, reference.others
    )


def _event(subject: Subject, reference: Reference, event_id: str | None) -> Event:
    if event_id is None:
        if event := reference.event or subject.latest:
            return event
        raise NotFound(f"{reference.issue.short_id} has no events (any more).")
    event = subject.tracker.event(event_id.replace("-", "").lower())
    if event is None or event.issue_id != reference.issue.id:
        raise NotFound(f"{reference.issue.short_id} has no event {event_id}.")
    return event


def _comments(tracker: Tracker, issue: Issue) -> tuple[tuple[Comment, ...] | None, str]:
    try:
        return tuple(tracker.comments(issue.id)), ""
    except Unsupported as error:
        return None, str(error)
    except NotFound:  # where the issue is gone, its row is as well
        return None, f"{tracker.name} gives no comments here."
