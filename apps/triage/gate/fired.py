"""The catalogue's test errors, fired by the gate: what left, what is on the tracker, and what is on the wire."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from django.core.exceptions import ImproperlyConfigured

from apps.error_tracking.config import Config
from apps.error_tracking.sink import Sink
from apps.triage import firing
from apps.triage.catalogue.canaries import Canaries, found_in
from apps.triage.catalogue.cases import catalogue
from apps.triage.firing import Outcome
from apps.triage.trackers import Event, Tracker
from apps.triage.verification import CLOCK_SKEW, verify


@dataclass(frozen=True, slots=True)
class Fired:
    """`stored` are the events that the tracker has of them, by request ID."""

    outcomes: list[Outcome]
    stored: dict[str, Event]
    canaries: Canaries

    def expected(self) -> list[Outcome]:
        """Return those of which an event must arrive."""
        return [outcome for outcome in self.outcomes if outcome.case.event is not None]


@dataclass(frozen=True, slots=True)
class Wire:
    """What the same errors put on the wire: how many events, how many bytes, which kinds of canaries were in them."""

    events: int
    expected: int
    size: int
    found: list[str]


def fire(config: Config, tracker: Tracker, timeout: float, progress: Callable[[str], None]) -> Fired:
    """Fire all cases at the configured tracker and read them back, for `timeout` seconds at most.

    Raises ImproperlyConfigured without a DSN, TrackerError.
    """
    if config.dsn is None:
        raise ImproperlyConfigured("SENTRY_DSN is not set: nothing can be fired.")
    canaries = Canaries()
    since = datetime.now(UTC) - CLOCK_SKEW
    progress("firing test errors")
    firing.start(config, config.dsn)
    outcomes = list(firing.fire(catalogue(canaries), canaries))
    verify(
        outcomes,
        canaries,
        tracker,
        since=since,
        timeout=timeout,
        progress=lambda found, expected: progress(f"found {found} of {expected} test errors on the tracker"),
    )
    mine = {outcome.request_id for outcome in outcomes}
    stored = {event.request_id: event for event in tracker.events_since(since) if event.request_id in mine}
    return Fired(outcomes, {name: event for name, event in stored.items() if name}, canaries)


def on_the_wire(config: Config) -> Wire:
    """Fire all cases at a sink on loopback and look at every byte that arrives there."""
    canaries = Canaries()
    cases = catalogue(canaries)
    with Sink() as sink:
        firing.start(config, sink.dsn)
        list(firing.fire(cases, canaries))
        raw = sink.raw()
        found = found_in(raw.decode(errors="replace"), canaries)
        return Wire(len(sink.events()), sum(case.event is not None for case in cases), len(raw), found)
