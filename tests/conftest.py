"""Fixtures that more than one folder uses."""

import os
import signal
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import hypothesis
import pytest
import sentry_sdk
from django.core.handlers.wsgi import WSGIHandler
from django.db.backends.sqlite3.base import DatabaseWrapper

from apps.error_tracking import sdk
from apps.error_tracking.config import Config
from apps.error_tracking.sink import Sink

ROOT = Path(__file__).parent.parent
# How long an example takes says how busy the machine is, and what chance finds was not broken by the last change:
# each run has the same examples. To look for more: pytest --hypothesis-profile=search
_SLOW = [hypothesis.HealthCheck.too_slow]
hypothesis.settings.register_profile("search", deadline=None, suppress_health_check=_SLOW, max_examples=5000)
hypothesis.settings.register_profile(
    "same", deadline=None, suppress_health_check=_SLOW, derandomize=True, database=None
)
hypothesis.settings.load_profile("same")
# Whoever starts the tests in the background of a script has them, and all that they start, ignore it.
signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_xdist_auto_num_workers() -> int:
    """Let one more run than there are processors: every second of two that a test takes, it waits for a server."""
    return (os.cpu_count() or 1) + 1


@dataclass
class Tracked:
    """This process, reporting to a sink of its own over HTTP."""

    sink: Sink

    def start(self, **changes: Any) -> None:
        """Start the SDK; `changes` are fields of Config."""
        defaults: dict[str, Any] = {
            "dsn": self.sink.dsn,
            "environment": "test",
            "release": "goimg-api@0.0.1",
            "traces_sample_rate": 0.0,
            "project_root": str(ROOT),
        }
        sdk.start(Config(**(defaults | changes)))

    def client(self, **options: Any) -> httpx.Client:
        """Return an HTTP client of the whole service, through real WSGI."""
        transport = httpx.WSGITransport(app=WSGIHandler(), raise_app_exceptions=False, **options)
        return httpx.Client(transport=transport, base_url="http://testserver")

    def events(self) -> list[dict[str, Any]]:
        """Return all events that arrived, once the queue is empty."""
        sentry_sdk.flush(timeout=60)
        return self.sink.events()

    def transactions(self) -> list[dict[str, Any]]:
        """Return all transactions that arrived, once the queue is empty."""
        sentry_sdk.flush(timeout=60)
        return self.sink.transactions()

    def wire(self) -> str:
        """Return every decompressed byte that arrived, HTTP headers included."""
        sentry_sdk.flush(timeout=60)
        return self.sink.raw().decode()


@pytest.fixture
def sink() -> Iterator[Sink]:
    with Sink() as running:
        yield running


@pytest.fixture
def tracked(sink: Sink) -> Iterator[Tracked]:
    """A tracker that this process reports to; nothing of it is left for the next test."""
    with sentry_sdk.isolation_scope() as isolated, sentry_sdk.new_scope() as current:
        # A new scope begins as a copy, with the breadcrumbs of the tests before.
        isolated.clear()
        current.clear()
        tracked = Tracked(sink)
        tracked.start()
        try:
            yield tracked
        finally:
            sentry_sdk.get_client().close(timeout=1)
            sentry_sdk.get_global_scope().set_client(None)


@pytest.fixture
def closable_database(monkeypatch: pytest.MonkeyPatch) -> None:
    """For what asks health/ready, whose probe has a thread and a connection of its own.

    Django never closes a connection to a database in memory, because it would be gone; the test's own keeps it there.
    """
    monkeypatch.setattr(
        DatabaseWrapper, "is_in_memory_db", lambda self: threading.current_thread() is threading.main_thread()
    )
