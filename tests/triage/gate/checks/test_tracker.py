"""The tracker: that it answers, who has access, how long it keeps what it gets."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from apps.triage.gate.checks import tracker
from apps.triage.trackers import TrackerError
from tests.triage.bugsink_double import BugsinkDouble
from tests.triage.gate.conftest import MakeScope
from tests.triage.glitchtip_double import GlitchTipDouble
from tests.triage.real_bugsink import Project
from tests.triage.sentry_double import SentryDouble

LONG_AGO = datetime.now(UTC) - timedelta(days=100)


def person(number: int, **changes: Any) -> dict[str, Any]:
    """As Sentry's API shows a member."""
    mine = {"name": f"Person {number}", "email": f"person-{number}@example.com", "has2fa": True}
    user = mine | {"id": str(number), "lastLogin": datetime.now(UTC).isoformat()} | changes
    return {
        "id": str(number),
        "email": user["email"],
        "name": user["name"],
        "orgRole": "member",
        "pending": False,
        "dateCreated": "2026-01-01T00:00:00Z",
        "user": user,
        "teams": ["backend"],
    }


def test_a_tracker_that_takes_the_token_holds(project: Project, make_scope: MakeScope) -> None:
    found = tracker.deployed(make_scope())

    assert found.state == "held"
    assert found.said.startswith("Bugsink takes the token. TRACKER_URL: 127.0.0.1 answers over plain http")


def test_a_tracker_that_does_not_take_the_token_has_failed(
    bugsink: BugsinkDouble, make_scope: MakeScope, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACKER_TOKEN", "wrong" * 8)

    with pytest.raises(TrackerError, match="answered 401") as refused:
        tracker.deployed(make_scope())

    assert "wrong" not in str(refused.value)


@pytest.mark.django_db
@pytest.mark.usefixtures("_own_client")
def test_a_release_that_arrived_with_events_is_known(project: Project, make_scope: MakeScope) -> None:
    assert tracker.release(make_scope(release="goimg-api@3.0.0")).said == "Bugsink knows the release goimg-api@3.0.0."


@pytest.mark.django_db
@pytest.mark.usefixtures("_own_client")
def test_a_release_that_the_tracker_lost_has_failed(glitchtip: GlitchTipDouble, make_scope: MakeScope) -> None:
    scope = make_scope(release="goimg-api@3.0.0")
    scope.fired()
    glitchtip.store.releases.clear()

    assert tracker.release(scope).state == "failed"


@pytest.mark.django_db
@pytest.mark.usefixtures("_own_client")
def test_no_release_has_failed(bugsink: BugsinkDouble, make_scope: MakeScope) -> None:
    assert tracker.release(make_scope(release=None)).said == "There is no release: set SENTRY_RELEASE."


def test_members_with_a_second_factor_hold(sentry: SentryDouble, make_scope: MakeScope) -> None:
    sentry.store.members = [person(1), person(2)]
    scope = make_scope()

    assert tracker.reviewed(scope).said == "2 members, 0 owners, nothing to act on."
    assert tracker.two_factor(scope).said == "All 2 members use it."


def test_a_member_without_a_second_factor_has_failed_and_is_not_named(
    sentry: SentryDouble, make_scope: MakeScope
) -> None:
    sentry.store.members = [person(1), person(2, has2fa=False), person(3, lastLogin=LONG_AGO.isoformat())]
    scope = make_scope()

    review, second = tracker.reviewed(scope), tracker.two_factor(scope)

    assert (review.state, second.state) == ("failed", "failed")
    assert review.said == "3 members, 1 others, 1 of two-factor authentication: sentry_access shows them."
    assert second.said == "1 of 3 members do not use it."
    assert "example.com" not in review.said + second.said


def test_nobody_at_all_is_not_everybody(sentry: SentryDouble, make_scope: MakeScope) -> None:
    assert tracker.two_factor(make_scope()).state == "failed"


def test_what_a_tracker_does_not_tell_is_a_person_s_to_say(project: Project, make_scope: MakeScope) -> None:
    scope = make_scope()
    for check in (tracker.reviewed, tracker.two_factor, tracker.retention):
        assert (check(scope).state, check(scope).ask) == ("not known", True)


def test_glitchtip_does_not_tell_who_uses_a_second_factor(glitchtip: GlitchTipDouble, make_scope: MakeScope) -> None:
    found = tracker.two_factor(make_scope())

    assert found.ask
    assert found.said == "GlitchTip 5 has no way to see who else uses two-factor authentication."


@pytest.mark.parametrize(
    ("line", "state", "said"),
    [
        ("GLITCHTIP_MAX_EVENT_LIFE_DAYS=30", "held", "GLITCHTIP_MAX_EVENT_LIFE_DAYS is 30; none of 0 issues was"),
        ("#GLITCHTIP_MAX_EVENT_LIFE_DAYS=30", "held", "GLITCHTIP_MAX_EVENT_LIFE_DAYS is 90; none of 0 issues was"),
        ("GLITCHTIP_MAX_EVENT_LIFE_DAYS=365", "failed", "is not a number of days from 1 to 90."),
        ("GLITCHTIP_MAX_EVENT_LIFE_DAYS=0", "failed", "is not a number of days from 1 to 90."),
        ("GLITCHTIP_MAX_EVENT_LIFE_DAYS=ninety", "failed", "is not a number of days from 1 to 90."),
    ],
)
def test_glitchtip_s_retention_is_that_of_its_variables(
    glitchtip: GlitchTipDouble, make_scope: MakeScope, tmp_path: Path, line: str, state: str, said: str
) -> None:
    (tmp_path / "docker").mkdir()
    (tmp_path / "docker" / ".env.glitchtip").write_text(f"EMAIL_HOST=smtp\n{line}\n")

    found = tracker.retention(make_scope())

    assert (found.state, found.basis) == (state, "record")
    assert said in found.said


def test_glitchtip_s_retention_may_be_in_the_environment(
    glitchtip: GlitchTipDouble, make_scope: MakeScope, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert tracker.retention(make_scope()).ask
    monkeypatch.setenv("GLITCHTIP_MAX_EVENT_LIFE_DAYS", "60")

    assert tracker.retention(make_scope()).state == "held"


def test_an_issue_that_is_too_old_has_failed_whatever_the_variables_say(
    glitchtip: GlitchTipDouble, make_scope: MakeScope, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GLITCHTIP_MAX_EVENT_LIFE_DAYS", "60")
    glitchtip.store.ingest({"event_id": "a" * 32, "timestamp": LONG_AGO.timestamp(), "message": "x"}, 1, LONG_AGO)

    found = tracker.retention(make_scope())

    assert (found.state, found.basis) == ("failed", "measured")
    assert found.said.startswith("GlitchTip 5.2")
    assert found.said.endswith("has issues that were last seen more than 90 days ago.")


def test_where_more_issues_are_than_are_read_nobody_knows_how_old_the_oldest_is(
    glitchtip: GlitchTipDouble, make_scope: MakeScope, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GLITCHTIP_MAX_EVENT_LIFE_DAYS", "60")
    monkeypatch.setattr(tracker, "_LOOKED_FOR_OLD", 1)
    glitchtip.store.ingest({"event_id": "a" * 32, "message": "x"}, 1)
    glitchtip.store.ingest({"event_id": "b" * 32, "timestamp": LONG_AGO.timestamp(), "message": "y"}, 1, LONG_AGO)

    found = tracker.retention(make_scope())

    assert found.state == "not known"
    assert found.said.endswith("has more than 1 issue: the oldest were not read.")
