"""GlitchTip's alert rules: so many events of an issue within minutes, looked at once a minute.

An issue that is older than the rule is new to it at its next event.
https://glitchtip.com/documentation/error-tracking
"""

from collections.abc import Mapping
from typing import Any

from ..rules import Rule

# A new issue is one event. An hour, and not a minute, because GlitchTip's worker may be late, and an issue counts once.
_NEW = {"timespanMinutes": 60, "quantity": 1, "uptime": False}


def spec_of(rule: Rule, webhooks: Mapping[str, str]) -> dict[str, Any]:
    """Return the rule in GlitchTip's words; `webhooks` has the address of each receiver that is one."""
    recipients = [
        {"recipientType": "webhook", "url": webhooks[name]}
        if name in webhooks
        else {"recipientType": "email", "url": ""}
        for name in rule.to
    ]
    return {**_NEW, "alertRecipients": sorted(recipients, key=lambda one: (one["recipientType"], one["url"]))}


def rule_of(name: str, spec: Mapping[str, Any], receivers: Mapping[str, str]) -> Rule | None:
    """Return a rule whose `spec_of` is `spec`, or None; `receivers` has the names by address, and by "members"."""
    to = [
        receivers["members"] if one["recipientType"] == "email" else receivers.get(one["url"], "")
        for one in spec["alertRecipients"]
    ]
    rule = Rule(name=name, on="new issue", to=tuple(to), by="tracker")
    webhooks = {receiver: address for address, receiver in receivers.items() if address != "members"}
    return rule if to and all(to) and spec_of(rule, webhooks) == spec else None
