"""A tracker to test against: a small HTTP server on loopback that keeps what it was sent, and can fail.

`with Sink() as sink:` gives `sink.dsn`; point the SDK at it, then look at the bytes: `sink.events()`, `sink.raw()`.
"""

import gzip
import json
import socket
import struct
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

# How a tracker can be broken; `Sink.behaviour` takes one of these.
_ANSWERS: dict[str, tuple[int, dict[str, str]]] = {
    "error_500": (500, {}),
    "html_502": (502, {}),
    "html_503": (503, {}),
    "rate_limited": (429, {}),
    "rate_limited_retry_after": (429, {"Retry-After": "1"}),
    "rate_limited_categories": (429, {"X-Sentry-Rate-Limits": "1:error;transaction:project"}),
    "rate_limited_for_no_time": (429, {"Retry-After": "0"}),
    "rate_limited_until_long_ago": (429, {"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"}),
    "rate_limited_for_others": (429, {"X-Sentry-Rate-Limits": "60:transaction:project"}),
    "too_large": (413, {}),
    "bad_request": (400, {}),
    "forbidden": (403, {}),
    "web_page": (200, {}),  # a proxy's, or a front end's that answers 200 to every path
}
# "ok" and "slow" (ok, after 200 ms) keep what they are sent, the others do not.
BEHAVIOURS = ("ok", "slow", *_ANSWERS, "reset", "reset_in_body", "drip", "hang")
_SLOW = 0.2  # seconds


@dataclass(frozen=True, slots=True)
class ReceivedItem:
    """One item of an envelope, as it came over the wire (https://develop.sentry.dev/sdk/envelopes/)."""

    header: dict[str, Any]
    body: bytes

    @property
    def type(self) -> str:
        """The item's type, such as event or transaction."""
        return str(self.header.get("type"))

    @property
    def payload(self) -> Any:
        """The decoded JSON body; None where the body is not JSON."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None


@dataclass(frozen=True, slots=True)
class ReceivedEnvelope:
    """One decompressed envelope, with the HTTP headers that came with it."""

    http_headers: dict[str, str]
    header: dict[str, Any]
    items: tuple[ReceivedItem, ...]
    raw: bytes


def parse_envelope(raw: bytes) -> tuple[dict[str, Any], tuple[ReceivedItem, ...]]:
    """Split the bytes of an envelope into its header and its items. Raises ValueError if they are not one."""
    first, _, rest = raw.partition(b"\n")
    items = []
    while rest.strip():
        header_line, _, rest = rest.partition(b"\n")
        header = json.loads(header_line)
        length = header.get("length")
        body, rest = (rest[:length], rest[length:]) if length is not None else rest.partition(b"\n")[::2]
        rest = rest.removeprefix(b"\n")
        items.append(ReceivedItem(header, body))
    return json.loads(first), tuple(items)


class Sink:
    """A context manager; inside, a server on 127.0.0.1, at a free port or the one that is given.

    Thread-safe to read while it receives.
    """

    def __init__(self, port: int = 0) -> None:
        self.envelopes: list[ReceivedEnvelope] = []
        self.behaviour = "ok"
        # Of an envelope's bytes, decompressed: what is answered 413, and what 500, while all others are kept.
        self.finds_too_large: Callable[[bytes], bool] = lambda _: False
        self.breaks_at: Callable[[bytes], bool] = lambda _: False
        self.answered: list[str] = []  # the behaviour of each request
        self._closing = threading.Event()
        self._server = _Server(("127.0.0.1", port), _handler_for(self))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self._server.server_address[1])

    @property
    def dsn(self) -> str:
        """The DSN of this sink; its key is no secret."""
        return f"http://{'0' * 32}@127.0.0.1:{self.port}/1"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._server.hang_up()
        self._thread.join()

    def items(self, item_type: str | None = None) -> list[ReceivedItem]:
        """Return the items received so far, of one type or of all."""
        items = [item for envelope in list(self.envelopes) for item in envelope.items]
        return [item for item in items if item_type in (None, item.type)]

    def events(self) -> list[dict[str, Any]]:
        """Return the payloads of the error events received so far."""
        return [item.payload for item in self.items("event")]

    def transactions(self) -> list[dict[str, Any]]:
        """Return the payloads of the transactions received so far."""
        return [item.payload for item in self.items("transaction")]

    def raw(self) -> bytes:
        """Return all decompressed bytes and HTTP header lines received so far: for searching."""
        lines = (json.dumps(envelope.http_headers).encode() + b"\n" + envelope.raw for envelope in self.envelopes)
        return b"\n".join(lines)

    def wait_for(self, count: int, item_type: str = "event", seconds: float = 60) -> list[dict[str, Any]]:
        """Return the payloads of one type once there are `count`; raise TimeoutError, saying what came, if not."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if len(items := self.items(item_type)) >= count:
                return [item.payload for item in items]
            time.sleep(0.01)
        raise TimeoutError(f"{len(self.items(item_type))} of {count} items of type {item_type} came in {seconds} s.")


