"""Bugsink's API over what an in-repo sink received: for what a real one cannot be made to do on demand.

The real one is in real_bugsink.py.
"""

import json
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from apps.error_tracking.sink import Sink

TOKEN = "t" * 40
_PAGE = 3  # results a page: small, so that following `next` is tested


class BugsinkDouble:
    """`twice`: store each event twice. `answer`: (status, content type, body) in place of any other answer."""

    def __init__(self, sink: Sink) -> None:
        self.sink = sink
        self.twice = False
        self.answer: tuple[int, str, bytes] | None = None
        self.started = datetime.now(UTC)
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"

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

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        double = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                if double.answer:
                    return self._send(*double.answer)
                if self.headers["Authorization"] != f"Bearer {TOKEN}":
                    return self._send(401, "application/json", b'{"detail": "Invalid token."}')
                found = double.reply(parts.path, parse_qs(parts.query))
                return self._send(200 if found else 404, "application/json", json.dumps(found).encode())

            def _send(self, status: int, content_type: str, body: bytes) -> None:
                self.send_response(status)
                self.send_header("Content-Type", content_type)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: Any) -> None:
                pass

        return Handler


@contextmanager
def running(sink: Sink) -> Iterator[BugsinkDouble]:
    """Run a double over a sink."""
    double = BugsinkDouble(sink)
    thread = threading.Thread(target=double.server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield double
    finally:
        double.server.shutdown()
        thread.join()
        double.server.server_close()
