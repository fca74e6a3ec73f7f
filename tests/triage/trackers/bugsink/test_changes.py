"""Changes of issues of a real Bugsink."""

from collections.abc import Callable

import pytest

from apps.triage.query import Query
from apps.triage.trackers import Bugsink
from apps.triage.trackers.base import Capability, Ignoring, NotFound, Resolution, TrackerError, Unsupported
from tests.triage.real_bugsink import Project, RealBugsink
from tests.triage.trackers.sending import client, fail

RELEASE = "goimg-api@1.0.0"
type Fail = Callable[..., None]


@pytest.fixture
def again(project: Project) -> Fail:
    """Let the error happen (once more), in a release."""

    def again(release: str = RELEASE) -> None:
        with client(project.dsn, release=release):
            fail(KeyError())

    return again


@pytest.fixture
def issue(project: Project, again: Fail) -> str:
    """The short ID of an open issue."""
    again()
    return f"{project.slug}-1"


@pytest.mark.parametrize("how", [Resolution(), Resolution(next_release=True), Resolution(release=RELEASE)])
@pytest.mark.parametrize("before", ["open", "resolved", "resolved in the next", "ignored"])
def test_resolving_works_whatever_the_issue_was(adapter: Bugsink, issue: str, how: Resolution, before: str) -> None:
    if before.startswith("resolved"):
        adapter.resolve(issue, Resolution(next_release=before.endswith("next")))
    elif before == "ignored":
        adapter.ignore(issue, Ignoring())

    adapter.resolve(issue, how)

    assert adapter.issue(issue).status == "resolved"


def test_a_resolved_issue_that_happens_again_is_open(adapter: Bugsink, issue: str, again: Fail) -> None:
    adapter.resolve(issue, Resolution())

    again()

    assert adapter.issue(issue).status == "unresolved"


def test_resolved_in_the_next_release_may_happen_in_this_one(adapter: Bugsink, issue: str, again: Fail) -> None:
    adapter.resolve(issue, Resolution(next_release=True))

    again()
    assert adapter.issue(issue).status == "resolved"

    again("goimg-api@1.1.0")
    assert adapter.issue(issue).status == "unresolved"


def test_resolved_in_the_latest_release_may_happen_in_an_earlier_one(adapter: Bugsink, issue: str, again: Fail) -> None:
    adapter.create_release("goimg-api@1.1.0")
    adapter.resolve(issue, Resolution(release="goimg-api@1.1.0"))

    again()
    assert adapter.issue(issue).status == "resolved"

    again("goimg-api@1.1.0")
    assert adapter.issue(issue).status == "unresolved"


@pytest.mark.parametrize(
    ("how", "capability"),
    [
        (Resolution(release="goimg-api@0.9.0"), Capability.RESOLVE_IN_RELEASE),
        (Resolution(release="goimg-api@9.9.9"), Capability.RESOLVE_IN_RELEASE),
        (Resolution(commit="a" * 40), Capability.RESOLVE_IN_COMMIT),
    ],
)
def test_no_other_release_and_no_commit_can_be_meant(
    adapter: Bugsink, issue: str, how: Resolution, capability: Capability
) -> None:
    adapter.create_release("goimg-api@0.9.0")

    with pytest.raises(Unsupported) as refused:
        adapter.resolve(issue, how)

    assert str(refused.value) == adapter.lacks[capability]
    assert adapter.issue(issue).status == "unresolved"


@pytest.mark.parametrize("how", [Ignoring(), Ignoring(minutes=60), Ignoring(events=5)])
@pytest.mark.parametrize("before", ["open", "resolved", "ignored"])
def test_ignoring_works_whatever_the_issue_was(adapter: Bugsink, issue: str, how: Ignoring, before: str) -> None:
    if before == "resolved":
        adapter.resolve(issue, Resolution())
    elif before == "ignored":
        adapter.ignore(issue, Ignoring())

    adapter.ignore(issue, how)

    assert adapter.issue(issue).status == "ignored"


