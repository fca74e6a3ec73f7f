"""What is asked issue by issue, where a tracker has no list over all of them."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Protocol

from .base import Event, Issue, NotFound

# Trackers list events as they arrive; one that waited in a queue stands among newer ones.
_LATE = timedelta(days=1)


class _Lists(Protocol):
    def events(self, issue_id: str) -> Iterator[Event]: ...


def events_of(tracker: _Lists, issues: Sequence[Issue], since: datetime) -> Iterator[Event]:
    """Yield the events of one issue after the other; see Tracker.events_of."""
    for issue in issues:
        with suppress(NotFound):  # somebody deletes it meanwhile: what was read of it so far did happen
            yield from takewhile(lambda event: event.moment >= since - _LATE, tracker.events(issue.id))
