"""Reads back from the tracker what was fired, and proves that it is there once, and nothing that must not be."""

import json
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta

from .catalogue.canaries import Canaries, found_in
from .firing import Outcome
from .trackers import Event, Tracker

CLOCK_SKEW = timedelta(seconds=5)  # the tracker's clock is another machine's
_POLL_SECONDS = 0.5


def verify(
    outcomes: Sequence[Outcome],
    canaries: Canaries,
    tracker: Tracker,
    *,
    since: datetime,
    timeout: float,
    progress: Callable[[int, int], None],
) -> dict[str, str]:
    """Add to the outcomes' problems what the tracker contradicts; return the events' pages by request ID.

    Asks until each expected event is there, for `timeout` seconds at most, then once more: a second copy, or a
    user error, may come late. `progress` gets (found, expected). Raises TrackerError.
    """
    expected = {outcome.request_id for outcome in outcomes if outcome.case.event}
    deadline = time.monotonic() + timeout
    while True:
        stored = list(tracker.events_since(since))
        found = expected & {event.request_id for event in stored}
        progress(len(found), len(expected))
        if found == expected or time.monotonic() > deadline:
            break
        time.sleep(_POLL_SECONDS)
    time.sleep(_POLL_SECONDS)
    stored = list(tracker.events_since(since))
    for outcome in outcomes:
        mine = [event for event in stored if event.request_id == outcome.request_id]
        outcome.problems += _problems(outcome, mine, canaries, tracker.name)
    return {event.request_id: event.url for event in stored if event.request_id}


def _problems(outcome: Outcome, stored: list[Event], canaries: Canaries, name: str) -> Iterator[str]:
    expected = int(outcome.case.event is not None)
    if len(stored) != expected:
        yield f"{name} has {len(stored)} events with this request ID in place of {expected}"
    if expected and stored and outcome.event_id not in {event.event_id for event in stored}:
        yield f"{name} has another event under this request ID"
    for event in stored:
        for kind in found_in(json.dumps(dict(event.data), ensure_ascii=False), canaries):
            yield f"personal data is on the tracker: the {kind} canary"
