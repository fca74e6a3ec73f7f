"""What the Sentry double keeps: issues made of the events that it took in, releases, members."""

import itertools
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

PRIORITIES = {"fatal": "high", "error": "high", "warning": "medium", "info": "low", "debug": "low"}

Payload = Mapping[str, Any]


@dataclass
class StoredEvent:
    """An event, with the tags that Sentry makes of it."""

    payload: Payload
    project: str
    moment: datetime
    tags: dict[str, str]

    @property
    def id(self) -> str:
        return str(self.payload["event_id"]).replace("-", "")

    @property
    def raised(self) -> list[dict[str, Any]]:
        values: list[dict[str, Any]] = (self.payload.get("exception") or {}).get("values") or []
        return values


@dataclass
class StoredIssue:
    """A group. `snooze` is until when it is ignored, `resolution` with what it was resolved."""

    id: str
    short_id: str
    project: str
    key: tuple[str, ...]
    status: str = "unresolved"
    substatus: str | None = "new"
    resolution: dict[str, Any] = field(default_factory=dict)
    known_then: int = 0
    snooze: dict[str, Any] = field(default_factory=dict)
    priority: str = "high"
    assigned: dict[str, Any] | None = None
    events: list[StoredEvent] = field(default_factory=list)
    comments: list[dict[str, Any]] = field(default_factory=list)

    @property
    def latest(self) -> StoredEvent:
        return max(self.events, key=lambda event: event.moment)

    def newest_first(self) -> list[StoredEvent]:
        return sorted(self.events, key=lambda event: event.moment, reverse=True)


@dataclass
class StoredRelease:
    version: str
    created: datetime
    projects: set[str]
    released: datetime | None = None
    commits: list[dict[str, Any]] = field(default_factory=list)
    deploys: list[dict[str, Any]] = field(default_factory=list)


class Store:
    """One organisation. `merged` leads from the ID of an issue that is gone to the one it is part of now."""

    def __init__(self) -> None:
        self.projects = {"1": "goimg", "2": "another"}
        self.issues: dict[str, StoredIssue] = {}
        self.merged: dict[str, str] = {}
        self.releases: dict[str, StoredRelease] = {}
        self.repositories = ["organization-1"]
        self.members: list[dict[str, Any]] = []
        self.environments = {"production", "staging"}
        self.workflows: list[dict[str, Any]] = []
        self.made = 0
        self.detectors = [
            {"id": f"{project}{place}", "type": kind, "projectId": project}
            for project in self.projects
            for place, kind in enumerate(("error", "issue_stream"))
        ]
        self.later = timedelta(0)  # by how much this Sentry's clock is moved
        self._numbers = itertools.count(4001)
        self._short = {project: itertools.count(1) for project in self.projects}

    def now(self) -> datetime:
        return datetime.now(UTC) + self.later

    def ingest(self, payload: Payload, project: str = "1") -> StoredIssue:
        """Take in an event: it makes an issue, or joins one and may reopen it."""
        event = StoredEvent(payload, project, _moment(payload, self.now()), _tags(payload))
        if version := event.tags.get("release"):
            self.release(version, project)
        issue = self._group(event)
        issue.events.append(event)
        self._wake(issue, event)
        return issue

    def release(self, version: str, project: str) -> bool:
        """Make a release known for a project; return whether it is new."""
        new = version not in self.releases
        self.releases.setdefault(version, StoredRelease(version, self.now(), set())).projects.add(project)
        return new

    def find(self, issue_id: str) -> StoredIssue | None:
        """Return an issue by its ID, that of one that was merged into it, or its short ID."""
        found = self.issues.get(self.merged.get(issue_id, issue_id))
        return found or next((issue for issue in self.issues.values() if issue.short_id == issue_id.upper()), None)

    def merge(self, issues: list[StoredIssue]) -> dict[str, Any]:
        """Make one issue of several: the one with the most events stays."""
        parent, *children = sorted(issues, key=lambda issue: (-len(issue.events), int(issue.id)))
        for child in children:
            parent.events += child.events
            del self.issues[child.id]
            self.merged[child.id] = parent.id
        return {"parent": parent.id, "children": [child.id for child in children]}

    def current(self) -> list[StoredIssue]:
        """Return the issues, those awake again whose time is over."""
        for issue in self.issues.values():
            until = issue.snooze.get("ignoreUntil")
            if issue.status == "ignored" and until and datetime.fromisoformat(until) <= self.now():
                issue.status, issue.substatus, issue.snooze = "unresolved", "ongoing", {}
        return list(self.issues.values())

    def _group(self, event: StoredEvent) -> StoredIssue:
        key = (event.project, *_fingerprint(event))
        for issue in self.issues.values():
            if issue.key == key:
                return issue
        number = str(next(self._numbers))
        short = f"{self.projects[event.project].upper()}-{next(self._short[event.project])}"
        issue = StoredIssue(number, short, event.project, key, priority=PRIORITIES[event.tags["level"]])
        self.issues[number] = issue
        return issue

    def _wake(self, issue: StoredIssue, event: StoredEvent) -> None:
        if issue.status == "ignored" and "ignoreCount" in issue.snooze:
            issue.snooze["ignoreCount"] -= 1
            if issue.snooze["ignoreCount"] <= 0:
                issue.status, issue.substatus, issue.snooze = "unresolved", "escalating", {}
        elif issue.status == "resolved" and self._regresses(issue, event):
            issue.status, issue.substatus, issue.resolution = "unresolved", "regressed", {}

    def _regresses(self, issue: StoredIssue, event: StoredEvent) -> bool:
        order = list(self.releases)
        version = event.tags.get("release")
        if version is None or not issue.resolution:
            return True
        if "inNextRelease" in issue.resolution:
            return order.index(version) >= issue.known_then
        resolved_in = issue.resolution.get("inRelease")
        return resolved_in is None or order.index(version) >= order.index(resolved_in)


