"""Looks at the events that a tracker has stored for what the data policy would not have let leave."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from apps.error_tracking.detection import detect_in_event
from apps.error_tracking.scrubbing import Finding

from .trackers import Tracker


@dataclass(frozen=True, slots=True)
class AuditedEvent:
    """A stored event with something in it that should not be there; `url` is its page, `findings` hold no values."""

    event_id: str
    url: str
    findings: tuple[Finding, ...]

    def kinds(self) -> Counter[str]:
        """Return how often each kind was found."""
        return Counter(finding.kind for finding in self.findings)


@dataclass(slots=True)
class Audit:
    """What was looked at (a number of events) and those of them in which something was found."""

    looked_at: int = 0
    found: list[AuditedEvent] = field(default_factory=list)

    def kinds(self) -> Counter[str]:
        """Return how often each kind was found in all."""
        return sum((event.kinds() for event in self.found), Counter())


def audit(tracker: Tracker, since: datetime, progress: Callable[[Audit], None]) -> Audit:
    """Look at each event that the tracker took in since a moment, and call `progress` after it. Raises TrackerError."""
    result = Audit()
    for event in tracker.events_since(since):
        result.looked_at += 1
        if findings := tuple(detect_in_event(event.data)):
            result.found.append(AuditedEvent(event.event_id, event.url, findings))
        progress(result)
    return result
