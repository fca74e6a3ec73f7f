"""What GlitchTip 5 keeps and how it searches, as it was seen to: the state behind the double."""

import hashlib
import itertools
import shlex
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

STATUSES = ("unresolved", "resolved", "ignored")
SORTS = tuple(sign + name for sign in ("", "-") for name in ("last_seen", "first_seen", "count"))
_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUV"
_USER = ("id", "email", "username")
Params = Mapping[str, list[str]]


@dataclass
class StoredEvent:
    id: str
    issue: int
    project: int
    received: datetime
    title: str
    data: dict[str, Any]
    tags: dict[str, str]


@dataclass
class StoredIssue:
    id: int
    project: int
    number: int
    title: str
    metadata: dict[str, str]
    level: str  # of the first event, for ever
    first_seen: datetime
    last_seen: datetime
    group: str
    status: str = "unresolved"
    count: int = 0
    deleted: bool = False
    tags: Counter[tuple[str, str]] = field(default_factory=Counter)
    hours: Counter[int] = field(default_factory=Counter)
    comments: list[tuple[datetime, str]] = field(default_factory=list)


@dataclass
class StoredRelease:
    version: str
    project: int
    created: datetime
    released: str | None = None
    ref: str | None = None


class Store:
    """`projects` by number; `members` as the API shows them in detail, `alerts` too but with their project's slug.

    `admin`: the token's owner is one.
    """

    def __init__(self) -> None:
        self.projects = {1: "goimg", 2: "other"}
        self.issues: dict[int, StoredIssue] = {}
        self.events: list[StoredEvent] = []
        self.releases: list[StoredRelease] = []
        self.members: list[dict[str, Any]] = []
        self.alerts: list[dict[str, Any]] = []
        self.admin = True
        self._numbers = itertools.count(1)
        self._short = {project: itertools.count(1) for project in self.projects}
        self._last = datetime.min.replace(tzinfo=UTC)

    def now(self) -> datetime:
        """Return a moment that was not there before."""
        self._last = max(datetime.now(UTC), self._last + timedelta(milliseconds=2))
        return self._last

    def ingest(self, event: Mapping[str, Any], project: int = 1, received: datetime | None = None) -> StoredIssue:
        """Store an event as an SDK sends it; return its issue."""
        received = received or self.now()
        raised = (event.get("exception") or {}).get("values") or [{}]
        metadata = {key: str(raised[-1][key]) for key in ("type", "value") if key in raised[-1]}
        title = _title(event, metadata)
        parts = event.get("fingerprint") or ["{{ default }}"]
        text = "".join(title + str(event.get("transaction")) if part == "{{ default }}" else part for part in parts)
        issue = self._issue(hashlib.sha256(text.encode()).hexdigest(), project)
        if issue is None:
            issue = StoredIssue(
                next(self._numbers), project, next(self._short[project]), title, metadata,
                str(event.get("level", "error")), received, received, text,
            )  # fmt: skip
            issue.group = hashlib.sha256(text.encode()).hexdigest()
            self.issues[issue.id] = issue
        tags = _tags(event)
        issue.count += 1
        issue.last_seen = max(issue.last_seen, received)
        issue.status = "unresolved" if issue.status == "resolved" else issue.status
        issue.tags.update((key[:255], value[:255]) for key, value in tags.items())
        issue.hours[int(received.timestamp()) // 3600 * 3600] += 1
        hexed = UUID(str(event["event_id"])).hex
        self.events.append(StoredEvent(hexed, issue.id, project, received, title, dict(event), tags))
        if version := tags.get("release"):
            self.release(version, project)
        return issue

    def _issue(self, group: str, project: int) -> StoredIssue | None:
        return next((row for row in self.issues.values() if row.group == group and row.project == project), None)

    def release(self, version: str, project: int, **known: Any) -> StoredRelease:
        """Return a release, which is made where there is none."""
        for release in self.releases:
            if (release.version, release.project) == (version, project):
                return release
        self.releases.append(StoredRelease(version, project, self.now(), **known))
        return self.releases[-1]

    def search(self, params: Params) -> list[StoredIssue]:
        """Return issues as a list answers. A parameter that is not known is ignored. Raises ValueError for a 500."""
        found: Iterable[StoredIssue] = [issue for issue in self.issues.values() if not issue.deleted]
        for name, values in params.items():
            if name in ("id", "project"):
                numbers = set(map(int, values))
                found = [row for row in found if getattr(row, name) in numbers]
            elif name == "environment":
                found = [row for row in found if any(row.tags["environment", value] for value in values)]
            elif name == "start":
                found = [row for row in found if row.first_seen >= datetime.fromisoformat(values[0])]
            elif name == "end":
                found = [row for row in found if row.first_seen <= datetime.fromisoformat(values[0])]
            elif name == "query":
                found = self._query(list(found), values[0])
        return list(found)

    def _query(self, found: list[StoredIssue], query: str) -> list[StoredIssue]:
        try:
            event_id = UUID(query).hex
        except ValueError:
            words = shlex.split(query)
            for index, word in enumerate(words):
                key, colon, value = word.partition(":")
                if not colon:
                    return [row for row in found if _has_words(row, words[index:])]
                found = [row for row in found if _matches(row, key, value.strip('"'))]
            return found
        return [row for row in found if row.id in {event.issue for event in self.events if event.id == event_id}]

    def of(self, issue: int) -> Iterator[StoredEvent]:
        """Yield an issue's events."""
        return (event for event in self.events if event.issue == issue)

    def purge(self) -> None:
        """Do what GlitchTip's worker does some time after a deletion."""
        gone = {number for number, issue in self.issues.items() if issue.deleted}
        self.issues = {number: issue for number, issue in self.issues.items() if number not in gone}
        self.events = [event for event in self.events if event.issue not in gone]

    def short_id(self, issue: StoredIssue) -> str:
        """Return PROJECT-NUMBER, the number in base 32."""
        digits, rest = "", issue.number
        while rest:
            digits, rest = _DIGITS[rest % 32] + digits, rest // 32
        return f"{self.projects[issue.project].upper()}-{digits}"


def _title(event: Mapping[str, Any], metadata: Mapping[str, str]) -> str:
    if metadata:
        return ": ".join(metadata.values()).splitlines()[0][:255]
    entry = event.get("logentry") or event.get("message") or "<untitled>"
    return str(entry if isinstance(entry, str) else entry.get("formatted") or entry.get("message"))[:255]


def _tags(event: Mapping[str, Any]) -> dict[str, str]:
    user = {f"user.{key}": value for key, value in (event.get("user") or {}).items() if key in _USER}
    more = user | {key: event[key] for key in ("environment", "release", "server_name") if key in event}
    tags = (event.get("tags") or {}) | {key: value for key, value in more.items() if value}
    return {key: str(value) for key, value in tags.items() if value}


def _matches(issue: StoredIssue, key: str, value: str) -> bool:
    if key == "is":
        return issue.status == value
    if key == "level":
        return issue.level == value
    if key == "has":
        return any(tag == value for tag, _ in issue.tags)
    return issue.tags[key, value] > 0


def _has_words(issue: StoredIssue, words: list[str]) -> bool:
    """Whole words only, of a title."""
    there = issue.title.lower().replace(":", " ").split()
    return all(word.lower() in there for word in words)