class _Server(ThreadingHTTPServer):
    request_queue_size = 128  # whatever comes at once; what is behind would wait for a second

    def __init__(self, *arguments: Any) -> None:
        self.connected: set[socket.socket] = set()
        super().__init__(*arguments)

    def get_request(self) -> tuple[Any, Any]:
        """Remember who is connected."""
        request, address = super().get_request()
        self.connected.add(request)
        return request, address

    def shutdown_request(self, request: Any) -> None:
        """Close without the goodbye that would come before a reset."""
        self.connected.discard(request)
        self.close_request(request)

    def hang_up(self) -> None:
        """End every connection: one that is kept alive would be served on."""
        for request in list(self.connected):
            with suppress(OSError):
                request.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of clients that hang up."""


def _handler_for(sink: Sink) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # head and body are two writes, and the second would wait 40 ms

        def do_POST(self) -> None:
            """Keep the envelope, or misbehave as told."""
            length, behaviour = int(self.headers.get("Content-Length", 0)), sink.behaviour
            sink.answered.append(behaviour)
            if behaviour == "reset_in_body":
                self.rfile.read(length // 2)
                self._reset()
                return
            body = self.rfile.read(length)
            if behaviour in ("ok", "slow") and sink.finds_too_large(self._raw(body)):
                self._answer(413, b"", "text/plain")
            elif behaviour in ("ok", "slow") and sink.breaks_at(self._raw(body)):
                self._answer(500, b"", "text/plain")
            elif behaviour in ("ok", "slow"):
                sink._closing.wait(_SLOW if behaviour == "slow" else 0)
                self._keep(body)
                self._answer(200, b"{}", "application/json")
            elif behaviour == "hang":
                sink._closing.wait(60)
            elif behaviour == "reset":
                self.close_connection = True
            elif behaviour == "drip":
                self._drip()
            else:
                status, headers = _ANSWERS[behaviour]
                self._answer(status, b"<html>broken</html>", "text/html; charset=utf-8", headers)

        def _reset(self) -> None:
            # With no time to linger, closing a socket sends RST.
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.close_connection = True

        def _drip(self) -> None:
            """Begin an answer that never ends, byte by byte."""
            self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Padding: ")
            while not sink._closing.wait(0.05):
                self.wfile.write(b".")
                self.wfile.flush()

        def _raw(self, body: bytes) -> bytes:
            return gzip.decompress(body) if self.headers.get("Content-Encoding") == "gzip" else body

        def _keep(self, body: bytes) -> None:
            raw = self._raw(body)
            header, items = parse_envelope(raw)
            sink.envelopes.append(ReceivedEnvelope(dict(self.headers), header, items, raw))

        def _answer(
            self, status: int, body: bytes, content_type: str, headers: Mapping[str, str] | None = None
        ) -> None:
            self.send_response(status)
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing: a test's output is the test's."""

    return Handler
