"""One measured application under gunicorn, with a tracker of its own."""

import http.client
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from apps.error_tracking.sink import Sink

ROOT = Path(__file__).resolve().parents[2]
_FILE = b"x" * 20_000
_UPLOAD = (
    b'--part\r\nContent-Disposition: form-data; name="file"; filename="jane.jpg"\r\n'
    b"Content-Type: image/jpeg\r\n\r\n" + _FILE + b"\r\n--part--\r\n"
)
_HEADERS = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64)", "Accept": "*/*", "Cookie": "theme=dark; sessionid=none"}


def environment_of(kind: str, traces: float, folder: str, dsn: str) -> dict[str, str]:
    """Return the environment variables of an application; no tracker is known to "off"."""
    # PYTHON…: without files of bytecode, starting would be compiling.
    others = ("SENTRY_", "DJANGO_", "OUTBOX", "PYTHON")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(others)}
    kept |= {"BENCH_KIND": kind, "BENCH_FOLDER": folder, "DJANGO_SETTINGS_MODULE": "bench.overhead.project.settings"}
    if kind != "off":
        kept |= {"SENTRY_DSN": dsn, "SENTRY_TRACES_SAMPLE_RATE": str(traces)}
    return kept | ({"OUTBOX_DIR": f"{folder}/outbox"} if kind == "goimg" else {})


class Server:
    """A context manager: inside, one worker answers on loopback."""

    def __init__(self, kind: str, traces: float, worker: str) -> None:
        self.kind, self.traces, self.worker = kind, traces, worker
        self.sink = Sink()
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        self._stack.enter_context(self.sink)
        folder = self._stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True))
        socket = f"{folder}/address"
        command = [sys.executable, "-m", "gunicorn", "bench.overhead.project.wsgi:application", "--bind", "127.0.0.1:0"]
        command += [
            "--workers",
            "1",
            "--worker-class",
            self.worker,
            "--threads",
            "4" if self.worker == "gthread" else "1",
        ]
        command += ["--log-level", "info", "--log-file", socket, "--worker-tmp-dir", folder, "--keep-alive", "120"]
        self._process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment_of(self.kind, self.traces, folder, self.sink.dsn),
            start_new_session=True,
        )
        self._connection = http.client.HTTPConnection("127.0.0.1", _port(Path(socket)), timeout=60)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        os.killpg(self._process.pid, signal.SIGKILL)  # the tracker may hang; there is nothing to save
        self._process.wait()
        self._stack.close()

    def ask(self, request: str) -> float:
        """Send one request; return how many milliseconds the answer took."""
        began = time.perf_counter()
        if request == "upload":
            headers = _HEADERS | {"Content-Type": "multipart/form-data; boundary=part"}
            self._connection.request("POST", "/upload", _UPLOAD, headers)
        else:
            self._connection.request("GET", f"/{request}?page=2&token=none-at-all", headers=_HEADERS)
        answer = self._connection.getresponse()
        answer.read()
        if answer.status != (500 if request == "unhandled" else 200):
            raise RuntimeError(f"{self.kind} answered /{request} with {answer.status}.")
        return (time.perf_counter() - began) * 1000

    def control(self) -> dict[str, Any]:
        """Return what the worker says of itself (see wsgi.py)."""
        self._connection.request("GET", "/_control")
        said: dict[str, Any] = json.loads(self._connection.getresponse().read())
        return said

    def sizes(self) -> list[int]:
        """Return how many bytes each envelope with an error had on the wire."""
        return [
            int(envelope.http_headers["Content-Length"])
            for envelope in self.sink.envelopes
            if any(item.type == "event" for item in envelope.items)
        ]


def _port(log: Path, seconds: float = 30) -> int:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        text = log.read_text(encoding="utf-8") if log.exists() else ""
        if "Listening at: http://127.0.0.1:" in text:
            return int(text.partition("Listening at: http://127.0.0.1:")[2].split()[0])
        time.sleep(0.02)
    raise TimeoutError("gunicorn did not start.")