def _moment(payload: Payload, now: datetime) -> datetime:
    at = payload.get("timestamp")
    if isinstance(at, int | float):
        return datetime.fromtimestamp(at, UTC)
    return datetime.fromisoformat(at).astimezone(UTC) if at else now


def _tags(payload: Payload) -> dict[str, str]:
    tags = dict(payload.get("tags") or {})
    found = {str(key): str(value) for key, value in tags.items()}
    found["level"] = str(payload.get("level") or "error")
    for key in ("environment", "release", "server_name"):
        if payload.get(key):
            found[key] = str(payload[key])
    user = payload.get("user") or {}
    for key, name in (("id", "id"), ("username", "username"), ("email", "email"), ("ip_address", "ip")):
        if user.get(key):
            found["user"] = f"{name}:{user[key]}"
            break
    return found


def _fingerprint(event: StoredEvent) -> Iterator[str]:
    chosen = event.payload.get("fingerprint") or ["{{ default }}"]
    for part in chosen:
        yield from _usual(event) if str(part).replace(" ", "") == "{{default}}" else [str(part)]


def _usual(event: StoredEvent) -> Iterator[str]:
    for raised in event.raised:
        yield str(raised.get("type"))
        frames = (raised.get("stacktrace") or {}).get("frames") or []
        own = [frame for frame in frames if frame.get("in_app")] or frames
        yield from (f"{frame.get('module')}.{frame.get('function')}" for frame in own[-1:])
    if not event.raised:
        entry = event.payload.get("logentry") or {}
        yield str(entry.get("message") or event.payload.get("message") or "")


def event(text: str = "broken", *, kind: str = "ValueError", **fields: Any) -> dict[str, Any]:
    """Return an event as an SDK sends it; `fields` take the place of others."""
    frame = {
        "module": "apps.gallery.services",
        "function": "resize",
        "filename": "apps/gallery/services.py",
        "lineno": 7,
        "in_app": True,
        "pre_context": ["def resize():"],
        "context_line": "    raise ValueError",
        "post_context": [],
    }
    raised = {"type": kind, "value": text, "stacktrace": {"frames": [frame]}}
    usual = {"event_id": uuid.uuid4().hex, "level": "error", "transaction": "/v1/images", "platform": "python"}
    return {**usual, "exception": {"values": [raised]}, **fields}
