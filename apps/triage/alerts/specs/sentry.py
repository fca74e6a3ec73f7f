"""Sentry's alert rules (https://docs.sentry.io/api/monitors/create-an-alert-for-an-organization/).

An issue's owners get the mail where ownership rules name some, all members else. A rule without triggers looks at
every event. Its documentation has 1min and 1hr in words and 1h in an example; only 1m and 1h are taken.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from ..rules import Rule

# Over how many minutes Sentry counts, and its name for it; after what time it notifies again.
INTERVALS = {1: "1m", 5: "5m", 15: "15m", 60: "1h", 1440: "1d"}
AGAIN = {timedelta(minutes=minutes): minutes for minutes in (5, 10, 30, 60, 180, 720, 1440)}
_MEMBERS = {
    "type": "email",
    "data": {"fallthroughType": "AllMembers"},
    "config": {"targetType": "issue_owners"},
    "status": "active",
}


def spec_of(rule: Rule, webhooks: Mapping[str, str]) -> dict[str, Any]:
    """Return the rule in Sentry's words, one that Sentry can evaluate; `webhooks` are for others."""
    new = [_condition("first_seen_event"), _condition("regression_event")]
    often = {"value": rule.events, "interval": INTERVALS.get(rule.minutes)}
    filters = [_condition("event_frequency_count", often)] if rule.on == "spike" else []
    return {
        "enabled": True,
        **({"environment": rule.environments[0]} if rule.environments else {}),
        "config": {"frequency": AGAIN.get(rule.again, 0)},
        "triggers": {"logicType": "any-short", **({} if filters else {"conditions": new})},
        "actionFilters": [
            {"logicType": "all", **({"conditions": filters} if filters else {}), "actions": [_MEMBERS]},
        ],
    }


def rule_of(name: str, spec: Mapping[str, Any], receivers: Mapping[str, str]) -> Rule | None:
    """Return a rule whose `spec_of` is `spec`, or None; `receivers` has the name of the one for "members"."""
    environments = (spec["environment"],) if spec.get("environment") else ()
    new = Rule(name=name, on="new issue", environments=environments, to=(receivers["members"],), by="tracker")
    spikes = [
        replace(new, on="spike", events=often["value"], minutes=minutes, again=again)
        for often in _often(spec)
        for minutes in INTERVALS
        for again in AGAIN
    ]
    return next((rule for rule in (new, *spikes) if spec_of(rule, {}) == spec), None)


def _condition(kind: str, comparison: Any = True) -> dict[str, Any]:
    return {"type": kind, "comparison": comparison, "conditionResult": True}


def _often(spec: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    found = [one.get("comparison") for group in spec.get("actionFilters", ()) for one in group.get("conditions", ())]
    return [one for one in found if isinstance(one, Mapping) and isinstance(one.get("value"), int)]
