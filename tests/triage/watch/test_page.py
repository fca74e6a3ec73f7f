"""The commands of docs/deployment/alerts.md typed as they are written there, but for folders."""

import os
import signal
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from apps.triage.notify.local import Local
from tests.conftest import ROOT
from tests.live.conftest import clean_environment
from tests.triage.real_bugsink import Project
from tests.triage.watch.watching import environment, wait_until

SECONDS = 600  # only ever reached by what hangs
VENV = ".venv/bin/python"


@pytest.fixture
def gate(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return folder.parent / "gate"


def _variables(gate: Path) -> dict[str, str]:
    return clean_environment() | environment(SENTRY_DSN=os.environ["SENTRY_DSN"], GATE_DIR=str(gate))


def typed(line: str, gate: Path) -> str:
    """Run a line to its end, which must be a good one, and return what it prints."""
    here = line.replace(VENV, sys.executable).replace("> exported.toml", f"> {gate.parent}/exported.toml")
    result = subprocess.run(
        ["sh", "-c", here.replace(".local/watch", str(gate.parent / "watch"))],
        cwd=ROOT,
        env=_variables(gate),
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout + result.stderr


@contextmanager
def running(line: str, gate: Path) -> Iterator[Callable[[], int]]:
    """Run a line beside the test; yields what ends it and returns its exit code."""
    words = line.replace(VENV, sys.executable).split()
    with subprocess.Popen(words, cwd=ROOT, env=_variables(gate), stdout=subprocess.DEVNULL) as process:

        def ended() -> int:
            process.send_signal(signal.SIGTERM)
            return process.wait(SECONDS)

        try:
            yield ended
        finally:
            process.kill()


def test_the_watch_looks_once_and_again(project: Project, local: Local, gate: Path, folder: Path) -> None:
    said = typed(".venv/bin/python manage.py sentry_watch --dry-run", gate)
    assert "First look" in said
    assert "Nothing changed." in typed(".venv/bin/python manage.py sentry_watch", gate)
    typed('test -n "$(find .local/watch/heartbeat -mmin -10)"', gate)
    (folder / "heartbeat").unlink()
    with running(".venv/bin/python manage.py sentry_watch --interval 60s", gate) as ended:
        wait_until((folder / "heartbeat").exists, "a look")
        assert ended() == 0


def test_rules_are_seen_to_fire(project: Project, local: Local, gate: Path) -> None:
    typed(".venv/bin/python manage.py sentry_alerts test --receiver local", gate)
    assert local.received == []
    typed('.venv/bin/python manage.py sentry_alerts test "new issue"', gate)
    typed(".venv/bin/python manage.py sentry_alerts test", gate)
    assert {one.kind for one in local.received} == {"pagerduty", "slack", "email"}
    assert (gate / "fired.json").exists()


@pytest.mark.parametrize("dsn", ["glitchtip"], indirect=True)
def test_rules_are_read_and_compared_and_written(dsn: str, gate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SENTRY_DSN", dsn)
    assert "is in order" in typed(".venv/bin/python manage.py sentry_alerts validate", gate)
    assert "Who evaluates" in typed(".venv/bin/python manage.py sentry_alerts plan", gate)
    typed(".venv/bin/python manage.py sentry_alerts apply", gate)
    typed(".venv/bin/python manage.py sentry_alerts export > exported.toml", gate)
    assert tomllib.loads((gate.parent / "exported.toml").read_text()) is not None
