"""What one project of Bugsink has stored, row by row. What vanishes while it is read is left out."""

import json
import re
import zlib
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from apps.triage.trackers import payload
from apps.triage.trackers.base import Event, NotFound, TrackerError
from apps.triage.trackers.bounds import Pages
from apps.triage.trackers.http import Api, Understanding

from .marks import comment_in

Row = dict[str, Any]

# The message of the events that hold comments (see notes.py).
NOTE = "goimg triage note"
LOG_MESSAGE = "Log Message"  # Bugsink's type of an event without an exception
# Whole events that are kept, compressed: some 5 kB each.
MOST_KEPT = 10_000

_SHORT_ID = re.compile(r".+-\d{1,9}", re.ASCII)
_FIELDS = {
    "issues/": {"id", "friendly_id", "last_seen", "calculated_type", "calculated_value", "is_resolved", "is_muted"},
    "events/": {"id", "event_id", "issue", "ingested_at"},
    "releases/": {"id", "version", "date_released"},
}

understood = Understanding("Bugsink")


class Stored:
    """Issues, events and releases of `project`, which is its number."""

    def __init__(self, api: Api, url: str, project: str) -> None:
        self._api, self._url, self._project = api, url, project
        self._kept: OrderedDict[str, bytes] = OrderedDict()

    def issues(self) -> list[Row]:
        """Return all issues, last seen first, without those whose events are all comments.

        They are read in the order in which they began: sorted by the tracker, an issue that gets an event in
        the meantime would move to a page that was read already.
        """
        rows = self._walk("issues/", project=self._project, sort="digest_order")
        return sorted((row for row in rows if not self._only_notes(row)), key=last_seen, reverse=True)

    def notes(self) -> list[Row]:
        """Return the issues that may hold comments: a log line can have the same words (see marks.py)."""
        rows = self._walk("issues/", project=self._project, sort="digest_order")
        return [row for row in rows if _may_hold_notes(row)]

    def issue(self, issue_id: str) -> Row:
        """Return an issue by its ID or short ID. Raises NotFound."""
        if not (is_uuid(issue_id) or _SHORT_ID.fullmatch(issue_id)) or "/" in issue_id:
            raise NotFound(f"Bugsink has no issue {issue_id!r}; its issues are called like GOIMG-API-1.")
        row = self._api.get(f"issues/{issue_id}/")
        # A token may see more than the project that this is about.
        if understood(lambda row: str(row["project"]), row) != self._project:
            raise NotFound(f"{row['friendly_id']} is an issue of another project than TRACKER_PROJECT says.")
        return dict(row)

    def id_of(self, issue_id: str) -> str:
        """Return the ID of an issue by either; only a short ID is looked up. Raises NotFound."""
        return str(UUID(issue_id)) if is_uuid(issue_id) else str(self.issue(issue_id)["id"])

    def events(self, issue_id: str) -> Iterator[Row]:
        """Yield an issue's events by its ID, newest first, without their content. Raises NotFound."""
        return self._walk("events/", issue=issue_id, order="desc")

    def releases(self) -> Iterator[Row]:
        """Yield the releases, newest first. Bugsink keeps one with an empty name for events without release."""
        return (row for row in self._walk("releases/", project=self._project, order="desc") if row["version"])

    def whole(self, row: Row) -> Event:
        """Return the event of a row, whole: one request, the first time. Raises NotFound."""
        return payload.event(
            {**self._content(row["id"]), "event_id": row["event_id"]},
            issue_id=row["issue"],
            url=f"{self._url}/issues/issue/{row['issue']}/event/{row['id']}/",
            taken_in=taken_in(row),
        )

    def wholes(self, issue_id: str) -> Iterator[Event]:
        """Yield an issue's events by its ID, newest first, whole: those that are still there."""
        with suppress(NotFound):
            for row in self.events(issue_id):
                with suppress(NotFound):
                    yield self.whole(row)

    def _only_notes(self, row: Row) -> bool:
        if not _may_hold_notes(row):
            return False
        held = [comment_in(event) is not None for event in self.wholes(row["id"])]
        return bool(held) and all(held)

    def _content(self, event: str) -> dict[str, Any]:
        # Level, environment, release, user and tags are in here only, and an event never changes.
        if event not in self._kept:
            data = understood(lambda answer: dict(answer["data"]), self._api.get(f"events/{event}/"))
            self._kept[event] = zlib.compress(json.dumps(data).encode(), 1)
            if len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(event)
        return dict(json.loads(zlib.decompress(self._kept[event])))

    def _walk(self, path: str, **query: str) -> Iterator[Row]:
        page, seen, pages = self._api.get(path, query), set[str](), Pages("Bugsink", path)
        while True:
            rows, more = _read(page, path)
            for row in rows:
                if row["id"] not in seen:
                    seen.add(row["id"])
                    yield row
            if not more:
                return
            page = self._api.get(pages.next(rows, more))


def is_uuid(text: str) -> bool:
    """Say whether a text is a UUID, with or without dashes."""
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def last_seen(row: Row) -> datetime:
    """Return when an issue's newest event was taken in."""
    return moment(row, "last_seen")


def taken_in(row: Row) -> datetime:
    """Return when an event was taken in, by Bugsink's clock."""
    return moment(row, "ingested_at")


def moment(row: Row, name: str) -> datetime:
    """Return one of a row's moments. Raises TrackerError."""
    # Without a zone it could not be compared with others.
    return understood(lambda row: datetime.fromisoformat(row[name]).astimezone(UTC), row)


def _may_hold_notes(row: Row) -> bool:
    return bool(row["calculated_type"] == LOG_MESSAGE and row["calculated_value"] == NOTE)


def _read(page: Any, path: str) -> tuple[list[Row], str | None]:
    rows, more = (page.get("results"), page.get("next")) if isinstance(page, dict) else (None, None)
    if not isinstance(rows, list) or not all(_is_row(row, path) for row in rows) or not isinstance(more, str | None):
        raise TrackerError(f"{path}: this is not what Bugsink answers; is TRACKER_URL a Bugsink?")
    return rows, more


def _is_row(row: Any, path: str) -> bool:
    return isinstance(row, dict) and all(isinstance(row.get(name), str | bool) for name in _FIELDS[path])
