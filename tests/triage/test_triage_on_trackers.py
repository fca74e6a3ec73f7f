"""`sentry_triage` on what the application itself sent, to each tracker that can run here."""

from collections.abc import Iterator

import pytest

from apps.triage import config
from apps.triage.trackers.glitchtip import GlitchTip
from tests.triage import glitchtip_double
from tests.triage.scenario import triaging
from tests.triage.scenario.triaging import Desk
from tests.triage.scenario.world import send

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    with glitchtip_double.running() as double:
        tracker = GlitchTip(double.url, "acme", "goimg", glitchtip_double.TOKEN)
        monkeypatch.setattr(config, "tracker", lambda: tracker)
        yield Desk(send(double.dsn), capsys, lambda plan: send(double.dsn, plan))


def test_a_days_work(desk: Desk) -> None:
    triaging.everything_is_found(desk)
    triaging.an_issue_is_shown(desk)
    triaging.an_issue_is_worked_on(desk)
    triaging.an_issue_comes_back(desk)
    triaging.issues_are_changed_by_query(desk)
    triaging.an_issue_is_deleted(desk)
