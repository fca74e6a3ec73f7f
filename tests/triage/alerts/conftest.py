"""alerts.toml and a tracker to compare it with."""

from pathlib import Path
from typing import Any

import pytest

from tests.triage import commands
from tests.triage.alerts import FILE, HOOK, Run, written
from tests.triage.commands import Ran


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ALERT_SLACK_URL", HOOK)
    return written(tmp_path, FILE, monkeypatch)


@pytest.fixture(params=["glitchtip", "sentry"])
def double(request: pytest.FixtureRequest) -> Any:
    """Each of the trackers that have rules."""
    return request.getfixturevalue(request.param)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the command, which never prints the webhook's secret."""

    def run(*words: str) -> Ran:
        ran = commands.run(capsys, "sentry_alerts", *words)
        assert "sEcReT" not in ran.out + ran.err
        return ran

    return run