@pytest.mark.parametrize("how", [Ignoring(), Ignoring(minutes=60)])
def test_an_ignored_issue_stays_so_when_it_happens_again(
    adapter: Bugsink, issue: str, again: Fail, how: Ignoring
) -> None:
    adapter.ignore(issue, how)

    again()

    assert adapter.issue(issue).status == "ignored"


def test_ignored_until_a_number_of_events_what_came_before_does_not_count(
    adapter: Bugsink, issue: str, again: Fail
) -> None:
    again()
    adapter.ignore(issue, Ignoring(events=2))

    again()
    assert adapter.issue(issue).status == "ignored"

    again()
    assert adapter.issue(issue).status == "unresolved"


def test_reopening_works_whatever_the_issue_was(adapter: Bugsink, issue: str) -> None:
    adapter.reopen(issue)
    assert adapter.issue(issue).status == "unresolved"

    adapter.resolve(issue, Resolution())
    adapter.reopen(issue)
    assert adapter.issue(issue).status == "unresolved"

    adapter.ignore(issue, Ignoring())
    adapter.reopen(issue)
    assert adapter.issue(issue).status == "unresolved"


def test_a_deleted_issue_is_gone_with_its_events(adapter: Bugsink, issue: str) -> None:
    event = adapter.latest_event(issue)

    adapter.delete(issue)

    assert list(adapter.issues(Query())) == []
    assert adapter.event(event.event_id) is None
    with pytest.raises(NotFound):
        adapter.issue(event.issue_id)


@pytest.mark.parametrize(
    "change",
    [
        lambda adapter, issue: adapter.resolve(issue, Resolution()),
        lambda adapter, issue: adapter.ignore(issue, Ignoring()),
        lambda adapter, issue: adapter.reopen(issue),
        lambda adapter, issue: adapter.comment(issue, "x"),
        lambda adapter, issue: adapter.delete(issue),
    ],
)
def test_nothing_changes_what_is_gone_or_another_projects(
    adapter: Bugsink, issue: str, real_bugsink: RealBugsink, change: Callable[[Bugsink, str], None]
) -> None:
    other = real_bugsink.project()
    with client(other.dsn):
        fail(KeyError())
    adapter.delete(issue)

    for name in (issue, f"{other.slug}-1"):
        with pytest.raises(NotFound):
            change(adapter, name)

    assert Bugsink(other.url, other.project, other.token).issue(f"{other.slug}-1").status == "unresolved"


@pytest.mark.parametrize(
    ("capability", "change"),
    [
        (Capability.ASSIGN, lambda adapter: adapter.assign("1", "somebody@example.com")),
        (Capability.PRIORITY, lambda adapter: adapter.prioritise("1", "P1")),
        (Capability.MERGE, lambda adapter: adapter.merge(["1", "2"])),
        (Capability.COMMITS, lambda adapter: adapter.set_commits("1", [])),
        (Capability.FINALIZE, lambda adapter: adapter.finalize("1", None)),
        (Capability.DEPLOYS, lambda adapter: adapter.deploy("1", "production")),
        (Capability.MEMBERS, lambda adapter: adapter.members()),
    ],
)
def test_what_bugsink_lacks_is_said(capability: Capability, change: Callable[[Bugsink], None]) -> None:
    adapter = Bugsink("http://127.0.0.1:1", "1", "t" * 40)

    with pytest.raises(Unsupported) as refused:
        change(adapter)

    assert str(refused.value) == adapter.lacks[capability]
    assert str(refused.value).startswith("Bugsink 2.6 ")


def test_a_wrong_token_may_change_nothing(project: Project, adapter: Bugsink, issue: str) -> None:
    with pytest.raises(TrackerError, match=r"answered 401\. Check TRACKER_TOKEN"):
        Bugsink(project.url, project.project, "0" * 40).resolve(issue, Resolution())

    assert adapter.issue(issue).status == "unresolved"
