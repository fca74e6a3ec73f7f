"""Finds and deletes what a tracker has of one person, who is known to it by user.id alone.

The smallest thing that the trackers delete is an issue, with all its events. So an issue is deleted when all its
stored events are this person's; one with events of others too, or of nobody, only when that is asked for.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal
from uuid import UUID

from apps.error_tracking.scrubbing import is_user_id

from .query import Query, Term
from .trackers.base import Issue, NotFound, Tracker, TrackerError

# Of a single issue no more events are looked at; what is behind them then counts as somebody else's.
MOST_EVENTS = 10_000
# Trackers take a moment until a deleted issue is gone from their search.
_SEARCHES, _PAUSE = 5, 2.0  # seconds

Outcome = Literal["complete", "interrupted", "failed"]
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Found:
    """An issue with events of the person: how many are theirs, how many are not, and of how many other people.

    `whole` is False when the issue had too many events to look at all of them.
    """

    issue: Issue
    theirs: int
    others: int
    people: int
    whole: bool = True

    @property
    def shared(self) -> bool:
        """Whether deleting it would take more than this person's events."""
        return bool(self.others) or not self.whole


@dataclass(slots=True)
class Erased:
    """What was done: IDs of issues deleted, of those gone before, and of those that came to be shared meanwhile."""

    deleted: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    spared: list[str] = field(default_factory=list)
    outcome: Outcome = "complete"
    problem: str = ""


def check_user_id(text: str) -> str:
    """Return the ID as the application sends it. Raises ValueError with one sentence for what it never sends."""
    if "@" in text:
        raise ValueError("an e-mail address never reaches the tracker; give the user's ID, as in user.id")
    if not is_user_id(text):
        raise ValueError("a user's ID is a UUID or a whole number; no other reaches the tracker")
    try:
        return str(UUID(text))
    except ValueError:
        return text


def find(tracker: Tracker, user_id: str, progress: Progress) -> list[Found]:
    """Return each issue that has an event of this user. Raises TrackerError.

    `progress` gets a word, how many issues were looked at and how many of them are the person's.
    """
    query = Query((Term("user.id", user_id),))
    found: list[Found] = []
    for number, issue in enumerate(tracker.issues(query), 1):
        try:
            one = look_at(tracker, issue, user_id)
        except NotFound:  # somebody deletes it meanwhile
            continue
        if one.theirs:
            found.append(one)
        progress("looked at", number, len(found))
    return found


def look_at(tracker: Tracker, issue: Issue, user_id: str) -> Found:
    """Return whose the events of an issue are. Raises TrackerError."""
    theirs, others = 0, 0
    people: set[str] = set()
    for event in tracker.events(issue.id):
        if theirs + others == MOST_EVENTS:
            return Found(issue, theirs, others, len(people), whole=False)
        if event.user_id == user_id:
            theirs += 1
        else:
            others += 1
            people.add(event.user_id)
    return Found(issue, theirs, others, len(people - {""}))


def to_delete(found: Iterable[Found], *, shared: bool) -> list[Found]:
    """Return what is to be deleted of what was found."""
    return [one for one in found if shared or not one.shared]


def erase(tracker: Tracker, chosen: Sequence[Found], user_id: str, *, shared: bool, progress: Progress) -> Erased:
    """Delete the chosen issues one by one. Ctrl-C and a tracker that fails end it early, and nothing is forgotten.

    An issue that got events since it was looked at is looked at again: with `shared` False it is left alone when some
    of them are not this person's. `progress` gets a word, how many are done and how many there are.
    """
    erased = Erased()
    try:
        for number, one in enumerate(chosen, 1):
            _delete(tracker, one, user_id, erased, shared=shared)
            progress("deleted", number, len(chosen))
    except KeyboardInterrupt:
        erased.outcome = "interrupted"
    except TrackerError as error:
        erased.outcome, erased.problem = "failed", str(error)
    return erased


def _delete(tracker: Tracker, one: Found, user_id: str, erased: Erased, *, shared: bool) -> None:
    try:
        if not shared and _is_shared_now(tracker, one, user_id):
            erased.spared.append(one.issue.id)
            return
        tracker.delete(one.issue.id)
    except NotFound:
        erased.gone.append(one.issue.id)
    else:
        erased.deleted.append(one.issue.id)


def _is_shared_now(tracker: Tracker, one: Found, user_id: str) -> bool:
    now = tracker.issue(one.issue.id)
    if (now.events, now.last_seen) == (one.issue.events, one.issue.last_seen):
        return False
    return look_at(tracker, now, user_id).shared


def search_again(tracker: Tracker, user_id: str, erased: Erased, progress: Progress) -> list[Found] | None:
    """Return what is found after the erasure, which is the proof; None when it was not searched to the end.

    A tracker that fails and Ctrl-C change the erasure's outcome.
    """
    if erased.outcome != "complete":
        return None
    try:
        for _ in range(_SEARCHES - 1):
            left = find(tracker, user_id, progress)
            if not {one.issue.id for one in left} & set(erased.deleted):
                return left
            time.sleep(_PAUSE)
        return find(tracker, user_id, progress)
    except KeyboardInterrupt:
        erased.outcome = "interrupted"
    except TrackerError as error:
        erased.outcome, erased.problem = "failed", str(error)
    return None


def what_remains(tracker: Tracker) -> Iterator[str]:
    """Yield in sentences what of a deleted issue stays behind, where, and until when."""
    kind = tracker.name.partition(" ")[0]
    yield from _BY_TRACKER.get(kind, ())
    yield "Backups of the tracker's database have everything until they are overwritten."
    yield "E-mails and chat messages that the tracker sent are not on the tracker any more."
    yield "Errors that wait in the application's outbox arrive later: search again when it is empty."
    yield "Only user.id was searched: an ID that somebody wrote into a comment or a text stays."


# Seen in the trackers' sources and documentation.
_BY_TRACKER = {
    "Bugsink": (
        "Bugsink hides a deleted issue at once and removes its events in a background job; "
        "`bugsink-manage vacuum --deleted-issues --tags` does what is left of it at once.",
        "Files in Bugsink's ingest folder stay until `bugsink-manage vacuum --ingest-dir`.",
    ),
    "GlitchTip": (
        "GlitchTip hides a deleted issue at once and removes its events in a background job of its worker.",
        "GlitchTip keeps the user's ID as a bare value in its table of tag values (issue_events_tagvalue), without a "
        "link to an event; only SQL removes it.",
        "GlitchTip's transactions are not issues: they stay for GLITCHTIP_MAX_EVENT_LIFE_DAYS (90), and for good when "
        "its beat does not run.",
    ),
    "Sentry": (
        "Sentry hides a deleted issue at once and removes its events in a background job.",
        "Sentry's transactions, logs, replays and feedback are not issues: they stay for the retention of the plan.",
    ),
}
