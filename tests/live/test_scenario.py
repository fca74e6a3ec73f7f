"""One week of triage on a tracker of your own."""

import os
from pathlib import Path

import pytest

from tests.triage.scenario.fixture import Run, scenario

__all__ = ["scenario"]
pytestmark = pytest.mark.django_db(transaction=True)
NEEDED = ("SENTRY_DSN", "TRACKER_URL", "TRACKER_PROJECT", "TRACKER_TOKEN")


def test_a_week_of_triage_on_a_tracker_of_yours(scenario: Run) -> None:
    """A file, and not the environment: what is exported for other work must never receive what tests send."""
    path = os.environ.get("LIVE_TRACKER")
    if not path:
        pytest.skip(f"LIVE_TRACKER names no file with {', '.join(NEEDED)}: no tracker of yours was tried")
    lines = Path(path).read_text(encoding="utf-8").splitlines()
    variables = dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    assert [name for name in NEEDED if not variables.get(name)] == [], f"{path} does not say all that is needed"

    scenario(variables)
