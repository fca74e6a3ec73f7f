"""GlitchTip 5 for tests: a server on loopback with the traps that the real one was seen to have.

It takes in what an SDK sends to `dsn` and answers for the organisation acme. The traps: a Link header that is the repr
of a set and names a host that is not there, a page of HTML with 200 for a GET that it does not know, filters and
fields that it ignores, bulk changes that hit every issue, an empty list for what is not there, no answer to a client
that keeps its connection open.
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
from tests.triage import glitchtip_alerts  # noqa: F401 - adds its routes
from tests.triage.glitchtip_routes import Refused, Routes
from tests.triage.glitchtip_store import Store

TOKEN = "t" * 40
SCOPES = frozenset(
    {"event:read", "event:admin", "org:read", "member:read", "project:read", "project:admin", "project:releases"}
)
_HTML = b"<!doctype html><html><body><app-root></app-root></body></html>"
# Paths that belong to the pages for people, whatever stands behind them.
_PAGES = re.compile(r"/.*/(issues|settings|projects|releases|performance)|/(organizations|profile|login)")
# Items whose envelope is read on; any other item ends it.
_PASSED_OVER = (
    "transaction",
    "log",
    "span",
    "session",
    "sessions",
    "client_report",
    "attachment",
    "check_in",
    "profile",
)


class GlitchTipDouble:
    """`answer`: (status, content type, body) in place of any other. `asked`: method and target of each request.

    `lies`: says yes to a change and makes none. `idle`: the worker that removes what is deleted does not run.
    `after_page` is called when a page of a list is made: what happens between two pages.
    """

    def __init__(self) -> None:
        self.store = Store()
        self.scopes = SCOPES
        self.lies = self.idle = False
        self.version = "5.2-c264800f"
        self.answer: tuple[int, str, bytes] | None = None
        self.asked: list[tuple[str, str]] = []
        self.after_page: Callable[[], None] = lambda: None
        self.lock = threading.Lock()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.dsn = f"http://{'0' * 32}@127.0.0.1:{self.server.server_address[1]}/1"

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

    def ingest(self, project: int, raw: bytes) -> None:
        """Take in an envelope: its events, up to an item that is not known."""
        for item in parse_envelope(raw)[1]:
            if item.type == "event":
                self.store.ingest(item.payload, project)
            elif item.type not in _PASSED_OVER:
                return


def _handler(double: GlitchTipDouble) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _handle(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            parts = urlsplit(self.path)
            with double.lock:
                if ingested := re.fullmatch(r"/api/(\d+)/envelope/", parts.path):
                    double.ingest(int(ingested[1]), _plain(body, self.headers.get("Content-Encoding")))
                    return self._send_json(200, {})
                double.asked.append((self.command, self.path))
                self.close_connection = True
                if self.headers.get("Connection", "").lower() != "close":
                    return None
                if double.answer:
                    return self._send(*double.answer)
                if parts.path == "/api/settings/":
                    return self._send_json(200, {"version": double.version})
                return self._api(parts.path, parse_qs(parts.query), json.loads(body or b"null"))

        do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = _handle

        def _api(self, path: str, params: dict[str, list[str]], body: Any) -> None:
            if self.headers.get("Authorization") != f"Bearer {TOKEN}":
                return self._send_json(401, {"detail": "Unauthorized"})
            try:
                status, said, link = double.reply(self.command, path, params, body)
            except Refused as refused:
                if refused.said is not None:
                    return self._send_json(refused.status, refused.said)
                return self._send(refused.status, "text/html; charset=utf-8", _HTML)
            return self._send_json(status, said, link)

        def _send_json(self, status: int, said: Any, link: str = "") -> None:
            body = b"" if said is None else json.dumps(said).encode()
            self._send(status, "application/json; charset=utf-8", body, link)

        def _send(self, status: int, content_type: str, body: bytes, link: str = "") -> None:
            self.send_response(status)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
            if link:
                self.send_header("Link", link)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    return Handler


def _plain(body: bytes, encoding: str | None) -> bytes:
    return gzip.decompress(body) if encoding == "gzip" else body


@contextmanager
def running() -> Iterator[GlitchTipDouble]:
    """Run a double."""
    double = GlitchTipDouble()
    thread = threading.Thread(target=double.server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield double
    finally:
        double.server.shutdown()
        thread.join()
        double.server.server_close()
