"""Receivers on loopback: to see on this machine what would reach a mailbox, a Slack channel and a pager."""

import email
import json
import socketserver
import sys
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

from apps.triage.alerts.rules import Kind, Receiver

_MOST = 1024 * 1024  # bytes of a message
_KEY = "LOCAL"


@dataclass(frozen=True, slots=True)
class Received:
    """What arrived. `to` is whom it was for, `text` all of it that a person reads."""

    kind: Kind
    to: tuple[str, ...]
    text: str


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), ConnectionError):  # who sends may be gone
            super().handle_error(request, client_address)


class _Http(_Server, ThreadingHTTPServer):
    pass


class _Smtp(_Server):
    pass


class Local:
    """A context manager; inside, `environ` leads e-mail, Slack and PagerDuty here. `received` is what came."""

    def __init__(self) -> None:
        self.received: list[Received] = []
        self.refuses: dict[Kind, int] = {}  # the status to answer with in place of success
        self._http = _Http(("127.0.0.1", 0), _http_handler(self))
        self._smtp = _Smtp(("127.0.0.1", 0), _smtp_handler(self))
        self._servers = (self._http, self._smtp)
        self._threads = [threading.Thread(target=one.serve_forever, args=(0.05,), daemon=True) for one in self._servers]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        for server, thread in zip(self._servers, self._threads, strict=True):
            server.shutdown()
            thread.join()
            server.server_close()

    def environ(self, receivers: list[Receiver]) -> dict[str, str]:
        """Return the variables that lead these receivers here."""
        http = f"http://127.0.0.1:{self._http.server_address[1]}"
        secrets = {
            one.variable: f"{http}/slack/{one.name}" if one.kind == "slack" else f"{_KEY}-{one.name}"
            for one in receivers
            if one.variable
        }
        return secrets | {
            "ALERT_SMTP_URL": f"smtp+plain://127.0.0.1:{self._smtp.server_address[1]}",
            "ALERT_MAIL_FROM": "goimg@localhost",
            "ALERT_PAGERDUTY_HOST": http,
        }

    def post(self, path: str, body: Any) -> int:
        """Take what was posted; return the status."""
        kind: Kind = "pagerduty" if path == "/v2/enqueue" else "slack"
        if kind in self.refuses:
            return self.refuses[kind]
        to = str(body["routing_key"]).removeprefix(f"{_KEY}-") if kind == "pagerduty" else path.rpartition("/")[2]
        lines = _incident(body["payload"]) if kind == "pagerduty" else _texts(body["blocks"])
        self.received.append(Received(kind, (to,), "\n".join(lines)))
        return 202 if kind == "pagerduty" else 200

    def mail(self, to: tuple[str, ...], raw: bytes) -> None:
        """Take a mail."""
        mail = email.message_from_bytes(raw, policy=default)
        assert isinstance(mail, EmailMessage)  # noqa: S101 - what that policy makes
        body = mail.get_body(("plain",))
        # The parser leaves the blank in which a line was folded: https://www.rfc-editor.org/rfc/rfc5322#section-2.2.3
        subject = str(mail["Subject"]).strip()
        self.received.append(Received("email", to, f"{subject}\n{body.get_content() if body else ''}"))


def _texts(value: Any) -> Iterator[str]:
    """Yield the texts of Slack's blocks: their `text` without a message's, which is for those that show no blocks."""
    for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _texts(one)
    if isinstance(value, dict) and isinstance(value.get("text"), str):
        yield value["text"]


def _incident(payload: Mapping[str, Any]) -> Iterator[str]:
    yield str(payload["summary"])
    yield from (f"{name}: {value}" for name, value in payload["custom_details"].items())


def _http_handler(local: Local) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(min(int(self.headers["Content-Length"]), _MOST))
            self.send_response(local.post(self.path, json.loads(body)))
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    return Handler


def _smtp_handler(local: Local) -> type[socketserver.StreamRequestHandler]:
    """Return what speaks as much SMTP as one sender needs: https://www.rfc-editor.org/rfc/rfc5321#section-4.1.1."""

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            to: list[str] = []
            self._say("220 localhost")
            while line := self.rfile.readline(_MOST).decode("ascii", "replace").strip():
                command = line.upper()
                if command == "DATA":
                    self._say("354 go on")
                    local.mail(tuple(to), self._data())
                elif command.startswith("RCPT TO:"):
                    to.append(line[8:].strip(" <>"))
                self._say("221 bye" if command == "QUIT" else "250 localhost")
                if command == "QUIT":
                    return

        def _data(self) -> bytes:
            lines = []
            while (line := self.rfile.readline(_MOST)) not in (b".\r\n", b""):
                lines.append(line[1:] if line.startswith(b".") else line)
            return b"".join(lines)

        def _say(self, line: str) -> None:
            self.wfile.write(line.encode() + b"\r\n")

    return Handler
