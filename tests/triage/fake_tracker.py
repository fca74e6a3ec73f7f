"""A tracker in memory that keeps everything, or lacks what it is told to lack."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from apps.triage.query import Query, Term
from apps.triage.trackers.base import (
    Capability,
    Comment,
    Event,
    Ignoring,
    Issue,
    Resolution,
    Status,
    TrackerError,
    Unsupported,
)
from tests.triage.memory_tracker import NOW, MemoryTracker, event_of

# What the adapters of trackers without these say.
LACKS = {
    Capability.ASSIGN: "Bugsink 2.6 has no assignee.",
    Capability.PRIORITY: "Bugsink 2.6 has no priority.",
    Capability.MERGE: "Bugsink 2.6 cannot merge issues.",
    Capability.RESOLVE_IN_RELEASE: "Bugsink 2.6 cannot resolve in a release of one's choice.",
    Capability.RESOLVE_IN_COMMIT: "Bugsink 2.6 knows no commits.",
    Capability.IGNORE_FOR: "Bugsink 2.6 cannot ignore for a time.",
    Capability.IGNORE_UNTIL: "Bugsink 2.6 cannot ignore until a number of events.",
}


@dataclass
class FakeTracker(MemoryTracker):
    """`answered` are the keys that it filters itself; `broken` are issues that it fails to change."""

    answered: tuple[str, ...] = ()
    broken: set[str] = field(default_factory=set)
    counts: dict[str, tuple[int, ...]] = field(default_factory=dict)
    clock: datetime = NOW
    merged: list[list[str]] = field(default_factory=list)
    hows: dict[str, Resolution | Ignoring] = field(default_factory=dict)

    def put(self, *events: Mapping[str, Any], **fields: Any) -> Issue:
        """Add an issue with events, each given as fields of Event and `age` in hours; newest first."""
        ages = [float(event.get("age", 1)) for event in events] or [1.0]
        number = len(self.kept) + 1
        defaults: dict[str, Any] = {
            "id": f"{number}",
            "short_id": f"GOIMG-{number}",
            "title": "KeyError: 'poster'",
            "type": "KeyError",
            "culprit": "apps.gallery.views in post",
            "level": "error",
            "status": "unresolved",
            "events": len(ages),
            "users": None,
            "first_seen": self.clock - timedelta(hours=max(ages)),
            "last_seen": self.clock - timedelta(hours=min(ages)),
            "url": f"{self.url}/issues/{number}",
        }
        issue = Issue(**(defaults | fields))
        self.kept[issue.id] = issue
        self.stored[issue.id] = [self._event(issue, dict(event)) for event in events or [{}]]
        return issue

    def _event(self, issue: Issue, fields: dict[str, Any]) -> Event:
        moment = self.clock - timedelta(hours=fields.pop("age", 1))
        return replace(event_of(issue, moment, "", "goimg-api@1.0.0", "production"), **fields)

    def issues(self, query: Query) -> Iterator[Issue]:
        self.asked.append(f"issues {query}")
        status = {term.value for term in query.terms if term.key == "is" and "is" in self.answered}
        for issue in sorted(self.kept.values(), key=lambda issue: issue.last_seen, reverse=True):
            if not status or issue.status in status:
                yield issue

    def answers(self, query: Query) -> frozenset[Term]:
        return frozenset(term for term in query.terms if term.key in self.answered and not term.negated)

    def trends(self, issues: Any) -> dict[str, tuple[int, ...]]:
        return {issue.id: self.counts.get(issue.id, (0,) * 24) for issue in issues}

    def comment(self, issue_id: str, text: str) -> None:
        self.issue(issue_id)
        self._fail(issue_id)
        moment = self.clock + timedelta(seconds=len(self.said.get(issue_id, [])))
        self.said.setdefault(issue_id, []).append(Comment("jane", text, moment))

    def resolve(self, issue_id: str, how: Any) -> None:
        if how.release:
            self._needs(Capability.RESOLVE_IN_RELEASE)
        if how.next_release:
            self._needs(Capability.RESOLVE_IN_NEXT_RELEASE)
        if how.commit:
            self._needs(Capability.RESOLVE_IN_COMMIT)
        self._status(issue_id, "resolved", how)

    def ignore(self, issue_id: str, how: Any) -> None:
        if how.minutes:
            self._needs(Capability.IGNORE_FOR)
        if how.events:
            self._needs(Capability.IGNORE_UNTIL)
        self._status(issue_id, "ignored", how)

    def reopen(self, issue_id: str) -> None:
        self._status(issue_id, "unresolved", None)

    def _status(self, issue_id: str, status: Status, how: Any) -> None:
        self._fail(issue_id)
        self.kept[issue_id] = replace(self.issue(issue_id), status=status)
        self.hows[issue_id] = how

    def assign(self, issue_id: str, who: str | None) -> None:
        self._needs(Capability.ASSIGN)
        self._fail(issue_id)
        self.kept[issue_id] = replace(self.issue(issue_id), assignee=who)

    def prioritise(self, issue_id: str, priority: str) -> None:
        self._needs(Capability.PRIORITY)
        self._fail(issue_id)
        self.kept[issue_id] = replace(self.issue(issue_id), priority="P1" if priority == "P0" else priority)

    def merge(self, issue_ids: Any) -> None:
        self._needs(Capability.MERGE)
        self.merged.append(list(issue_ids))

    def delete(self, issue_id: str) -> None:
        self._fail(issue_id)
        super().delete(issue_id)

    def _fail(self, issue_id: str) -> None:
        if issue_id in self.broken:
            raise TrackerError(f"PUT {self.url}/api/issues/{issue_id}/ answered 500.")


class Deaf(FakeTracker):
    """Keeps no comments that could be read."""

    def comments(self, issue_id: str) -> list[Comment]:
        raise Unsupported("Bugsink 2.6 cannot list comments without SENTRY_DSN.")

    def comment(self, issue_id: str, text: str) -> None:
        raise Unsupported("Bugsink 2.6 cannot list comments without SENTRY_DSN.")
