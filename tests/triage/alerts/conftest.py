"""alerts.toml and a tracker to compare it with."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from tests.triage import glitchtip_double, sentry_double
from tests.triage.alerts import FILE, HOOK, Run


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "alerts.toml"
    path.write_text(FILE, encoding="utf-8")
    monkeypatch.setenv("ALERTS_FILE", str(path))
    monkeypatch.setenv("ALERT_SLACK_URL", HOOK)
    return path


def name(monkeypatch: pytest.MonkeyPatch, kind: str, url: str, token: str) -> None:
    named = {"KIND": kind, "URL": url, "ORG": "acme", "PROJECT": "goimg", "TOKEN": token}
    for variable, value in named.items():
        monkeypatch.setenv(f"TRACKER_{variable}", value)


@pytest.fixture
def glitchtip(monkeypatch: pytest.MonkeyPatch) -> Iterator[glitchtip_double.GlitchTipDouble]:
    with glitchtip_double.running() as double:
        name(monkeypatch, "glitchtip", double.url, glitchtip_double.TOKEN)
        yield double


@pytest.fixture
def sentry(monkeypatch: pytest.MonkeyPatch) -> Iterator[sentry_double.SentryDouble]:
    with sentry_double.running() as double:
        name(monkeypatch, "sentry", double.url, sentry_double.TOKEN)
        yield double


@pytest.fixture(params=["glitchtip", "sentry"])
def double(request: pytest.FixtureRequest) -> Any:
    """Each of the trackers that have rules."""
    return request.getfixturevalue(request.param)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the command; return its exit code and what it printed, which never has the webhook's secret."""

    def run(*arguments: str) -> tuple[int, str]:
        code = 0
        capsys.readouterr()
        try:
            call_command("sentry_alerts", *arguments)
        except SystemExit as stop:
            code = int(str(stop.code))
        printed = capsys.readouterr()
        assert "sEcReT" not in printed.out + printed.err
        return code, printed.out

    return run
