"""PagerDuty: an incident for each issue. https://developer.pagerduty.com/docs/events-api-v2/trigger-events/."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .message import Message
from .posting import post

HOST = "https://events.pagerduty.com"
_SEVERITIES: Mapping[str, str] = {"P0": "critical", "P1": "error", "P2": "warning"}
_SUMMARY, _KEY = 1024, 255  # characters


@dataclass(frozen=True, slots=True)
class PagerDuty:
    """`key` is an integration's routing key, the secret; `host` where events are sent."""

    key: str = field(repr=False)
    host: str = HOST
    gathers: bool = False  # two issues are two incidents

    def send(self, messages: Sequence[Message]) -> None:
        """Open an incident for each, or add to the one that is open for its issue. Raises Undelivered."""
        for message in messages:
            post("PagerDuty", f"{self.host}/v2/enqueue", self._event(message), self.key)

    def _event(self, message: Message) -> dict[str, Any]:
        links = [{"href": message.runbook, "text": "Runbook"}] if message.runbook.startswith("https://") else []
        return {
            "routing_key": self.key,
            "event_action": "trigger",
            "dedup_key": message.key[:_KEY],
            "client": "goimg sentry_watch",
            "client_url": message.url,
            "links": [{"href": message.url, "text": message.short_id}, *links],
            "payload": {
                "summary": message.headline[:_SUMMARY],
                "source": message.environment or message.project,
                "severity": _SEVERITIES.get(message.priority, "info"),
                "component": message.project,
                "custom_details": dict(message.facts()),
            },
        }
