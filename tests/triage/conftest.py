"""A tracker that can be sent to and asked."""

from collections.abc import Iterator

import pytest

from apps.error_tracking.sink import Sink
from apps.triage import detect
from apps.triage.trackers import http
from apps.triage.trackers.bugsink import notes
from tests.triage import commands, glitchtip_double, sentry_double
from tests.triage import real_bugsink as real
from tests.triage.bugsink_double import TOKEN, BugsinkDouble, running


@pytest.fixture(scope="session")
def real_bugsink(tmp_path_factory: pytest.TempPathFactory) -> Iterator[real.RealBugsink]:
    """A real Bugsink, one for each worker; `real_bugsink.project()` makes a project of a test's own."""
    with real.running(tmp_path_factory.mktemp("bugsink")) as server:
        yield server


@pytest.fixture
def project(real_bugsink: real.RealBugsink, monkeypatch: pytest.MonkeyPatch) -> real.Project:
    """An empty project on the real Bugsink, which the environment names."""
    project = real_bugsink.project()
    for name, value in project.variables().items():
        monkeypatch.setenv(name, value)
    return project


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


@pytest.fixture
def glitchtip(monkeypatch: pytest.MonkeyPatch) -> Iterator[glitchtip_double.GlitchTipDouble]:
    """The environment names this GlitchTip."""
    with glitchtip_double.running() as double:
        commands.name(monkeypatch, "glitchtip", double.url, double.dsn)
        yield double


@pytest.fixture
def sentry(monkeypatch: pytest.MonkeyPatch) -> Iterator[sentry_double.SentryDouble]:
    """The environment names this Sentry."""
    with sentry_double.running() as double:
        commands.name(monkeypatch, "sentry", double.url, double.dsn)
        yield double


@pytest.fixture(autouse=True)
def _patience_with_a_busy_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (http, detect, notes):
        monkeypatch.setattr(module, "TIMEOUT", 60.0)
    monkeypatch.setattr(notes, "_ARRIVAL_SECONDS", 60.0)


@pytest.fixture(autouse=True)
def _no_waiting_between_attempts(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if "patient" in request.fixturenames:
        return
    for name in ("_AGAIN", "_AGAIN_POST"):
        monkeypatch.setattr(http, name, getattr(http, name).copy_with(backoff_factor=0, max_backoff_wait=0.01))


@pytest.fixture
def patient() -> None:
    """For a test of the waiting itself."""
