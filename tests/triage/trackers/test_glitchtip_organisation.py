"""Releases and members on GlitchTip."""

from datetime import UTC, datetime, timedelta

import pytest

from apps.triage.trackers import TrackerError
from apps.triage.trackers.base import Capability, Member, NotFound
from apps.triage.trackers.glitchtip import GlitchTip
from tests.triage.glitchtip_double import TOKEN, GlitchTipDouble
from tests.triage.glitchtip_events import event
from tests.triage.glitchtip_rows import member

MOMENT = datetime(2026, 11, 24, 9, 30, 0, 123456, tzinfo=UTC)


def test_releases_come_newest_first_and_only_the_projects(double: GlitchTipDouble, glitchtip: GlitchTip) -> None:
    for number in range(130):
        double.store.ingest(event(release=f"goimg-api@{number}"))
    double.store.ingest(event(release="other@1"), project=2)

    releases = list(glitchtip.releases())

    assert [release.version for release in releases] == [f"goimg-api@{number}" for number in reversed(range(130))]
    newest = releases[0]
    assert (newest.finalized, newest.commits, newest.deploys, newest.new_issues) == (None, None, (), None)


def test_a_release_is_created_once_and_not_finalized(double: GlitchTipDouble, glitchtip: GlitchTip) -> None:
    assert glitchtip.create_release("goimg-api@1.0.0+b 1") is True
    assert glitchtip.create_release("goimg-api@1.0.0+b 1") is False

    [release] = glitchtip.releases()
    assert (release.version, release.finalized) == ("goimg-api@1.0.0+b 1", None)
    # The organisation's URL fails for a release that is there.
    assert [target for method, target in double.asked if method == "POST"] == ["/api/0/projects/acme/goimg/releases/"]


def test_a_release_is_finalized_and_keeps_the_rest(double: GlitchTipDouble, glitchtip: GlitchTip) -> None:
    double.store.release("goimg-api@1.0.0", 1, ref="f" * 40)

    glitchtip.finalize("goimg-api@1.0.0", MOMENT)

    [release] = glitchtip.releases()
    assert release.finalized is not None
    assert abs(release.finalized - MOMENT) <= timedelta(milliseconds=1)
    assert double.store.releases[0].ref == "f" * 40


def test_a_release_that_is_not_there_cannot_be_finalized(glitchtip: GlitchTip) -> None:
    with pytest.raises(NotFound):
        glitchtip.finalize("goimg-api@9", MOMENT)


def test_a_yes_that_changed_nothing_is_an_error(double: GlitchTipDouble, glitchtip: GlitchTip) -> None:
    double.store.release("goimg-api@1.0.0", 1)
    double.lies = True

    with pytest.raises(TrackerError, match=r"answered that goimg-api@1\.0\.0 is finalized, but not at that moment"):
        glitchtip.finalize("goimg-api@1.0.0", MOMENT)
    with pytest.raises(TrackerError, match=r"GlitchTip made another release than goimg-api@2\.0\.0"):
        glitchtip.create_release("goimg-api@2.0.0")


def test_members_have_their_role_teams_and_last_login(double: GlitchTipDouble, glitchtip: GlitchTip) -> None:
    double.store.members = [member(1, role="owner", teams=["core", "api"])]

    assert glitchtip.members() == [
        Member(
            id="1",
            email="person-1@example.com",
            name="Person 1",
            role="owner",
            teams=("core", "api"),
            last_login=datetime(2026, 11, 20, 8, tzinfo=UTC),
            joined=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
        )
    ]
    assert Capability.TWO_FACTOR in glitchtip.lacks


def test_who_is_only_invited_is_pending(double: GlitchTipDouble, glitchtip: GlitchTip) -> None:
    double.store.members = [member(1), member(2, user=None, pending=True, teams=[])]

    invited = next(one for one in glitchtip.members() if one.id == "2")

    assert (invited.pending, invited.name, invited.last_login) == (True, "", None)


def test_all_pages_of_members_are_read(double: GlitchTipDouble, glitchtip: GlitchTip) -> None:
    double.store.members = [member(number) for number in range(100, 230)]

    assert len(glitchtip.members()) == 130


def test_nobody_is_no_answer(double: GlitchTipDouble) -> None:
    with pytest.raises(TrackerError, match="GlitchTip has no organisation acne"):
        GlitchTip(double.url, "acne", "goimg", TOKEN).members()
