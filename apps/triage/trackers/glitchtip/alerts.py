"""GlitchTip's alert rules of a project."""

from collections.abc import Mapping
from typing import Any

from ..base import AlertRule, NotFound, TrackerError
from . import answers
from .changing import Changing
from .client import understood


class Alerting(Changing):
    """See Tracker. The token needs project:read, and project:admin for changes."""

    def alert_rules(self) -> list[AlertRule]:
        """Return the project's alert rules, oldest first."""
        rows = self._api.pages(f"{self._api.place}alerts/")
        return sorted((understood(answers.alert_rule, row) for row in rows), key=lambda rule: int(rule.id))

    def create_alert_rule(self, name: str, spec: Mapping[str, Any]) -> str:
        """Make an alert rule; see Tracker."""
        return self._tell("POST", "", name, spec)

    def update_alert_rule(self, rule_id: str, name: str, spec: Mapping[str, Any]) -> None:
        """Change an alert rule; see Tracker. A change without recipients would delete them."""
        self._tell("PUT", f"{rule_id}/", name, spec)

    def delete_alert_rule(self, rule_id: str) -> None:
        """Delete an alert rule; what GlitchTip calls not found may be one that only an admin can delete."""
        try:
            self._api.ask("DELETE", f"{self._api.place}alerts/{rule_id}/")
        except NotFound as error:
            raise TrackerError(
                "GlitchTip deleted no rule: it is not there (any more), or the token's owner is no admin."
            ) from error

    def _tell(self, method: str, path: str, name: str, spec: Mapping[str, Any]) -> str:
        try:
            said = self._api.ask(method, f"{self._api.place}alerts/{path}", body={"name": name, **spec})[0]
        except TrackerError as error:
            # An answer may repeat what was sent, and that has the addresses of webhooks.
            raise TrackerError(str(error).partition(" It says:")[0]) from None
        after = understood(answers.alert_rule, said)
        if (after.name, after.spec) != (name, spec):
            raise TrackerError(f"GlitchTip answered that the rule {name} is stored, but not as it was sent.")
        return after.id
