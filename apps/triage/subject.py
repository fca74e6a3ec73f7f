"""An issue together with what its own fields do not tell on every tracker; each answer is asked for once."""

from functools import cached_property

from . import notes
from .query import PRIORITIES
from .trackers.base import Event, Issue, NotFound, Tracker, Unsupported

# Where a tracker has three priorities, P0 and P1 are the same one there (see the adapters).
_AS_KEPT = {"P0": "P1"}


class Subject:
    """`issue` on `tracker`. Every property may ask the tracker and raise TrackerError.

    Notes in comments count where the tracker has no field. `lacking` is the sentence that says why notes cannot
    be read, or empty.
    """

    def __init__(self, tracker: Tracker, issue: Issue) -> None:
        self.tracker, self.issue, self.lacking = tracker, issue, ""

    @cached_property
    def notes(self) -> dict[notes.Subject, notes.Note]:
        """The last note of each subject; none where they cannot be read."""
        if self.issue.comments == 0:
            return {}
        try:
            return notes.read(self.tracker.comments(self.issue.id))
        except Unsupported as error:
            self.lacking = str(error)
        except NotFound:
            self._still_there()
            self.lacking = f"{self.tracker.name} gives no comments here, so what is noted in them does not count."
        return {}

    @cached_property
    def latest(self) -> Event | None:
        """The newest event, whole; None where the issue has none any more."""
        try:
            return self.tracker.latest_event(self.issue.id)
        except NotFound:
            self._still_there()
            return None

    @property
    def level(self) -> str:
        """The level of the newest event."""
        return self.issue.level or (self.latest.level if self.latest else "")

    @property
    def assignee(self) -> str | None:
        """Who works on it."""
        if self.issue.assignee is not None:
            return self.issue.assignee
        note = self.notes.get("assignee")
        return None if note is None or note.value == notes.NOBODY else note.value

    @cached_property
    def priority(self) -> str:
        """P0 to P3: as it was set, else as the application tagged the newest event, else what the tracker thinks."""
        own, note = self.issue.priority, self.notes.get("priority")
        if note is not None:
            # Somebody may have changed it on the tracker's page since.
            return note.value if own in (None, _AS_KEPT.get(note.value, note.value), note.value) else str(own)
        tag = self.latest.tags.get("priority", "") if self.latest else ""
        return tag if tag in PRIORITIES else own or ""

    @property
    def most_users(self) -> int:
        """How many `users` are at most: known without asking, because each of them has an event."""
        told = (self.issue.events, self.issue.users, self.issue.most_users)
        return min(number for number in told if number is not None)

    @cached_property
    def users(self) -> int:
        """How many different people its events concern."""
        return self.tracker.users(self.issue) if self.issue.users is None else self.issue.users

    def _still_there(self) -> None:
        """Raise NotFound where it is the issue that is gone, and not what was asked for of it."""
        self.tracker.issue(self.issue.id)
