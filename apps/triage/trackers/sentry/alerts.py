"""Sentry's alert rules of a project: its API calls them workflows, and what they listen to detectors.

https://docs.sentry.io/api/monitors/
"""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from ..base import AlertRule, TrackerError
from .changing import Changing
from .client import understood

# A detector that stands for all issues of a project; the second is what there was before the first.
_ALL_ISSUES = ("issue_stream", "error")
# What Sentry adds by itself.
_ADDED = frozenset({"id", "organizationId"})


class Alerting(Changing):
    """See Tracker. The token needs alerts:read, and alerts:write for changes."""

    def alert_rules(self) -> list[AlertRule]:
        """Return the alert rules that listen to the project, oldest first; `detectorIds` where others are heard too."""
        rows = self._api.pages(f"{self._api.org}workflows/", {"project": self._api.project.id})
        return sorted((understood(self._alert_rule, row) for row in rows), key=lambda rule: int(rule.id))

    def create_alert_rule(self, name: str, spec: Mapping[str, Any]) -> str:
        """Make an alert rule; see Tracker."""
        return self._tell("POST", "", name, spec)

    def update_alert_rule(self, rule_id: str, name: str, spec: Mapping[str, Any]) -> None:
        """Change an alert rule; see Tracker."""
        self._tell("PUT", f"{rule_id}/", name, spec)

    def delete_alert_rule(self, rule_id: str) -> None:
        """Delete an alert rule."""
        self._api.ask("DELETE", f"{self._api.org}workflows/{rule_id}/")

    def _tell(self, method: str, path: str, name: str, spec: Mapping[str, Any]) -> str:
        body = {"name": name, "detectorIds": [int(self._detector)], **_whole(spec)}
        said = self._api.ask(method, f"{self._api.org}workflows/{path}", body=body)[0]
        after = understood(self._alert_rule, said)
        if (after.name, after.spec) != (name, _plain(spec)):
            raise TrackerError(f"Sentry answered that the rule {name} is stored, but not as it was sent.")
        return after.id

    def _alert_rule(self, row: Mapping[str, Any]) -> AlertRule:
        spec = {name: row.get(name) for name in ("enabled", "environment", "config", "triggers", "actionFilters")}
        heard = sorted(str(number) for number in row["detectorIds"])
        others = {} if heard == [self._detector] else {"detectorIds": heard}
        return AlertRule(id=str(row["id"]), name=str(row["name"]), spec=_plain(spec | others))

    @cached_property
    def _detector(self) -> str:
        """The ID of what the project's issues are heard through."""
        rows = self._api.pages(f"{self._api.org}detectors/", {"project": self._api.project.id})
        by_type = {row.get("type"): row for row in rows}
        for kind in _ALL_ISSUES:
            if kind in by_type:
                return understood(lambda row: str(row["id"]), by_type[kind])
        raise TrackerError(
            f"Sentry has nothing in the project {self._api.project.slug} that alert rules can listen to."
        )


def _whole(spec: Mapping[str, Any]) -> dict[str, Any]:
    """Return a rule with what says nothing: what is left out of a change may stay as it was."""
    filters = [{"conditions": [], **one} for one in spec["actionFilters"]]
    triggers = {"conditions": [], "actions": [], **spec["triggers"]}
    return {"environment": None, **spec, "triggers": triggers, "actionFilters": filters}


def _plain(value: Any) -> Any:
    """Return a part of a rule without what Sentry adds and without what says nothing."""
    if isinstance(value, Mapping):
        kept = {key: _plain(item) for key, item in value.items() if key not in _ADDED}
        return {key: item for key, item in kept.items() if item not in (None, "", {}, [])}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value
