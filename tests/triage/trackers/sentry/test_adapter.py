"""What concerns the organisation: releases and members."""

from datetime import UTC, datetime

import pytest

from apps.triage.trackers import TrackerError
from apps.triage.trackers.base import Capability, Member, NotFound
from apps.triage.trackers.sentry import Sentry
from tests.triage.sentry_double import SentryDouble
from tests.triage.sentry_store import event

VERSION = "goimg-api@1.2.3+a b"


def commit(number: int) -> dict[str, str]:
    return {
        "id": f"{number:040x}",
        "message": f"Change {number}",
        "author_name": "Jane",
        "timestamp": "2026-11-24T10:00:00+00:00",
    }


def test_a_release_is_created_once(double: SentryDouble, sentry: Sentry) -> None:
    assert sentry.create_release(VERSION) is True
    assert sentry.create_release(VERSION) is False

    [release] = sentry.releases()
    assert (release.version, release.finalized, release.commits, release.deploys) == (VERSION, None, 0, ())


def test_a_release_of_another_project_is_none_of_this_one_until_it_is_created(
    double: SentryDouble, sentry: Sentry
) -> None:
    double.store.release("shared@1", "2")

    assert list(sentry.releases()) == []
    assert sentry.create_release("shared@1") is False
    assert [release.version for release in sentry.releases()] == ["shared@1"]


def test_a_release_gets_its_commits_a_moment_and_deploys(double: SentryDouble, sentry: Sentry) -> None:
    moment = datetime(2026, 11, 24, 9, 30, 15, 123456, tzinfo=UTC)
    sentry.create_release(VERSION)

    sentry.set_commits(VERSION, [commit(1), commit(2)])
    sentry.finalize(VERSION, moment)
    for environment in ("staging", "production", "staging"):
        sentry.deploy(VERSION, environment)

    [release] = sentry.releases()
    assert (release.commits, release.finalized) == (2, moment)
    assert release.deploys == ("staging", "production")
    assert double.store.releases[VERSION].commits[0]["message"] == "Change 1"


def test_releases_of_all_pages_come_newest_first_with_their_new_issues(double: SentryDouble, sentry: Sentry) -> None:
    for number in range(130):
        double.store.release(f"r@{number}", "1")
    double.store.ingest(event(release="r@129"))
    double.store.ingest(event(release="r@129", kind="Foreign"), project="2")

    releases = list(sentry.releases())

    assert [release.version for release in releases] == [f"r@{number}" for number in reversed(range(130))]
    assert (releases[0].new_issues, releases[1].new_issues) == (1, 0)


@pytest.mark.parametrize("version", ["a/b", "two\nlines", "latest", "..", "x" * 201])
def test_a_version_that_sentry_does_not_take_is_an_error(sentry: Sentry, version: str) -> None:
    with pytest.raises(TrackerError, match=r"answered 400\. It says: "):
        sentry.create_release(version)


def test_what_is_told_of_a_release_that_is_not_there_is_an_error(sentry: Sentry) -> None:
    for tell in (
        lambda: sentry.set_commits("none@1", [commit(1)]),
        lambda: sentry.finalize("none@1", datetime.now(UTC)),
        lambda: sentry.deploy("none@1", "production"),
    ):
        with pytest.raises(NotFound):
            tell()


def test_commits_or_a_moment_that_are_dropped_are_an_error(double: SentryDouble, sentry: Sentry) -> None:
    sentry.create_release(VERSION)
    double.drop = {"commits", "dateReleased"}

    with pytest.raises(TrackerError, match="has its commits, but it has 0"):
        sentry.set_commits(VERSION, [commit(1)])
    with pytest.raises(TrackerError):
        sentry.finalize(VERSION, datetime.now(UTC))


def test_members_have_roles_teams_last_logins_and_second_factors(double: SentryDouble, sentry: Sentry) -> None:
    user = {"id": "7", "name": "Jane", "email": "jane@example.com", "has2fa": True, "lastLogin": "2026-11-20T08:00:00Z"}
    usual = {"dateCreated": "2026-01-02T03:04:05Z", "expired": False}
    double.store.members = [
        {**usual, "id": "1", "email": "jane@example.com", "name": "Jane", "orgRole": "owner", "role": "owner"}
        | {"user": user, "pending": False, "teams": ["backend", "ops"]},
        {**usual, "id": "2", "email": "new@example.com", "name": "new@example.com", "orgRole": "member"}
        | {"role": "member", "user": None, "pending": True, "teams": []},
    ]

    joined = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert sentry.members() == [
        Member(
            id="1",
            email="jane@example.com",
            name="Jane",
            role="owner",
            teams=("backend", "ops"),
            last_login=datetime(2026, 11, 20, 8, tzinfo=UTC),
            two_factor=True,
            joined=joined,
        ),
        Member(id="2", email="new@example.com", name="new@example.com", role="member", pending=True, joined=joined),
    ]


def test_members_need_a_scope_of_their_own(double: SentryDouble, sentry: Sentry) -> None:
    double.scopes = frozenset({"event:admin", "project:read"})

    with pytest.raises(TrackerError, match=r"answered 403\. Check TRACKER_TOKEN"):
        sentry.members()


def test_what_sentry_lacks_is_a_sentence_each(sentry: Sentry) -> None:
    assert set(sentry.lacks) == {
        Capability.ALERT_ANY_SPIKE,
        Capability.ALERT_USERS,
        Capability.ALERT_ENVIRONMENTS,
        Capability.ALERT_PRIORITY,
        Capability.ALERT_HOURS,
        Capability.ALERT_EMAIL,
        Capability.ALERT_SLACK,
        Capability.ALERT_PAGERDUTY,
        Capability.AUDIT_LOG,
        Capability.DELETE_EVENT,
    }
    assert all(sentence.startswith("Sentry has no ") and sentence.endswith(".") for sentence in sentry.lacks.values())
