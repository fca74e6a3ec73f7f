"""A Sentry for tests: an HTTP server that takes in envelopes, answers as Sentry's API does, and refuses the rest.

Stricter than the real one, which passes over fields and parameters that it does not know: here they are a 400.
"""

import gzip
import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from apps.error_tracking.sink import parse_envelope
from tests.triage.sentry_issues import Refused
from tests.triage.sentry_routes import ROUTES, Handlers, Route
from tests.triage.sentry_store import Store

TOKEN = "t" * 40
SCOPES = frozenset({"event:admin", "project:read", "project:releases", "org:read", "member:read", "alerts:write"})


class SentryDouble:
    """`scopes` are the token's.

    `busy`: so many requests get a 429 first. `answer` (status, content type, body) takes the place of any other.
    Fields in `drop` are passed over without a word. `meanwhile` is called with method and path before a request is
    looked at: it is what somebody else does at that moment. `asked` are the requests to the API.
    """

    def __init__(self) -> None:
        self.store = Store()
        self.scopes = SCOPES
        self.busy = 0
        self.answer: tuple[int, str, bytes] | None = None
        self.drop: set[str] = set()
        self.meanwhile: Callable[[str, str], None] = lambda method, path: None
        self.asked: list[tuple[str, str]] = []
        self.lock = threading.RLock()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.dsn = f"http://{'0' * 32}@127.0.0.1:{self.server.server_address[1]}/1"

    def reply(self, method: str, path: str, params: dict[str, list[str]], body: Any) -> tuple[int, Any, str]:
        """Return status, JSON and the Link header. Raises Refused."""
        for pattern, routes in ROUTES.items():
            if match := re.fullmatch(pattern, path):
                if method not in routes:
                    raise Refused(405, {"detail": f'Method "{method}" not allowed.'})
                self._check(routes[method], params, body)
                kept = {field: value for field, value in (body or {}).items() if field not in self.drop}
                request = Handlers(self.store, params, kept)
                named = {key: unquote(value) for key, value in match.groupdict().items()}
                status, said = routes[method].handle(request, **named)
                return status, said, request.link
        raise Refused(404)

    def ingest(self, project: str, raw: bytes) -> None:
        """Take in an envelope: of its items, the events."""
        for item in parse_envelope(raw)[1]:
            if item.type == "event":
                self.store.ingest(item.payload, project)

    def _check(self, route: Route, params: dict[str, list[str]], body: Any) -> None:
        if not route.scopes & self.scopes:
            raise Refused(403, {"detail": "You do not have permission to perform this action."})
        if unknown := set(params) - route.params:
            raise Refused(400, {"detail": f"Unknown parameters: {sorted(unknown)}"})
        if unknown := set(body or {}) - route.fields:
            raise Refused(400, {field: ["Unknown field."] for field in unknown})


def _handler(double: SentryDouble) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def _handle(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            parts = urlsplit(self.path)
            with double.lock:
                if ingested := re.fullmatch(r"/api/(\d+)/envelope/", parts.path):
                    plain = gzip.decompress(body) if self.headers.get("Content-Encoding") == "gzip" else body
                    double.ingest(ingested[1], plain)
                    return self._send_json(200, {})
                if parts.path == "/api/0/":
                    return self._send_json(200, {"version": "0", "auth": None, "user": None})
                if not parts.path.startswith("/api/0/"):
                    return self._send(404, "text/html", b"<!DOCTYPE html>Page not found")
                return self._api(parts.path, parse_qs(parts.query, keep_blank_values=True), json.loads(body or b"null"))

        do_GET = do_POST = do_PUT = do_DELETE = _handle

        def _api(self, path: str, params: dict[str, list[str]], body: Any) -> None:
            double.asked.append((self.command, self.path))
            if double.answer:
                return self._send(*double.answer)
            if double.busy:
                double.busy -= 1
                return self._send_json(429, {"detail": "You are attempting to use this endpoint too frequently."})
            if self.headers.get("Authorization") != f"Bearer {TOKEN}":
                return self._send_json(401, {"detail": "Invalid token"})
            double.meanwhile(self.command, path)
            try:
                return self._send_json(*double.reply(self.command, path, params, body))
            except Refused as refused:
                return self._send_json(refused.status, refused.said)

        def _send_json(self, status: int, said: Any, link: str = "") -> None:
            body = b"" if said is None else json.dumps(said).encode()
            self._send(status, "application/json", body, link)

        def _send(self, status: int, content_type: str, body: bytes, link: str = "") -> None:
            self.send_response(status)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
            if link:
                self.send_header("Link", link)
            if status == 429:
                self.send_header("Retry-After", "0")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    return Handler


@contextmanager
def running() -> Iterator[SentryDouble]:
    """Run a double."""
    double = SentryDouble()
    thread = threading.Thread(target=double.server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield double
    finally:
        double.server.shutdown()
        thread.join()
        double.server.server_close()
