"""A tracker for one network: takes envelopes at port 9000, lists what it took at GET /. Runs in a container."""

import gzip
import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

TAKEN: list[dict[str, Any]] = []


class Handler(BaseHTTPRequestHandler):
    """https://develop.sentry.dev/sdk/foundations/transport/envelopes/"""

    def do_POST(self) -> None:
        """Keep the events of an envelope."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        lines = body.split(b"\n")
        for header, payload in zip(lines[1::2], lines[2::2], strict=False):
            if json.loads(header).get("type") == "event":
                TAKEN.append(json.loads(payload))
        self._answer(b"{}")

    def do_GET(self) -> None:
        """List the events."""
        self._answer(json.dumps(TAKEN).encode())

    def log_message(self, *args: Any) -> None:
        """Say nothing."""

    def _answer(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


if __name__ == "__main__":
    ThreadingHTTPServer(("0.0.0.0", 9000), Handler).serve_forever()  # noqa: S104 - for its network
