"""A Sentry for tests: an HTTP server that takes in envelopes, answers as Sentry's API does, and refuses the rest.

Stricter than the real one, which passes over fields and parameters that it does not know: here they are a 400.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import unquote

from apps.error_tracking.sink import parse_envelope
from tests.triage.http_double import Asked, HttpDouble, Reply, as_json, serving
from tests.triage.sentry_issues import Refused
from tests.triage.sentry_routes import ROUTES, Handlers, Route
from tests.triage.sentry_store import Store

TOKEN = "t" * 40
SCOPES = frozenset({"event:admin", "project:read", "project:releases", "org:read", "member:read", "alerts:write"})
_AT_ONCE = {"Retry-After": "0"}


class SentryDouble(HttpDouble):
    """`scopes` are the token's.

    `busy`: so many requests get a 429 first. `answer` (status, content type, body) takes the place of any other.
    Fields in `drop` are passed over without a word. `meanwhile` is called with method and path before a request is
    looked at: it is what somebody else does at that moment. `asked` are the requests to the API.
    """

    def __init__(self) -> None:
        super().__init__()
        self.store = Store()
        self.scopes = SCOPES
        self.busy = 0
        self.answer: tuple[int, str, bytes] | None = None
        self.drop: set[str] = set()
        self.meanwhile: Callable[[str, str], None] = lambda method, path: None
        self.asked: list[tuple[str, str]] = []

    def respond(self, asked: Asked) -> Reply:
        """Take in an envelope, or answer for the API."""
        if asked.envelope:
            self.ingest(*asked.envelope)
            return as_json(200, {})
        if asked.path == "/api/0/":
            return as_json(200, {"version": "0", "auth": None, "user": None})
        if not asked.path.startswith("/api/0/"):
            return Reply(404, b"<!DOCTYPE html>Page not found", "text/html")
        self.asked.append((asked.method, asked.target))
        if self.answer:
            status, content_type, body = self.answer
            return Reply(status, body, content_type, _AT_ONCE if status == 429 else {})
        if self.busy:
            self.busy -= 1
            return Reply(429, b'{"detail": "You use this endpoint too frequently."}', headers=_AT_ONCE)
        return self._answered(asked)

    def _answered(self, asked: Asked) -> Reply:
        if asked.headers.get("Authorization") != f"Bearer {TOKEN}":
            return as_json(401, {"detail": "Invalid token"})
        self.meanwhile(asked.method, asked.path)
        try:
            return as_json(*self.reply(asked.method, asked.path, asked.params, asked.json))
        except Refused as refused:
            return as_json(refused.status, refused.said)

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


@contextmanager
def running() -> Iterator[SentryDouble]:
    """Run a double."""
    with serving(SentryDouble()) as double:
        yield double
