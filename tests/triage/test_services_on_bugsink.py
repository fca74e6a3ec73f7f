"""Trends, releases, erasure and access on a real Bugsink, with errors that the application itself sent."""

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from apps.triage.query import Query
from apps.triage.trackers.base import Resolution
from apps.triage.trackers.bugsink import Bugsink
from tests.triage.real_bugsink import Project
from tests.triage.scenario.world import ENVIRONMENTS, KINDS, RELEASES, Sent, send

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class World:
    """What was sent, and the tracker that has it."""

    sent: list[Sent]
    tracker: Bugsink

    def users(self) -> Counter[str]:
        return Counter(one.user for one in self.sent)


@pytest.fixture
def world(project: Project, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> World:
    monkeypatch.chdir(tmp_path)
    return World(send(project.dsn), tracker_of(project))


def tracker_of(project: Project) -> Bugsink:
    return Bugsink(project.url, project.project, project.token)


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    capsys.readouterr()
    code = 0
    try:
        call_command(*arguments)
    except SystemExit as stop:
        code = int(str(stop.code))
    return code, capsys.readouterr().out


def test_the_figures_are_those_of_what_was_sent(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    document = json.loads(run(capsys, "sentry_trends", "--period=day", "--json")[1])

    assert document["totals"] == {"events": 50, "issues": len(KINDS), "new_issues": len(KINDS), "users": 12}
    assert sum(document["series"]) == 50
    environments = {one["name"]: (one["events"], one["users"]) for one in document["environments"]}
    releases = {one["version"]: one["events"] for one in document["releases"]}
    for name in ENVIRONMENTS:
        mine = [one for one in world.sent if one.environment == name]
        assert environments[name] == (len(mine), len({one.user for one in mine}))
    assert releases == {version: sum(one.release == version for one in world.sent) for version in RELEASES}
    assert [one["events"] for one in document["top"]] == sorted((kind[3] for kind in KINDS.values()), reverse=True)
    assert document["top"][0]["users"] == 12


def test_the_time_to_resolution_comes_from_the_note(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    noted, other = [top["issue"]["id"] for top in json.loads(run(capsys, "sentry_trends", "--json")[1])["top"][:2]]
    for issue in (noted, other):
        world.tracker.resolve(issue, Resolution())
    world.tracker.comment(noted, "[goimg triage] resolved")

    repair = json.loads(run(capsys, "sentry_trends", "--json")[1])["repair"]

    assert (repair["resolved"], repair["known"]) == (2, 1)
    assert repair["mean"] >= 0
    assert repair["remark"].startswith("Bugsink does not say when 1 of 2 were resolved")


def test_a_page_of_real_errors_is_written(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "sentry_trends", "--html=trends.html")

    page = Path("trends.html").read_text()
    assert "ExceptionGroup" in page
    assert f'href="{world.tracker.url}/issues/issue/' in page


def test_of_a_person_what_is_theirs_alone_is_deleted_and_then_all(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    # The two failed uploads are one person's; all other kinds have more people than one.
    person = next(one.user for one in world.sent if one.kind == "upload")
    theirs = world.users()[person]

    code, out = run(capsys, "sentry_erase", person, "--yes")

    assert code == 1
    assert "Deleted 1 of 1 issue." in out
    assert f"Searched again: {theirs - 2} events of this user left" in out
    stored = {event.event_id for issue in world.tracker.issues(Query()) for event in world.tracker.events(issue.id)}
    assert stored == {one.event_id for one in world.sent if one.kind != "upload"}

    code, out = run(capsys, "sentry_erase", person, "--yes", "--include-shared")

    assert code == 0
    assert "Searched again: Bugsink has no event of this user." in out
    (receipt,) = Path().glob("erasure-*.json")
    document = json.loads(receipt.read_text())
    assert [one["outcome"] for one in document["runs"]] == ["incomplete", "complete"]
    assert document["runs"][0]["found"]["events"] == theirs
    assert person not in receipt.read_text()


def test_a_release_is_there_and_what_bugsink_cannot_keep_is_said(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    for said in ("new there", "was there already"):
        assert run(capsys, "sentry_release", "create", RELEASES[0])[1] == f"Bugsink has {RELEASES[0]} ({said}).\n"
    for action in (["finalize"], ["deploy", "production"], ["commits", "--from-git=HEAD"]):
        out = run(capsys, "sentry_release", action[0], RELEASES[1], *action[1:])[1]
        assert out.startswith("Bugsink 2.6 ")
        assert f"Recorded instead: that {RELEASES[1]} exists (" in out
    assert {one.version for one in tracker_of(project).releases()} == set(RELEASES)


def test_the_access_review_says_that_bugsink_does_not_tell(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out = run(capsys, "sentry_access")

    assert code == 1
    assert "Cannot be read: Bugsink 2.6 has no members in its API; see Team settings in its pages.\n" in out
    assert out.endswith("Bugsink does not say who has access: review it in its own pages.\n")


@pytest.mark.parametrize(
    "arguments", [["sentry_trends"], ["sentry_erase", "1"], ["sentry_release", "create", "goimg-api@1.0.0"]]
)
def test_a_wrong_token_is_one_sentence(project: Project, monkeypatch: pytest.MonkeyPatch, arguments: list[str]) -> None:
    monkeypatch.setenv("TRACKER_TOKEN", "0" * 40)

    with pytest.raises(CommandError, match=r"answered 401\. Check TRACKER_TOKEN") as refused:
        call_command(*arguments)

    assert refused.value.returncode == 1
