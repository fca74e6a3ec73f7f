"""What GlitchTip's API answers to each method and path, over a store."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, ClassVar, Protocol
from uuid import UUID

from tests.triage import glitchtip_rows as rows
from tests.triage.glitchtip_store import SORTS, STATUSES, Store, StoredIssue

Answer = tuple[int, Any]


class Refused(Exception):
    """An answer other than a good one: a status, and JSON or HTML."""

    def __init__(self, status: int, said: Any = None) -> None:
        self.status, self.said = status, said


class Behaviour(Protocol):
    """See GlitchTipDouble."""

    store: Store
    lies: bool
    idle: bool
    after_page: Callable[[], None]


def route(method: str, pattern: str, *scopes: str) -> Callable[[Callable[..., Answer]], Callable[..., Answer]]:
    """Register a handler under /api/0/."""

    def register(handler: Callable[..., Answer]) -> Callable[..., Answer]:
        _TABLE.setdefault(f"/api/0/{pattern}", {})[method] = (frozenset(scopes), handler)
        return handler

    return register


_TABLE: dict[str, dict[str, tuple[frozenset[str], Callable[..., Answer]]]] = {}
_ORG, _ISSUE = r"organizations/(?P<org>[\w-]+)/", r"issues/(?P<number>\d+)/"
PLACE = r"projects/(?P<org>[\w-]+)/(?P<slug>[\w-]+)/"
_READ, _WRITE = ("event:read", "event:admin"), ("event:write", "event:admin")


class Routes:
    """One request; a handler returns status and JSON."""

    table: ClassVar = _TABLE

    def __init__(self, double: Behaviour, params: dict[str, list[str]], body: Any) -> None:
        self.double, self.store, self.params, self.body = double, double.store, params, body
        self.link = ""

    @route("GET", _ORG, "org:read")
    def organisation(self, org: str) -> Answer:
        self._known(org)
        projects = [{"id": str(number), "slug": slug} for number, slug in self.store.projects.items()]
        return 200, {"slug": org, "projects": projects}

    @route("GET", f"{_ORG}issues/", *_READ)
    def issues(self, org: str) -> Answer:
        self._known(org)
        sort = self.params.get("sort", ["-last_seen"])[0]
        if sort not in SORTS:
            raise Refused(422, {"detail": [{"loc": ["query", "sort"]}]})
        return self.page(self._search(), sort, lambda issue: rows.issue_row(self.store, issue))

    @route("PUT", f"{_ORG}issues/", *_WRITE)
    def change_many(self, org: str) -> Answer:
        """Whatever the filters left over: with none that it knows, that is everything."""
        self._known(org)
        for issue in self._search():
            issue.status = self._status()
        return 200, {"status": self._status(), "merge": None}

    @route("DELETE", f"{_ORG}issues/", *_WRITE)
    def delete_many(self, org: str) -> Answer:
        self._known(org)
        for issue in self._search():
            issue.deleted = True
        return 200, {"status": "resolved", "merge": None}

    @route("GET", _ISSUE, *_READ)
    def issue(self, number: str) -> Answer:
        return 200, rows.issue_row(self.store, self._issue(number))

    @route("PUT", _ISSUE, *_WRITE)
    @route("PUT", f"{_ORG}{_ISSUE}", *_WRITE)
    def change(self, number: str, org: str = "acme") -> Answer:
        """Drops an assignee, a priority, details; fails without a status."""
        self._known(org)
        issue = self._issue(number)
        status = self._status()
        issue.status = issue.status if self.double.lies else status
        return 200, rows.issue_row(self.store, issue, changed=True)

    @route("DELETE", _ISSUE, *_WRITE)
    def delete(self, number: str) -> Answer:
        """Hides it from lists; its own URL has it until the worker ran."""
        self._issue(number).deleted = not self.double.lies
        if not self.double.idle:
            self.store.purge()
        return 204, None

    @route("GET", f"{_ISSUE}events/", *_READ)
    def events(self, number: str) -> Answer:
        """An empty list for an issue that is not there."""
        return self.page(list(self.store.of(int(number))), "-received", lambda row: rows.event_row(row, snake=True))

    @route("GET", f"{_ISSUE}events/latest/", *_READ)
    def latest(self, number: str) -> Answer:
        return 200, rows.event_row(max(self._events_of(number), key=lambda event: event.received))

    @route("GET", f"{_ORG}{_ISSUE}events/(?P<event>[^/]+)/json/", *_READ)
    def event_json(self, org: str, number: str, event: str) -> Answer:
        self._known(org)
        return 200, rows.event_json(next(row for row in self._events_of(number) if row.id == self._hex(event)))

    @route("GET", f"{PLACE}events/", *_READ)
    def project_events(self, org: str, slug: str) -> Answer:
        mine = [event for event in self.store.events if org == "acme" and self.store.projects[event.project] == slug]
        return self.page(mine, "-received", rows.event_row)

    @route("GET", f"{PLACE}events/(?P<event>[^/]+)/", *_READ)
    def project_event(self, org: str, slug: str, event: str) -> Answer:
        wanted = self._hex(event)
        for row in self.store.events:
            if row.id == wanted and (org, slug) == ("acme", self.store.projects[row.project]):
                return 200, rows.event_row(row)
        raise Refused(404, {"detail": "Not Found"})

    @route("GET", f"{_ISSUE}tags/", *_READ)
    def tags(self, number: str) -> Answer:
        return 200, rows.tag_rows(self._issue(number), self.params.get("key", [None])[0])

    @route("GET", f"{_ISSUE}comments/", *_READ)
    def comments(self, number: str) -> Answer:
        """An empty list for an issue that is not there."""
        issue = self.store.issues.get(int(number))
        newest = issue.comments[::-1] if issue else []
        return self.page(newest, "-0", lambda comment: rows.comment_row(*comment))

    @route("POST", f"{_ISSUE}comments/", *_WRITE)
    def comment(self, number: str) -> Answer:
        if int(number) not in self.store.issues:
            raise Refused(400, {"detail": "Issue does not exist"})
        try:
            text = "" if self.double.lies else self.body["data"]["text"]
        except (KeyError, TypeError):
            raise Refused(422, {"detail": [{"msg": "Field required"}]}) from None
        self._issue(number).comments.append((self.store.now(), text))
        return 201, rows.comment_row(*self._issue(number).comments[-1])

    @route("GET", f"{_ORG}issues-stats/")
    def stats(self, org: str) -> Answer:
        """Silently no more than 200; hours without events are left out, and any order will do."""
        self._known(org)
        day = datetime.now(UTC).timestamp() - 24 * 3600
        wanted = [self.store.issues[int(group)] for group in self.params["groups"] if int(group) in self.store.issues]
        return 200, [rows.stats_row(issue, day) for issue in wanted[:200]]

    @route("GET", f"{PLACE}releases/", "project:releases")
    def releases(self, org: str, slug: str) -> Answer:
        mine = [row for row in self.store.releases if (org, self.store.projects[row.project]) == ("acme", slug)]
        return self.page(mine, "-created", rows.release_row)

    @route("POST", f"{PLACE}releases/", "project:releases")
    def create_release(self, org: str, slug: str) -> Answer:
        """The same answer where it was there; without dateReleased, it is released now."""
        self._known(org)
        released = self.body.get("dateReleased", rows.moment(datetime.now(UTC)))
        project = next(number for number, name in self.store.projects.items() if name == slug)
        version = "another" if self.double.lies else self.body["version"]
        return 201, rows.release_row(self.store.release(version, project, released=released, ref=self.body.get("ref")))

    @route("POST", f"{_ORG}releases/", "project:releases")
    def create_release_of_organisation(self, org: str) -> Answer:
        """Fails for one that is there."""
        self._known(org)
        if any(release.version == self.body["version"] for release in self.store.releases):
            raise Refused(500)
        return 201, rows.release_row(self.store.release(self.body["version"], 1))

    @route("GET", f"{PLACE}releases/(?P<version>[^/]+)/", "project:releases")
    def release(self, org: str, slug: str, version: str) -> Answer:
        return 200, rows.release_row(self._release(org, slug, version))

    @route("PUT", f"{PLACE}releases/(?P<version>[^/]+)/", "project:releases")
    def change_release(self, org: str, slug: str, version: str) -> Answer:
        """What is left out is emptied, or now."""
        release = self._release(org, slug, version)
        release.ref = self.body.get("ref")
        given = datetime.fromisoformat(self.body.get("dateReleased", datetime.now(UTC).isoformat()))
        release.released = None if self.double.lies else rows.moment(given.astimezone(UTC))
        return 200, rows.release_row(release)

    @route("GET", f"{_ORG}members/", "member:read")
    def members(self, org: str) -> Answer:
        """Without their teams; an empty list for an organisation that is not there."""
        mine = self.store.members if org == "acme" else []
        return self.page(mine, "-id", lambda row: {key: value for key, value in row.items() if key != "teams"})

    @route("GET", f"{_ORG}members/(?P<number>\\d+)/", "member:read")
    def member(self, org: str, number: str) -> Answer:
        self._known(org)
        return 200, next(row for row in self.store.members if row["id"] == number)

    def _known(self, org: str) -> None:
        if org != "acme":
            raise Refused(404, {"detail": "Not Found"})

    def _issue(self, number: str) -> StoredIssue:
        try:
            return self.store.issues[int(number)]
        except KeyError:
            raise Refused(404, {"detail": "Not Found"}) from None

    def _events_of(self, number: str) -> Any:
        if not (found := list(self.store.of(int(number)))):
            raise Refused(404, {"detail": "Not Found"})
        return found

    def _hex(self, event: str) -> str:
        try:
            return UUID(event).hex
        except ValueError:
            raise Refused(422, {"detail": [{"type": "uuid_parsing"}]}) from None

    def _release(self, org: str, slug: str, version: str) -> Any:
        for row in self.store.releases:
            if (org, slug, version) == ("acme", self.store.projects[row.project], row.version):
                return row
        raise Refused(404, {"detail": "Not Found"})

    def _status(self) -> str:
        status = self.body.get("status")
        if status is None:
            raise Refused(500)
        if status not in STATUSES:
            raise Refused(422, {"detail": [{"loc": ["body", "payload", "status"]}]})
        return str(status)

    def _search(self) -> list[StoredIssue]:
        try:
            return self.store.search(self.params)
        except ValueError:
            raise Refused(500) from None

    def page(self, found: list[Any], sort: str, row: Callable[[Any], Any]) -> Answer:
        limit = min(int(self.params.get("limit", ["50"])[0]), 100)
        page, self.link = rows.page(found, sort, limit, self.params.get("cursor", [""])[0])
        answer = [row(item) for item in page]
        self.double.after_page()
        return 200, answer
