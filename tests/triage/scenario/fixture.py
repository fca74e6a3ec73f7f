"""The scenario, ready to be run on the tracker that variables name."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from .steps import Scenario
from .world import ROOT

Run = Callable[[Mapping[str, str]], None]


@pytest.fixture
def scenario(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run it with SENTRY_DSN, TRACKER_URL and its kin; nothing of it is left in the checkout."""

    def run(variables: Mapping[str, str]) -> None:
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        before = list(ROOT.glob("erasure-*.json"))
        # Receipts of erasures are put where one is.
        monkeypatch.chdir(tmp_path)
        Scenario(variables["SENTRY_DSN"], capsys, tmp_path).run()
        assert list(ROOT.glob("erasure-*.json")) == before

    return run
