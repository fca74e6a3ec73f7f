"""The scenario on each tracker; on a real one of yours with TRACKER_URL and its kin and SENTRY_DSN (see docs/triage.md)."""

import os
from pathlib import Path

import pytest

from .scenario.steps import Scenario


@pytest.mark.django_db(transaction=True)
def test_on_the_tracker_of_the_environment(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if not os.environ.get("LIVE"):
        pytest.skip("no LIVE")
    env = dict(line.strip().split("=", 1) for line in Path(os.environ["LIVE"]).read_text().splitlines() if "=" in line)
    for k, v in env.items():
        monkeypatch.setenv(k, v.strip("'\""))
    Scenario(env["SENTRY_DSN"].strip("'\""), capsys, tmp_path).run()


@pytest.mark.django_db(transaction=True)
def test_on_glitchtip_double(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.triage.glitchtip_double import TOKEN, running
    with running() as d:
        for k, v in {"TRACKER_KIND": "glitchtip", "TRACKER_URL": d.url, "TRACKER_ORG": "acme", "TRACKER_PROJECT": "goimg", "TRACKER_TOKEN": TOKEN, "SENTRY_DSN": d.dsn}.items():
            monkeypatch.setenv(k, v)
        Scenario(d.dsn, capsys, tmp_path).run()
