"""Who may read the metrics; and the listener of a process that answers no other requests."""

import socket
from collections.abc import Callable, Iterable
from contextlib import suppress
from hmac import compare_digest
from socketserver import ThreadingMixIn
from threading import Thread
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from django.conf import settings

from apps.error_tracking import exposition


def may_read(authorization: str) -> bool:
    """Say whether a request with this header is from somebody who has METRICS_TOKEN."""
    return compare_digest(authorization.encode(), f"Bearer {settings.METRICS_TOKEN}".encode())


def listen(host: str, port: int) -> None:
    """Show the metrics at an address, on a thread of their own, for as long as this process lives."""

    class Server(ThreadingMixIn, WSGIServer):
        daemon_threads = True
        address_family = socket.AF_INET6 if ":" in host else socket.AF_INET

    server = make_server(host, port, _answer, Server, _Silent)
    Thread(target=server.serve_forever, name="metrics", daemon=True).start()


class _Silent(WSGIRequestHandler):
    timeout = 10.0  # seconds for each read: who says nothing keeps a thread for no longer

    def handle(self) -> None:
        """Answer, or leave who goes away or says nothing: a traceback for each would fill the log."""
        with suppress(TimeoutError, ConnectionError):
            super().handle()

    def log_message(self, format: str, *args: Any) -> None:
        """A scrape each few seconds is no news."""


def _answer(environ: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
    if not may_read(environ.get("HTTP_AUTHORIZATION", "")):
        start_response("401 Unauthorized", [("WWW-Authenticate", "Bearer"), ("Content-Length", "0")])
        return [b""]
    page = exposition.page()
    start_response("200 OK", [("Content-Type", exposition.CONTENT_TYPE), ("Content-Length", str(len(page)))])
    return [page]
