"""Alerts: that the tracker has the rules of alerts.toml, and that each was seen to fire."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from apps.triage.alerts.coverage import coverage
from apps.triage.alerts.file import AlertsFileError, load
from apps.triage.alerts.plan import Plan, plan
from apps.triage.alerts.rules import Alerts, Rule
from apps.triage.trackers import Tracker
from apps.triage.watch.config import place, state_folder
from apps.triage.words import counted

from ..item import Finding, failed, held, unknown
from ..records import RECENT, counts
from ..scope import RecordError, Scope

FILE = "fired.json"  # written by `sentry_alerts test`
ALIVE = timedelta(minutes=10)  # cron's usual five, twice
# What somebody must hear of, and where: of a rule about a name that is not production's, nobody hears there.
NEEDED, WHERE = ("new issue", "spike"), "production"


def file_of(scope: Scope) -> Alerts:
    """Return what alerts.toml says. Raises RecordError."""
    try:
        return load(Path(scope.environ.get("ALERTS_FILE") or scope.root / "alerts.toml"))
    except AlertsFileError as error:
        raise RecordError("; ".join(str(error).splitlines()[:3]) + ".") from error


def as_planned(scope: Scope) -> Finding:
    """The tracker's rules are those of alerts.toml, and all that it cannot evaluate the watch does."""
    alerts = file_of(scope)
    planned = plan(alerts, scope.tracker(), scope.environ)
    heard = {
        one.rule.on
        for one in planned.coverage
        if one.route.to and not one.missing and WHERE in (one.rule.environments or (WHERE,))
    }
    if unheard := [on for on in NEEDED if on not in heard]:
        return failed(f"By alerts.toml nobody hears in {WHERE} of: {', '.join(unheard)}.")
    if planned.different:
        return failed(_difference(planned))
    return held(_said(planned))


def _difference(planned: Plan) -> str:
    missing = [
        f"{one.rule.name} is evaluated by nobody: {one.why.rstrip('.')}" for one in planned.coverage if one.missing
    ]
    changes = [f"{change.name}: to {change.action}" for change in planned.to_do]
    return f"{planned.tracker} is not as alerts.toml says: {'; '.join([*missing, *changes])}."


def _said(planned: Plan) -> str:
    routes = [one for one in planned.coverage if one.route.to]
    by_tracker = sum(one.by == "tracker" for one in routes)
    rules = counted(len({one.rule.name for one in routes}), "rule")
    said = f"{rules} for {counted(len(routes), 'route')}: {planned.tracker} evaluates {by_tracker}, as alerts.toml says"
    rest = len(routes) - by_tracker
    return f"{said}; sentry_watch the other {rest}." if rest else f"{said}."


def watched(scope: Scope) -> Finding:
    """The watch looked not long ago, where something is left to it."""
    alerts = file_of(scope)
    tracker = scope.tracker()
    left = sum(one.by == "watch" and bool(one.route.to) for one in coverage(alerts, tracker))
    if not left:
        return held(f"{tracker.name} evaluates all of alerts.toml: there is nothing to watch.")
    routes = f"{counted(left, 'route')} left to sentry_watch"
    try:
        moment, watched, *problems = (
            (state_folder(scope.environ) / "heartbeat").read_text(encoding="utf-8").splitlines()
        )
        looked = datetime.fromisoformat(moment)
        age = scope.now - looked
    except (OSError, ValueError, TypeError):
        return failed(f"{routes}, which has not looked: there is no heartbeat.")
    if not -ALIVE <= age <= ALIVE:
        return failed(f"{routes}, which looked last on {looked:%Y-%m-%d %H:%M} UTC.")
    if watched != place(scope.environ, tracker.url):
        return failed(f"{routes}, which watches another place: {watched}.")
    if problems:
        return failed(f"{routes}, which could not read or send all when it looked last: its standard error says what.")
    return held(f"{routes}, which looked {age.total_seconds():.0f} s ago.", "record")  # a file says so


