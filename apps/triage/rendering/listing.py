"""A list of issues."""

import sys
from collections.abc import Collection, Sequence
from datetime import datetime
from itertools import batched
from typing import Any

from ..rows import Row
from ..trends.tables import sparkline
from .columns import LINK, Cells, Column, print_table

COLUMNS = (
    Column("issue"),
    Column("title", elastic=True),
    Column("level", rank=5),
    Column("prio", rank=1),
    Column("status", rank=8),
    Column("events", rank=2, align="right"),
    Column("users", rank=4, align="right"),
    Column("first", rank=9, align="right"),
    Column("last", rank=3, align="right"),
    Column("24 hours", rank=6),
    Column("assignee", rank=7),
)
_UNITS = ((86400, "d"), (3600, "h"), (60, "m"))


def show(rows: Sequence[Row], now: datetime, new: Collection[str] = ()) -> None:
    """Print the issues; those whose ID is in `new` are marked."""
    print_table(COLUMNS, [_cells(row, now, "● " if row.issue.id in new else "") for row in rows])


def summary(shown: int, found: int, stopped: str) -> str:
    """Return what the list does not say by itself; empty when it says all."""
    if not found:
        return f"No issue matches. {stopped}".strip()
    more = f"{shown:,} of {found:,}; --limit N for more." if shown < found else ""
    return f"{more} {stopped}".strip()


def document(row: Row) -> dict[str, Any]:
    """Return an issue as JSON has it."""
    issue = row.issue
    return {
        "id": issue.id,
        "short_id": issue.short_id,
        "title": issue.title,
        "type": issue.type,
        "culprit": issue.culprit,
        "level": row.level,
        "priority": row.priority or None,
        "status": issue.status,
        "assignee": row.assignee,
        "events": issue.events,
        "users": row.users,
        "first_seen": issue.first_seen.isoformat(timespec="seconds"),
        "last_seen": issue.last_seen.isoformat(timespec="seconds"),
        "trend": list(row.trend),
        "url": issue.url,
    }


def ago(moment: datetime, now: datetime) -> str:
    """Return how long ago something was, in one unit: 3d, 5h, 12m, now."""
    seconds = int((now - moment).total_seconds())
    return next((f"{seconds // size}{unit}" for size, unit in _UNITS if seconds >= size), "now")


def when(moment: datetime, now: datetime) -> str:
    """Return a moment for people on a terminal, and for programs in a pipe, who may read it later."""
    return ago(moment, now) if sys.stdout.isatty() else f"{moment.astimezone(now.tzinfo):%Y-%m-%dT%H:%M:%S%z}"


def _cells(row: Row, now: datetime, mark: str) -> Cells:
    issue = row.issue
    return {
        "issue": f"{mark}{issue.short_id}",
        "title": issue.title,
        "level": row.level,
        "prio": row.priority,
        "status": issue.status,
        "events": str(issue.events),
        "users": str(row.users),
        "first": when(issue.first_seen, now),
        "last": when(issue.last_seen, now),
        "24 hours": sparkline([sum(pair) for pair in batched(row.trend, 2)]),
        "assignee": "?" if row.lacking and row.assignee is None else row.assignee or "",
        LINK: issue.url,
    }
