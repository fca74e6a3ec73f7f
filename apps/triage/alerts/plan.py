"""What is different between alerts.toml and the tracker."""

import hashlib
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlsplit, urlunsplit

from django.core.exceptions import ImproperlyConfigured

from .. import config
from ..query import Query
from ..trackers.base import AlertRule, Capability, Tracker
from .coverage import Coverage, coverage
from .rules import Alerts
from .specs import BY_KIND

Action = Literal["create", "change", "delete", "same", "not ours"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What is to be done about a rule of the tracker: `before` is what is there, `spec` what should be."""

    action: Action
    name: str
    before: AlertRule | None = None
    spec: Mapping[str, Any] | None = None

    def fields(self) -> list[tuple[str, Any, Any]]:
        """Return the fields that change, with what they are and what they will be; addresses are hidden."""
        if self.before is None or self.spec is None:
            return []
        before, after = self.before.spec, self.spec
        names = dict.fromkeys([*after, *before])
        return [
            (name, hidden(before.get(name)), hidden(after.get(name)))
            for name in names
            if before.get(name) != after.get(name)
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """`why_no_rules` is the sentence of a tracker that has none."""

    tracker: str
    coverage: tuple[Coverage, ...]
    changes: tuple[Change, ...]
    why_no_rules: str = ""

    @property
    def to_do(self) -> tuple[Change, ...]:
        """The changes that are to be made."""
        return tuple(change for change in self.changes if change.action in ("create", "change", "delete"))

    @property
    def different(self) -> bool:
        """The tracker is not as alerts.toml says, or cannot be."""
        return bool(self.to_do) or any(one.missing for one in self.coverage)


def plan(alerts: Alerts, tracker: Tracker, environ: Mapping[str, str] = os.environ) -> Plan:
    """Compare alerts.toml with the tracker. Raises TrackerError, ImproperlyConfigured."""
    covered = tuple(coverage(alerts, tracker))
    missing = tracker.lacks.get(Capability.ALERT_RULES, "")
    if missing:
        next(iter(tracker.issues(Query())), None)  # nothing was asked yet: is it there at all?
        return Plan(tracker=tracker.name, coverage=covered, changes=(), why_no_rules=missing)
    wanted = dict(_wanted(alerts, tracker, covered, environ))
    changes = tuple(_changes(wanted, tracker.alert_rules(), f"{alerts.owner}: "))
    return Plan(tracker=tracker.name, coverage=covered, changes=changes)


def webhook(environ: Mapping[str, str], variable: str) -> str:
    """Return the address that a variable, or the file that it names, holds. Raises ImproperlyConfigured."""
    text = config.read(environ, variable)
    if not text:
        raise ImproperlyConfigured(f"{variable} must be set: alerts.toml says that it holds the address of a webhook.")
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or not text.isprintable():
        raise ImproperlyConfigured(f"{variable} must be the http(s) address of a webhook.")
    # As the trackers keep it, so that it is not different for ever.
    place = parts.hostname if port is None else f"{parts.hostname}:{port}"
    return urlunsplit((parts.scheme, place, parts.path or "/", parts.query, ""))


def hidden(value: Any) -> Any:
    """Return a part of a rule with the secret part of addresses replaced: who has it may write there."""
    if isinstance(value, Mapping):
        return {key: hidden(item) for key, item in value.items()}
    if isinstance(value, list):
        return [hidden(item) for item in value]
    if isinstance(value, str) and "://" in value:
        return f"{urlsplit(value).hostname}/…{hashlib.sha256(value.encode()).hexdigest()[:6]}"
    return value


def _wanted(
    alerts: Alerts, tracker: Tracker, covered: Sequence[Coverage], environ: Mapping[str, str]
) -> Iterator[tuple[str, dict[str, Any]]]:
    for rule in dict.fromkeys(one.rule for one in covered if one.by == "tracker"):
        receivers = [alerts.receivers[name] for name in rule.to]
        webhooks = {one.name: webhook(environ, one.variable) for one in receivers if one.kind == "slack"}
        yield f"{alerts.owner}: {rule.name}", BY_KIND[tracker.kind].spec_of(rule, webhooks)


def _changes(wanted: Mapping[str, dict[str, Any]], there: Sequence[AlertRule], ours: str) -> Iterator[Change]:
    left = dict(wanted)
    for rule in there:
        if not rule.name.startswith(ours):
            yield Change(action="not ours", name=rule.name, before=rule)
        elif (spec := left.pop(rule.name, None)) is None:
            yield Change(action="delete", name=rule.name, before=rule)
        else:
            yield Change(action="same" if rule.spec == spec else "change", name=rule.name, before=rule, spec=spec)
    for name, spec in left.items():
        yield Change(action="create", name=name, spec=spec)
