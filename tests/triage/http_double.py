"""What the trackers of the tests have in common: a server on loopback that answers one request after the other."""

import gzip
import json
import re
import sys
import threading
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it came."""

    method: str
    target: str
    headers: Message
    body: bytes

    @property
    def path(self) -> str:
        """The target without its query."""
        return urlsplit(self.target).path

    @property
    def params(self) -> dict[str, list[str]]:
        """The target's query."""
        return parse_qs(urlsplit(self.target).query, keep_blank_values=True)

    @property
    def json(self) -> Any:
        """The body's JSON; None where there is no body."""
        return json.loads(self.body or b"null")

    @property
    def envelope(self) -> tuple[str, bytes] | None:
        """The number of the project and the unpacked envelope, where an SDK sends one."""
        found = re.fullmatch(r"/api/(\d+)/envelope/", self.path)
        packed = self.headers.get("Content-Encoding") == "gzip"
        return (found[1], gzip.decompress(self.body) if packed else self.body) if found else None


@dataclass(frozen=True, slots=True)
class Reply:
    """What is answered. A body in parts has no length: it ends with the connection. `raw` is sent in place of all."""

    status: int
    body: bytes | Iterable[bytes] = b""
    content_type: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict)
    raw: Iterable[bytes] | None = None


def as_json(status: int, said: Any, link: str = "") -> Reply:
    """Return a reply with JSON, without a body where there is nothing to say."""
    body = b"" if said is None else json.dumps(said).encode()
    return Reply(status, body, headers={"Link": link} if link else {})


class _Server(ThreadingHTTPServer):
    request_queue_size = 128  # whatever comes at once; what is behind would wait for a second

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), ConnectionError):  # who asked is gone
            super().handle_error(request, client_address)


class HttpDouble(ABC):
    """Listens from when it is made; `serving` answers. Subclasses say what, in `respond`."""

    protocol: ClassVar = "HTTP/1.0"

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.server = _Server(("127.0.0.1", 0), _handler(self))
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.dsn = f"http://{'0' * 32}@127.0.0.1:{self.server.server_address[1]}/1"

    @abstractmethod
    def respond(self, asked: Asked) -> Reply | None:
        """Return the answer; None: the connection is closed without any."""


@contextmanager
def serving[Double: HttpDouble](double: Double) -> Iterator[Double]:
    """Answer in the block."""
    thread = threading.Thread(target=double.server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield double
    finally:
        double.server.shutdown()
        thread.join()
        double.server.server_close()


def _handler(double: HttpDouble) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = double.protocol

        def _handle(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            with double.lock:
                reply = double.respond(Asked(self.command, self.path, self.headers, body))
            if reply is None:
                self.close_connection = True
                return
            with suppress(ConnectionError):  # who asked does not want the rest
                if reply.raw is None:
                    self._send(reply)
                else:
                    self.wfile.writelines(reply.raw)

        do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = _handle

        def _send(self, reply: Reply) -> None:
            parts = [reply.body] if isinstance(reply.body, bytes) else reply.body
            length = {"Content-Length": str(len(reply.body))} if isinstance(reply.body, bytes) else {}
            self.send_response(reply.status)
            for name, value in {"Content-Type": reply.content_type, **length, **reply.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.writelines(parts)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    return Handler
