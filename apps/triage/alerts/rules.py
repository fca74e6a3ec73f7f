"""What alerts.toml says, as data: rules, who hears of them, and when."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

On = Literal["new issue", "spike", "users"]
By = Literal["auto", "tracker", "watch"]
Kind = Literal["email", "slack", "pagerduty", "members"]
When = Literal["always", "business"]
Hours = Literal["business", "quiet"]
Priority = Literal["P0", "P1", "P2", "P3"]

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
OWNER = "goimg"


@dataclass(frozen=True, slots=True, kw_only=True)
class Receiver:
    """Where messages go. `to` are the addresses of an e-mail; `variable` names what holds the secret of the others.

    The kind "members" is the tracker's own e-mail to the members of its project, so only a tracker can send it.
    """

    name: str
    kind: Kind
    to: tuple[str, ...] = ()
    variable: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """Hours of the day from `start` up to `end`; past midnight where `end` is earlier. `days` count by their start."""

    days: tuple[str, ...]
    start: time
    end: time

    def contains(self, moment: datetime) -> bool:
        """Say whether a moment, in the time zone of the file, is within."""
        clock, today = moment.time(), DAYS[moment.weekday()] in self.days
        if self.start < self.end:
            return today and self.start <= clock < self.end
        yesterday = DAYS[moment.weekday() - 1] in self.days
        return (today and clock >= self.start) or (yesterday and clock < self.end)


@dataclass(frozen=True, slots=True)
class Route:
    """Which receivers hear of an issue of one priority, and when."""

    to: tuple[str, ...] = ()
    when: When = "always"


# What a rule could not say yet when the first of them were noted to have fired.
_LATER = ("instead",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """When to tell somebody. An issue that comes back after it was resolved counts as new.

    on "spike": MORE THAN `events` events of one issue within `minutes`; on "users": MORE THAN `users` people. `again`:
    for the same issue not within that time. Each is 0 where it does not apply: an issue is new as often as it is.
    `environments`: empty means all.
    `to` are receivers that hear of it at any hour, whatever the priority; where it is empty, the issue's priority
    decides, and the rule is about issues of `priorities`. With `by` "tracker" it is evaluated there; where the tracker
    cannot, by the watch, which tells the receivers `instead`, or not at all.
    """

    name: str
    on: On
    events: int = 0
    minutes: int = 0
    users: int = 0
    again: timedelta = timedelta(0)
    environments: tuple[str, ...] = ()
    priorities: tuple[Priority, ...] = ()
    to: tuple[str, ...] = ()
    by: By = "auto"
    instead: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Alerts:
    """The whole file. Rules on the tracker whose names begin with `owner` and a colon are this file's."""

    timezone: ZoneInfo
    rules: tuple[Rule, ...]
    runbook: str = ""
    owner: str = OWNER
    hours: Mapping[Hours, Span] = field(default_factory=dict)
    receivers: Mapping[str, Receiver] = field(default_factory=dict)
    routes: Mapping[Priority, Route] = field(default_factory=dict)

    def fingerprint(self, rule: Rule) -> str:
        """Return the SHA-256 of all that decides when `rule` fires and who hears of it, in hex.

        A rule that says nothing of what rules could not say earlier has the one that it had then.
        """
        routes = {"": Route(rule.to)} if rule.to else {one: self.routes[one] for one in rule.priorities}
        names = {*rule.instead, *(name for route in routes.values() for name in route.to)}
        said = {
            "rule": {name: value for name, value in asdict(rule).items() if value or name not in _LATER},
            "routes": {priority: asdict(route) for priority, route in routes.items()},
            "receivers": [asdict(self.receivers[name]) for name in sorted(names)],
            "hours": {name: asdict(span) for name, span in self.hours.items()},
            "timezone": self.timezone.key,
        }
        return hashlib.sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()
