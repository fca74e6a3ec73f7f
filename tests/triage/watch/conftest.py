"""Trackers to watch, and receivers on loopback."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from apps.triage.alerts import file
from apps.triage.notify.local import Local
from tests.triage.alerts import written
from tests.triage.watch.moving import Moving

ALERTS = """
timezone = "UTC"
environments = ["production"]
runbook = "docs/deployment/runbook.md"

[receivers.pager]
kind = "pagerduty"
key_variable = "ALERT_PAGERDUTY_KEY"

[receivers.chat]
kind = "slack"
url_variable = "ALERT_SLACK_URL"

[receivers.team]
kind = "email"
to = ["team@example.com"]

[priorities]
P0 = { to = ["pager", "chat"] }
P1 = { to = ["chat"] }
P2 = { to = ["team"] }

[[rules]]
name = "new issue"
on = "new issue"

[[rules]]
name = "spike"
on = "spike"
events = 10
minutes = 1
again = "24h"

[[rules]]
name = "user impact"
on = "users"
users = 10
again = "24h"
"""


@pytest.fixture(params=["project", "glitchtip", "sentry"], ids=["bugsink", "glitchtip", "sentry"])
def dsn(request: pytest.FixtureRequest) -> str:
    """Where to send errors, on each of the trackers in turn, which the environment names."""
    return str(request.getfixturevalue(request.param).dsn)


@pytest.fixture
def bugsink_dsn(project: Any) -> str:
    return str(project.dsn)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The watch's folder; the environment names it and a file with rules."""
    written(tmp_path, ALERTS, monkeypatch)
    monkeypatch.setenv("WATCH_STATE_DIR", str(tmp_path / "watch"))
    return tmp_path / "watch"


@pytest.fixture
def local(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Local]:
    """Receivers on loopback, which the environment names."""
    receivers = list(file.load(folder.parent / "alerts.toml").receivers.values())
    with Local() as running:
        for name, value in running.environ(receivers).items():
            monkeypatch.setenv(name, value)
        yield running


@pytest.fixture
def tracker() -> Moving:
    """A tracker to which things happen between two looks."""
    return Moving()
