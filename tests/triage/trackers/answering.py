"""A server on loopback that gives prepared answers and keeps what it was asked."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import repeat

JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Answer:
    """`echo` puts the request's Authorization header into the body; `endless` repeats the body until nobody reads."""

    status: int = 200
    body: str | bytes = "{}"
    content_type: str = JSON
    headers: dict[str, str] = field(default_factory=dict)
    echo: bool = False
    endless: bool = False


@dataclass(slots=True)
class Server:
    """Gives `answers` one after the other, the last one again and again; `asked` are method, target and token."""

    url: str
    answers: list[Answer] = field(default_factory=list)
    asked: list[tuple[str, str, str]] = field(default_factory=list)


@contextmanager
def answering() -> Iterator[Server]:
    """Run such a server."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    running = Server(f"http://127.0.0.1:{server.server_address[1]}")
    server.RequestHandlerClass = _handler(running)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield running
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _handler(server: Server) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            authorization = self.headers.get("Authorization", "")
            server.asked.append((self.command, self.path, authorization))
            answer = server.answers.pop(0) if len(server.answers) > 1 else server.answers[0]
            body = answer.body.encode() if isinstance(answer.body, str) else answer.body
            body += authorization.encode() * answer.echo
            self.send_response(answer.status)
            length = {} if answer.endless else {"Content-Length": str(len(body))}
            for name, value in {"Content-Type": answer.content_type, **length, **answer.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            with suppress(ConnectionError):
                for part in repeat(body) if answer.endless else (body,):
                    self.wfile.write(part)

        do_GET = do_POST = do_PUT = do_DELETE = answer

        def log_message(self, format: str, *args: object) -> None:
            pass

    return Handler
