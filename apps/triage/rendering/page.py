"""One issue in full."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from typing import Any

from ..detail import Detail
from ..trackers.base import Comment, Crumb, Event
from ..words import counted
from .lines import Line, multi, print_lines
from .listing import ago
from .listing import document as row_document
from .stack import stack

_CRUMBS = 15  # the newest
_VALUES = 3  # of a tag


def show(detail: Detail, now: datetime) -> None:
    """Print it."""
    print_lines(_lines(detail, now))


def as_json(detail: Detail) -> str:
    """Return it as one document."""
    document = {
        "issue": row_document(detail.row),
        "event": event_document(detail.event),
        "tags": {key: dict(values.most_common()) for key, values in detail.tags.items()},
        "tags_counted_over": detail.counted,
        "all_counted": detail.all_counted,
        "other_events": [_brief(event) for event in detail.recent],
        "comments": None if detail.comments is None else [asdict(comment) for comment in detail.comments],
        "lacking": detail.lacking or None,
        "same_request": [{"short_id": issue.short_id, "title": issue.title} for issue in detail.others],
    }
    return json.dumps(document, indent=2, default=_plain)


def raw(event: Event) -> str:
    """Return an event as the tracker keeps it."""
    return json.dumps(event.data, indent=2, default=str)


def event_document(event: Event) -> dict[str, Any]:
    """Return an event as JSON has it: what was read of it, without the raw data."""
    document = {name: value for name, value in asdict(event).items() if name != "data"}
    return document | {"request_id": event.request_id}


def _brief(event: Event) -> dict[str, Any]:
    return {
        "event_id": event.event_id,
        "moment": event.moment,
        "release": event.release,
        "request_id": event.request_id,
    }


def _plain(value: Any) -> str:
    return value.isoformat(timespec="seconds") if isinstance(value, datetime) else str(value)


def _lines(detail: Detail, now: datetime) -> Iterator[Line]:
    yield from _head(detail, now)
    yield from _of_event(detail.event)
    if detail.event.raised:
        yield from _section("Stack")
        yield from stack(detail.event)
    if detail.event.crumbs:
        yield from _section("Breadcrumbs")
        yield from map(_crumb, detail.event.crumbs[-_CRUMBS:])
    yield from _section(f"Tags, {'' if detail.all_counted else 'the newest '}{counted(detail.counted, 'event')}")
    for key, values in sorted(detail.tags.items()):
        yield Line(f"  {key}: {_values(values)}")
    if detail.recent:
        yield from _section("Other events")
        for event in detail.recent:
            yield Line(f"  {event.event_id}  {ago(event.moment, now):>4}  {event.release}  {event.request_id or ''}")
    yield from _comments(detail, now)


def _head(detail: Detail, now: datetime) -> Iterator[Line]:
    row, issue = detail.row, detail.row.issue
    yield Line(f"{issue.short_id}  {issue.title}", "bold", prose=True)
    facts = (row.priority, row.level, issue.status, f"assigned to {row.assignee}" if row.assignee else "unassigned")
    yield Line(", ".join(filter(None, facts)), prose=True)
    seen = f"first seen {ago(issue.first_seen, now)} ago, last {ago(issue.last_seen, now)} ago"
    yield Line(
        f"{counted(issue.events, 'event')}, {counted(row.users, 'user')}, {seen}".replace("now ago", "now"), prose=True
    )
    if issue.culprit:
        yield Line(issue.culprit)
    yield Line(issue.url)
    for other in detail.others:
        yield Line(f"The same request is in {other.short_id} too: {other.title}", prose=True)


def _of_event(event: Event) -> Iterator[Line]:
    yield from _section(f"Event {event.event_id}")
    yield from multi(event.message)
    facts = {
        "at": f"{event.moment:%Y-%m-%d %H:%M:%S %Z}",
        "environment": event.environment,
        "release": event.release,
        "user": event.user_id,
        "request": event.request_id,
    }
    yield from (Line(f"  {name}: {value}") for name, value in facts.items() if value)
    yield Line(f"  {event.url}")


def _section(title: str) -> Iterator[Line]:
    yield Line("")
    yield Line(title, "bold underline")


def _crumb(crumb: Crumb) -> Line:
    moment = f"{crumb.moment:%H:%M:%S}" if crumb.moment else " " * 8
    data = " ".join(f"{key}={value}" for key, value in crumb.data.items())
    style = "yellow" if crumb.level in ("warning", "error", "fatal") else ""
    return Line(f"  {moment}  {crumb.category}: {crumb.message} {data}".rstrip(), style)


def _values(values: Counter[str]) -> str:
    if len(values) > _VALUES and max(values.values()) == 1:
        return f"{len(values)} different"
    top = ", ".join(f"{value} {count}" for value, count in values.most_common(_VALUES))
    more = len(values) - _VALUES
    return f"{top}, {more} more" if more > 0 else top


def _comments(detail: Detail, now: datetime) -> Iterator[Line]:
    yield from _section("Comments")
    if detail.comments is None:
        yield Line(detail.lacking, prose=True)
    elif not detail.comments:
        yield Line("  none")
    for comment in detail.comments or ():
        yield from _comment(comment, now)


def _comment(comment: Comment, now: datetime) -> Iterator[Line]:
    yield Line(f"  {ago(comment.moment, now)} {comment.author}".rstrip(), "dim")
    yield from multi(comment.text)
