"""Finds the issue that somebody means: by its ID, by the ID of an event, or by the request ID that a user reads out."""

import re
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from .query import Query, Term
from .search import Budget, Progress, search
from .trackers.base import Event, Issue, NotFound, Tracker

# What an ID looks like on any of the trackers, and what the application takes for a request ID.
_ID = re.compile(r"[A-Za-z0-9][\w.:-]{0,199}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Reference:
    """The issue, the event if one was named, and the other issues that the same request had."""

    issue: Issue
    event: Event | None = None
    others: tuple[Issue, ...] = ()


def find(tracker: Tracker, text: str, now: datetime, progress: Progress = lambda looked_at, found: None) -> Reference:
    """Return what `text` names: an issue, else an event, else a request. Raises NotFound, TrackerError."""
    if not _ID.fullmatch(text):
        raise NotFound(f"{text!r} is neither the ID of an issue nor of an event nor of a request.")
    try:
        return Reference(tracker.issue(text))
    except NotFound:
        pass  # it may be an event's or a request's
    event_id = _event_id(text)
    event = tracker.event(event_id) if event_id else None
    if event is not None:
        return Reference(tracker.issue(event.issue_id), event)
    return _by_request(tracker, text, now, progress)


def _event_id(text: str) -> str | None:
    try:
        return UUID(text).hex
    except ValueError:
        return None


def _by_request(tracker: Tracker, text: str, now: datetime, progress: Progress) -> Reference:
    query, budget = Query((Term("request_id", text),)), Budget()
    found: list[Issue] = []
    for subject in search(tracker, query, now, budget, progress):
        found.append(subject.issue)
        if not tracker.answers(query):  # reading on would read every event that there is
            break
    if not found:
        hint = f" {budget.stopped}" if budget.stopped else ""
        raise NotFound(f"{tracker.name} has no issue, event or request {text}.{hint}")
    return Reference(found[0], _event_of(tracker, found[0], text), tuple(found[1:]))


def _event_of(tracker: Tracker, issue: Issue, request_id: str) -> Event | None:
    for event in tracker.events(issue.id):
        if event.request_id == request_id:
            return tracker.event(event.event_id) or event
    return None
