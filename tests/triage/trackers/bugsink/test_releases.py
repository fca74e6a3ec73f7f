"""Releases of a real Bugsink."""

import re
from itertools import pairwise

import pytest

from apps.triage.trackers import Bugsink
from apps.triage.trackers.base import Capability, Resolution, TrackerError, Unsupported
from tests.triage.real_bugsink import Project, RealBugsink
from tests.triage.trackers.sending import client, fail


def test_a_release_is_created_once(adapter: Bugsink) -> None:
    assert adapter.create_release("goimg-api@1.2.3") is True
    assert adapter.create_release("goimg-api@1.2.3") is False
    assert [release.version for release in adapter.releases()] == ["goimg-api@1.2.3"]


@pytest.mark.parametrize("version", ["a/b", "x" * 201, ".."])
def test_a_name_that_bugsink_changes_is_an_error(adapter: Bugsink, version: str) -> None:
    with pytest.raises(TrackerError, match=r"not as it was named"):
        adapter.create_release(version)


def test_a_release_without_a_name_is_refused(adapter: Bugsink) -> None:
    with pytest.raises(TrackerError, match=r"A release must have a name\."):
        adapter.create_release("")


def test_releases_of_events_are_there_newest_first(project: Project, adapter: Bugsink) -> None:
    for release in ("goimg-api@1.0.0", "", "goimg-api@1.1.0"):
        with client(project.dsn, release=release):
            fail(KeyError())

    releases = list(adapter.releases())

    assert [release.version for release in releases] == ["goimg-api@1.1.0", "goimg-api@1.0.0"]
    assert all(newer.created > older.created for newer, older in pairwise(releases))
    assert (releases[0].finalized, releases[0].commits, releases[0].deploys) == (None, None, ())


@pytest.mark.parametrize(
    ("created", "latest"),
    [
        (["a@1.10.0", "a@1.9.0"], "a@1.10.0"),
        (["a@2.0.0-rc.2", "a@2.0.0-rc.10", "a@2.0.0-alpha"], "a@2.0.0-rc.10"),
        (["a@2.0.0", "a@2.0.0-rc.1"], "a@2.0.0"),
        (["a@2.0.0-rc.1", "a@2.0.0-rc.1.1"], "a@2.0.0-rc.1.1"),
        (["a@9.0.0", "3f2a91c"], "3f2a91c"),
        (["3f2a91c", "ffffff0", "0a0a0a0"], "0a0a0a0"),
        (["3f2a91c", "a@0.0.2"], "a@0.0.2"),
    ],
)
def test_an_issue_can_be_resolved_in_what_bugsink_takes_for_the_latest_release(
    project: Project, adapter: Bugsink, real_bugsink: RealBugsink, created: list[str], latest: str
) -> None:
    with client(project.dsn, release="a@0.0.1"):
        fail(KeyError())
    for version in created:
        adapter.create_release(version)
    issue = adapter.issue(f"{project.slug}-1")

    for version in {"a@0.0.1", *created} - {latest}:
        with pytest.raises(Unsupported) as refused:
            adapter.resolve(issue.id, Resolution(release=version))
        assert str(refused.value) == adapter.lacks[Capability.RESOLVE_IN_RELEASE]
    adapter.resolve(issue.id, Resolution(release=latest))

    history = " ".join(real_bugsink.page(f"/issues/issue/{issue.id}/history/").split())
    assert re.search(rf"(?i)resolved.{{0,200}}{re.escape(latest)}", history)


def test_where_two_releases_are_the_latest_neither_is_guessed(project: Project, adapter: Bugsink) -> None:
    with client(project.dsn, release="a@0.0.1"):
        fail(KeyError())
    for version in ("a@1.0.0+build.1", "a@1.0.0+build.2"):
        adapter.create_release(version)

    with pytest.raises(Unsupported):
        adapter.resolve(f"{project.slug}-1", Resolution(release="a@1.0.0+build.2"))
