"""The figures themselves. All counts are of events that the tracker still stores."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from ..trackers.base import Issue, Tracker
from .reading import PERIODS, Hit, Reading, Seen, read
from .repair import Repair, repair
from .stability import Stability, stability

MOST_EVENTS = 20_000
TOP = 10


@dataclass(frozen=True, slots=True)
class Totals:
    """Of one period: events, issues that had some, issues first seen in it, users (different user.id)."""

    events: int
    issues: int
    new_issues: int
    users: int


@dataclass(frozen=True, slots=True)
class Environment:
    """One environment's share; `series` as in Trends. The name is empty for events that name none."""

    name: str
    events: int
    users: int
    issues: int
    series: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Top:
    """One of the issues with the most events in the period; `series` as in Trends."""

    issue: Issue
    events: int
    users: int
    is_new: bool
    series: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trends:
    """A period beside the one before, which is as long.

    `series` and `series_before` are events per part of the period (see PERIODS), the oldest part first.
    """

    tracker: str
    period: str
    start: datetime
    end: datetime
    totals: Totals
    before: Totals
    series: tuple[int, ...]
    series_before: tuple[int, ...]
    releases: tuple[Stability, ...]
    environments: tuple[Environment, ...]
    top: tuple[Top, ...]
    new_issues: tuple[Issue, ...]
    repair: Repair
    remarks: tuple[str, ...]

    @property
    def part(self) -> timedelta:
        """How long a part of the period is."""
        return (self.end - self.start) / len(self.series)


def trends(
    tracker: Tracker,
    period: str,
    now: datetime,
    *,
    most: int = MOST_EVENTS,
    progress: Callable[[int, int], None] = lambda issues, events: None,
) -> Trends:
    """Return the figures of the `period` (a key of PERIODS) that ends `now`. Raises TrackerError.

    `most` is how many events are read at most; `progress` gets how many (issues, events) were read so far.
    """
    length, parts = PERIODS[period]
    start = now - length
    reading = read(tracker, start - length, now, most, progress)
    current, earlier = _between(reading.seen, start, now), _between(reading.seen, start - length, start)
    span = (start, now, parts)
    return Trends(
        tracker=tracker.name,
        period=period,
        start=start,
        end=now,
        totals=_totals(current, start, now),
        before=_totals(earlier, start - length, start),
        series=_series(_all(current), *span),
        series_before=_series(_all(earlier), start - length, start, parts),
        releases=stability(tracker, current, start, now),
        environments=_environments(current, *span),
        top=_top(current, *span),
        new_issues=tuple(seen.issue for seen in current if start <= seen.issue.first_seen < now),
        repair=repair(tracker, reading.seen, start, now),
        remarks=tuple(_remarks(reading, most, tracker)),
    )


def change(now: float, before: float) -> float | None:
    """Return by how many per cent it changed; None when there was nothing before."""
    return round((now - before) / before * 100, 1) if before else None


def _between(seen: Iterable[Seen], start: datetime, end: datetime) -> list[Seen]:
    cut = (Seen(one.issue, tuple(hit for hit in one.hits if start <= hit.moment < end)) for one in seen)
    return [one for one in cut if one.hits]


def _all(seen: Iterable[Seen]) -> list[Hit]:
    return [hit for one in seen for hit in one.hits]


def _users(hits: Iterable[Hit]) -> int:
    return len({hit.user for hit in hits} - {""})


def _totals(seen: Sequence[Seen], start: datetime, end: datetime) -> Totals:
    hits = _all(seen)
    new = sum(start <= one.issue.first_seen < end for one in seen)
    return Totals(len(hits), len(seen), new, _users(hits))


def _series(hits: Iterable[Hit], start: datetime, end: datetime, parts: int) -> tuple[int, ...]:
    counts = Counter((hit.moment - start) * parts // (end - start) for hit in hits)
    return tuple(counts[part] for part in range(parts))


def _environments(seen: Sequence[Seen], start: datetime, end: datetime, parts: int) -> tuple[Environment, ...]:
    hits: defaultdict[str, list[Hit]] = defaultdict(list)
    issues: defaultdict[str, set[str]] = defaultdict(set)
    for one in seen:
        for hit in one.hits:
            hits[hit.environment].append(hit)
            issues[hit.environment].add(one.issue.id)
    found = (
        Environment(name, len(mine), _users(mine), len(issues[name]), _series(mine, start, end, parts))
        for name, mine in hits.items()
    )
    return tuple(sorted(found, key=lambda one: (-one.events, one.name)))


def _top(seen: Sequence[Seen], start: datetime, end: datetime, parts: int) -> tuple[Top, ...]:
    most = sorted(seen, key=lambda one: (-len(one.hits), -_users(one.hits), one.issue.short_id))[:TOP]
    return tuple(
        Top(
            one.issue,
            len(one.hits),
            _users(one.hits),
            start <= one.issue.first_seen < end,
            _series(one.hits, start, end, parts),
        )
        for one in most
    )


def _remarks(reading: Reading, most: int, tracker: Tracker) -> Iterable[str]:
    yield f"Counts are of the events that {tracker.name} still stores, by the time at which they happened."
    if reading.stopped:
        yield f"Stopped after {most:,} events: every figure is too low; --max-events N reads more."
