"""Runs the real gunicorn with the real configuration file, on a port that the system picks."""

import json
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Any, Self

from tests.daemons import SECONDS, Daemon


def environment(folder: Path, **variables: str) -> dict[str, str]:
    """Return a production environment that says only what it must, and `variables`."""
    return {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "tests.docker.app.settings",
        "SECRET_KEY": "test-only-" + "k" * 50,
        "ALLOWED_HOSTS": "127.0.0.1",
        "SECURE_SSL_REDIRECT": "false",
        "DATABASE_URL": f"sqlite:///{folder / 'test.sqlite3'}",
        "STORAGE_URL": f"file://{folder}",
        "OUTBOX_DIR": str(folder / "outbox"),
        "BIND": "127.0.0.1:0",
        "WEB_CONCURRENCY": "1",
        **variables,
    }


def command(*arguments: str) -> list[str]:
    """Return the command line that production uses."""
    return [sys.executable, "-m", "gunicorn", "-c", "docker/gunicorn.conf.py", *arguments, "goimg.wsgi"]


class Server(Daemon):
    """A running gunicorn; at the end of the block it and its workers are gone."""

    def __init__(self, folder: Path, *arguments: str, **variables: str) -> None:
        super().__init__(command(*arguments), environment(folder, **variables), folder / "stdout", folder / "stderr")
        self.port = 0

    def __enter__(self) -> Self:
        try:
            self.port = int(self.wait_for_match(r"Listening at: http://127\.0\.0\.1:(\d+)")[1])
        except BaseException:
            self.kill()
            raise
        return self

    def connect(self) -> HTTPConnection:
        """Return a connection of its own."""
        return HTTPConnection("127.0.0.1", self.port, timeout=SECONDS)

    def get(self, path: str, **headers: str) -> HTTPResponse:
        """Return the response to one GET, with its body read into `content`."""
        with closing(self.connect()) as connection:
            connection.request("GET", path, headers=headers)
            with connection.getresponse() as response:
                response.content = response.read()  # type: ignore[attr-defined]
                return response

    def send(self, request: bytes) -> bytes:
        """Return the first bytes of the answer to bytes that need not be HTTP."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=SECONDS) as raw:
            raw.sendall(request)
            return raw.recv(65536)

    def access_lines(self) -> list[dict[str, Any]]:
        """Return the access log, parsed; raise ValueError if a line is not JSON."""
        return [json.loads(line) for line in self.output.read_text().splitlines()]


@contextmanager
def hanging(server: Server, path: str, **headers: str) -> Iterator[HTTPConnection]:
    """Inside the block a request to `path` is under way."""
    with closing(server.connect()) as connection:
        connection.request("GET", path, headers=headers)
        yield connection
