"""What every tracker can be asked."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol


class TrackerError(Exception):
    """The tracker could not be asked; the message says what happened and names the URL, never the token."""


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """An event as the tracker keeps it: IDs in hex, `data` as it was sent, `url` for a person to open."""

    event_id: str
    url: str
    data: dict[str, Any]

    @property
    def request_id(self) -> str | None:
        """The tag request_id."""
        tags = self.data.get("tags")
        pairs = tags if isinstance(tags, dict) else dict(tags or ())
        return pairs.get("request_id")


class Tracker(Protocol):
    """One of the trackers; `name` for people, `keeps` are the envelope item types it stores."""

    name: str
    keeps: frozenset[str]

    def events_since(self, moment: datetime) -> Iterator[StoredEvent]:
        """Yield the events that the tracker took in since `moment`, newest issue first. Raises TrackerError."""
        ...
