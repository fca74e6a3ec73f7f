"""A tracker in memory, and how `manage.py sentry_triage` is run on it."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.core.management import CommandError

from apps.triage import config
from tests.triage import commands
from tests.triage.commands import Ran
from tests.triage.desk import Run
from tests.triage.fake_tracker import FakeTracker


@pytest.fixture
def tracker() -> FakeTracker:
    return FakeTracker(clock=datetime.now(UTC))


@pytest.fixture
def run(tracker: FakeTracker, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    def run(*arguments: str, on: FakeTracker = tracker) -> Ran:
        monkeypatch.setattr(config, "tracker", lambda: on)
        try:
            return commands.run(capsys, "sentry_triage", *arguments)
        except CommandError as error:
            printed = capsys.readouterr()
            return Ran(error.returncode, printed.out, printed.err + str(error))

    return run


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    def terminal(width: int) -> None:
        monkeypatch.setattr("sys.stdout.isatty", lambda: True)
        monkeypatch.setenv("COLUMNS", str(width))

    return terminal
