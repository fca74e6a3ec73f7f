"""A tracker to test against: a small HTTP server on loopback that keeps what it was sent, and can fail.

`with Sink() as sink:` gives `sink.dsn`; point the SDK at it, then look at the bytes: `sink.events()`, `sink.raw()`.
"""

import gzip
import json
import threading
import time
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

# How a tracker can be broken; `Sink.behaviour` takes one of these.
BEHAVIOURS = ("ok", "error_500", "html_503", "rate_limited", "too_large", "reset", "hang")
_ANSWERS = {"error_500": 500, "html_503": 503, "rate_limited": 429, "too_large": 413}


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
        body, rest = (rest[:length], rest[length:]) if length is not None else rest.split(b"\n", 1)
        rest = rest.removeprefix(b"\n")
        items.append(ReceivedItem(header, body))
    return json.loads(first), tuple(items)


class Sink:
    """A context manager; inside, a server on 127.0.0.1 at a free port. Thread-safe to read while it receives."""

    def __init__(self) -> None:
        self.envelopes: list[ReceivedEnvelope] = []
        self.behaviour = "ok"
        self._closing = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler_for(self))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    @property
    def dsn(self) -> str:
        """The DSN of this sink; its key is no secret."""
        return f"http://{'0' * 32}@127.0.0.1:{self._server.server_address[1]}/1"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._closing.set()
        self._server.shutdown()
        self._server.server_close()
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

    def wait_for(self, count: int, item_type: str = "event", seconds: float = 10) -> list[dict[str, Any]]:
        """Return the payloads of one type once there are `count`; raise TimeoutError, saying what came, if not."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if len(items := self.items(item_type)) >= count:
                return [item.payload for item in items]
            time.sleep(0.01)
        raise TimeoutError(f"{len(self.items(item_type))} of {count} items of type {item_type} came in {seconds} s.")


def _handler_for(sink: Sink) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            """Keep the envelope, or misbehave as told."""
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            if sink.behaviour == "ok":
                self._keep(body)
                self._answer(200, b"{}", "application/json")
            elif sink.behaviour == "hang":
                sink._closing.wait(60)
            elif sink.behaviour == "reset":
                self.close_connection = True
            else:
                self._answer(_ANSWERS[sink.behaviour], b"<html>broken</html>", "text/html")

        def _keep(self, body: bytes) -> None:
            raw = gzip.decompress(body) if self.headers.get("Content-Encoding") == "gzip" else body
            header, items = parse_envelope(raw)
            sink.envelopes.append(ReceivedEnvelope(dict(self.headers), header, items, raw))

        def _answer(self, status: int, body: bytes, content_type: str) -> None:
            self.send_response(status)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing: a test's output is the test's."""

    return Handler
