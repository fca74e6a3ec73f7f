"""Which URLs the Sentry double has, what each takes, and which scopes of a token each wants."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from tests.triage import sentry_rows as rows
from tests.triage.sentry_alerts import WORKFLOW, Workflows
from tests.triage.sentry_issues import Refused
from tests.triage.sentry_store import StoredRelease

_BAD_VERSION = re.compile(r"[\n\r\t/\\]|\.{1,2}$|latest$|.{201,}")
_COMMIT = {"id", "repository", "message", "author_name", "author_email", "timestamp", "patch_set"}


class Handlers(Workflows):
    """The handlers of releases and of the organisation, with those of issues."""

    def show_nothing(self) -> tuple[int, Any]:
        return 200, {"id": "1", "slug": "acme"}

    def show_project(self, project: str) -> tuple[int, Any]:
        number = self.project(project)
        return 200, {"id": number, "slug": self.store.projects[number], "platform": "python"}

    def list_releases(self) -> tuple[int, Any]:
        wanted = set(self.params.get("project", [*self.store.projects]))
        found = [kept for kept in reversed(self.store.releases.values()) if kept.projects & wanted]
        found.sort(key=lambda kept: kept.released or kept.created, reverse=True)
        return 200, [rows.release(self.store, kept) for kept in self.page(found)]

    def create_release(self) -> tuple[int, Any]:
        version, projects = self.body.get("version"), self.body.get("projects")
        if not version or _BAD_VERSION.match(version) or "/" in version or "\n" in version:
            raise Refused(400, {"version": ["Release with name is not allowed"]})
        if not projects:
            raise Refused(400, {"projects": ["This field is required."]})
        new = [self.store.release(version, self.project(named)) for named in projects]
        kept = self.store.releases[version]
        self._update(kept)
        return 201 if new[0] else 208, rows.release(self.store, kept)

    def update_release(self, version: str) -> tuple[int, Any]:
        kept = self._release(version)
        self._update(kept)
        return 200, rows.release(self.store, kept)

    def list_deploys(self, version: str) -> tuple[int, Any]:
        return 200, self.page(self._release(version).deploys[::-1])

    def add_deploy(self, version: str) -> tuple[int, Any]:
        kept = self._release(version)
        environment = self.body.get("environment")
        if not environment or len(environment) > 64:
            raise Refused(400, {"environment": ["This field is required."]})
        at = rows.iso(self.store.now())
        kept.deploys.append({"id": str(len(kept.deploys) + 1), "environment": environment, "dateFinished": at})
        return 201, kept.deploys[-1]

    def list_repositories(self) -> tuple[int, Any]:
        found = [{"id": str(number), "name": name} for number, name in enumerate(self.store.repositories, 1)]
        return 200, self.page(found)

    def list_members(self) -> tuple[int, Any]:
        found = [{key: value for key, value in one.items() if key != "teams"} for one in self.store.members]
        return 200, self.page(found)

    def show_member(self, member_id: str) -> tuple[int, Any]:
        found = [member for member in self.store.members if member["id"] == member_id]
        if not found:
            raise Refused(404)
        return 200, found[0]

    def _release(self, version: str) -> StoredRelease:
        if version not in self.store.releases:
            raise Refused(404)
        return self.store.releases[version]

    def _update(self, kept: StoredRelease) -> None:
        if released := self.body.get("dateReleased"):
            kept.released = datetime.fromisoformat(released).astimezone(UTC)
        if "commits" not in self.body:
            return
        for number, commit in enumerate(self.body["commits"]):
            if not 0 < len(commit.get("id", "")) <= 64 or set(commit) - _COMMIT:
                raise Refused(400, {"commits": {str(number): ["Invalid commit"]}})
            datetime.fromisoformat(commit.get("timestamp", "2026-01-01T00:00:00Z"))
        kept.commits = [{"repository": self.store.repositories[0], **commit} for commit in self.body["commits"]]


@dataclass(frozen=True)
class Route:
    """`scopes`: one of them is needed. `params` and `fields`: the only ones that are taken."""

    handle: Callable[..., tuple[int, Any]]
    scopes: frozenset[str]
    params: frozenset[str] = frozenset()
    fields: frozenset[str] = frozenset()


def _route(handle: Callable[..., tuple[int, Any]], scopes: str, params: str = "", fields: str = "") -> Route:
    return Route(handle, *(frozenset(words.split()) for words in (scopes, params, fields)))


_READ, _WRITE, _ADMIN = "event:read event:write event:admin", "event:write event:admin", "event:admin"
_ORG, _PROJECT = "org:read org:write org:admin", "project:read project:write project:admin"
_SEE_ALERTS, _ALERTS = "alerts:read org:read org:write org:admin", "alerts:write org:write org:admin"
_RELEASES = "project:write project:admin project:releases"
_LIST = (
    "project environment statsPeriod start end query sort limit cursor groupStatsPeriod shortIdLookup expand collapse"
)
_STATUS = "status statusDetails substatus assignedTo priority hasSeen isBookmarked isPublic isSubscribed inbox discard"
_RELEASE = "ref url dateReleased commits refs"
_ORG_PATH, _ISSUE = r"/api/0/organizations/acme/", r"/api/0/organizations/acme/issues/(?P<issue_id>[^/]+)/"

ROUTES: dict[str, dict[str, Route]] = {
    _ORG_PATH: {"GET": _route(Handlers.show_nothing, _ORG, "detailed")},
    r"/api/0/projects/acme/(?P<project>[^/]+)/": {"GET": _route(Handlers.show_project, _PROJECT)},
    r"/api/0/projects/acme/(?P<project>[^/]+)/events/": {
        "GET": _route(Handlers.list_project_events, _PROJECT, "statsPeriod start end cursor full sample")
    },
    r"/api/0/projects/acme/(?P<project>[^/]+)/events/(?P<event_id>[0-9a-f]{32})/": {
        "GET": _route(Handlers.find_event, _PROJECT)
    },
    _ORG_PATH + "issues/": {
        "GET": _route(Handlers.list_issues, _READ, _LIST),
        "PUT": _route(Handlers.change_issues, _WRITE, "id project environment query sort limit", _STATUS + " merge"),
    },
    _ORG_PATH + "issues-stats/": {
        "GET": _route(
            Handlers.show_stats, _READ, "groups project environment statsPeriod start end groupStatsPeriod query"
        )
    },
    _ISSUE: {
        "GET": _route(Handlers.show_issue, _READ, "environment expand collapse"),
        "PUT": _route(Handlers.change_issue, _WRITE, "", _STATUS),
        "DELETE": _route(Handlers.delete_issue, _ADMIN),
    },
    _ISSUE + "events/": {
        "GET": _route(
            Handlers.list_events, _READ, "full sample query environment statsPeriod start end per_page cursor"
        )
    },
    _ISSUE + "events/(?P<event_id>latest|oldest|recommended|[0-9a-f]{32})/": {
        "GET": _route(Handlers.show_event, _READ, "environment")
    },
    _ISSUE + "tags/(?P<key>[^/]+)/values/": {"GET": _route(Handlers.list_values, _READ, "environment sort cursor")},
    _ISSUE + "comments/": {
        "GET": _route(Handlers.list_comments, _READ, "per_page cursor"),
        "POST": _route(Handlers.add_comment, _WRITE, "", "text mentions"),
    },
    _ORG_PATH + "shortids/(?P<short_id>[^/]+)/": {"GET": _route(Handlers.resolve_short_id, _ORG)},
    _ORG_PATH + "eventids/(?P<event_id>[^/]+)/": {"GET": _route(Handlers.resolve_event_id, _ORG)},
    _ORG_PATH + "releases/": {
        "GET": _route(Handlers.list_releases, f"{_PROJECT} project:releases", "project query per_page cursor sort"),
        "POST": _route(Handlers.create_release, _RELEASES, "", f"version projects {_RELEASE}"),
    },
    _ORG_PATH + "releases/(?P<version>[^/]+)/": {"PUT": _route(Handlers.update_release, _RELEASES, "", _RELEASE)},
    _ORG_PATH + "releases/(?P<version>[^/]+)/deploys/": {
        "GET": _route(Handlers.list_deploys, f"{_PROJECT} project:releases", "per_page cursor"),
        "POST": _route(Handlers.add_deploy, _RELEASES, "", "environment name url dateStarted dateFinished projects"),
    },
    _ORG_PATH + "detectors/": {
        "GET": _route(Handlers.list_detectors, _SEE_ALERTS, "project query sortBy id per_page cursor")
    },
    _ORG_PATH + "workflows/": {
        "GET": _route(Handlers.list_workflows, _SEE_ALERTS, "project query sortBy id per_page cursor"),
        "POST": _route(Handlers.create_workflow, _ALERTS, "", WORKFLOW),
    },
    _ORG_PATH + "workflows/(?P<number>\\d+)/": {
        "PUT": _route(Handlers.change_workflow, _ALERTS, "", WORKFLOW),
        "DELETE": _route(Handlers.delete_workflow, _ALERTS),
    },
    _ORG_PATH + "repos/": {"GET": _route(Handlers.list_repositories, _ORG, "status query per_page cursor")},
    _ORG_PATH + "members/": {"GET": _route(Handlers.list_members, "member:read member:admin", "query cursor per_page")},
    _ORG_PATH + "members/(?P<member_id>[^/]+)/": {"GET": _route(Handlers.show_member, "member:read member:admin")},
}
