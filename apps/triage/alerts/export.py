"""The tracker's rules as TOML of the shape of alerts.toml; what that cannot say stands in comments."""

import json
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from ..plain import one_line
from ..trackers.base import AlertRule, Tracker
from .plan import hidden
from .rules import Rule
from .specs import BY_KIND

_MEMBERS = "everybody"


def export(tracker: Tracker, owner: str) -> str:
    """Return the tracker's rules; the prefix `owner` of their names is left out. Raises TrackerError."""
    there = tracker.alert_rules()
    receivers = {"members": _MEMBERS, **_webhooks(there)}
    head = f"# The alert rules of {one_line(tracker.name)}. Addresses of webhooks are secrets and left out.\n"
    parts = [_rule(tracker, rule, _name(rule, there, f"{owner}: "), receivers) for rule in there]
    read = [part for part in parts if not part.startswith("#")]
    used = {name: address for address, name in receivers.items() if any(f'"{name}"' in part for part in read)}
    return "\n".join([head, *_receivers(used), *parts])


def _rule(tracker: Tracker, rule: AlertRule, name: str, receivers: dict[str, str]) -> str:
    read = BY_KIND[tracker.kind].rule_of(name, rule.spec, receivers)
    if read is not None:
        return "\n".join(_lines(read)) + "\n"
    spec = json.dumps(hidden(rule.spec), ensure_ascii=True)
    return f"# {one_line(name)}: alerts.toml has no words for this rule.\n# {spec}\n"


def _lines(rule: Rule) -> Iterator[str]:
    yield "[[rules]]"
    yield f"name = {_toml(rule.name)}"
    yield f"on = {_toml(rule.on)}"
    if rule.on == "spike":
        yield f"events = {rule.events}"
        yield f"minutes = {rule.minutes}"
        yield f'again = "{int(rule.again.total_seconds()) // 60}m"'
    yield f"environments = {_toml(list(rule.environments))}"
    yield f"to = {_toml(list(rule.to))}"
    yield f"by = {_toml(rule.by)}"


def _receivers(used: dict[str, str]) -> Iterator[str]:
    for name, address in used.items():
        if address == "members":
            yield f'[receivers.{name}]\nkind = "members"\n'
        else:
            variable = f"ALERT_{name.upper().replace('-', '_')}_URL"
            yield f'[receivers.{name}]\nkind = "slack"\nurl_variable = "{variable}" # at {urlsplit(address).hostname}\n'


def _webhooks(there: Sequence[AlertRule]) -> dict[str, str]:
    """Return a name for each address."""
    recipients = [one for rule in there for one in rule.spec.get("alertRecipients", ())]
    addresses = dict.fromkeys(one["url"] for one in recipients if one["recipientType"] == "webhook")
    return {address: f"webhook-{number}" for number, address in enumerate(addresses, 1)}


def _name(rule: AlertRule, there: Sequence[AlertRule], ours: str) -> str:
    """Return a rule's name as alerts.toml may have it: not empty, of one line, not too long, and unlike the others'."""
    name = " ".join(one_line(rule.name.removeprefix(ours)).split())[:80] or "without a name"
    same = [other for other in there if other.name.removeprefix(ours) == rule.name.removeprefix(ours)]
    return name if len(same) == 1 else f"{name} ({rule.id})"


def _toml(value: str | list[str]) -> str:
    """Return a text or a list of texts; JSON's are TOML's as long as they have no characters beyond U+FFFF."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
