"""Makes the tracker what alerts.toml says, one rule at a time."""

from collections.abc import Iterator
from dataclasses import dataclass

from ..trackers.base import AlertRule, Tracker, TrackerError
from .plan import Change, Plan

_DONE = {"create": "created", "change": "changed", "delete": "deleted"}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a rule; `failed` says why nothing, or nobody knows what."""

    name: str
    result: str
    failed: str = ""


def apply(tracker: Tracker, plan: Plan) -> Iterator[Outcome]:
    """Make each change of the plan, and read it back; one that fails does not keep the others from being made.

    A rule that somebody changed since the plan was made is left as it is.
    """
    for change in plan.to_do:
        try:
            _make(tracker, change)
        except TrackerError as error:
            yield Outcome(change.name, "failed", str(error))
        else:
            yield Outcome(change.name, _DONE[change.action])


def _make(tracker: Tracker, change: Change) -> None:
    if change.before is None:
        _create(tracker, change)
        return
    if _find(tracker, change.before.id) != change.before:
        raise TrackerError("Somebody changed it since the plan was made; make a new plan.")
    if change.spec is None:
        tracker.delete_alert_rule(change.before.id)
        _confirm(tracker, change.before.id, None)
    else:
        tracker.update_alert_rule(change.before.id, change.name, change.spec)
        _confirm(tracker, change.before.id, change)


def _create(tracker: Tracker, change: Change) -> None:
    if any(rule.name == change.name for rule in tracker.alert_rules()):
        raise TrackerError("Somebody made it since the plan was made; make a new plan.")
    made = tracker.create_alert_rule(change.name, change.spec or {})
    _confirm(tracker, made, change)


def _confirm(tracker: Tracker, rule_id: str, wanted: Change | None) -> None:
    """Read a rule again: what a tracker answers is not always what it did, and others may write as well."""
    now = _find(tracker, rule_id)
    if wanted is None:
        if now is not None:
            raise TrackerError(f"{tracker.name} answered that it is deleted, but it is still there.")
    elif now is None or (now.name, now.spec) != (wanted.name, wanted.spec):
        raise TrackerError(f"{tracker.name} stored it, but it is not there as it was sent; make a new plan.")


def _find(tracker: Tracker, rule_id: str) -> AlertRule | None:
    return next((rule for rule in tracker.alert_rules() if rule.id == rule_id), None)
