"""The events that an issue got since it was last looked at."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from apps.triage.subject import Subject
from apps.triage.trackers.base import Event

from .state import Known

MOST = 1_000  # events of one issue in one look


@dataclass(slots=True)
class Limit:
    """How much one look may read of one issue; `cut` counts the issues of which not all was read."""

    events: int = MOST
    cut: int = 0


class Events:
    """What came since `known` (None: the issue was not there), and before that as much as `window` needs.

    By number, not by moment: the clocks of application and tracker differ, and what waited in an outbox is late.
    """

    def __init__(self, subject: Subject, known: Known | None, window: timedelta, limit: Limit) -> None:
        self._subject, self._known, self._window, self._limit = subject, known, window, limit

    @property
    def count(self) -> int:
        """How many came."""
        return self._subject.issue.events - (self._known.events if self._known else 0)

    @cached_property
    def read(self) -> Sequence[Event]:
        """The events, newest first, with those of a window before the oldest new one. Raises TrackerError."""
        found: list[Event] = []
        oldest: datetime | None = None
        for number, event in enumerate(self._subject.tracker.events(self._subject.issue.id)):
            if number >= self._limit.events:
                self._limit.cut += number < self.count
                break
            if self._is_new(number, event):
                oldest = event.moment if oldest is None else min(oldest, event.moment)
            elif oldest is None or event.moment < oldest - self._window:
                break
            found.append(event)
        return found

    @cached_property
    def new(self) -> Sequence[Event]:
        """Those of `read` that are new."""
        return [event for number, event in enumerate(self.read) if self._is_new(number, event)]

    def _is_new(self, number: int, event: Event) -> bool:
        # The moment decides where the tracker has not counted an event yet that it lists.
        return number < self.count or (self._known is not None and event.moment > self._known.last_seen)


def within(events: Sequence[Event], environments: Sequence[str]) -> list[Event]:
    """Return the events of some environments; of all where none is named."""
    return [event for event in events if not environments or event.environment in environments]
