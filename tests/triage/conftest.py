"""A tracker that can be sent to and asked."""

from collections.abc import Iterator

import pytest

from apps.error_tracking.sink import Sink
from tests.triage.bugsink_double import TOKEN, BugsinkDouble, running


@pytest.fixture
def bugsink(sink: Sink, monkeypatch: pytest.MonkeyPatch) -> Iterator[BugsinkDouble]:
    """The environment names this tracker, for sending and for asking."""
    with running(sink) as double:
        monkeypatch.setenv("SENTRY_DSN", sink.dsn)
        monkeypatch.setenv("TRACKER_KIND", "bugsink")
        monkeypatch.setenv("TRACKER_URL", double.url)
        monkeypatch.setenv("TRACKER_PROJECT", "1")
        monkeypatch.setenv("TRACKER_TOKEN", TOKEN)
        yield double
