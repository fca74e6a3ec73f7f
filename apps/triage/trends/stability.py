"""How stable each release was: errors per day for which it was the newest one or still failed."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from ..trackers.base import Tracker
from .reading import Hit, Seen


@dataclass(frozen=True, slots=True)
class Stability:
    """One release in the period: `since` it exists (as far as the tracker knows), `days` of the period it was alive.

    A release is alive from then on until the next one exists, or until its last event if that is later.
    `new_issues` were first seen in the period, in this release.
    """

    version: str
    since: datetime
    events: int
    users: int
    new_issues: int
    days: float

    @property
    def per_day(self) -> float:
        """Return events per day alive; those of less than a day, for nobody knows what the rest of it will bring."""
        return round(self.events / max(self.days, 1), 1)


def stability(tracker: Tracker, seen: Sequence[Seen], start: datetime, end: datetime) -> tuple[Stability, ...]:
    """Return the releases that had events, the newest first. Raises TrackerError."""
    hits: defaultdict[str, list[Hit]] = defaultdict(list)
    for one in seen:
        for hit in one.hits:
            hits[hit.release].append(hit)
    hits.pop("", None)
    created = _created(tracker, hits)
    new = [_first_release(one) for one in seen if start <= one.issue.first_seen < end]
    found = []
    for version, mine in hits.items():
        begin = created[version]
        later = min((moment for moment in created.values() if moment > begin), default=end)
        last = max(*(hit.moment for hit in mine), later)
        alive = min(last, end) - max(begin, start)
        users = len({hit.user for hit in mine} - {""})
        days = alive / timedelta(days=1)
        found.append(Stability(version, begin, len(mine), users, new.count(version), days))
    return tuple(sorted(found, key=lambda one: (one.since, one.version), reverse=True))


def _first_release(seen: Seen) -> str:
    return min(seen.hits, key=lambda hit: hit.moment).release


def _created(tracker: Tracker, hits: dict[str, list[Hit]]) -> dict[str, datetime]:
    """Return since when the releases exist: these, and those that are newer than the oldest of them."""
    created: dict[str, datetime] = {}
    missing = set(hits)
    releases = tracker.releases() if missing else iter(())
    for release in releases:
        created[release.version] = release.created
        missing.discard(release.version)
        if not missing:
            break
    firsts = {version: min(hit.moment for hit in mine) for version, mine in hits.items()}
    # A tracker may hear of a release later than its first event happened.
    return created | {version: min(first, created.get(version, first)) for version, first in firsts.items()}
