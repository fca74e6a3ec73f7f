"""What is read from GlitchTip of issues and events."""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import cached_property
from itertools import takewhile
from typing import Any
from uuid import UUID

from apps.triage.query import Query, Term

from ..base import Comment, Event, Issue, NotFound, NotJson, TrackerError
from ..each import events_of
from ..organisation import each_once, is_number
from . import answers
from .client import Client, understood
from .search import sent, to_parameters, too_old

_AT_ONCE = 100  # issues whose trends are asked for together; GlitchTip silently leaves out what is beyond 200
_KEPT = 5000  # events whose payloads are remembered: they never change
_HOURS = 24
_VERSION = re.compile(r"[1-9]\d*(\.\d+)?")


class Reading:
    """See Tracker."""

    def __init__(self, url: str, org: str, project: str, token: str) -> None:
        self.url, self.org = url.rstrip("/"), org
        self._api = Client(self.url, org, project, token)
        self._reader = answers.Reader(self.url, org)
        self._ids: dict[str, str] = {}
        self._payloads: dict[str, Any] = {}

    @cached_property
    def name(self) -> str:
        """GlitchTip with its version; with that for which this was written where GlitchTip does not say."""
        try:
            settings = self._api.get(f"{self.url}/api/settings/")
            version = understood(lambda settings: _VERSION.match(str(settings["version"])), settings)
        except TrackerError:
            version = None  # a name is no reason to fail: the next request says what is wrong
        return f"GlitchTip {version[0] if version else 5}"

    def issues(self, query: Query) -> Iterator[Issue]:
        """Yield issues; see Tracker."""
        return each_once(lambda: self._walk(query))

    def answers(self, query: Query) -> frozenset[Term]:
        """Return what GlitchTip filters exactly: its tags are an issue's, so of those on events one alone."""
        alone = sum(not term.negated for term in query.on_events) == 1
        return frozenset(term for term in sent(query) if alone or term.kind == "status")

    def issue(self, issue_id: str) -> Issue:
        """Return an issue by its ID or by its short ID, which GlitchTip cannot look up: that walks over all issues."""
        found = self._find(issue_id) if is_number(issue_id) else self._find_short(issue_id.upper())
        if found is None:
            raise NotFound(f"GlitchTip has no issue {issue_id} in the project {self._api.project.slug} (any more).")
        return found

    def events(self, issue_id: str) -> Iterator[Event]:
        """Yield an issue's events, newest first, without their level; see Tracker."""
        empty = True
        for row in self._api.pages(f"issues/{_number(issue_id)}/events/"):
            empty = False
            yield understood(self._reader.listed, self._own(row))
        if empty:
            self.issue(issue_id)  # the events of an issue that is not there are an empty list

    def events_of(self, issues: Sequence[Issue], since: datetime) -> Iterator[Event]:
        """Yield the events of these issues that were taken in since a moment, as `events` has them, newest first."""
        try:
            yield from self._of_project(issues, since)
        except NotJson:  # this GlitchTip has no such path
            yield from events_of(self, issues, since)

    def _of_project(self, issues: Sequence[Issue], since: datetime) -> Iterator[Event]:
        wanted = {issue.id for issue in issues}
        for row in self._api.pages(f"{self._api.place}events/"):
            if understood(answers.taken_in, row) < since:
                return
            if understood(answers.group, row) in wanted:
                yield understood(self._reader.listed, row)

    def event(self, event_id: str) -> Event | None:
        """Return a whole event by its ID; see Tracker."""
        try:
            path = f"{self._api.place}events/{UUID(event_id).hex}/"
        except ValueError:
            return None
        try:
            return self._whole(self._api.get(path))
        except NotFound:
            return None
        except NotJson:  # this GlitchTip has no such path
            return self._searched(UUID(event_id).hex)

    def latest_event(self, issue_id: str) -> Event:
        """Return an issue's newest event, whole."""
        return self._whole(self._own(self._api.get(f"issues/{_number(issue_id)}/events/latest/")))

    def events_since(self, moment: datetime) -> Iterator[Event]:
        """Yield the events taken in since `moment`, newest first; see Tracker."""
        try:
            yield from self._since(f"{self._api.place}events/", moment)
        except NotJson:  # this GlitchTip has no such path
            for issue in takewhile(lambda issue: issue.last_seen >= moment, self.issues(Query())):
                yield from self._since(f"issues/{issue.id}/events/", moment)

    def _since(self, path: str, moment: datetime) -> Iterator[Event]:
        rows = takewhile(lambda row: understood(answers.taken_in, row) >= moment, self._api.pages(path))
        yield from map(self._whole, rows)

    def users(self, issue: Issue) -> int:
        """Return how many different user.id an issue's events have: the issue's own userCount is always 0."""
        tags = self._api.get(f"issues/{_number(issue.id)}/tags/", {"key": "user.id"})
        return understood(answers.different, tags)

    def trends(self, issues: Sequence[Issue]) -> dict[str, tuple[int, ...]]:
        """Return the events of each of the last 24 hours; see Tracker."""
        now = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
        hours = [int((now - timedelta(hours=back)).timestamp()) for back in reversed(range(_HOURS))]
        found = {issue.id: (0,) * _HOURS for issue in issues}
        for start in range(0, len(issues), _AT_ONCE):
            groups = [issue.id for issue in issues[start : start + _AT_ONCE]]
            rows = self._api.get(f"{self._api.org}issues-stats/", {"groups": groups, "statsPeriod": "24h"})
            found |= understood(lambda rows: {str(row["id"]): answers.trend(row, hours) for row in rows}, rows)
        return found

    def comments(self, issue_id: str) -> list[Comment]:
        """Return an issue's comments, oldest first."""
        rows = self._api.pages(f"issues/{self.issue(issue_id).id}/comments/")
        return sorted((understood(answers.comment, row) for row in rows), key=lambda comment: comment.moment)

    def _walk(self, query: Query) -> Iterator[Issue]:
        oldest = too_old(query)
        for row in self._api.pages(
            f"{self._api.org}issues/", {"project": self._api.project.id, **to_parameters(query)}
        ):
            issue = self._issue(row)
            if oldest and issue.last_seen < oldest:
                return
            yield issue

    def _issue(self, row: Any) -> Issue:
        issue = understood(self._reader.issue, row)
        self._ids[issue.short_id] = issue.id
        return issue

    def _find(self, number: str) -> Issue | None:
        """Return an issue of the project by its ID.

        From the list, because the issue's own URL also has those of other projects and those that are deleted. A
        GlitchTip that does not know the filter answers with all of them.
        """
        query = {"project": self._api.project.id, "id": number}
        issues = map(self._issue, self._api.pages(f"{self._api.org}issues/", query))
        return next((issue for issue in issues if issue.id == number), None)

    def _find_short(self, short_id: str) -> Issue | None:
        if short_id.rpartition("-")[0] != self._api.project.slug.upper():
            return None
        if short_id in self._ids:
            return self._find(self._ids[short_id])
        return next((issue for issue in self.issues(Query()) if issue.short_id == short_id), None)

    def _own(self, row: Any) -> Any:
        """Return an event, if it is one of the project: an issue's URL has those of any project."""
        if understood(answers.project, row) not in ("", self._api.project.id):
            raise NotFound(f"The issue is not one of the project {self._api.project.slug} on GlitchTip.")
        return row

    def _whole(self, row: Any) -> Event:
        raw = self._payload(self._api.org + understood(answers.json_path, row))
        return understood(lambda row: self._reader.whole(row, raw), row)

    def _payload(self, path: str) -> Any:
        """Return an event's other form, None where this GlitchTip has none, or where the event is gone meanwhile."""
        if path not in self._payloads:
            if len(self._payloads) >= _KEPT:
                self._payloads.clear()
            try:
                self._payloads[path] = self._api.get(path)
            except (NotFound, NotJson):
                return None
        return self._payloads[path]

    def _searched(self, event_id: str) -> Event | None:
        """Return an event by the search for its ID alone."""
        query = {"project": self._api.project.id, "query": event_id}
        for row in self._api.pages(f"{self._api.org}issues/", query):
            path = f"issues/{self._issue(row).id}/events/{event_id}/"
            try:
                return self._whole(self._own(self._api.get(path)))
            except NotFound:
                continue
        return None


def _number(issue_id: str) -> str:
    if not is_number(issue_id):
        raise NotFound(f"GlitchTip has no issue {issue_id}: its issues have numbers.")
    return issue_id
