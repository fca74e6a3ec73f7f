"""A real Redis and real Celery processes, each gone at the end of its block."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
import redis
from celery import Celery

from tests.daemons import SECONDS, Daemon, free_port

METRICS_TOKEN = "t" * 32


@contextmanager
def redis_server(folder: Path) -> Iterator[str]:
    """Inside of the block a Redis listens; yield its URL. Skips the test where none is installed."""
    program = shutil.which("redis-server")
    if program is None:
        pytest.skip("redis-server is not installed (Debian: apt-get install redis-server)")
    port = free_port()
    arguments = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--databases", "100", "--dir", str(folder)]
    process = subprocess.Popen([program, *arguments], stdout=subprocess.DEVNULL)
    try:
        _wait_for_redis(port)
        yield f"redis://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait(SECONDS)


def _wait_for_redis(port: int) -> None:
    deadline = time.monotonic() + SECONDS
    with redis.Redis(port=port) as client:
        while time.monotonic() < deadline:
            with suppress(redis.ConnectionError):
                client.ping()
                return
            time.sleep(0.02)
    raise TimeoutError("redis-server does not listen")


def environment(folder: Path, broker: str, dsn: str, **variables: str) -> dict[str, str]:
    """Return a production environment with a broker and a tracker."""
    return {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "tests.error_tracking.worker_settings",
        "SECRET_KEY": "test-only-" + "k" * 50,
        "ALLOWED_HOSTS": "127.0.0.1",
        "SECURE_SSL_REDIRECT": "false",
        "DATABASE_URL": f"sqlite:///{folder / 'test.sqlite3'}",
        "STORAGE_URL": f"file://{folder / 'media'}",
        # Not the project's: of another tracker, which had the same port, something may have been left there.
        "OUTBOX_DIR": str(folder / "outbox"),
        "CELERY_BROKER_URL": broker,
        "SENTRY_DSN": dsn,
        "METRICS_TOKEN": METRICS_TOKEN,
        **variables,
    }


class CeleryProcess(Daemon):
    """`celery -A goimg worker` or `beat`."""

    def __init__(self, folder: Path, env: dict[str, str], *arguments: str) -> None:
        self.folder = folder
        command = [sys.executable, "-m", "celery", "-A", "goimg", *arguments]
        super().__init__(command, env, folder / f"{arguments[0]}.log")


def worker(folder: Path, env: dict[str, str], pool: str, *arguments: str) -> CeleryProcess:
    """Start a worker with one process or thread."""
    few = ("--without-gossip", "--without-mingle", "--concurrency=1")
    return CeleryProcess(folder, env, "worker", f"--pool={pool}", *few, *arguments)


def publisher(broker: str) -> Any:
    """Return an application of the test's own process, whose `send_task` puts messages into the broker."""
    return Celery("publisher", broker=broker, set_as_current=False)
