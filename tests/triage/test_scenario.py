"""The scenario on each tracker; on one of yours when LIVE_TRACKER names a file with TRACKER_URL and so on."""

import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.triage import glitchtip_double, sentry_double
from tests.triage.glitchtip_rows import member
from tests.triage.real_bugsink import Project

from .scenario.steps import Scenario
from .scenario.world import ROOT

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def scenario(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def run(variables: Mapping[str, str]) -> None:
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        # Receipts of erasures are put where one is.
        monkeypatch.chdir(tmp_path)
        Scenario(variables["SENTRY_DSN"], capsys, tmp_path).run()
        assert list(ROOT.glob("erasure-*.json")) == []

    return run


def test_on_bugsink(project: Project, scenario) -> None:
    scenario(project.variables())


def test_on_the_double_of_glitchtip(scenario) -> None:
    with glitchtip_double.running() as double:
        double.store.members = [member(1)]
        scenario(_variables("glitchtip", double))


def test_on_the_double_of_sentry(scenario) -> None:
    jane = {"id": "7", "name": "Jane", "email": "jane@example.com", "username": "jane", "has2fa": True}
    with sentry_double.running() as double:
        double.store.members = [
            {
                "id": "1",
                "email": jane["email"],
                "name": "Jane",
                "orgRole": "member",
                "pending": False,
                "expired": False,
                "dateCreated": "2026-01-02T03:04:05Z",
                "teams": [],
                "user": jane,
            }
        ]
        scenario(_variables("sentry", double))


def _variables(kind: str, double: glitchtip_double.GlitchTipDouble | sentry_double.SentryDouble) -> dict[str, str]:
    return {
        "TRACKER_KIND": kind,
        "TRACKER_URL": double.url,
        "TRACKER_ORG": "acme",
        "TRACKER_PROJECT": "goimg",
        "TRACKER_TOKEN": "t" * 40,
        "SENTRY_DSN": double.dsn,
    }


def test_on_a_tracker_of_yours(scenario) -> None:
    path = os.environ.get("LIVE_TRACKER")
    if not path:
        pytest.skip("LIVE_TRACKER names no file with TRACKER_URL and its kin: no tracker of yours was tried")
    lines = Path(path).read_text(encoding="utf-8").splitlines()
    scenario(dict(line.split("=", 1) for line in lines if "=" in line))