def seen_to_fire(scope: Scope) -> Finding:
    """Each rule, as it is now, fired in this environment not long ago, and its real receivers were told."""
    alerts = file_of(scope)
    rules = [rule for rule in alerts.rules if rule.to or any(alerts.routes[one].to for one in rule.priorities)]
    said = scope.record(FILE)
    if said is None:
        return failed(f"There is no {scope.folder.name}/{FILE}: no rule was seen to fire.", "record")
    here, kinds = (scope.config.environment, scope.tracker().name), _kinds(alerts, scope.tracker())
    newest = {rule.name: _newest(said["fired"], rule, here) for rule in rules}
    wrong = [
        f"{one.name}: {why}"
        for one in rules
        if (why := _why_not(newest[one.name], alerts.fingerprint(one), here, kinds[one.name], scope.now))
    ]
    if wrong or not rules:
        return failed(
            f"Not seen to fire in {scope.config.environment}: {'; '.join(wrong) or 'there is no rule'}.", "record"
        )
    return _looked_up(scope, [one for one in newest.values() if one])


def _place(entry: Mapping[str, Any]) -> tuple[str, str]:
    return entry["environment"], entry["tracker"]


def _newest(entries: Sequence[Mapping[str, Any]], rule: Rule, here: tuple[str, str]) -> Mapping[str, Any] | None:
    """Return what was noted last of a rule; from here and with real receivers, if there is such a note."""

    def rank(one: Mapping[str, Any]) -> tuple[bool, bool, datetime]:
        return _place(one) == here, one["receiver"] == "real", datetime.fromisoformat(one["at"])

    return max((one for one in entries if one["rule"] == rule.name), key=rank, default=None)


def _why_not(
    entry: Mapping[str, Any] | None, sha256: str, here: tuple[str, str], kinds: set[str], now: datetime
) -> str:
    if entry is None:
        return "never"
    if _place(entry) != here:
        return f"only in {' on '.join(_place(entry))}"
    if entry["receiver"] != "real":
        return "with receivers on loopback only"
    if entry["sha256"] != sha256:
        again = f'sentry_alerts test "{entry["rule"]}" notes it anew'
        return f"it is not the rule that fired then, but changed since, or noted by an earlier version; {again}"
    if silent := sorted(kinds - set(entry["kinds"])):
        return f"nothing was seen to arrive by {', '.join(silent)}"
    if not counts(datetime.fromisoformat(entry["at"]), now):
        return f"on {entry['at'][:10]}, which counts for {RECENT.days} days"
    return ""


def _kinds(alerts: Alerts, tracker: Tracker) -> dict[str, set[str]]:
    """Return the kinds of receivers that hear of each rule on this tracker, of whatever priority an issue is."""
    found: dict[str, set[str]] = {}
    for one in coverage(alerts, tracker):
        found.setdefault(one.rule.name, set()).update(alerts.receivers[name].kind for name in one.route.to)
    return found


def _looked_up(scope: Scope, entries: Sequence[Mapping[str, Any]]) -> Finding:
    """Hold the notes against the tracker: a test error that is still there must be of that time and environment.

    Still a record: that somebody was told stands in the file alone.
    """
    tracker, there, named = scope.tracker(), 0, [(one, event) for one in entries for event in one["event_ids"]]
    for entry, event_id in named:
        event = tracker.event(str(event_id))
        if event is None:
            continue
        there += 1
        if event.environment != entry["environment"] or scope.now - event.moment > RECENT:
            return failed(
                f"{entry['rule']}: its test error {event_id} is on {tracker.name}, but not of then and there."
            )
    kinds = ", ".join(sorted({str(kind) for entry in entries for kind in entry["kinds"]}))
    said = (
        f"{counted(len(entries), 'rule')} seen to fire, their receivers told ({kinds}), the first on {_first(entries)}"
    )
    if not there:
        return unknown(f"{said}; none of their test errors is on {tracker.name} (any more).", "record")
    return held(f"{said}; {there} of {counted(len(named), 'test error')} looked up on {tracker.name}.", "record")


def _first(entries: Sequence[Mapping[str, Any]]) -> str:
    return min(datetime.fromisoformat(one["at"]) for one in entries).strftime("%Y-%m-%d")
