"""`sentry_triage` on what the application itself sent, on each tracker that can run here."""

import time
from typing import Any

import pytest

from apps.triage import config
from apps.triage.query import Query
from apps.triage.trackers import Tracker
from apps.triage.trackers.bugsink import Bugsink
from apps.triage.trackers.glitchtip import GlitchTip
from apps.triage.trackers.sentry import Sentry
from tests.triage import glitchtip_double, sentry_double
from tests.triage.real_bugsink import Project, RealBugsink
from tests.triage.scenario import triaging
from tests.triage.scenario.triaging import Desk
from tests.triage.scenario.world import Sent, planned, send

pytestmark = pytest.mark.django_db
Plan = list[tuple[str, int, str, str]]


def desk(dsn: str, tracker: Tracker, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setattr(config, "tracker", lambda: tracker)

    def send_again(plan: Plan) -> list[Sent]:
        expected = sum(issue.events for issue in tracker.issues(Query())) + len(plan)
        sent = send(dsn, plan)
        while sum(issue.events for issue in tracker.issues(Query())) < expected:
            time.sleep(0.1)
        return sent

    return Desk(send_again(planned()), capsys, send_again)


def work(desk: Desk) -> None:
    triaging.everything_is_found(desk)
    triaging.an_issue_is_shown(desk)
    triaging.an_issue_is_worked_on(desk)
    triaging.an_issue_comes_back(desk)
    triaging.issues_are_changed_by_query(desk)
    triaging.an_issue_is_deleted(desk)


HTML = (200, "text/html", b"<!doctype html><title>Sign in</title>")


@pytest.mark.parametrize(
    "words", [["list"], ["show", "r-1"], ["resolve", "--query", "is:unresolved", "--yes"], ["digest"]]
)
@pytest.mark.parametrize(
    ("trouble", "sentence"),
    [
        ({"token": "wrong" * 8}, "Check TRACKER_TOKEN"),
        ({"org": "nobody"}, "Sentry has no organisation nobody"),
        ({"url": "http://127.0.0.1:9"}, "cannot be reached"),
        ({"answer": HTML}, "did not answer JSON"),
        ({"answer": (502, "text/html", b"Bad gateway")}, "answered 502"),
    ],
)
def test_whatever_is_wrong_with_the_tracker_is_one_sentence(
    words: list[str],
    trouble: dict[str, Any],
    sentence: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with sentry_double.running() as double:
        double.answer = trouble.get("answer")
        token = trouble.get("token", sentry_double.TOKEN)
        tracker = Sentry(trouble.get("url", double.url), trouble.get("org", "acme"), "goimg", token)
        monkeypatch.setattr(config, "tracker", lambda: tracker)

        said = Desk([], capsys, lambda plan: []).run(*words, code=1)

    assert sentence in said
    assert token not in said
    assert len(said.strip().splitlines()) == 1


def test_a_days_work_on_glitchtip(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    with glitchtip_double.running() as double:
        tracker = GlitchTip(double.url, "acme", "goimg", glitchtip_double.TOKEN)
        work(desk(double.dsn, tracker, capsys, monkeypatch))


def test_a_days_work_on_sentry(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    with sentry_double.running() as double:
        jane = {"id": "7", "name": "Jane", "email": "jane@example.com", "username": "jane"}
        double.store.members = [{"id": "1", "user": jane}]
        tracker = Sentry(double.url, "acme", "goimg", sentry_double.TOKEN)
        work(desk(double.dsn, tracker, capsys, monkeypatch))


def test_a_days_work_on_a_real_bugsink(
    project: Project, real_bugsink: RealBugsink, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    tracker = Bugsink(project.url, project.project, project.token)
    work(desk(project.dsn, tracker, capsys, monkeypatch))
