"""Rules that nobody evaluates: not the watch, and not the tracker either."""

from collections.abc import Iterator

from apps.triage.alerts.coverage import coverage
from apps.triage.alerts.rules import Alerts
from apps.triage.trackers.base import Tracker


def gaps(alerts: Alerts, tracker: Tracker) -> Iterator[str]:
    """Yield a sentence for each rule of the file that can fire nowhere. Raises TrackerError."""
    covered = coverage(alerts, tracker)
    for name, why in {one.rule.name: one.why for one in covered if one.missing}.items():
        yield f"Nobody evaluates {name}: {why}"
    theirs = dict.fromkeys(one.rule.name for one in covered if one.by == "tracker")
    there = {rule.name for rule in tracker.alert_rules()} if theirs else set()
    for name in theirs:
        if f"{alerts.owner}: {name}" not in there:
            yield f"{tracker.name} is to evaluate {name} and has no such rule: `sentry_alerts apply` makes it."
