"""What is read from Sentry of issues and events."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any
from urllib.parse import quote
from uuid import UUID

from apps.triage.query import Query, Term

from ..base import Capability, Comment, Event, Issue, NotFound
from ..each import events_of
from ..organisation import each_once, is_number
from . import answers
from .client import Client, understood
from .lacks import LACKS
from .search import exact, to_parameters

_AT_ONCE = 100  # issues whose trends are asked for together


class Reading:
    """See Tracker."""

    name = "Sentry"
    lacks: Mapping[Capability, str] = LACKS

    def __init__(self, url: str, org: str, project: str, token: str) -> None:
        self.url, self.org = url.rstrip("/"), org
        self._api = Client(self.url, org, project, token)
        self._reader = answers.Reader(self.url, org)
        self._knows_events = False

    def issues(self, query: Query) -> Iterator[Issue]:
        """Yield issues of the last 90 days, last seen first; see Tracker.

        With terms on tags, the order is that of the last event that has them.
        """
        return each_once(lambda: self._walk(query))

    def answers(self, query: Query) -> frozenset[Term]:
        """Return the terms on tags: one event must have them all for Sentry as for us."""
        return frozenset(exact(query))

    def issue(self, issue_id: str) -> Issue:
        """Return an issue of the project by its ID or its short ID."""
        try:
            row = self._row(issue_id)
        except NotFound as error:
            raise NotFound(self._no_issue(issue_id)) from error
        if understood(answers.project, row) != self._api.project.id:
            raise NotFound(self._no_issue(issue_id))
        return understood(self._reader.issue, row)

    def events(self, issue_id: str) -> Iterator[Event]:
        """Yield an issue's events, newest first; see Tracker."""
        for row in self._events(issue_id):
            yield self._event(row, issue_id)

    def events_of(self, issues: Sequence[Issue], since: datetime) -> Iterator[Event]:
        """Yield the events of these issues since a moment, as `events` has them, newest first."""
        try:
            yield from self._of_project(issues, since)
        except NotFound:  # this Sentry has no such path
            yield from events_of(self, issues, since)

    def _of_project(self, issues: Sequence[Issue], since: datetime) -> Iterator[Event]:
        wanted = {issue.id for issue in issues}
        for row in self._api.pages(f"{self._api.place}events/"):
            if understood(answers.happened, row) < since:
                return
            event = understood(self._reader.event, row)
            if event.issue_id in wanted:
                yield event

    def event(self, event_id: str) -> Event | None:
        """Return a whole event of the project by its ID; see Tracker.

        By the project's URL, because that of the organisation (eventids/) takes one request a second: it is asked
        only as long as the other was not seen to know any event.
        """
        try:
            number = UUID(event_id).hex
        except ValueError:
            return None
        try:
            found = self._event(self._api.get(f"{self._api.place}events/{number}/"), "")
        except NotFound:
            return None if self._knows_events else self._of_organisation(number)
        self._knows_events = True
        return found

    def _of_organisation(self, number: str) -> Event | None:
        try:
            said = self._api.get(f"{self._api.org}eventids/{number}/")
            issue = self.issue(understood(lambda said: str(said["groupId"]), said))
        except NotFound:
            return None
        return self._event(understood(lambda said: said["event"], said), issue.id)

    def latest_event(self, issue_id: str) -> Event:
        """Return an issue's newest event, whole."""
        return self._event(self._api.get(f"{self._path(issue_id)}events/latest/"), issue_id)

    def events_since(self, moment: datetime) -> Iterator[Event]:
        """Yield the whole events since `moment`, newest issue first; see Tracker.

        By the moment when they happened: Sentry has no order by when it took them in.
        """
        for issue in self.issues(Query()):
            if issue.last_seen < moment:
                return
            for row in self._events(issue.id, full="1"):
                if understood(answers.happened, row) < moment:
                    break
                yield self._event(row, issue.id)

    def users(self, issue: Issue) -> int:
        """Return how many different user.id an issue's events have, 1,000 at most: Sentry lists no more.

        It counts an address as a user too where there is no ID, so its own figure is too high for us.
        """
        if issue.users is not None:
            return issue.users
        try:
            rows = list(self._api.pages(f"{self._path(issue.id)}tags/user/values/"))
        except NotFound:
            return self._all_users(issue)
        return understood(lambda rows: sum(answers.is_user_id(row) for row in rows), rows)

    def _all_users(self, issue: Issue) -> int:
        """Return how many users the tag's own page says there are, where their list is not there."""
        try:
            tag = self._api.get(f"{self._path(issue.id)}tags/user/")
        except NotFound:
            self.issue(issue.id)  # there is no tag, or no issue
            return 0
        return understood(lambda tag: int(tag["uniqueValues"]), tag)

    def trends(self, issues: Sequence[Issue]) -> dict[str, tuple[int, ...]]:
        """Return the events of each of the last 24 hours; see Tracker."""
        found: dict[str, tuple[int, ...]] = {}
        for start in range(0, len(issues), _AT_ONCE):
            groups = [issue.id for issue in issues[start : start + _AT_ONCE]]
            asked = {"groups": groups, "project": self._api.project.id, "groupStatsPeriod": "24h", "query": ""}
            try:
                rows = self._api.get(f"{self._api.org}issues-stats/", asked)
            except NotFound:  # this Sentry has no such path
                rows = list(self._still_there(groups))
            found |= understood(lambda rows: {str(row["id"]): answers.trend(row) for row in rows}, rows)
        return found

    def comments(self, issue_id: str) -> list[Comment]:
        """Return an issue's comments, oldest first."""
        rows = self._commented(issue_id, lambda path: list(self._api.pages(path)))
        return sorted((understood(answers.comment, row) for row in rows), key=lambda comment: comment.moment)

    def _commented[Said](self, issue_id: str, ask: Callable[[str], Said]) -> Said:
        """Ask by the path of an issue's comments, which are documented nowhere: an older Sentry has another."""
        path = self._path(issue_id)
        try:
            return ask(f"{path}comments/")
        except NotFound:
            return ask(f"{path.removeprefix(self._api.org)}comments/")

    def _walk(self, query: Query) -> Iterator[Issue]:
        asked = {"project": self._api.project.id, **to_parameters(query)}
        for row in self._api.pages(f"{self._api.org}issues/", asked):
            yield understood(self._reader.issue, row)

    def _event(self, row: Any, issue_id: str) -> Event:
        return understood(lambda row: self._reader.event(row, issue_id), row)

    def _row(self, issue_id: str) -> Any:
        if is_number(issue_id):
            return self._api.get(self._path(issue_id))
        found = self._api.get(f"{self._api.org}shortids/{quote(issue_id.upper(), safe='')}/")
        return understood(lambda found: found["group"], found)

    def _still_there(self, numbers: Sequence[str]) -> Iterator[Any]:
        for number in numbers:
            with suppress(NotFound):
                yield self._row(number)

    def _events(self, issue_id: str, **query: str) -> Iterator[Any]:
        return self._api.pages(f"{self._path(issue_id)}events/", query)

    def _path(self, issue_id: str) -> str:
        if not is_number(issue_id):
            raise NotFound(self._no_issue(issue_id))
        return f"{self._api.org}issues/{issue_id}/"

    def _no_issue(self, issue_id: str) -> str:
        return f"Sentry has no issue {issue_id} in the project {self._api.project.slug} (any more)."
