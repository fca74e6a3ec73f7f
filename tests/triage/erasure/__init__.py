"""What the tests of `manage.py sentry_erase` share."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.triage.memory_tracker import MemoryTracker


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    """Run the command; return its exit code and what it printed."""
    code = 0
    try:
        call_command("sentry_erase", *arguments)
    except SystemExit as stop:
        code = int(str(stop.code))
    except CommandError as error:
        code = error.returncode
        print(error)  # noqa: T201 - as manage.py does
    printed = capsys.readouterr()
    return code, printed.out + printed.err


def receipt() -> dict[str, object]:
    (path,) = Path().glob("erasure-*.json")
    found: dict[str, object] = json.loads(path.read_text())
    return found


def last_run() -> dict[str, object]:
    runs = receipt()["runs"]
    assert isinstance(runs, list)
    found: dict[str, object] = runs[-1]
    return found


def before(tracker: MemoryTracker, method: str, action: Callable[[], None]) -> None:
    """Let something happen right before the tracker's next `method`."""
    original = getattr(tracker, method)

    def wrapped(*arguments: object) -> object:
        action()
        return original(*arguments)

    setattr(tracker, method, wrapped)
