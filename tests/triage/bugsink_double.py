"""Bugsink's API over what an in-repo sink received: for what a real one cannot be made to do on demand.

The real one is in real_bugsink.py.
"""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from apps.error_tracking.sink import Sink
from tests.triage.http_double import Asked, HttpDouble, Reply, as_json, serving

TOKEN = "t" * 40
_PAGE = 3  # results a page: small, so that following `next` is tested


class BugsinkDouble(HttpDouble):
    """`twice`: store each event twice. `answer`: (status, content type, body) in place of any other answer."""

    def __init__(self, sink: Sink) -> None:
        super().__init__()
        self.sink = sink
        self.twice = False
        self.answer: tuple[int, str, bytes] | None = None
        self.started = datetime.now(UTC)

    def respond(self, asked: Asked) -> Reply:
        """Answer for the API."""
        if self.answer:
            status, content_type, body = self.answer
            return Reply(status, body, content_type)
        if asked.headers["Authorization"] != f"Bearer {TOKEN}":
            return as_json(401, {"detail": "Invalid token."})
        found = self.reply(asked.path, asked.params)
        return as_json(200 if found else 404, found)

    def _rows(self) -> list[dict[str, Any]]:
        events = self.sink.events() * (2 if self.twice else 1)
        return [
            {
                "id": str(uuid.UUID(int=index + 1)),
                "issue": str(uuid.UUID(int=1000 + index % 2)),
                "event_id": str(uuid.UUID(event["event_id"])),
                "ingested_at": self.started.isoformat(),
                "data": event,
            }
            for index, event in enumerate(events)
        ]

    def reply(self, path: str, query: dict[str, list[str]]) -> Any:
        """Return the JSON of a GET, or None for 404."""
        place = path.removeprefix("/api/canonical/0/")
        rows = self._rows()
        if place == "issues/":
            return self._page([self._issue(issue) for issue in sorted({row["issue"] for row in rows})], path, query)
        if place == "events/":
            mine = [row for row in rows if row["issue"] == query["issue"][0]]
            return self._page([{k: v for k, v in row.items() if k != "data"} for row in mine], path, query)
        return next((row for row in rows if place == f"events/{row['id']}/"), None)

    def _issue(self, issue: str) -> dict[str, Any]:
        return {
            "id": issue,
            "friendly_id": f"GOIMG-API-{issue[-1]}",
            "last_seen": self.started.isoformat(),
            "calculated_type": "Log Message",
            "calculated_value": "x",
            "is_resolved": False,
            "is_muted": False,
        }

    def _page(self, results: list[Any], path: str, query: dict[str, list[str]]) -> dict[str, Any]:
        start = int(query.get("cursor", ["0"])[0])
        rest = "&".join(f"{name}={values[0]}" for name, values in query.items() if name != "cursor")
        more = f"{self.url}{path}?{rest}&cursor={start + _PAGE}" if len(results) > start + _PAGE else None
        return {"next": more, "previous": None, "results": results[start : start + _PAGE]}


@contextmanager
def running(sink: Sink) -> Iterator[BugsinkDouble]:
    """Run a double over a sink."""
    with serving(BugsinkDouble(sink)) as double:
        yield double
