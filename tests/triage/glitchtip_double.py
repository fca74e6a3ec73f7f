"""GlitchTip 5 for tests: a server on loopback with the traps that the real one was seen to have.

It takes in what an SDK sends to `dsn` and answers for the organisation acme. The traps: a Link header that is the repr
of a set and names a host that is not there, a page of HTML with 200 for a GET that it does not know, filters and
fields that it ignores, bulk changes that hit every issue, an empty list for what is not there, no answer to a client
that keeps its connection open. Those of taking in are in glitchtip_ingest.py.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, ClassVar
from urllib.parse import unquote

from tests.triage import glitchtip_alerts  # noqa: F401 - adds its routes
from tests.triage.glitchtip_ingest import Ingest
from tests.triage.glitchtip_routes import Refused, Routes
from tests.triage.glitchtip_store import Store
from tests.triage.http_double import Asked, HttpDouble, Reply, as_json, serving

TOKEN = "t" * 40
SCOPES = frozenset(
    {"event:read", "event:admin", "org:read", "member:read", "project:read", "project:admin", "project:releases"}
)
_HTML = b"<!doctype html><html><body><app-root></app-root></body></html>"
# Paths that belong to the pages for people, whatever stands behind them.
_PAGES = re.compile(r"/.*/(issues|settings|projects|releases|performance)|/(organizations|profile|login)")


class GlitchTipDouble(HttpDouble):
    """`answer`: (status, content type, body) in place of any other. `asked`: method and target of each request.

    `lies`: says yes to a change and makes none. `idle`: the worker that removes what is deleted does not run.
    `after_page` is called when a page of a list is made: what happens between two pages.
    """

    protocol: ClassVar = "HTTP/1.1"

    def __init__(self) -> None:
        super().__init__()
        self.store = Store()
        self.ingest = Ingest(self.store, "0" * 32)
        self.scopes = SCOPES
        self.lies = self.idle = False
        self.version = "5.2-c264800f"
        self.answer: tuple[int, str, bytes] | None = None
        self.asked: list[tuple[str, str]] = []
        self.after_page: Callable[[], None] = lambda: None

    def respond(self, asked: Asked) -> Reply | None:
        """Take in an envelope, or answer for the API."""
        if asked.envelope:
            return self.ingest.take(*asked.envelope, asked.headers)
        self.asked.append((asked.method, asked.target))
        if asked.headers.get("Connection", "").lower() != "close":
            return None
        if self.answer:
            status, content_type, body = self.answer
            return Reply(status, body, content_type)
        if asked.path == "/api/settings/":
            return as_json(200, {"version": self.version})
        if asked.headers.get("Authorization") != f"Bearer {TOKEN}":
            return as_json(401, {"detail": "Unauthorized"})
        try:
            return as_json(*self.reply(asked.method, asked.path, asked.params, asked.json))
        except Refused as refused:
            if refused.said is not None:
                return as_json(refused.status, refused.said)
            return Reply(refused.status, _HTML, "text/html; charset=utf-8")

    def reply(self, method: str, path: str, params: dict[str, list[str]], body: Any) -> tuple[int, Any, str]:
        """Return status, JSON and the Link header. Raises Refused."""
        for pattern, methods in Routes.table.items():
            if match := re.fullmatch(pattern, path):
                if method not in methods:
                    raise Refused(405)
                scopes, handle = methods[method]
                if scopes and not scopes & self.scopes:
                    raise Refused(403, {"detail": "Permission denied"})
                request = Routes(self, params, body)
                status, said = handle(request, **{key: unquote(value) for key, value in match.groupdict().items()})
                return status, said, request.link
        if _PAGES.match(path):
            raise Refused(200 if method == "GET" else 403)
        raise Refused(404)


@contextmanager
def running() -> Iterator[GlitchTipDouble]:
    """Run a double."""
    with serving(GlitchTipDouble()) as double:
        yield double
