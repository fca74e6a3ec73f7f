"""What can be done to an issue. Where a tracker lacks a way, the nearest is done, noted in a comment, and said."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from . import notes
from .subject import Subject
from .trackers.base import Capability, Ignoring, Resolution, TrackerError, Unsupported


class Action(Protocol):
    """One kind of change. `verb` is for people, like "resolve"."""

    verb: str

    def done(self, subject: Subject) -> bool:
        """Return whether the issue is so already. Raises TrackerError."""
        ...

    def apply(self, subject: Subject) -> str:
        """Change the issue; return what is to be said about it, or nothing. Raises TrackerError."""
        ...


@dataclass(frozen=True, slots=True)
class Resolve:
    """Resolve, now or with a release or commit."""

    how: Resolution
    verb = "resolve"

    def done(self, subject: Subject) -> bool:
        """See Action."""
        note = subject.notes.get("status")
        same = self.how == Resolution() or (note is not None and (note.kind, note.value) == self._note)
        return subject.issue.status == "resolved" and same

    def apply(self, subject: Subject) -> str:
        """See Action."""
        issue, said = subject.issue, ""
        try:
            subject.tracker.resolve(issue.id, self.how)
        except Unsupported as error:
            if self.how == Resolution():
                raise
            if issue.status != "resolved":
                subject.tracker.resolve(issue.id, Resolution())
            said = f"{error} It is resolved as of now; a comment says in what."
        return _noted(subject, *self._note, said)

    @property
    def _note(self) -> tuple[str, str]:
        if self.how == Resolution():
            return "resolved", ""
        commit = f"commit:{self.how.commit}"
        return "resolved-in", self.how.release or ("next-release" if self.how.next_release else commit)


@dataclass(frozen=True, slots=True)
class Ignore:
    """Ignore, for good or for a while; `now` is when the while begins."""

    how: Ignoring
    now: datetime
    verb = "ignore"

    def done(self, subject: Subject) -> bool:
        """See Action."""
        note = subject.notes.get("status")
        for_good = note is None or note.kind == "ignored"
        return subject.issue.status == "ignored" and self.how == Ignoring() and for_good

    def apply(self, subject: Subject) -> str:
        """See Action."""
        tracker, issue = subject.tracker, subject.issue
        # What a tracker lacks may be the exactness only.
        said = tracker.lacks.get(Capability.IGNORE_UNTIL, "") if self.how.events else ""
        if issue.status == "ignored":  # a limit that is set already would stay
            tracker.reopen(issue.id)
        try:
            tracker.ignore(issue.id, self.how)
        except Unsupported as error:
            if self.how == Ignoring():
                raise
            tracker.ignore(issue.id, Ignoring())
            said = f"{error} It stays ignored; a comment says until when, and the digest lists it from then on."
        return _noted(subject, *self._note(subject), said)

    def _note(self, subject: Subject) -> tuple[str, str]:
        if self.how.minutes is not None:
            return "ignored-until", notes.ignored_until(self.now + timedelta(minutes=self.how.minutes))
        if self.how.events is not None:
            return "ignored-until-events", str(subject.issue.events + self.how.events)
        return "ignored", ""


@dataclass(frozen=True, slots=True)
class Reopen:
    """Make unresolved again."""

    verb = "reopen"

    def done(self, subject: Subject) -> bool:
        """See Action."""
        return subject.issue.status == "unresolved"

    def apply(self, subject: Subject) -> str:
        """See Action."""
        subject.tracker.reopen(subject.issue.id)
        return _noted(subject, "reopened", "", "")


@dataclass(frozen=True, slots=True)
class Assign:
    """Assign to somebody, or to nobody (None)."""

    who: str | None
    verb = "assign"

    def done(self, subject: Subject) -> bool:
        """See Action."""
        return subject.assignee == self.who and not subject.lacking

    def apply(self, subject: Subject) -> str:
        """See Action."""
        try:
            subject.tracker.assign(subject.issue.id, self.who)
        except Unsupported as error:
            subject.tracker.comment(subject.issue.id, notes.write("assigned", self.who or notes.NOBODY))
            return f"{error} It is kept as a comment."
        return ""


@dataclass(frozen=True, slots=True)
class Prioritise:
    """Set the priority, P0 to P3."""

    priority: str
    verb = "prioritise"

    def done(self, subject: Subject) -> bool:
        """See Action."""
        # Without a note it is what the application thinks, and that may be another for the next event.
        return "priority" in subject.notes and subject.priority == self.priority

    def apply(self, subject: Subject) -> str:
        """See Action."""
        text = notes.write("priority", self.priority)
        try:
            subject.tracker.prioritise(subject.issue.id, self.priority)
        except Unsupported as error:
            subject.tracker.comment(subject.issue.id, text)
            return f"{error} It is kept as a comment."
        # It has fewer priorities than four.
        return _noted(subject, "priority", self.priority, "")


@dataclass(frozen=True, slots=True)
class Remark:
    """Add a comment; `text` is scrubbed already."""

    text: str
    verb = "comment on"

    def done(self, subject: Subject) -> bool:
        """See Action."""
        return False

    def apply(self, subject: Subject) -> str:
        """See Action."""
        subject.tracker.comment(subject.issue.id, self.text)
        return ""


@dataclass(frozen=True, slots=True)
class Delete:
    """Delete with all events."""

    verb = "delete"

    def done(self, subject: Subject) -> bool:
        """See Action."""
        return False

    def apply(self, subject: Subject) -> str:
        """See Action."""
        subject.tracker.delete(subject.issue.id)
        return ""


def _noted(subject: Subject, kind: str, value: str, said: str) -> str:
    """Leave a note beside a change that is done; return `said`, and why there is no note if there is none."""
    try:
        subject.tracker.comment(subject.issue.id, notes.write(kind, value))
    except TrackerError as error:
        return f"{said} The comment that says so could not be kept: {error}".strip()
    return said
