"""What the Sentry double does about issues and events."""

import re
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from tests.triage import sentry_rows as rows
from tests.triage.sentry_search import BadQuery, search
from tests.triage.sentry_store import Store, StoredEvent, StoredIssue

_PERIOD = re.compile(r"(\d+)([hdwm])")
_UNITS = {"h": "hours", "d": "days", "w": "weeks", "m": "minutes"}
_STATUSES = ("resolved", "unresolved", "ignored", "resolvedInNextRelease")
_SUBSTATUSES = ("archived_until_escalating", "archived_until_condition_met", "archived_forever", "ongoing")
_DETAILS = {"inRelease", "inNextRelease", "inCommit", "ignoreDuration", "ignoreCount", "ignoreWindow"}

Params = dict[str, list[str]]


class Refused(Exception):
    """An answer that is an error; `said` is its JSON."""

    def __init__(self, status: int, said: Any = None) -> None:
        super().__init__(status)
        self.status = status
        self.said = {"detail": "The requested resource does not exist"} if said is None else said


class Issues:
    """Handlers: each returns a status and JSON; `link` is the Link header of a list."""

    def __init__(self, store: Store, params: Params, body: Any) -> None:
        self.store, self.params, self.body, self.link = store, params, body or {}, ""

    def one(self, name: str) -> str | None:
        """Return a parameter's value."""
        return next(iter(self.params.get(name, [])), None)

    def page(self, found: list[Any], size: str = "per_page") -> list[Any]:
        """Return the page that is asked for, and link to the next one; the link's host is not there."""
        asked = self.one(size) or "100"
        if not asked.isdecimal() or not 1 <= int(asked) <= 100:
            raise Refused(400, {"detail": "Invalid per_page value. Must be between 1 and 100."})
        cursor = re.fullmatch(r"0:(\d+):0", self.one("cursor") or "0:0:0")
        if cursor is None:
            raise Refused(400, {"detail": "Invalid cursor parameter."})
        start, end = int(cursor[1]), int(cursor[1]) + int(asked)
        more = "true" if len(found) > end else "false"
        rest = urlencode({key: values for key, values in self.params.items() if key != "cursor"}, doseq=True)
        self.link = (
            f'<https://sentry.invalid/?{rest}&cursor=0:0:1>; rel="previous"; results="false"; cursor="0:0:1", '
            f'<https://sentry.invalid/?{rest}&cursor=0:{end}:0>; rel="next"; results="{more}"; cursor="0:{end}:0"'
        )
        return found[start:end]

    def list_issues(self) -> tuple[int, Any]:
        if self.one("sort") not in (None, "date", "new", "freq", "user", "trends", "inbox"):
            raise Refused(400, {"detail": "Invalid sort"})
        since = self._since()
        found = self.page(self._search(since), size="limit")
        return 200, [rows.listed_issue(self.store, issue, since, matching) for issue, matching in found]

    def change_issues(self) -> tuple[int, Any]:
        """Change several. Like Sentry: where none of the IDs is there any more, what the query finds is changed."""
        issues = [issue for number in self.params.get("id", []) if (issue := self.store.find(number))]
        issues = issues or [issue for issue, _ in self._search(self._since())]
        if not issues:
            return 204, None
        if self.body.get("merge") and len(issues) > 1:
            if len({issue.project for issue in issues}) > 1:
                raise Refused(400, {"detail": "Merging across multiple projects is not supported"})
            return 200, {"merge": self.store.merge(issues)}
        return 200, {**self.body, "merge": bool(self.body.get("merge"))}

    def show_issue(self, issue_id: str) -> tuple[int, Any]:
        return 200, rows.issue(self.store, self.issue(issue_id))

    def change_issue(self, issue_id: str) -> tuple[int, Any]:
        issue = self.issue(issue_id)
        if "assignedTo" in self.body:
            issue.assigned = self._actor(self.body["assignedTo"])
        if "priority" in self.body:
            if self.body["priority"] not in ("low", "medium", "high"):
                raise Refused(400, {"priority": ['"…" is not a valid choice.']})
            issue.priority = self.body["priority"]
        if "status" in self.body:
            self._set_status(issue, self.body["status"], self.body.get("statusDetails") or {})
        return 200, rows.issue(self.store, issue)

    def delete_issue(self, issue_id: str) -> tuple[int, Any]:
        del self.store.issues[self.issue(issue_id).id]
        return 202, None

    def list_events(self, issue_id: str) -> tuple[int, Any]:
        issue = self.issue(issue_id)
        shape = rows.whole_event if self.one("full") in ("1", "true") else rows.event
        return 200, [shape(issue, event) for event in self.page(issue.newest_first())]

    def show_event(self, issue_id: str, event_id: str) -> tuple[int, Any]:
        issue = self.issue(issue_id)
        events = issue.newest_first()
        ends = {"latest": events[:1], "recommended": events[:1], "oldest": events[-1:]}
        found = ends.get(event_id, [event for event in events if event.id == event_id])
        if not found:
            raise Refused(404)
        return 200, rows.whole_event(issue, found[0])

    def list_project_events(self, project: str) -> tuple[int, Any]:
        number = self.project(project)
        found = [(issue, event) for issue in self.store.issues.values() for event in issue.newest_first()]
        mine = [pair for pair in found if pair[1].project == number]
        mine.sort(key=lambda pair: pair[1].moment, reverse=True)
        shape = rows.whole_event if self.one("full") in ("1", "true") else rows.event
        return 200, [shape(*pair) for pair in self.page(mine)]

    def find_event(self, project: str, event_id: str) -> tuple[int, Any]:
        issue, event = self._event(event_id)
        if event.project != self.project(project):
            raise Refused(404)
        return 200, rows.whole_event(issue, event)

    def resolve_event_id(self, event_id: str) -> tuple[int, Any]:
        issue, event = self._event(event_id)
        slug = self.store.projects[event.project]
        return 200, {"projectSlug": slug, "groupId": issue.id, "event": rows.whole_event(issue, event)}

    def resolve_short_id(self, short_id: str) -> tuple[int, Any]:
        issue = self.issue(short_id)
        return 200, {"shortId": issue.short_id, "groupId": issue.id, "group": rows.issue(self.store, issue)}

    def list_values(self, issue_id: str, key: str) -> tuple[int, Any]:
        found = rows.tag_values(self.issue(issue_id), key)
        if not found:
            raise Refused(404)
        return 200, self.page(found[:1000])

    def show_stats(self) -> tuple[int, Any]:
        groups = self.params.get("groups", [])
        found = [issue for number in groups if (issue := self.store.find(number))]
        if not found:
            raise Refused(400, {"detail": "No matching groups found"})
        if len(groups) > 100:
            raise Refused(400, {"detail": "Too many groups requested."})
        return 200, [rows.stats(self.store, issue) for issue in found]

    def list_comments(self, issue_id: str) -> tuple[int, Any]:
        return 200, self.page(self.issue(issue_id).comments[::-1])

    def add_comment(self, issue_id: str) -> tuple[int, Any]:
        comments = self.issue(issue_id).comments
        text = self.body.get("text")
        if not isinstance(text, str) or not text.strip():
            raise Refused(400, {"text": ["This field is required."]})
        hour_ago = self.store.now() - timedelta(hours=1)
        if any(
            one["data"]["text"] == text and datetime.fromisoformat(one["dateCreated"]) > hour_ago for one in comments
        ):
            raise Refused(400, {"detail": "You have already posted that comment."})
        user = {"id": "1", "name": "Jane", "email": "jane@example.com"}
        made = {"id": str(len(comments) + 1), "type": "note", "user": user, "data": {"text": text}}
        comments.append({**made, "dateCreated": rows.iso(self.store.now())})
        return 201, comments[-1]

    def issue(self, issue_id: str) -> StoredIssue:
        self.store.current()
        issue = self.store.find(issue_id)
        if issue is None:
            raise Refused(404)
        return issue

    def project(self, named: str) -> str:
        """Return a project's number by its number or slug."""
        for number, slug in self.store.projects.items():
            if named in (number, slug):
                return number
        raise Refused(404)

    def _event(self, event_id: str) -> tuple[StoredIssue, StoredEvent]:
        for issue in self.store.current():
            for event in issue.events:
                if event.id == event_id:
                    return issue, event
        raise Refused(404)

    def _since(self) -> datetime:
        period = _PERIOD.fullmatch(self.one("statsPeriod") or "90d")
        if period is None:
            raise Refused(400, {"detail": "Invalid statsPeriod"})
        return self.store.now() - timedelta(**{_UNITS[period[2]]: int(period[1])})

    def _search(self, since: datetime) -> list[tuple[StoredIssue, list[StoredEvent]]]:
        projects = self.params.get("project", [*self.store.projects])
        if unknown := set(projects) - {*self.store.projects}:
            raise Refused(400 if not unknown.pop().isdecimal() else 403, {"detail": "Invalid project"})
        issues = [issue for issue in self.store.current() if issue.project in projects]
        try:
            return search(
                issues, self.one("query") if "query" in self.params else "is:unresolved", since, self.store.now()
            )  # type: ignore[arg-type]
        except BadQuery as error:
            raise Refused(400, {"detail": str(error)}) from error

    def _actor(self, named: str) -> dict[str, Any] | None:
        if not named:
            return None
        for member in self.store.members:
            user = member["user"]
            if user and named in (user["id"], f"user:{user['id']}", user["email"], user["username"]):
                return {"type": "user", "id": user["id"], "name": user["name"], "email": user["email"]}
        raise Refused(400, {"assignedTo": ["Unable to resolve actor identifier"]})

    def _set_status(self, issue: StoredIssue, status: str, details: dict[str, Any]) -> None:
        if status not in _STATUSES:
            raise Refused(400, {"status": [f'"{status}" is not a valid choice.']})
        if unknown := set(details) - _DETAILS:
            raise Refused(400, {"statusDetails": {name: ["Unknown field."] for name in unknown}})
        resolution = self._resolution(issue, details) if status == "resolved" else {}
        already = issue.status
        issue.status, issue.resolution, issue.snooze = status, resolution, {}
        issue.known_then = len(self.store.releases)
        if status != "ignored":
            issue.substatus = "ongoing" if status == "unresolved" else None
            return
        if already != "ignored":
            issue.substatus = self._substatus(details)
        if "ignoreDuration" in details:
            until = self.store.now() + timedelta(minutes=details["ignoreDuration"])
            issue.snooze = {"ignoreUntil": rows.iso(until)}
        elif "ignoreCount" in details:
            issue.snooze = {"ignoreCount": details["ignoreCount"]}

    def _substatus(self, details: dict[str, Any]) -> str:
        """Without details an ignored issue comes back as soon as there are more events of it than usual."""
        chosen = self.body.get("substatus")
        if chosen is not None and chosen not in _SUBSTATUSES:
            raise Refused(400, {"substatus": ["not a valid choice."]})
        return "archived_until_condition_met" if details else chosen or "archived_until_escalating"

    def _resolution(self, issue: StoredIssue, details: dict[str, Any]) -> dict[str, Any]:
        mine = {release.version for release in self.store.releases.values() if issue.project in release.projects}
        if details.get("inNextRelease"):
            if not mine:
                raise _details("inNextRelease", "No release data present in the system to form a basis")
            return {"inNextRelease": True}
        if "inRelease" in details:
            if details["inRelease"] not in mine:
                raise _details("inRelease", "Unable to find a release with the given version.")
            return {"inRelease": details["inRelease"]}
        if "inCommit" in details:
            return self._in_commit(details["inCommit"])
        return {}

    def _in_commit(self, wanted: dict[str, str]) -> dict[str, Any]:
        if set(wanted) != {"commit", "repository"}:
            raise _details("inCommit", {"repository": ["This field is required."]})
        if wanted["repository"] not in self.store.repositories:
            raise _details("inCommit", {"repository": ["Unable to find the given repository."]})
        for release in self.store.releases.values():
            for commit in release.commits:
                if (commit["id"], commit["repository"]) == (wanted["commit"], wanted["repository"]):
                    return {"inCommit": {"id": commit["id"], "message": commit.get("message")}}
        raise _details("inCommit", {"commit": ["Unable to find the given commit."]})


def _details(name: str, said: Any) -> Refused:
    return Refused(400, {"statusDetails": {name: [said] if isinstance(said, str) else said}})
