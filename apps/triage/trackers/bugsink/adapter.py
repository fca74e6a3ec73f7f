"""Bugsink as one of the trackers. It has no search, so what is looked for is looked for here."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NoReturn

from apps.triage.query import Query, Term
from apps.triage.trackers import each
from apps.triage.trackers.base import (
    AlertRule,
    Capability,
    Comment,
    Event,
    Ignoring,
    Issue,
    Member,
    NotFound,
    Release,
    Resolution,
    Status,
    TrackerKind,
    Unsupported,
)
from apps.triage.trackers.http import Api

from .changes import Changes
from .lacks import LACKS
from .notes import Notes
from .releases import Releases
from .stored import LOG_MESSAGE, Row, Stored, is_uuid, last_seen, moment, taken_in, understood

_HOURS = 24


class Bugsink:
    """`url` as in the browser, `project` its number, `token` one of Bugsink's API tokens. See Tracker."""

    kind: TrackerKind = "bugsink"
    name = "Bugsink"
    # Everything else gets 200 and is thrown away.
    keeps = frozenset({"event"})
    lacks: Mapping[Capability, str] = LACKS

    def __init__(self, url: str, project: str, token: str) -> None:
        self.url, self.project = url.rstrip("/"), project
        api = Api(self.name, f"{self.url}/api/canonical/0/", token)
        self._stored = Stored(api, self.url, project)
        self._releases = Releases(api, self._stored, project)
        self._changes = Changes(api, self._stored, self._releases)
        self._notes = Notes(api, self._stored, self.url, project)

    def issues(self, query: Query) -> Iterator[Issue]:
        """Yield all issues, last seen first; `query` is for the caller to check. See Tracker."""
        return map(self._issue, self._stored.issues())

    def answers(self, query: Query) -> frozenset[Term]:
        """Return nothing: no term is Bugsink's to check."""
        return frozenset()

    def issue(self, issue_id: str) -> Issue:
        """Return an issue; see Tracker."""
        return self._issue(self._stored.issue(issue_id))

    def events(self, issue_id: str) -> Iterator[Event]:
        """Yield an issue's events, whole: one request for each that was not read before. See Tracker."""
        for row in self._stored.events(self._stored.id_of(issue_id)):
            yield from self._if_there(row)

    def events_of(self, issues: Sequence[Issue], since: datetime) -> Iterator[Event]:
        """Yield events, a request for each: Bugsink has no list of all issues' events. See Tracker."""
        return each.events_of(self, issues, since)

    def event(self, event_id: str) -> Event | None:
        """Return an event. Bugsink cannot look one up, so this reads the lists of events, newest issue first."""
        if not is_uuid(event_id):
            return None
        wanted = event_id.replace("-", "").lower()
        rows = (row for issue in self._stored.issues() for row in self._events_if_there(issue))
        found = (row for row in rows if row["event_id"].replace("-", "") == wanted)
        return next((event for row in found for event in self._if_there(row)), None)

    def latest_event(self, issue_id: str) -> Event:
        """Return an issue's newest event; see Tracker."""
        event = next(self.events(issue_id), None)
        if event is None:
            raise NotFound(f"Bugsink has no event of the issue {issue_id} any more.")
        return event

    def events_since(self, moment: datetime) -> Iterator[Event]:
        """Yield the events taken in since `moment`, those left out that hold comments. See Tracker."""
        for issue in self._stored.issues():
            if last_seen(issue) < moment:
                return
            for row in self._events_if_there(issue):
                if taken_in(row) < moment:
                    break
                yield from self._if_there(row)

    def users(self, issue: Issue) -> int:
        """Return how many users the stored events have; see Tracker."""
        return len({event.user_id for event in self.events(issue.id)} - {""})

    def trends(self, issues: Sequence[Issue]) -> dict[str, tuple[int, ...]]:
        """Return the stored events per hour, by when Bugsink took them in; see Tracker."""
        now = datetime.now(UTC)
        return {issue.id: self._trend(issue, now) for issue in issues}

    def comments(self, issue_id: str) -> list[Comment]:
        """Return the comments that were written with `comment`; see Tracker and `lacks`."""
        return self._notes.of(issue_id)

    def comment(self, issue_id: str, text: str) -> None:
        """Comment in Bugsink's pages, and with an event through SENTRY_DSN for `comments` to read."""
        self._notes.write(issue_id, text)

    def resolve(self, issue_id: str, how: Resolution) -> None:
        """Resolve; a release must be the latest, else this raises Unsupported. See Tracker."""
        self._changes.resolve(issue_id, how)

    def ignore(self, issue_id: str, how: Ignoring) -> None:
        """Mute, after reopening what is resolved.

        `minutes`: the first event after that time brings the issue back. `events`: the issue is back after so
        many at the latest, and sooner where the project has many other events; see `lacks`.
        """
        self._changes.ignore(issue_id, how)

    def reopen(self, issue_id: str) -> None:
        """Reopen or unmute; see Tracker."""
        self._changes.reopen(issue_id)

    def assign(self, issue_id: str, who: str | None) -> None:
        """Raise Unsupported."""
        self._refuse(Capability.ASSIGN)

    def prioritise(self, issue_id: str, priority: str) -> None:
        """Raise Unsupported."""
        self._refuse(Capability.PRIORITY)

    def merge(self, issue_ids: Sequence[str]) -> None:
        """Raise Unsupported."""
        self._refuse(Capability.MERGE)

    def delete(self, issue_id: str) -> None:
        """Delete an issue with all its events; see Tracker."""
        self._changes.delete(issue_id)

    def releases(self) -> Iterator[Release]:
        """Yield the releases; see Tracker."""
        return self._releases.all()

    def create_release(self, version: str) -> bool:
        """Create a release; see Tracker."""
        return self._releases.create(version)

    def set_commits(self, version: str, commits: Sequence[Mapping[str, str]]) -> None:
        """Raise Unsupported."""
        self._refuse(Capability.COMMITS)

    def finalize(self, version: str, moment: datetime) -> None:
        """Raise Unsupported."""
        self._refuse(Capability.FINALIZE)

    def deploy(self, version: str, environment: str) -> None:
        """Raise Unsupported."""
        self._refuse(Capability.DEPLOYS)

    def members(self) -> list[Member]:
        """Raise Unsupported."""
        self._refuse(Capability.MEMBERS)

    def alert_rules(self) -> list[AlertRule]:
        """Raise Unsupported."""
        self._refuse(Capability.ALERT_RULES)

    def create_alert_rule(self, name: str, spec: Mapping[str, Any]) -> str:
        """Raise Unsupported."""
        self._refuse(Capability.ALERT_RULES)

    def update_alert_rule(self, rule_id: str, name: str, spec: Mapping[str, Any]) -> None:
        """Raise Unsupported."""
        self._refuse(Capability.ALERT_RULES)

    def delete_alert_rule(self, rule_id: str) -> None:
        """Raise Unsupported."""
        self._refuse(Capability.ALERT_RULES)

    def _refuse(self, capability: Capability) -> NoReturn:
        raise Unsupported(self.lacks[capability])

    def _issue(self, row: Row) -> Issue:
        return understood(self._read, row)

    def _read(self, row: Row) -> Issue:
        is_message = row["calculated_type"] == LOG_MESSAGE
        return Issue(
            id=row["id"],
            short_id=row["friendly_id"],
            title=_title("" if is_message else row["calculated_type"], row["calculated_value"]),
            type="" if is_message else row["calculated_type"],
            culprit=row["transaction"],
            level="",
            status=_status(row),
            events=row["digested_event_count"],
            users=None,
            first_seen=moment(row, "first_seen"),
            last_seen=last_seen(row),
            url=f"{self.url}/issues/issue/{row['id']}/event/last/",
        )

    def _events_if_there(self, issue: Row) -> Iterator[Row]:
        try:
            yield from self._stored.events(issue["id"])
        except NotFound:
            return  # deleted since the list of issues was read

    def _if_there(self, row: Row) -> Iterator[Event]:
        try:
            yield self._stored.whole(row)
        except NotFound:
            return  # removed since the list of events was read

    def _trend(self, issue: Issue, now: datetime) -> tuple[int, ...]:
        hours = [0] * _HOURS
        start = now - timedelta(hours=_HOURS)
        rows = self._events_if_there({"id": issue.id}) if issue.last_seen > start else ()
        for row in rows:
            ago = (now - taken_in(row)) // timedelta(hours=1)
            if ago >= _HOURS:
                break
            hours[_HOURS - 1 - max(ago, 0)] += 1
        return tuple(hours)


def _title(kind: str, value: str) -> str:
    """Return the title that Bugsink's pages show: type and the first line of the value."""
    return ": ".join(filter(None, [kind, *value.splitlines()[:1]]))


def _status(row: Row) -> Status:
    return "resolved" if row["is_resolved"] else "ignored" if row["is_muted"] else "unresolved"
