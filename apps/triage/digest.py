"""What a person needs in the morning."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import mean

from .notes import Note
from .query import Query, Term
from .rows import Row, most_users, rows, there
from .search import Budget, search
from .subject import Subject
from .trackers.base import Tracker

LONGEST = 10  # issues in a section
MOST_NOTES = 500  # issues of a status of which comments and newest event are read, last seen first
# An issue spikes when it had so many events in the last hour, and so many times the mean of the 23 hours before.
SPIKE_EVENTS, SPIKE_TIMES = 5, 3

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Item:
    """An issue, and why it is listed."""

    row: Row
    why: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """`about` says by which rule issues are listed; `more` how many of them there are beyond `items`."""

    name: str
    title: str
    about: str
    items: tuple[Item, ...]
    more: int = 0


@dataclass(frozen=True, slots=True)
class Digest:
    """`remarks` say what could not be known."""

    tracker: str
    since: datetime
    until: datetime
    unresolved: int
    sections: tuple[Section, ...]
    remarks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Pick:
    subject: Subject
    why: str = ""


def digest(tracker: Tracker, since: datetime, now: datetime, progress: Progress) -> Digest:
    """Return the digest of what happened between `since` and `now`. Raises TrackerError."""
    remarks: dict[str, None] = {}
    unresolved = _all(tracker, "unresolved", now, remarks, progress)
    ignored = _all(tracker, "ignored", now, remarks, progress)
    seen = [one for one in unresolved if one.issue.last_seen >= since]
    picked = (
        ("new", "New", f"first seen since {_minute(since)}", _new(unresolved, since)),
        ("regressed", "Regressed", "seen again after sentry_triage resolved it", _regressed(seen, now)),
        ("spiking", "Spiking", _SPIKE, _spiking(tracker, seen, now)),
        ("users", "Most users", "people affected in all, of what was seen", _most_users(seen, remarks)),
        ("unassigned", "Unassigned P0 and P1", "unresolved, and nobody's", _unassigned(unresolved)),
        ("oldest", "Oldest", "unresolved for longest", _oldest(unresolved)),
        ("waiting", "Ignored for long enough", "the time or number that was noted is over", _waiting(ignored, now)),
    )
    sections = []
    for name, title, about, picks in picked:
        progress(f"reading what is {title.lower()}")
        sections.append(_section(tracker, name, title, about, picks))
    remarks |= dict.fromkeys(one.lacking for one in [*unresolved, *ignored] if one.lacking)
    return Digest(tracker.name, since, now, len(unresolved), tuple(sections), tuple(remarks))


_SPIKE = f"{SPIKE_EVENTS} events or more in the last hour, and {SPIKE_TIMES} times the mean of the 23 hours before"


def _minute(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def _all(tracker: Tracker, status: str, now: datetime, remarks: dict[str, None], progress: Progress) -> list[Subject]:
    budget = Budget()
    query = Query((Term("is", status),))
    found = list(search(tracker, query, now, budget, lambda _, found: progress(f"found {found} {status}")))
    if budget.stopped:
        remarks[budget.stopped] = None
    if len(found) > MOST_NOTES:
        remarks[f"Comments and priorities of the {MOST_NOTES} last seen of {len(found)} {status} issues were read."] = (
            None
        )
    return found


def _section(tracker: Tracker, name: str, title: str, about: str, picks: Sequence[_Pick]) -> Section:
    shown = picks[:LONGEST]
    whys = {pick.subject.issue.id: pick.why for pick in shown}
    items = tuple(Item(row, whys[row.issue.id]) for row in rows(tracker, [pick.subject for pick in shown]))
    return Section(name, title, about, items, len(picks) - len(shown))


def _new(unresolved: Iterable[Subject], since: datetime) -> list[_Pick]:
    return [_Pick(one) for one in unresolved if one.issue.first_seen >= since]


def _regressed(seen: Sequence[Subject], now: datetime) -> list[_Pick]:
    noted = there(seen[:MOST_NOTES], lambda one: (one, one.notes.get("status")))
    return [
        _Pick(one, f"{note.kind} {note.value}".strip() + f" on {note.moment:%Y-%m-%d}")
        for one, note in noted
        if note is not None and note.kind.startswith("resolved") and note.moment < one.issue.last_seen <= now
    ]


def _spiking(tracker: Tracker, seen: Sequence[Subject], now: datetime) -> list[_Pick]:
    hour = now - timedelta(hours=1)
    # What is younger than an hour is new, and has nothing to be compared with.
    fresh = [one for one in seen if one.issue.last_seen >= hour > one.issue.first_seen][:MOST_NOTES]
    trends = tracker.trends([one.issue for one in fresh]) if fresh else {}
    found = []
    for one in fresh:
        *before, last = trends.get(one.issue.id, (0, 0))
        if last >= SPIKE_EVENTS and last >= SPIKE_TIMES * mean(before):
            found.append((last, _Pick(one, f"{last} events in the last hour, {mean(before):.1f} an hour before")))
    return [pick for _, pick in sorted(found, key=lambda pair: -pair[0])]


def _most_users(seen: Iterable[Subject], remarks: dict[str, None]) -> list[_Pick]:
    found, uncounted = most_users(seen, LONGEST, 5 * LONGEST)
    if uncounted:
        remarks[uncounted] = None
    return [_Pick(one) for one in found if one.users]


def _unassigned(unresolved: Sequence[Subject]) -> list[_Pick]:
    def urgent(one: Subject) -> tuple[str, Subject] | None:
        return (one.priority, one) if one.priority in ("P0", "P1") and one.assignee is None else None

    found = [pair for pair in there(unresolved[:MOST_NOTES], urgent) if pair is not None]
    return [_Pick(one) for _, one in sorted(found, key=lambda pair: pair[0])]


def _oldest(unresolved: Iterable[Subject]) -> list[_Pick]:
    oldest = sorted(unresolved, key=lambda one: one.issue.first_seen)[:LONGEST]
    return [_Pick(one, f"since {one.issue.first_seen:%Y-%m-%d}") for one in oldest]


def _waiting(ignored: Sequence[Subject], now: datetime) -> list[_Pick]:
    noted = there(ignored[:MOST_NOTES], lambda one: (one, one.notes.get("status")))
    return [
        _Pick(one, f"{note.kind} {note.value}") for one, note in noted if note is not None and _over(note, one, now)
    ]


def _over(note: Note, subject: Subject, now: datetime) -> bool:
    if note.kind == "ignored-until":
        return datetime.fromisoformat(note.value) <= now
    return note.kind == "ignored-until-events" and int(note.value) <= subject.issue.events
