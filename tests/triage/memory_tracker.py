"""A tracker in memory: what an adapter would answer, without its HTTP, for many issues and for odd ones."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from apps.triage.query import Query, Term
from apps.triage.trackers import each
from apps.triage.trackers.base import (
    AlertRule,
    Capability,
    Comment,
    Event,
    Issue,
    Member,
    NotFound,
    Release,
    Status,
    TrackerKind,
    Unsupported,
)

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
ALICE, BOB = (str(uuid.UUID(int=number, version=4)) for number in (1, 2))


@dataclass
class MemoryTracker:
    """`exact`: it filters user.id itself. `lacks` as the adapters have it; what stands there raises Unsupported."""

    name: str = "Bugsink 2.6"
    url: str = "https://tracker.example.com"
    keeps: frozenset[str] = frozenset({"event"})
    lacks: Mapping[Capability, str] = field(default_factory=dict)
    exact: bool = False
    kept: dict[str, Issue] = field(default_factory=dict)
    stored: dict[str, list[Event]] = field(default_factory=dict)
    said: dict[str, list[Comment]] = field(default_factory=dict)
    versions: list[Release] = field(default_factory=list)
    people: list[Member] = field(default_factory=list)
    alerts: list[AlertRule] = field(default_factory=list)
    kind: TrackerKind = "bugsink"
    asked: list[str] = field(default_factory=list)

    def add(
        self,
        *ages: float,
        title: str = "KeyError: 'poster'",
        status: Status = "unresolved",
        user: str | Sequence[str] = "",
        release: str = "goimg-api@1.0.0",
        environment: str = "production",
        first_seen: datetime | None = None,
    ) -> Issue:
        """Add an issue with one event per age in hours, by `user` (or by several in turn)."""
        key = f"i{len(self.kept) + 1}"
        people = [user] if isinstance(user, str) else user
        moments = sorted(NOW - timedelta(hours=age) for age in ages)
        issue = Issue(
            id=key,
            short_id=f"GOIMG-{len(self.kept) + 1}",
            title=title,
            type=title.partition(":")[0],
            culprit="api.views.fail",
            level="error",
            status=status,
            events=len(moments),
            users=None,
            first_seen=first_seen or moments[0],
            last_seen=moments[-1],
            url=f"{self.url}/issues/{key}",
        )
        self.kept[key] = issue
        self.stored[key] = [
            event_of(issue, moment, people[number % len(people)], release, environment)
            for number, moment in enumerate(moments)
        ]
        return issue

    def issues(self, query: Query) -> Iterator[Issue]:
        self.asked.append(f"issues {query}")
        (wanted,) = [term.value for term in query.terms if term.key == "user.id"] or [""]
        for issue in sorted(self.kept.values(), key=lambda issue: issue.last_seen, reverse=True):
            events = self.stored[issue.id]
            if not (self.exact and wanted) or any(event.user_id == wanted for event in events):
                yield issue

    def answers(self, query: Query) -> frozenset[Term]:
        return frozenset(query.terms) if self.exact else frozenset()

    def issue(self, issue_id: str) -> Issue:
        self._find(issue_id)
        return self.kept[issue_id]

    def events(self, issue_id: str) -> Iterator[Event]:
        self._find(issue_id)
        self.asked.append(f"events {issue_id}")
        yield from sorted(self.stored[issue_id], key=lambda event: event.moment, reverse=True)

    def events_of(self, issues: Sequence[Issue], since: datetime) -> Iterator[Event]:
        return each.events_of(self, issues, since)

    def event(self, event_id: str) -> Event | None:
        found = [event for events in self.stored.values() for event in events if event.event_id == event_id]
        return found[0] if found else None

    def latest_event(self, issue_id: str) -> Event:
        return next(self.events(issue_id))

    def events_since(self, moment: datetime) -> Iterator[Event]:
        for issue in self.issues(Query()):
            yield from (event for event in self.events(issue.id) if event.moment >= moment)

    def users(self, issue: Issue) -> int:
        return len({event.user_id for event in self.stored[issue.id]} - {""})

    def trends(self, issues: Sequence[Issue]) -> dict[str, tuple[int, ...]]:
        return {issue.id: (0,) * 24 for issue in issues}

    def comments(self, issue_id: str) -> list[Comment]:
        self._needs(Capability.READ_COMMENTS)
        return self.said.get(issue_id, [])

    def comment(self, issue_id: str, text: str) -> None:
        self.said.setdefault(issue_id, []).append(Comment("", text, NOW))

    def resolve(self, issue_id: str, how: object) -> None:
        self.kept[issue_id] = replace(self.issue(issue_id), status="resolved")

    def ignore(self, issue_id: str, how: object) -> None:
        self.kept[issue_id] = replace(self.issue(issue_id), status="ignored")

    def reopen(self, issue_id: str) -> None:
        self.kept[issue_id] = replace(self.issue(issue_id), status="unresolved")

    def assign(self, issue_id: str, who: str | None) -> None:
        self._needs(Capability.ASSIGN)

    def prioritise(self, issue_id: str, priority: str) -> None:
        self._needs(Capability.PRIORITY)

    def merge(self, issue_ids: Sequence[str]) -> None:
        self._needs(Capability.MERGE)

    def delete(self, issue_id: str) -> None:
        self._find(issue_id)
        self.asked.append(f"delete {issue_id}")
        del self.kept[issue_id], self.stored[issue_id]

    def releases(self) -> Iterator[Release]:
        yield from sorted(self.versions, key=lambda release: release.created, reverse=True)

    def create_release(self, version: str) -> bool:
        if any(release.version == version for release in self.versions):
            return False
        self.versions.append(Release(version=version, created=NOW))
        return True

    def set_commits(self, version: str, commits: Sequence[Mapping[str, str]]) -> None:
        self._needs(Capability.COMMITS)
        self.commits = list(commits)
        self._change(version, commits=len(commits))

    def finalize(self, version: str, moment: datetime) -> None:
        self._needs(Capability.FINALIZE)
        self._change(version, finalized=moment)

    def deploy(self, version: str, environment: str) -> None:
        self._needs(Capability.DEPLOYS)
        self._change(version, deploys=(environment,))

    def members(self) -> list[Member]:
        self._needs(Capability.MEMBERS)
        return self.people

    def alert_rules(self) -> list[AlertRule]:
        self._needs(Capability.ALERT_RULES)
        return list(self.alerts)

    def create_alert_rule(self, name: str, spec: Mapping[str, Any]) -> str:
        number = str(1 + max((int(rule.id) for rule in self.alerts), default=0))
        self.alerts.append(AlertRule(id=number, name=name, spec=spec))
        return number

    def update_alert_rule(self, rule_id: str, name: str, spec: Mapping[str, Any]) -> None:
        changed = AlertRule(id=rule_id, name=name, spec=spec)
        self.alerts = [changed if rule.id == rule_id else rule for rule in self.alerts]

    def delete_alert_rule(self, rule_id: str) -> None:
        self.alerts = [rule for rule in self.alerts if rule.id != rule_id]

    def _change(self, version: str, **changes: object) -> None:
        self.versions = [replace(r, **changes) if r.version == version else r for r in self.versions]

    def _find(self, issue_id: str) -> None:
        if issue_id not in self.kept:
            raise NotFound(f"there is no issue {issue_id}")

    def _needs(self, capability: Capability) -> None:
        if capability in self.lacks:
            raise Unsupported(self.lacks[capability])


def event_of(issue: Issue, moment: datetime, user: str, release: str, environment: str) -> Event:
    return Event(
        event_id=uuid.uuid4().hex,
        issue_id=issue.id,
        url=f"{issue.url}/event",
        moment=moment,
        level="error",
        message="",
        environment=environment,
        release=release,
        user_id=user,
        tags={},
    )
